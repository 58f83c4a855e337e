"""Bodies on the wire: transfer encodings and multipart/alternative."""

from base64 import b64decode
from collections.abc import Sequence
from quopri import decodestring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.campaign.message.mime import (
    Encoding,
    base64_with,
    boundary_for,
    encode,
    encoding_of,
    lines_of,
    multipart,
    quoted_printable,
    quoted_with,
    softly_ended,
)
from distribute.errors import RenderError

SCRIPTS = st.sampled_from(
    [
        "abc .=\tFrom \n",
        "çğıöşü Aa.\n",
        "语言处理，。\n",
        "العربية .\n",
        "👩🏽\u200d💻é.\n",
        "\0\x7f\x85a\n",
    ]
).flatmap(lambda alphabet: st.text(alphabet, max_size=400))


ANY_TEXT = st.one_of(SCRIPTS, st.text(st.characters(codec="utf-8"), max_size=400))
VALUES = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=200),
    st.sampled_from(
        ["", ".", "From ", "From me", "=", " ", "x" * 75, "x" * 76, "." * 80]
    ),
)


def decoded(body: bytes, encoding: Encoding) -> bytes:
    """Decode a body with the standard library's decoders."""
    match encoding:
        case Encoding.BASE64:
            return b64decode(body, validate=False)
        case Encoding.QUOTED:
            return decodestring(body)
        case Encoding.SEVEN_BIT:
            return body


def encoded(text: str) -> tuple[bytes, Encoding]:
    """Encode a text in which there are no values."""
    shared = (lines_of(text),)
    encoding = encoding_of(shared)
    return encode(shared, (), encoding), encoding


def together(shared: Sequence[bytes], values: Sequence[bytes]) -> bytes:
    """Put values between stretches, as they are."""
    pairs = zip(shared, (*values, b""), strict=True)
    return b"".join(stretch + value for stretch, value in pairs)


def check_lines(body: bytes) -> None:
    """Lines are short, end in CRLF, and nothing will touch how they begin and end."""
    lines = body.split(b"\r\n")
    assert body.isascii()
    assert max(map(len, lines)) <= 76
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert not any(line.startswith((b".", b"From ")) for line in lines)
    assert not any(line.endswith((b" ", b"\t")) for line in lines)


@given(ANY_TEXT)
@settings(max_examples=100, deadline=None)
def test_any_text_comes_back_in_short_ascii_lines(text: str) -> None:
    """Every byte survives; line ends are CRLF; lines keep to 76; dots and From are hidden."""
    body, encoding = encoded(text)
    expected = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")

    assert decoded(body, encoding) == expected.encode()
    check_lines(body)


@given(ANY_TEXT)
@settings(max_examples=200, deadline=None)
def test_the_smaller_encoding_is_chosen(text: str) -> None:
    """Of quoted-printable and base64; 7bit is no longer than the text itself."""
    lines = lines_of(text)
    sizes = [len(quoted_printable(lines)), len(base64_with([lines], []))]
    body, encoding = encoded(text)

    if encoding is Encoding.SEVEN_BIT:
        assert body == lines.replace(b"\n", b"\r\n")
    else:
        assert sizes[encoding is Encoding.BASE64] == len(body) == min(sizes)


@given(st.lists(ANY_TEXT, min_size=2, max_size=6), st.data())
@settings(max_examples=100, deadline=None)
def test_values_come_back_where_they_stood(
    texts: list[str], data: st.DataObject
) -> None:
    """In both encodings, whatever they are and whatever stands around them."""
    shared = [lines_of(text) for text in texts]
    size = len(shared) - 1
    drawn = data.draw(st.lists(VALUES, min_size=size, max_size=size))
    values = [value.encode() for value in drawn]
    expected = together(shared, values).replace(b"\n", b"\r\n")

    for write, encoding in ((quoted_with, "QUOTED"), (base64_with, "BASE64")):
        body = write(shared, values)
        assert decoded(body, Encoding[encoding]) == expected
        check_lines(body)


@given(VALUES, VALUES)
@settings(max_examples=100, deadline=None)
def test_lines_around_a_value_do_not_depend_on_it(one: str, other: str) -> None:
    """That is what lets all readers share them."""
    shared = [lines_of("Olá, edição cinco! " * 9)] * 2
    before = softly_ended(shared[0])
    after = quoted_printable(shared[1])

    for value in (one, other):
        body = quoted_with(shared, [value.encode()])
        assert body == before + softly_ended(value.encode()) + after


