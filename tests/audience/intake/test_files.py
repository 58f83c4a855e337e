"""People are read out of tables, JSON Lines and archives, whatever else is in them."""

import io
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.audience.intake import archive
from distribute.audience.intake.column import Column
from distribute.audience.intake.files import Entry, Source, listings
from distribute.audience.intake.table import BadLine
from distribute.errors import AudienceError

_LOCKED = 1
"""The bit of a ZIP header that says: encrypted."""


def _read(data: bytes, name: str = "people") -> Sequence[Entry | BadLine]:
    source = Source(name, io.BytesIO(data))
    return [entry for listing in listings(source, {}) for entry in listing.entries]


def _zip(**files: str) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w") as opened:
        for name, text in files.items():
            opened.writestr(name.replace("__", "."), text)
    return out.getvalue()


def _addresses(entries: Sequence[Entry | BadLine]) -> list[str]:
    return [e.cells[Column.EMAIL] if isinstance(e, Entry) else "bad" for e in entries]


def test_json_lines_are_known_by_their_first_character() -> None:
    """Each line is somebody, with the values as a table would hold them."""
    text = (
        '\ufeff{"email": "a@b.org", "languages": ["pt-BR", "en"], "only_these": true}\n'
        "\n"
        '{"email": "c@d.org", "name": null, "Phone": 5}\r\n'
    )
    first, second = _read(text.encode())
    assert isinstance(first, Entry)
    assert isinstance(second, Entry)
    assert first.cells == {
        Column.EMAIL: "a@b.org",
        Column.LANGUAGES: "pt-BR; en",
        Column.ONLY_THESE: "true",
    }
    assert (second.line, second.cells[Column.NAME]) == (3, "")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "no JSON object"),
        ("[]", "no JSON object"),
        ('{"name": "Ada"}', "no email"),
        ('{"email": "a@b.org", "Mail": "c@d.org"}', "two columns for email"),
        ('{"email": "\\ud800@b.org"}', "half a character"),
        ('{"email": ' + "[" * 60_000, "no JSON object: too large or too deep"),
        ('{"email": ' + "9" * 60_000 + "}", "no JSON object: too large or too deep"),
        ('{"email": "' + "x" * 70_000 + '"}', "longer than 65,536 characters"),
        (
            '{"email": "a@b.org", "tags": ' + json.dumps(["x"] * 51) + "}",
            "more than 50",
        ),
    ],
)
def test_a_bad_object_costs_nobody_but_itself(line: str, reason: str) -> None:
    """Its number and its reason are told, and the next line is read."""
    text = f'{{"email": "a@b.org"}}\n{line}\n{{"email": "c@d.org"}}\n'
    first, bad, last = _read(text.encode())
    assert _addresses([first, last]) == ["a@b.org", "c@d.org"]
    assert isinstance(bad, BadLine)
    assert bad.line == 2
    assert reason in bad.reason


def test_a_json_document_is_told_how_to_become_lines() -> None:
    """A list of objects is not read line by line."""
    with pytest.raises(AudienceError, match="not JSON Lines") as caught:
        _read(b'[{"email": "a@b.org"}]')
    assert "jq" in caught.value.hint


def test_one_list_in_an_archive_is_found() -> None:
    """Whatever lies beside it that is no list."""
    data = _zip(readme__txt="Hello", people__csv="email\na@b.org\n")
    assert _addresses(_read(data)) == ["a@b.org"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (_zip(one__csv="email\n", two__csv="email\n"), "not plain which files"),
        (_zip(readme__txt="Hello"), "holds no list of people"),
        (_zip(), "holds no list"),
        (b"PK\x03\x04 and nothing", "cannot be unpacked"),
        (_zip(people__csv="email\n" * 99)[:-40], "cannot be unpacked"),
        (_zip(**{"[Content_Types]__xml": "x", "a__csv": "email"}), "is a spreadsheet"),
    ],
)
def test_an_archive_that_leaves_doubts_is_refused(data: bytes, reason: str) -> None:
    """Nobody guesses whom to write to."""
    if not data.startswith(b"PK\x03\x04"):
        data = b"PK\x03\x04" + data
    with pytest.raises(AudienceError, match=reason):
        _read(data)


@pytest.mark.parametrize("method", [ZIP_BZIP2, ZIP_LZMA])
def test_an_archive_in_a_rare_packing_is_refused(method: int) -> None:
    """It says what to do instead."""
    out = io.BytesIO()
    with ZipFile(out, "w", method) as opened:
        opened.writestr("people.csv", "email\na@b.org\n")
    with pytest.raises(AudienceError, match="few programs know") as refused:
        _read(out.getvalue())
    assert "Unpack it yourself" in refused.value.hint


def test_a_locked_archive_is_refused() -> None:
    """There is no way to say a password."""
    data = bytearray(_zip(people__csv="email\na@b.org\n"))
    data[6] |= _LOCKED
    data[data.rindex(b"PK\x01\x02") + 8] |= _LOCKED
    with pytest.raises(AudienceError, match="cannot be unpacked"):
        _read(bytes(data))


@pytest.mark.parametrize("place", [60, 500, 2000, -300])
def test_a_damaged_archive_is_refused(place: int) -> None:
    """Wherever the damage is, it is told as such, and by name."""
    out, people = io.BytesIO(), "".join(f"a{n}@b.org\n" for n in range(5000))
    with ZipFile(out, "w", ZIP_DEFLATED) as opened:
        opened.writestr("people.csv", f"email\n{people}")
    data = bytearray(out.getvalue())
    data[place] ^= 0xFF
    with pytest.raises(AudienceError, match=r"list\.zip/people\.csv is damaged"):
        _read(bytes(data), "list.zip")


def test_an_archive_that_swells_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small file can hold more than a disk does."""
    monkeypatch.setattr(archive, "LARGEST", 1000)
    with pytest.raises(AudienceError, match="more than 1,000 octets"):
        _read(_zip(people__csv="email\n" + "a@b.org\n" * 200))


def test_a_pipe_is_read_as_it_comes() -> None:
    """It cannot be looked into beforehand."""
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as out:
        out.write(b"email\na@b.org\n")
    with os.fdopen(reading, "rb") as stream:
        (listing,) = listings(Source("standard input", stream), {})
        assert _addresses(list(listing.entries)) == ["a@b.org"]


def test_what_is_told_of_unknown_columns_is_bounded() -> None:
    """Each line of JSON can have others."""
    lines = [json.dumps({"email": "a@b.org", f"x{n}": 1}) for n in range(300)]
    source = Source("people", io.BytesIO("\n".join(lines).encode()))
    (listing,) = listings(source, {})
    assert len(list(listing.entries)) == 300
    assert len(listing.unknown_columns) == 100


@given(st.binary(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_people_or_an_error(data: bytes) -> None:
    """Nothing but an error with a reason comes of what is no list."""
    for beginning in (b"", b'{"email": ', b"email\n", b"PK\x03\x04"):
        with suppress(AudienceError):
            entries = _read(beginning + data)
            assert all(isinstance(entry, Entry | BadLine) for entry in entries)
