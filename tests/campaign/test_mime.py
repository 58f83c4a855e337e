"""Bodies on the wire: transfer encodings and multipart/alternative."""

from base64 import b64decode
from quopri import decodestring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.campaign.mime import (
    Encoded,
    base64,
    boundary_for,
    encode_text,
    multipart,
    quoted_printable,
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


def plain(encoded: Encoded) -> bytes:
    """Decode a body with the standard library's decoders."""
    match encoded.encoding:
        case "base64":
            return b64decode(encoded.body, validate=False)
        case "quoted-printable":
            return decodestring(encoded.body)
        case _:
            return encoded.body


@given(st.one_of(SCRIPTS, st.text(max_size=400)))
@settings(max_examples=200, deadline=None)
def test_any_text_comes_back_in_short_ascii_lines(text: str) -> None:
    """Every byte survives; line ends are CRLF; lines keep to 76; dots and From are hidden."""
    encoded = encode_text(text)
    lines = encoded.body.split(b"\r\n")
    expected = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")

    assert plain(encoded) == expected.encode()
    assert encoded.body.isascii()
    assert max(map(len, lines)) <= 76
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert not any(line.startswith((b".", b"From ")) for line in lines)
    assert not any(line.endswith((b" ", b"\t")) for line in lines)


@given(SCRIPTS)
@settings(max_examples=200, deadline=None)
def test_the_smaller_encoding_is_chosen(text: str) -> None:
    """Of quoted-printable and base64; 7bit is no longer than the text itself."""
    lines = text.encode()
    sizes = {
        "quoted-printable": len(quoted_printable(lines)),
        "base64": len(base64(lines)),
    }
    encoded = encode_text(text)

    if encoded.encoding == "7bit":
        assert encoded.body == lines.replace(b"\n", b"\r\n")
    else:
        assert sizes[encoded.encoding] == len(encoded.body) == min(sizes.values())


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
    assert encode_text(text).encoding == encoding


def test_a_line_of_dots_stays_within_its_length() -> None:
    """Escaping what starts a line must not make it longer than 76."""
    body = quoted_printable(b"." * 500 + b"\nFrom " + b"From " * 100)

    assert max(map(len, body.split(b"\r\n"))) <= 76
    assert decodestring(body) == b"." * 500 + b"\r\nFrom " + b"From " * 100


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
            best = min(len(quoted_printable(lines)), len(base64(lines)))
            assert len(encode_text(lines.decode()).body) == best


def test_broken_characters_are_refused() -> None:
    """A lone surrogate cannot be written, and is not replaced in silence."""
    with pytest.raises(RenderError, match="UTF-8"):
        encode_text("a\ud800b")


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
