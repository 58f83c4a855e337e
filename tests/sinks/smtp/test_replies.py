"""What a mail server says: replies and extensions, parsed strictly."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.campaign.campaign import Outcome, Stage
from distribute.sinks.smtp.replies import (
    GarbledReplyError,
    Reply,
    extensions_of,
    parse_replies,
    parse_reply,
    receipt_of,
)

Heard = tuple[list[Reply], bytes, bool]
"""The replies, what is left over, and whether that is garbage."""


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
        (
            b"220 gr\xc3\xbc\xc3\x9fe\t\x1b[31m\xff\x00\xe2\x80\xae\xe2\x80\xa8\r\r\n", 220,
            ("grüße \ufffd[31m\ufffd\ufffd\ufffd  ",),
        ),
    ],
)  # fmt: skip
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


LONGEST = b"250 " + b"x" * 4092 + b"\r\n"
MOST = b"250-x\r\n" * 127 + b"250 x\r\n"
GARBAGE = [
    b"HTTP/1.1 400 Bad Request\r\n",
    b"250 OK\n",
    b"250 OK\n\r\n",
    b"250-one\r\n550 two\r\n",
    b"250-one\r\n251 two\r\n",
    b"250_OK\r\n",
    b"25 OK\r\n",
    b"2500 OK\r\n",
    b"150 OK\r\n",
    b"260 OK\r\n",
    b"690 OK\r\n",
    b"\r\n",
    b" 250 OK\r\n",
    b"\x00250 OK\r\n",
    "２５０ OK\r\n".encode(),
    b"250 x" + LONGEST[4:],
    b"250-x\r\n" + MOST,
    b"250 " + b"x" * 5000,
]


@pytest.mark.parametrize("wire", GARBAGE)
def test_what_is_no_reply_is_refused(wire: bytes) -> None:
    """Garbage is never guessed at, nor waited for without end."""
    with pytest.raises(GarbledReplyError):
        parse_reply(wire)
    with pytest.raises(GarbledReplyError):
        parse_replies(wire)


@pytest.mark.parametrize("wire", [LONGEST, MOST])
def test_the_longest_reply_is_read_however_it_is_cut(wire: bytes) -> None:
    """Up to 4,096 characters a line and 128 lines; a CR alone is not too much yet."""
    assert parse_reply(wire[:-1]) is None
    assert parse_replies(wire) == ([reply(wire)], len(wire))


@given(st.binary(max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_refused_or_waited_for(wire: bytes) -> None:
    """Nothing else can happen."""
    try:
        parsed = parse_reply(wire)
    except GarbledReplyError:
        return
    assert parsed is None or wire[parsed[1] - 2 : parsed[1]] == b"\r\n"


PIECES = [
    b"250 2.1.0 Ok\r\n", b"250 2.0.0 Ok: queued as 5.1.1\r\n", b"354 End with .\r\n",
    b"550 5.1.1 no\r\n", b"250\r\n", b"250 \r\n", b"250 gr\xc3\xbc\xc3\x9fe\r\n",
    b"250 \x00\x7f\r\n", b"250 a\rb\r\n", b"450-4.7.1 wait\r\n450 4.7.1 a little\r\n",
    b"250-a\r\n250 b\r\n", b"250-cut", b"2", b"\r", b"\n", b"199 no\r\n", LONGEST, MOST,
    *GARBAGE,
]  # fmt: skip
STREAMS = st.one_of(
    st.lists(st.sampled_from(PIECES[:11]), max_size=8).map(b"".join),
    st.lists(st.sampled_from(PIECES), max_size=6).map(b"".join),
    st.lists(st.sampled_from(PIECES) | st.binary(max_size=9), max_size=6).map(b"".join),
)


def one_by_one(buffer: bytes) -> tuple[list[Reply], int]:
    """Do what `parse_replies` does, strictly and slowly."""
    replies: list[Reply] = []
    taken = 0
    while True:
        try:
            parsed = parse_reply(buffer[taken:])
        except GarbledReplyError:
            if not replies:
                raise
            parsed = None
        if parsed is None:
            return replies, taken
        replies.append(parsed[0])
        taken += parsed[1]


def hear(
    chunks: list[bytes], parse: Callable[[bytes], tuple[list[Reply], int]]
) -> Heard:
    """Parse a stream as it arrives, as a client does."""
    heard: list[Reply] = []
    buffer = b""
    for chunk in chunks:
        buffer += chunk
        taken = 1
        while taken and buffer:
            try:
                replies, taken = parse(buffer)
            except GarbledReplyError:
                return heard, b"", True
            heard += replies
            buffer = buffer[taken:]
    return heard, buffer, False


@given(STREAMS)
@settings(max_examples=100, deadline=None)
def test_bursts_are_read_as_replies_are_one_by_one(wire: bytes) -> None:
    """The fast way is only faster."""
    try:
        expected = one_by_one(wire)
    except GarbledReplyError:
        with pytest.raises(GarbledReplyError):
            parse_replies(wire)
    else:
        assert parse_replies(wire) == expected


@given(STREAMS, st.lists(st.integers(0, 200), max_size=5))
@settings(max_examples=100, deadline=None)
def test_it_makes_no_difference_how_replies_arrive(
    wire: bytes, places: list[int]
) -> None:
    """In one piece or in several, the same replies are heard and the same is garbage."""
    cuts = sorted({min(place, len(wire)) for place in places} | {0, len(wire)})
    chunks = [wire[a:b] for a, b in pairwise(cuts)]
    heard, left, is_garbled = hear(chunks, parse_replies)
    whole = hear([wire], one_by_one)

    assert (heard, is_garbled) == (whole[0], whole[2])
    if not is_garbled:
        assert left == whole[1]


def test_garbage_does_not_swallow_the_replies_before_it() -> None:
    """What was accepted was accepted, whatever the server says next."""
    wire = b"250 2.0.0 kept\r\n250-2.0.0 kept\r\n250 too\r\nHTTP/1.1 400\r\n"
    replies, taken = parse_replies(wire)

    assert [reply.text for reply in replies] == ["kept", "kept too"]
    assert wire[taken:] == b"HTTP/1.1 400\r\n"
    with pytest.raises(GarbledReplyError, match="HTTP"):
        parse_replies(wire[taken:])


@pytest.mark.parametrize(
    ("wire", "enhanced", "text"),
    [
        (b"550 5.1.1 no such user\r\n", "5.1.1", "no such user"),
        (b"550-5.7.1 first\r\n550 5.7.1 second\r\n", "5.7.1", "first second"),
        (b"550-5.1.1 one\r\n550 5.1.10 two\r\n", "5.1.1", "one 5.1.10 two"),
        (b"550-sorry\r\n550-5.7.1 first\r\n550 2.0.0 x\r\n", "5.7.1", "sorry first 2.0.0 x"),
        (b"550 2.0.0 contradicts itself\r\n", "", "2.0.0 contradicts itself"),
        (b"550 5.1.1\r\n", "5.1.1", ""),
        (b"550 5.\xd9\xa1.1 x\r\n", "", "5.١.1 x"),
        (b"450 4.7.1234 x\r\n", "", "4.7.1234 x"),
        (b"250 Ok: queued as 5.1.1\r\n", "", "Ok: queued as 5.1.1"),
    ],
)  # fmt: skip
def test_the_enhanced_code_stands_apart(wire: bytes, enhanced: str, text: str) -> None:
    """Only where it is one, and agrees with the reply code (RFC 2034)."""
    it = reply(wire)

    assert (it.enhanced, it.text) == (enhanced, text)
    assert str(it) == " ".join(filter(None, (str(it.code), enhanced, text)))
    assert receipt_of(it, Stage.RCPT)[2:4] == (enhanced, text)


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
    receipt = receipt_of(
        reply(f"{code} {code // 100}.7.1 words\r\n".encode()), Stage.END
    )

    assert (receipt.outcome, receipt.code, receipt.text[-5:], receipt.stage) == (
        outcome,
        code,
        "words",
        Stage.END,
    )


def test_a_receipt_keeps_words_within_reason() -> None:
    """A server cannot fill the ledger: half a megabyte of words is more than enough."""
    wire = LONGEST.replace(b"250 ", b"550-") + b"550 no\r\n"

    assert receipt_of(reply(wire), Stage.RCPT).text == "x" * 2000


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


@pytest.mark.parametrize(
    "line",
    [
        b"START\x00TLS",
        b"START\xc2\xadTLS",
        "\N{LATIN SMALL LETTER LONG S}TARTTLS".encode(),
        b"-STARTTLS",
        b"STARTTLS\x1b",
        b"STARTTLS \xff",
    ],
)
def test_a_line_that_is_no_extension_offers_nothing(line: bytes) -> None:
    """It is not made into one either (RFC 5321 section 4.1.1.1)."""
    extensions = extensions_of(reply(b"250-hello\r\n250-" + line + b"\r\n250 DSN\r\n"))

    assert dict(extensions) == {"DSN": []}