def test_a_value_has_its_lines_to_itself() -> None:
    """In quoted-printable between soft breaks; an empty one leaves no line."""
    shared = [b"Dear ", b", from ", b"!\n"]

    assert quoted_with(shared, [b"Ada", b".bo"]) == (
        b"Dear =\r\nAda=\r\n, from =\r\n=2Ebo=\r\n!\r\n"
    )
    assert quoted_with(shared, [b"", b"x" * 76]) == (
        b"Dear =\r\n, from =\r\n" + b"x" * 75 + b"=\r\nx=\r\n!\r\n"
    )


def test_a_value_in_base64_takes_what_its_groups_need() -> None:
    """Lines never end within a group; values that share one share the lines."""
    assert base64_with([b"abcd", b"efghi"], [b"VALUE"]) == (
        b"YWJj\r\nZFZBTFVF\r\nZWZnaGk="
    )
    assert base64_with([b"abcd", b"e", b""], [b"V", b"W"]) == b"YWJj\r\nZFZl\r\nVw=="
    assert base64_with([b"abcd", b"", b"e"], [b"V", b"W"]) == b"YWJj\r\nZFZX\r\nZQ=="
    assert base64_with([b"abc", b"", b"def"], [b"", b""]) == b"YWJj\r\nZGVm"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("short and plain\nlines\n", "7bit"),
        ("x" * 76, "7bit"),
        ("x" * 77, "quoted-printable"),
        ("a .\n.hidden dot", "quoted-printable"),
        ("hello\nFrom here on", "quoted-printable"),
        ("space at the end \n", "quoted-printable"),
        (
            "Une lettre d’information écrite en français, avec peu d’accents",
            "quoted-printable",
        ),
        ("自然语言处理简报", "base64"),
        ("نشرة إخبارية", "base64"),
    ],
)
def test_the_encoding_follows_the_text(text: str, encoding: str) -> None:
    """Latin goes as quoted-printable, other scripts as base64, the harmless as it is."""
    assert encoded(text)[1] == encoding


def test_what_holds_values_is_never_7bit() -> None:
    """However harmless the text is: nobody knows the values."""
    assert encoding_of([b"Dear ", b"!\n"]) is Encoding.QUOTED
    assert encoding_of(["自然语言".encode(), "处理".encode()]) is Encoding.BASE64


def test_a_line_of_dots_stays_within_its_length() -> None:
    """Escaping what starts a line must not make it longer than 76."""
    body = quoted_printable(b"." * 500 + b"\nFrom " + b"From " * 100)

    assert max(map(len, body.split(b"\r\n"))) <= 76
    assert decodestring(body) == b"." * 500 + b"\r\nFrom " + b"From " * 100


@pytest.mark.parametrize("end", [" ", "\t", " \n", "\t\nnext", "é \n"])
@pytest.mark.parametrize("size", range(70, 80))
def test_white_space_at_the_end_of_a_long_line(size: int, end: str) -> None:
    """It takes three characters there, and has to find room for them."""
    lines = f"{'x' * size}{end}".encode()
    body = quoted_printable(lines)

    check_lines(body)
    assert decodestring(body) == lines.replace(b"\n", b"\r\n")


def test_from_at_a_line_start_is_hidden() -> None:
    """Mailbox files would put a ``>`` before it, and break the signature."""
    assert quoted_printable(b"From me\nnot From\nFrom you") == (
        b"=46rom me\r\nnot From\r\n=46rom you"
    )


def test_the_choice_is_right_to_the_octet() -> None:
    """Around ten plain letters to one accented, where the encodings are about equal."""
    for accented in range(5, 60):
        for letters in range(accented * 10 - 8, accented * 10 + 8):
            lines = ("é" * accented + "a" * letters).encode()
            best = min(len(quoted_printable(lines)), len(base64_with([lines], [])))
            assert len(encoded(lines.decode())[0]) == best


def test_broken_characters_are_refused() -> None:
    """A lone surrogate cannot be written, and is not replaced in silence."""
    with pytest.raises(RenderError, match="UTF-8"):
        lines_of("a\ud800b")


def test_a_boundary_is_the_same_every_time_and_in_no_part() -> None:
    """Even where somebody put the first choice into the text."""
    first = boundary_for([b"x"], seed=b"seed")
    second = boundary_for([b"a " + first.encode(), b"x"], seed=b"seed")

    assert first == boundary_for([b"y"], seed=b"seed")
    assert second != first
    assert second.startswith("=_")


def test_parts_stand_between_delimiters() -> None:
    """As RFC 2046 section 5.1.1 writes it."""
    assert multipart([b"A: 1\r\n\r\none", b"\r\ntwo\r\n"], "b") == (
        b"--b\r\nA: 1\r\n\r\none\r\n--b\r\n\r\ntwo\r\n\r\n--b--\r\n"
    )
