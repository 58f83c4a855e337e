"""The header of a message, byte by byte."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from distribute.campaign.message import headers
from distribute.checks.mail import header
from distribute.checks.mail.header import faults
from distribute.finding import Severity
from distribute.mailbox import Mailbox
from tests.checks.press import SETTINGS, Press, only

GOOD = b"From: a@b.example\r\nSubject: A plain one\r\n"


def broken(field: bytes, end: bytes = b"\r\n") -> list[tuple[str, Severity]]:
    """Name what is wrong with a message that has this field."""
    message = GOOD + field + end + b"\r\nBody.\r\n"
    return [(rule.id, severity) for rule, _, severity in faults(message)]


@pytest.mark.parametrize(
    "heads",
    [
        [],
        ["title: 渡船又开航了，时刻表在这里，另有三张新照片和一封读者来信。"],
        ["title: " + "Crossing the sound in winter " * 5],
    ],
)
def test_our_headers_are_well(press: Press, heads: list[str]) -> None:
    """Short and long, ASCII and not."""
    assert list(header.find(press.proof(*heads))) == []


@pytest.mark.parametrize(
    ("field", "rule", "severity"),
    [
        (b"X-Long: " + b"a" * 1000, "header-long", Severity.ERROR),
        (b"X-Long: " + b"word " * 20 + b"end", "header-long", Severity.WARNING),
        (b"X-Name: caf\xc3\xa9", "header-ascii", Severity.ERROR),
        (
            b"List-Unsubscribe: =?utf-8?q?=3Chttps=3A//x.example/u=3E?=",
            "header-list-encoded",
            Severity.ERROR,
        ),
        (
            b"Subject: =?utf-8?q?" + b"=C3=A9" * 12 + b"?=",
            "header-word-long",
            Severity.ERROR,
        ),
        (b"To: <not an address", "header-defect", Severity.ERROR),
        (b"no field at all", "header-defect", Severity.ERROR),
    ],
)
def test_each_fault_is_found(field: bytes, rule: str, severity: Severity) -> None:
    """Long lines, other bytes, encoded lists, long words, broken addresses."""
    assert (rule, severity) in broken(field)


def test_a_long_address_that_cannot_be_folded_is_well() -> None:
    """The link to unsubscribe is longer than a line should be, and has to be."""
    assert broken(b"List-Unsubscribe: <https://x.example/u/" + b"t" * 200 + b">") == []


def test_a_bare_line_feed_is_found() -> None:
    """Wherever it stands in the message."""
    assert ("message-bare-line", Severity.ERROR) in broken(b"X-A: b", b"\r\n\r\nx\n")


def test_a_message_that_cannot_be_written_says_why(press: Press) -> None:
    """A sender whose address is beyond ASCII cannot send."""
    proof = press.proof(
        settings=SETTINGS.replace("<letters@", "<бриз@"),
    )
    finding = only(header.find(proof), "message-impossible")
    assert finding.severity is Severity.ERROR
    assert "бриз" in finding.message
    assert "[sender]" in finding.hint


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("<letters@", "<бриз@", "бриз@harbour.example.org"),
        ("bounces@", "б@", "б@harbour.example.org"),
        ("https://harbour.example.org", "https://localhost", "localhost"),
    ],
)
def test_the_setting_that_keeps_mail_from_being_written_is_pointed_at(
    press: Press, old: str, new: str, words: str
) -> None:
    """Sender, bounces or address, at its line."""
    proof = press.proof(settings=SETTINGS.replace(old, new))
    finding = only(header.find(proof), "message-impossible")
    line = SETTINGS.replace(old, new).splitlines()[finding.line - 1]
    assert new in line
    assert finding.words == words


def test_without_a_sender_there_is_no_message(press: Press) -> None:
    """And nothing wrong with it."""
    assert (
        list(header.find(press.proof(settings=SETTINGS.partition("[sender]")[0]))) == []
    )


@settings(max_examples=100, deadline=None)
@given(
    st.text(
        st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=150
    ),
    st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=40),
)
def test_what_our_writer_writes_has_no_fault(title: str, name: str) -> None:
    """Whatever a title or a name is, as long as it can be written at all."""
    assume(title.strip(" \t\n\x85\xa0"))
    written = headers.subject(title) + headers.mailbox(
        "From", Mailbox("a@b.example", name)
    )
    assert list(faults(written + b"\r\nBody.\r\n")) == []
