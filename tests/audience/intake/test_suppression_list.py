"""Plain lists of addresses that must not be written to."""

import io
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.audience.intake.suppression_list import read_addresses
from distribute.audience.intake.table import BadLine
from distribute.errors import AudienceError


def _read(text: str) -> list[tuple[int, str]]:
    rows = read_addresses(io.BytesIO(text.encode()))
    return [
        (row.line, "bad" if isinstance(row, BadLine) else row.mailbox.address)
        for row in rows
    ]


@pytest.mark.parametrize(
    "text",
    [
        "ada@example.org\nbo@example.org\n",
        "# do not write to\nada@example.org\n\nbo@example.org",
        "email;reason\nada@example.org;spam\nbo@example.org;spam\n",
        "# ours\nname,E-Mail\nAda,ada@example.org\nBo,bo@example.org\n",
        "Ada <ada@example.org>\r\nbo@EXAMPLE.org\r\n",
        "1,ada@example.org,x\n2,bo@example.org,y\n",
    ],
)
def test_addresses_are_found_in_any_such_list(text: str) -> None:
    """With a header or without, with other columns, with remarks and blank lines."""
    assert [address for _, address in _read(text)] == [
        "ada@example.org",
        "bo@example.org",
    ]


def test_a_bad_line_has_its_number_and_stops_nothing() -> None:
    """Counted as an editor counts them."""
    text = '\nada@example.org\nnobody\n"open\nbo@example.org\n'
    assert _read(text) == [
        (2, "ada@example.org"),
        (3, "bad"),
        (4, "bad"),
        (5, "bo@example.org"),
    ]


def test_a_row_without_its_address_is_bad() -> None:
    """In a table, only the column counts."""
    assert _read("name,email\nada@example.org\n") == [(2, "bad")]


@given(st.binary(max_size=100))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """Never anything but rows or our own error."""
    with suppress(AudienceError):
        for row in read_addresses(io.BytesIO(data)):
            assert row.line > 0


@pytest.mark.parametrize("text", ["", "name,city\nAda,London\n"])
def test_what_has_no_addresses_is_refused(text: str) -> None:
    """Rather than taken for a list of nobody."""
    with pytest.raises(AudienceError):
        _read(text)
