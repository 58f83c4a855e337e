"""What is said to a mail server: commands and message data, as bytes."""

from base64 import b64decode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.campaign.campaign import Envelope, Outcome
from distribute.errors import PermanentDeliveryError
from distribute.sinks.smtp_commands import (
    auth_plain,
    check_size,
    command,
    data,
    mail,
    objection,
    rcpt,
)

ALL = {"SIZE": ["1000"], "8BITMIME": [], "SMTPUTF8": []}


def envelope(
    rcpt_to: str = "ada@example.org",
    mail_from: str = "b@example.org",
    *,
    utf8: bool = False,
) -> Envelope:
    """Make an envelope."""
    return Envelope(id="5/en/a", mail_from=mail_from, rcpt_to=rcpt_to, smtputf8=utf8)


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_a_command_is_one_line_or_refused(text: str) -> None:
    """Nothing can end a command and begin another."""
    try:
        written = command(text)
    except PermanentDeliveryError:
        return
    assert written == text.encode() + b"\r\n"
    assert written.count(b"\n") == written.count(b"\r") == 1
    assert b"\0" not in written


@pytest.mark.parametrize(
    ("extensions", "message", "utf8", "written"),
    [
        ({}, b"x", False, b"MAIL FROM:<b@example.org>\r\n"),
        (ALL, b"x", False, b"MAIL FROM:<b@example.org> SIZE=1\r\n"),
        (
            ALL, b"\xc3\xa9", True,
            b"MAIL FROM:<b@example.org> SIZE=2 BODY=8BITMIME SMTPUTF8\r\n",
        ),
    ],
)  # fmt: skip
def test_mail_uses_what_the_server_offers(
    *,
    extensions: dict[str, list[str]],
    message: bytes,
    utf8: bool,
    written: bytes,
) -> None:
    """And nothing else, nor without need."""
    assert mail(envelope(utf8=utf8), message, extensions) == written


def test_a_bounce_address_may_be_empty() -> None:
    """The null reverse-path of RFC 5321 section 4.5.5."""
    assert mail(envelope(mail_from=""), b"", {}) == b"MAIL FROM:<>\r\n"


FORGED = ["a@example.org>\r\nRCPT TO:<b@example.org", "a@example.org\n", "a b@example.org",
          "a@example.org> SIZE=1", "", "a", "a@b@example.org", "a\0@example.org", "\u2028@x"]  # fmt: skip


@pytest.mark.parametrize("address", FORGED)
def test_a_forged_recipient_is_rejected_before_anything_is_said(address: str) -> None:
    """It is a receipt: the other recipients are served."""
    receipt = objection(envelope(address), b"", ALL)

    assert receipt is not None
    assert (receipt.outcome, receipt.enhanced) == (Outcome.REJECTED, "5.1.3")


@pytest.mark.parametrize("address", [address for address in FORGED if address])
def test_a_forged_sender_is_an_error(address: str) -> None:
    """It would be the same for everybody."""
    with pytest.raises(PermanentDeliveryError, match="sender"):
        mail(envelope(mail_from=address), b"", {})


def test_a_recipient_beyond_ascii_needs_smtputf8() -> None:
    """Without it the receipt says why, in words and in RFC 6531's code."""
    to = envelope("józef@example.org", utf8=True)
    receipt = objection(to, b"", {})

    assert objection(to, b"", ALL) is None
    assert rcpt(to) == "RCPT TO:<józef@example.org>\r\n".encode()
    assert receipt is not None
    assert receipt.enhanced == "5.6.7"
    assert "SMTPUTF8" in receipt.text


def test_a_message_beyond_ascii_needs_8bitmime() -> None:
    """It is never changed to fit."""
    receipt = objection(envelope(), b"\xff", {})

    assert objection(envelope(), b"\xff", ALL) is None
    assert receipt is not None
    assert "8BITMIME" in receipt.text


@pytest.mark.parametrize("limit", [["1000"], ["0"], [], ["many"]])
def test_a_message_within_the_limit_passes(limit: list[str]) -> None:
    """No limit, 0 and nonsense are none (RFC 1870 section 4)."""
    check_size(b"x" * 1000, {"SIZE": limit})


def test_a_message_over_the_limit_is_not_even_offered() -> None:
    """The error says how large both are."""
    with pytest.raises(PermanentDeliveryError, match=r"1,001 octets.*takes 1,000"):
        check_size(b"x" * 1001, ALL)


@pytest.mark.parametrize(
    "message", [b"a\nb\r\n", b"a\rb\r\n", b"a\r\n\n", b"\r", b"a\r\r\n"]
)
def test_a_bare_line_end_never_leaves(message: bytes) -> None:
    """Servers disagree about it, and attackers use that."""
    with pytest.raises(PermanentDeliveryError, match="CRLF"):
        data(message)


@given(st.lists(st.sampled_from([b".", b"..", b"a", b"a.", b"", b". b"]), max_size=12))
@settings(max_examples=200, deadline=None)
def test_dots_are_doubled_and_come_back(lines: list[bytes]) -> None:
    """The final dot is the first line that is only a dot; the rest is the message."""
    message = b"".join(line + b"\r\n" for line in lines)
    stuffed = data(message).split(b"\r\n")
    end = stuffed.index(b".")
    received = [line[1:] if line.startswith(b".") else line for line in stuffed[:end]]

    assert stuffed[end:] == [b".", b""]
    assert received == (lines or [b""])


def test_a_message_without_a_last_line_end_gets_one() -> None:
    """The final dot needs a line of its own."""
    assert data(b"a") == b"a\r\n.\r\n"


def test_sasl_plain() -> None:
    """RFC 4616, with a password in UTF-8."""
    assert b64decode(auth_plain("tim", "tänstaaftan")) == "\0tim\0tänstaaftan".encode()
