"""What is said to a mail server: commands and message data, as bytes."""

import re
from base64 import b64decode
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.campaign.campaign import Envelope, Message, Outcome, Parcel, Stage
from distribute.errors import PermanentDeliveryError
from distribute.sinks.smtp.commands import (
    answer,
    command,
    data,
    envelope_commands,
    objection,
    xtext,
)

Extensions = Mapping[str, Sequence[str]]

ALL: Extensions = {"SIZE": ["1000"], "8BITMIME": [], "SMTPUTF8": [], "DSN": []}
PLAIN: Extensions = {"SIZE": ["1000"], "8BITMIME": [], "SMTPUTF8": []}
ASCII = Message((b"x",), 1)
UMLAUT = Message((b"x", "ü".encode()), 3)


def parcel(
    rcpt_to: str = "ada@example.org",
    mail_from: str = "b@example.org",
    *,
    message: Message = ASCII,
    utf8: bool = False,
    envelope_id: str = "issue-5/en/0a1b",
) -> Parcel:
    """Make a parcel."""
    envelope = Envelope(envelope_id, mail_from, rcpt_to, utf8)
    return Parcel(rcpt_to, "0a1b", rcpt_to, 1, 0, 0, envelope, message)


def said(it: Parcel, extensions: Extensions) -> list[str]:
    """Give the lines, which must be three."""
    written = envelope_commands(it, extensions)
    mail, rcpt, data_line, nothing = written.decode().split("\r\n")
    assert (data_line, nothing) == ("DATA", "")
    return [mail, rcpt]


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


ADDRESSES = st.text(max_size=12) | st.tuples(
    st.text("ab.+='\"\\{}é ><@\r\n\0", min_size=1, max_size=9),
    st.sampled_from(["@example.org", "@x>\r\nRCPT TO:<y@example.org", "@é.example"]),
).map("".join)


@given(ADDRESSES, ADDRESSES, st.text(max_size=30), st.sampled_from([{}, PLAIN, ALL]))
@settings(max_examples=100, deadline=None)
def test_an_envelope_is_three_lines_or_refused(
    sender: str, recipient: str, envelope_id: str, extensions: Extensions
) -> None:
    """Whatever is in the addresses and ids: no line more, no parameter of theirs."""
    it = parcel(recipient, sender, envelope_id=envelope_id)
    try:
        written = envelope_commands(it, extensions)
    except PermanentDeliveryError:
        return
    lines = written.decode().split("\r\n")
    mail = re.fullmatch(
        r"MAIL FROM:<([^ <>]*)>( SIZE=1)?( SMTPUTF8)?( RET=HDRS ENVID=[!-~]+)?",
        lines[0],
    )
    rcpt = re.fullmatch(
        r"RCPT TO:<([^ <>]+)>( NOTIFY=FAILURE ORCPT=[^ <>]+)?", lines[1]
    )

    assert lines[2:] == ["DATA", ""]
    assert mail
    assert rcpt
    assert (mail[1], rcpt[1]) == (sender, recipient)
    assert bool(mail[4]) == bool(rcpt[2]) == ("DSN" in extensions)


@pytest.mark.parametrize(
    ("extensions", "message", "utf8", "parameters"),
    [
        ({}, ASCII, False, ""),
        ({}, UMLAUT, False, ""),
        (PLAIN, ASCII, False, " SIZE=1"),
        (PLAIN, UMLAUT, False, " SIZE=3 BODY=8BITMIME"),
        (PLAIN, UMLAUT._replace(tidy=True), False, " SIZE=3"),
        (PLAIN, UMLAUT._replace(tidy=True), True, " SIZE=3 BODY=8BITMIME SMTPUTF8"),
        (PLAIN, ASCII, True, " SIZE=1 SMTPUTF8"),
    ],
)
def test_mail_uses_what_the_server_offers(
    *, extensions: Extensions, message: Message, utf8: bool, parameters: str
) -> None:
    """And nothing else, nor without need."""
    it = parcel(message=message, utf8=utf8)

    assert said(it, extensions) == [
        f"MAIL FROM:<b@example.org>{parameters}",
        "RCPT TO:<ada@example.org>",
    ]


def test_reports_of_failure_are_asked_for_where_they_can_be() -> None:
    """With headers only, and with names that lead back to the delivery (RFC 3461)."""
    assert said(parcel("ada+news@example.org"), {"DSN": []}) == [
        "MAIL FROM:<b@example.org> RET=HDRS ENVID=issue-5/en/0a1b",
        "RCPT TO:<ada+news@example.org> "
        "NOTIFY=FAILURE ORCPT=rfc822;ada+2Bnews@example.org",
    ]


def test_reports_name_recipients_beyond_ascii_as_they_are() -> None:
    """In the address type made for that (RFC 6533 section 3)."""
    _, rcpt = said(parcel("józef+a=b\\c@example.org"), ALL)

    assert rcpt.endswith(r" ORCPT=utf-8;józef\x{2B}a\x{3D}b\x{5C}c@example.org")


