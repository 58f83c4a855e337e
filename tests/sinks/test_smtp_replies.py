"""What a mail server says: replies and extensions, parsed strictly."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.campaign.campaign import Outcome
from distribute.sinks.smtp_replies import (
    GarbledReplyError,
    Reply,
    extensions_of,
    parse_reply,
    receipt_of,
)


def reply(text: bytes) -> Reply:
    """Parse what is a whole reply and nothing else."""
    parsed = parse_reply(text)
    assert parsed is not None
    assert parsed[1] == len(text)
    return parsed[0]


@pytest.mark.parametrize(
    ("wire", "code", "lines"),
    [
        (b"250 OK\r\n", 250, ("OK",)),
        (b"250\r\n", 250, ("",)),
        (b"250 \r\n", 250, ("",)),
        (b"250-one\r\n250-\r\n250 three\r\n", 250, ("one", "", "three")),
        (b"550-5.1.1 no\r\n550\r\n", 550, ("5.1.1 no", "")),
        (b"220 gr\xc3\xbc\xc3\x9fe \x1b[31m\xff\x00\r\n", 220, ("grüße [31m\ufffd",)),
    ],
)
def test_a_reply_is_read_whole(wire: bytes, code: int, lines: tuple[str, ...]) -> None:
    """One line or many; text that a terminal could obey is disarmed."""
    assert reply(wire) == Reply(code, lines)


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_a_part_of_a_reply_is_not_a_reply(data: st.DataObject) -> None:
    """However it is cut on its way, nothing is taken before its end, and no more."""
    wire = b"250-mail.example.org\r\n250-SIZE 1000\r\n250 HELP\r\n"
    cut = data.draw(st.integers(0, len(wire) - 1))

    assert parse_reply(wire[:cut]) is None
    assert parse_reply(wire + wire[:cut]) == (reply(wire), len(wire))


@pytest.mark.parametrize(
    "wire",
    [
        b"HTTP/1.1 400 Bad Request\r\n",
        b"250 OK\n",
        b"250-one\r\n550 two\r\n",
        b"250_OK\r\n",
        b"25 OK\r\n",
        b"2500 OK\r\n",
        b"150 OK\r\n",
        b"690 OK\r\n",
        b"\r\n",
        b" 250 OK\r\n",
        "２５０ OK\r\n".encode(),
        b"250 " + b"x" * 5000,
        b"250-x\r\n" * 200,
    ],
)
def test_what_is_no_reply_is_refused(wire: bytes) -> None:
    """Garbage is never guessed at, nor waited for without end."""
    with pytest.raises(GarbledReplyError):
        parse_reply(wire)


@given(st.binary(max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_refused_or_waited_for(wire: bytes) -> None:
    """Nothing else can happen."""
    try:
        parsed = parse_reply(wire)
    except GarbledReplyError:
        return
    assert parsed is None or wire[parsed[1] - 2 : parsed[1]] == b"\r\n"


@pytest.mark.parametrize(
    ("wire", "enhanced", "text"),
    [
        (b"550 5.1.1 no such user\r\n", "5.1.1", "no such user"),
        (b"550-5.7.1 first\r\n550 5.7.1 second\r\n", "5.7.1", "first second"),
        (b"550 2.0.0 contradicts itself\r\n", "", "2.0.0 contradicts itself"),
        (b"550 5.1.1\r\n", "5.1.1", ""),
        (b"450 4.7.1234 x\r\n", "", "4.7.1234 x"),
        (b"250 Ok: queued as 5.1.1\r\n", "", "Ok: queued as 5.1.1"),
    ],
)
def test_the_enhanced_code_stands_apart(wire: bytes, enhanced: str, text: str) -> None:
    """Only where it is one, and agrees with the reply code (RFC 2034)."""
    assert (reply(wire).enhanced, reply(wire).text) == (enhanced, text)


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (250, Outcome.ACCEPTED),
        (421, Outcome.DEFERRED),
        (452, Outcome.DEFERRED),
        (550, Outcome.REJECTED),
        (354, Outcome.UNCERTAIN),
    ],
)
def test_a_reply_decides_the_receipt(code: int, outcome: Outcome) -> None:
    """4xx may work later, 5xx never; an answer without sense decides nothing."""
    receipt = receipt_of(reply(f"{code} {code // 100}.7.1 words\r\n".encode()))

    assert (receipt.outcome, receipt.code, receipt.text[-5:]) == (
        outcome,
        code,
        "words",
    )


def test_extensions_are_listed_with_their_parameters() -> None:
    """Without regard to case, and with the spelling of old servers."""
    wire = (
        b"250-mail.example.org says hello\r\n250-size 1000\r\n250-AUTH=LOGIN\r\n"
        b"250-AUTH PLAIN login\r\n250-\r\n250 8BITMIME\r\n"
    )
    extensions = extensions_of(reply(wire))

    assert extensions["SIZE"] == ["1000"]
    assert extensions["AUTH"] == ["LOGIN", "PLAIN", "LOGIN"]
    assert "8BITMIME" in extensions
    assert "MAIL.EXAMPLE.ORG" not in extensions
