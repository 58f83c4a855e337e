"""The relaxed canonical form, against RFC 6376 and against dkimpy."""

from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.campaign.message.canonical import (
    relaxed_body,
    relaxed_end,
    relaxed_field,
)
from tests.dkim_verifiers import body_by_dkimpy, field_by_dkimpy

WHITE_SPACE = st.text(" \t", max_size=3).map(str.encode)
SHORT_LINES = st.lists(st.sampled_from([b"a", b"=20", b".", b" ", b"\t"]), max_size=4)
LINES = SHORT_LINES.map(lambda pieces: b"".join(pieces) + b"\r\n")
RUNS = st.lists(LINES, max_size=6).map(b"".join)
FOLDS = st.sampled_from([b"", b"", b"\r\n "])


@given(RUNS, st.sampled_from([b"", b"z", b"end."]))
@settings(max_examples=200, deadline=None)
def test_body_like_dkimpy(lines: bytes, unfinished: bytes) -> None:
    """A whole body comes into the form that dkimpy finds."""
    body = lines + unfinished
    assert relaxed_end(body) == body_by_dkimpy(body)


@given(RUNS, RUNS, RUNS)
@settings(max_examples=100, deadline=None)
def test_run_by_run(first: bytes, second: bytes, last: bytes) -> None:
    """Runs of lines can be done one by one, if the last holds a line of text."""
    last = b"--closing--\r\n" + last
    joined = relaxed_body(first) + relaxed_body(second) + relaxed_end(last)
    assert joined == body_by_dkimpy(first + second + last)


@given(st.lists(st.tuples(WHITE_SPACE, FOLDS, st.sampled_from([b"", b"A", b"=?b?="]))))
@settings(max_examples=200, deadline=None)
def test_field_like_dkimpy(pieces: list[tuple[bytes, bytes, bytes]]) -> None:
    """A field comes into the form that dkimpy finds, however it is folded and spaced."""
    value = b"".join(b"".join(piece) for piece in pieces) + b"\r\n"
    name, line = field_by_dkimpy(b"List-ID ", value)
    assert relaxed_field(b"List-ID :" + value) == (name.decode(), name + b":" + line)


def test_example() -> None:
    """The example of RFC 6376 section 3.4.5 comes out as it says."""
    assert relaxed_field(b"A: X\r\n") == ("a", b"a:X\r\n")
    assert relaxed_field(b"B : Y\t\r\n\tZ  \r\n") == ("b", b"b:Y Z\r\n")
    assert relaxed_end(b" C \r\nD \t E\r\n\r\n\r\n") == b" C\r\nD E\r\n"


def test_line_end_of_a_field() -> None:
    """A field may come without its CRLF and has one afterwards."""
    assert relaxed_field(b"Subject: hi") == ("subject", b"subject:hi\r\n")


def test_nothing_but_empty_lines() -> None:
    """A body of empty lines, some with spaces, is an empty body."""
    assert relaxed_end(b"") == relaxed_end(b"\r\n \t\r\n\r\n") == b""


def test_unfinished_last_line() -> None:
    """A last line without CRLF gets one, after its spaces went (section 3.4.4)."""
    assert relaxed_end(b"a \r\nb \t") == b"a\r\nb\r\n"


def test_empty_lines_in_between() -> None:
    """A run before the end keeps its empty lines."""
    assert relaxed_body(b"a\r\n\r\n \r\n") == b"a\r\n\r\n\r\n"


def test_left_alone() -> None:
    """What needs nothing is not even copied."""
    octets = b"QUJD\r\nREVG =20x\r\n" * 1000
    assert relaxed_body(octets) is octets