@pytest.mark.parametrize(
    ("envelope_id", "envid"),
    [
        ("issue 5/en/a", "issue+205/en/a"),
        ("a+b=c", "a+2Bb+3Dc"),
        ("第5期/zh/0a1b", "0a1b"),
        ("a\r\nb", "0a1b"),
        ("x" * 101, "0a1b"),
        ("x" * 100, "x" * 100),
        ("", "0a1b"),
    ],
)
def test_an_envelope_is_named_so_that_reports_can_repeat_it(
    envelope_id: str, envid: str
) -> None:
    """Printable ASCII, at most 100 octets of it; else the delivery's id must do."""
    mail, _ = said(parcel(envelope_id=envelope_id), ALL)

    assert mail.endswith(f" ENVID={envid}")


def test_a_recipient_too_long_to_repeat_is_not_repeated() -> None:
    """500 octets are what every server takes."""
    _, rcpt = said(parcel("+" * 170 + "@example.org"), ALL)

    assert rcpt.endswith("> NOTIFY=FAILURE")


@given(st.text(st.characters(max_codepoint=127), max_size=40))
@settings(max_examples=100, deadline=None)
def test_xtext_comes_back(text: str) -> None:
    """As RFC 3461 section 4 decodes it, and without what would end a parameter."""
    encoded = xtext(text)

    assert re.fullmatch(r"(?:[!-*,-<>-~]|\+[0-9A-F]{2})*", encoded)
    assert re.sub(r"\+([0-9A-F]{2})", lambda it: chr(int(it[1], 16)), encoded) == text


def test_a_bounce_address_may_be_empty() -> None:
    """The null reverse-path of RFC 5321 section 4.5.5."""
    assert said(parcel(mail_from=""), {})[0] == "MAIL FROM:<>"


FORGED = ["a@example.org>\r\nRCPT TO:<b@example.org", "a@example.org\n", "a b@example.org",
          "a@example.org> SIZE=1", "", "a", "a@b@example.org", "a\0@example.org", "\u2028@x",
          "a\u00a0b@example.org", "a\udcff@example.org"]  # fmt: skip


@pytest.mark.parametrize("address", FORGED)
def test_a_forged_recipient_is_rejected_before_anything_is_said(address: str) -> None:
    """It is a receipt, the other recipients are served; and no command is made of it."""
    receipt = objection(parcel(address), ALL)

    assert receipt is not None
    assert receipt[:3] == (Outcome.REJECTED, 0, "5.1.3")
    assert receipt.stage is Stage.NONE
    with pytest.raises(PermanentDeliveryError, match="forged"):
        envelope_commands(parcel(address), ALL)


@pytest.mark.parametrize("address", [address for address in FORGED if address])
def test_a_forged_sender_is_an_error(address: str) -> None:
    """It would be the same for everybody."""
    with pytest.raises(PermanentDeliveryError, match="sender"):
        envelope_commands(parcel(mail_from=address), {})


def test_an_address_beyond_ascii_needs_smtputf8() -> None:
    """Without it the receipt says why, in words and in RFC 6531's code."""
    to = parcel("józef@example.org")
    receipt = objection(to, {})

    assert objection(to, ALL) is None
    assert said(to, PLAIN) == [
        "MAIL FROM:<b@example.org> SIZE=1 SMTPUTF8",
        "RCPT TO:<józef@example.org>",
    ]
    assert receipt is not None
    assert receipt.enhanced == "5.6.7"
    assert "SMTPUTF8" in receipt.text
    assert objection(parcel(mail_from="józef@example.org"), {}) is not None


def test_a_message_beyond_ascii_needs_8bitmime() -> None:
    """It is never changed to fit; one that its maker vouches for is not looked through."""
    receipt = objection(parcel(message=UMLAUT), {})

    assert objection(parcel(message=UMLAUT), ALL) is None
    assert objection(parcel(message=UMLAUT._replace(tidy=True)), {}) is None
    assert receipt is not None
    assert receipt.enhanced == "5.6.3"
    assert "8BITMIME" in receipt.text


@pytest.mark.parametrize(
    "limit", [["1000"], ["0"], [], ["many"], ["9" * 5000], ["١"], ["-1"]]
)
def test_a_message_within_the_limit_passes(limit: list[str]) -> None:
    """No limit, 0 and nonsense are none (RFC 1870 section 4)."""
    largest = parcel(message=Message((b"x",), 1000))

    assert objection(largest, {"SIZE": limit}) is None


def test_a_message_over_the_limit_is_not_even_offered() -> None:
    """The error says how large both are, and which edition it is: all would be refused."""
    with pytest.raises(
        PermanentDeliveryError, match=r"issue-5/en has 1,001 octets.*takes 1,000"
    ):
        objection(parcel(message=Message((b"x",), 1001)), ALL)


@pytest.mark.parametrize(
    "message", [b"a\nb\r\n", b"a\rb\r\n", b"a\r\n\n", b"\r", b"a\r\r\n"]
)
def test_a_bare_line_end_never_leaves(message: bytes) -> None:
    """Servers disagree about it, and attackers use that."""
    with pytest.raises(PermanentDeliveryError, match="CRLF"):
        data(message)


@given(st.lists(st.sampled_from([b".", b"..", b"a", b"a.", b"", b". b"]), max_size=12))
@settings(max_examples=100, deadline=None)
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


def test_answers_of_a_login_are_base64() -> None:
    """Also the empty one that acknowledges something."""
    assert b64decode(answer("tänstaaftan".encode())) == "tänstaaftan".encode()
    assert answer(b"") == b"\r\n"
