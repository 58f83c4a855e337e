"""Headers, parts and codes are read as their standards mean them, or left as they are."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from distribute.campaign.returned import status
from distribute.campaign.returned.address import original_of, recipient_of
from distribute.campaign.returned.clean import ROOM, cleaned
from distribute.campaign.returned.header import (
    LONGEST_FIELD,
    MOST_FIELDS,
    address,
    addresses,
    decoded,
    decoded_as,
    parameters,
    read_header,
)
from distribute.campaign.returned.mime import MOST_PARTS, open_message


@given(st.text())
@example("\u202e\u200b\x1b]0;x\x07\ud800\U0010ffff")
def test_what_is_cleaned_can_be_printed(text: str) -> None:
    """On any terminal, in one line, in little room; and cleaning it again adds nothing."""
    clean = cleaned(text)

    assert clean.isprintable()
    assert len(clean) <= ROOM
    assert cleaned(clean) == clean


def test_what_is_too_long_shows_that_it_goes_on() -> None:
    """Nobody takes the beginning for the whole."""
    assert cleaned("word " * 100).endswith("word…")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("plain", "plain"),
        ("=?utf-8?B?QXV0b21hdGlzY2hlIEFudHdvcnQ=?=", "Automatische Antwort"),
        ("=?iso-8859-1?q?R=E9ponse_automatique?=", "Réponse automatique"),
        ("=?utf-8?q?=F0=9F?= =?utf-8?q?=90=88?=", "🐈"),
        ("Re: =?utf-8?q?a?=  =?utf-8?q?b?= c", "Re: ab c"),
        ("=?utf-8*de?q?f=C3=BCr?=", "für"),
        ("=?gb2312?B?19S2r7vYuLQ=?=", "自动回复"),
        ("=?no-such-charset?q?x?=", "x"),
        ("=?utf-8?b?****?= broken", " broken"),
        ("=?utf-8?b?A?=", "A"),
        ("=?utf-8?x?not a word?=", "=?utf-8?x?not a word?="),
    ],
)
def test_encoded_words_are_decoded(written: str, read: str) -> None:
    """As RFC 2047 means them, also where a character is split over two words."""
    assert decoded(written) == read


@given(st.binary(max_size=40), st.text(max_size=20))
@example(b"\\N{", "unicode_escape")
@example(b"\xff", "idna")
@example(b"x", "zlib")
@example(b"x", "utf-8\0")
@example(b"\x00\xd8", "utf-16")
def test_no_charset_is_an_error(octets: bytes, charset: str) -> None:
    """Python knows codecs that no letter is written in, and names that raise."""
    assert isinstance(decoded_as(octets, charset), str)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("Ada <ada@example.net>", "ada@example.net"),
        ('"x <evil@example.com>" <ada@example.net>', "ada@example.net"),
        ("ada@example.net (Ada)", "ada@example.net"),
        ("<>", ""),
        ("MAILER-DAEMON", ""),
        ("undisclosed-recipients:;", ""),
    ],
)
def test_an_address_is_found_in_a_field(written: str, found: str) -> None:
    """Never in the name beside it."""
    assert address(written) == found


def test_several_addresses_are_found_in_a_field() -> None:
    """In their order, with and without names."""
    assert list(addresses("a@x.example, b@x.example")) == ["a@x.example", "b@x.example"]


def test_a_type_and_its_parameters_are_told_apart() -> None:
    """Quotes, escapes and comments are no part of them; the first of a name counts."""
    written = 'Multipart/Report (x); report-type=A; boundary="a;\\"b"; boundary=c'
    kind, found = parameters(written)

    assert kind == "multipart/report"
    assert found == {"report-type": "A", "boundary": 'a;"b'}


def test_a_header_has_an_end() -> None:
    """So many fields, each so long, and no more."""
    long = b"A: " + b"x" * (2 * LONGEST_FIELD)
    header = read_header(b"\n".join([long, *[b"B: y"] * (2 * MOST_FIELDS)]))

    assert len(header.fields) == MOST_FIELDS
    assert len(header.first("a")) <= LONGEST_FIELD


def test_folded_fields_are_one_line() -> None:
    """However they were folded; octets beyond ASCII are UTF-8, or else Latin-1."""
    header = read_header(
        "A: één\n\ttwee\nnot a field\nB :\n drie".encode() + b"\nC: \xe9"
    )

    assert header.fields == (("a", "één twee"), ("b", "drie"), ("c", "é"))


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("7bit", "für"),
        ("quoted-printable", "f=C3=BC=\nr"),
        ("BASE64", "ZsO8\ncg=="),
        ("base64", "ZsO8cg"),
        ("unheard-of", "für"),
    ],
)
def test_a_body_is_decoded(encoding: str, body: str) -> None:
    """Also where its end is missing or its encoding is unknown."""
    part = open_message(f"Content-Transfer-Encoding: {encoding}\n\n{body}".encode())

    assert part.text().strip() == "für"


def test_a_multipart_without_an_end_has_its_parts() -> None:
    """What was cut off is missing, and nothing else."""
    data = (
        b"Content-Type: multipart/mixed; boundary=x\n\npreamble\n"
        b"--x\nContent-Type: text/html\n\n<p>a\n--x  \n\nb\n--xy\nstill b"
    )
    first, second = open_message(data).parts

    assert (first.type, first.body) == ("text/html", b"<p>a")
    assert (second.type, second.body) == ("text/plain", b"b\n--xy\nstill b")


def test_a_message_holds_only_so_many_parts() -> None:
    """Whoever sends more of them is not counted to the end."""
    data = b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\na\n" * 500

    assert len(list(open_message(data).walk())) == MOST_PARTS


def test_a_line_of_a_mbox_is_no_field() -> None:
    """A message that was cut out of one still has its header."""
    data = b"\n>From x Mon Nov 23 10:00:00 2026\nSubject: a\n\nb"

    assert open_message(data).header.first("subject") == "a"


@pytest.mark.parametrize(
    ("told", "said", "meant"),
    [
        ("5.1.1", "", "5.1.1"),
        ("5.0.0", "550 5.1.1 nobody", "5.1.1"),
        ("5.1.1 (bad mailbox)", "550 5.2.2 full", "5.2.2"),
        ("5.1.1", "552 full", "5.2.2"),
        ("", "552 mailbox is over quota (#5.1.1)", "5.2.2"),
        ("5.1.1", "550 5.0.0 nobody", "5.1.1"),
        ("5.2.1", "550 5.1.1 nobody", "5.2.1"),
        ("5.1.1", "550 5.7.1 blocked", "5.7.1"),
        ("5.7.0", "550 5.1.1 nobody", "5.7.0"),
        ("4.5.0", "550 5.5.0 try again later", "4.5.0"),
        ("", "host 10.4.2.1 said 5.2.1", "5.2.1"),
        ("", "mta-5.5.0-3 is silent", ""),
        ("", "550-5.1.1 nobody", "5.1.1"),
        ("nonsense", "nonsense", ""),
    ],
)
def test_the_code_that_says_most_counts(told: str, said: str, meant: str) -> None:
    """Policy before all, then the more special; nothing soft is made hard."""
    assert status.combined(told, said) == meant


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("550 5.1.1 nobody", 550),
        ("550-nobody", 550),
        ("said: 452 over quota", 452),
        ("in 450 seconds", 450),
        ("192.0.2.250 refused", 0),
        ("12550 refused", 0),
        ("", 0),
    ],
)
def test_the_reply_code_is_found(words: str, code: int) -> None:
    """Where a number stands that can be one."""
    assert status.reply(words) == code


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("rfc822;ada+2Bnews@example.net", "ada+news@example.net"),
        ("rfc822;ada+42@example.net", "ada+42@example.net"),
        ("rfc822;ada+news+2B@example.net", "ada+news+2B@example.net"),
        ("utf-8;\\x{5C0F}@example.net", "小@example.net"),
        ("ada@example.net", "ada@example.net"),
    ],
)
def test_an_original_recipient_may_still_be_xtext(written: str, meant: str) -> None:
    """Only what must be written so is undone: people have numbers in their addresses."""
    assert original_of(written) == meant


@settings(max_examples=200)
@given(st.text(max_size=60))
@example("utf-8;\\x{D800}\\x{10FFFF}\\x{110000}")
def test_no_recipient_is_an_error(value: str) -> None:
    """What cannot be read is shown as it stands, clean."""
    assert recipient_of(value).isprintable()
