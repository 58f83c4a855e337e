"""Delimited text as spreadsheets write it, and as nobody should."""

import csv
import io
import tracemalloc
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.audience.intake.lines import LONGEST_LINE
from distribute.audience.intake.table import (
    MOST_LINES,
    BadLine,
    Row,
    read_table,
)
from distribute.errors import AudienceError


def _rows(text: str | bytes) -> list[Row | BadLine]:
    data = text if isinstance(text, bytes) else text.encode()
    return list(read_table(io.BytesIO(data)).rows)


def _cells(text: str | bytes) -> list[tuple[str, ...]]:
    rows = _rows(text)
    assert all(isinstance(row, Row) for row in rows)
    return [row.cells for row in rows if isinstance(row, Row)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_separators_line_ends_and_marks(end: str, mark: str, bom: str) -> None:
    """Any of the usual forms of a table gives the same header and rows."""
    lines = ["email,name,languages", "a@b.org,Ada,en", "c@d.org,Çelik,tr"]
    text = bom + end.join(lines).replace(",", mark) + end
    table = read_table(io.BytesIO(text.encode()))
    assert table.header == ("email", "name", "languages")
    assert list(table.rows) == [
        Row(2, ("a@b.org", "Ada", "en")),
        Row(3, ("c@d.org", "Çelik", "tr")),
    ]


def test_the_separator_is_that_of_the_header() -> None:
    """Semicolons in the cells do not make them the separator, nor commas in quotes."""
    assert _cells("email,languages\na@b.org,pt;en;fr;de\n") == [
        ("a@b.org", "pt;en;fr;de")
    ]
    assert _cells('email;"a, b, c, d";name\nx;y;z\n') == [("x", "y", "z")]
    assert _cells("email\na@b.org\n") == [("a@b.org",)]


def test_the_line_that_excel_understands() -> None:
    """A first line ``sep=;`` says what separates, and is no row."""
    table = read_table(io.BytesIO(b"sep=;\r\nemail;name\r\na@b.org;A,B\r\n"))
    assert table.header == ("email", "name")
    assert list(table.rows) == [Row(3, ("a@b.org", "A,B"))]


def test_lines_are_counted_as_an_editor_does() -> None:
    """A cell with line breaks moves the numbers of the rows behind it."""
    text = 'email,note\n"a@b.org","one\ntwo\n\nfour"\nc@d.org,\n'
    assert _rows(text) == [
        Row(2, ("a@b.org", "one\ntwo\n\nfour")),
        Row(6, ("c@d.org", "")),
    ]


def test_blank_lines_before_the_header_are_passed_over() -> None:
    """The header is the first line with something in it."""
    assert _rows("\n  \n,,\nemail\na\n") == [Row(5, ("a",))]


def test_blanks_around_a_quoted_cell_belong_to_nobody() -> None:
    """A blank behind the separator does not make the quotation mark part of the cell."""
    assert _cells('email, name\na@b.org, "Lovelace, Ada"\n') == [
        ("a@b.org", "Lovelace, Ada")
    ]


def test_a_quote_never_closed_costs_one_line() -> None:
    """The line with the open quotation mark is bad; those behind it are read."""
    rest = "".join(f"u{n}@example.org,x\n" for n in range(50))
    rows = _rows('email,name\na@b.org,"Ada\n' + rest)
    assert rows[0] == BadLine(2, "a quotation mark is opened and never closed")
    assert rows[1:] == [Row(n + 3, (f"u{n}@example.org", "x")) for n in range(50)]


def test_a_quote_never_closed_before_the_end() -> None:
    """The same near the end of the file, where there is nothing left to read."""
    assert _rows('email,name\nb@c.org,"B\nc@d.org,C') == [
        BadLine(2, "a quotation mark is opened and never closed"),
        Row(3, ("c@d.org", "C")),
    ]


def test_text_behind_a_quoted_cell_costs_one_line() -> None:
    """A quotation mark closed in the middle of a cell is not guessed at."""
    assert _rows('email,name\na@b.org,"Ada" L\nb@c.org,B\n') == [
        BadLine(2, "there is text behind a closing quotation mark"),
        Row(3, ("b@c.org", "B")),
    ]


def test_a_quotation_mark_within_a_cell_is_just_that() -> None:
    """Only at the beginning of a cell does it mean anything."""
    assert _cells('email,name\na@b.org,Ada "the first" L\n') == [
        ("a@b.org", 'Ada "the first" L')
    ]


def test_an_overlong_line_costs_itself() -> None:
    """A line that goes on for ever is bad, the next one is not."""
    long = "x" * (3 * LONGEST_LINE)
    rows = _rows(f"email,name\n{long}\na@b.org,A\n")
    assert rows == [
        BadLine(2, "the line is longer than 65,536 characters"),
        Row(3, ("a@b.org", "A")),
    ]


def test_overlong_lines_within_quotes_cost_themselves() -> None:
    """Also where a quotation mark makes it look like one cell."""
    long = "x" * LONGEST_LINE
    rows = _rows(f'email,name\nz@y.org,"Z\n{long}x\na@b.org,A\n')
    assert [row.line for row in rows] == [2, 3, 4]
    assert rows[2] == Row(4, ("a@b.org", "A"))


def test_memory_does_not_grow_with_a_line(tmp_path: Path) -> None:
    """Fifty megabytes without a line break need no fifty megabytes."""
    path = tmp_path / "people.csv"
    with path.open("wb") as out:
        out.write(b"email\n")
        out.truncate(50_000_000)
    tracemalloc.start()
    with path.open("rb") as stream:
        assert [type(row) for row in read_table(stream).rows] == [BadLine]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty"),
        (b"\n\n \n", "the file is empty"),
        ("email\n".encode("utf-16"), "line 1: the text is UTF-16"),
        (b'"email\n', "line 1: the header is bad: a quotation mark"),
    ],
)
def test_a_file_without_a_header_is_an_error(data: bytes, reason: str) -> None:
    """Without a header nothing can be understood, and the error says why."""
    with pytest.raises(AudienceError, match=reason):
        read_table(io.BytesIO(data))


def test_another_encoding_is_named_with_its_line() -> None:
    """The first line that is not UTF-8 stops the reading, and the error says what to do."""
    data = "email,name\na@b.org,Ada\nb@c.org,Bäcker\n".encode("latin-1")
    with pytest.raises(AudienceError, match="line 3: the text is not UTF-8") as caught:
        _rows(data)
    assert "CSV UTF-8" in caught.value.hint


def test_the_stream_stays_open() -> None:
    """Whoever opened the file closes it."""
    stream = io.BytesIO(b"email\na@b.org\n")
    assert len(list(read_table(stream).rows)) == 1
    assert not stream.closed


tables = st.lists(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\ufeff"), max_size=12),
        min_size=2,
        max_size=4,
    ),
    max_size=5,
)


@given(tables)
@settings(max_examples=100, deadline=None)
def test_what_the_csv_module_writes_is_read_again(rows: list[list[str]]) -> None:
    """Any cells at all, line breaks, quotes and NUL included, come back."""
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([["email", "name"], *rows])
    assert _cells(out.getvalue()) == [tuple(row) for row in rows]


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_no_line_is_lost_in_any_text(data: bytes) -> None:
    """Whatever is in a file, it gives rows and bad lines in their order."""
    text = b"email,name\n" + data.decode("utf-8", errors="replace").encode()
    numbers = [row.line for row in read_table(io.BytesIO(text)).rows]
    assert numbers == sorted(set(numbers))
    assert all(b - a <= MOST_LINES for a, b in pairwise(numbers))
