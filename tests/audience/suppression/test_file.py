"""The file of suppressions: stable bytes, no address, and never read in part."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.audience.suppression.file import (
    is_suppressions,
    read_suppressions,
    write_suppressions,
)
from distribute.audience.suppression.suppression import Entry, Hasher, Reason
from distribute.errors import AudienceError

HASHER = Hasher([b"k" * 32])
ADA = Entry(
    HASHER.of("ada@example.org"), HASHER.key_id, Reason.ASKED, date(2026, 11, 20)
)
HEAD = f"# distribute suppressions 1, key {HASHER.key_id}\n"

entries = st.lists(
    st.builds(
        Entry,
        st.binary(min_size=32, max_size=32),
        st.binary(min_size=4, max_size=4).map(bytes.hex),
        st.sampled_from(Reason),
        st.dates(),
    ),
    unique_by=lambda entry: entry.hash,
    max_size=8,
)


@given(entries)
@settings(max_examples=100, deadline=None)
def test_what_is_written_is_read_back(listed: list[Entry]) -> None:
    """In the order of the hashes, whatever order they came in."""
    data = write_suppressions(listed, HASHER.key_id)
    assert is_suppressions(data)
    assert list(read_suppressions(data, "s.txt")) == sorted(listed)
    assert write_suppressions(reversed(listed), HASHER.key_id) == data


def test_the_file_names_its_key_and_nobody() -> None:
    """Its head says which key; there is no address in it."""
    text = write_suppressions([ADA], HASHER.key_id).decode()
    assert text.startswith(HEAD)
    assert text.endswith(f"{ADA.hash.hex()} {HASHER.key_id} asked 2026-11-20\n")
    assert "@" not in text


@pytest.mark.parametrize("change", ["\n", "\r\n"])
def test_what_git_and_editors_do_to_it_is_no_damage(change: str) -> None:
    """A byte order mark, other line ends, blank lines, comments, one line twice."""
    text = write_suppressions([ADA], HASHER.key_id).decode()
    line = text.splitlines()[-1]
    weaker = line.replace("asked", "left")
    text = f"\ufeff{text}\n  {weaker}\n# and so on\n{line}"
    data = text.replace("\n", change).encode()
    assert is_suppressions(data)
    assert read_suppressions(data, "s.txt") == (ADA,)


@pytest.mark.parametrize(
    "line",
    [
        "ada@example.org",
        "<<<<<<< HEAD",
        ADA.hash.hex(),
        f"{ADA.hash.hex()[:-1]} {HASHER.key_id} asked 2026-11-20",
        f"{ADA.hash.hex()} {HASHER.key_id} disliked 2026-11-20",
        f"{ADA.hash.hex()} {HASHER.key_id} asked 2026-02-30",
        f"{ADA.hash.hex()} {HASHER.key_id} asked 2026-11-20 2026-11-20",
        "\x00\x1b[2J",
    ],
)
def test_a_damaged_line_is_named_and_nothing_is_read(line: str) -> None:
    """With its number, in words that are safe on a terminal."""
    good = write_suppressions([ADA], HASHER.key_id).decode()
    with pytest.raises(AudienceError) as caught:
        read_suppressions(f"{good}{line}\n\n{line}\n".encode(), "s.txt")
    first, second = caught.value.reason.splitlines()
    assert first.startswith("s.txt:4: ")
    assert second.startswith("s.txt:6: ")
    assert "\x1b" not in caught.value.reason
    assert "nothing is sent" in caught.value.hint


def test_a_merge_that_was_not_finished_is_called_so() -> None:
    """Whoever sees that knows what to do."""
    with pytest.raises(AudienceError, match="left over from a merge"):
        read_suppressions(f"{HEAD}=======\n".encode(), "s.txt")


def test_of_very_much_damage_only_the_beginning_is_shown() -> None:
    """Twenty lines, and how many more."""
    with pytest.raises(AudienceError, match="and 5 more damaged lines"):
        read_suppressions((HEAD + "x\n" * 25).encode(), "s.txt")


@pytest.mark.parametrize("data", [b"", b"\n", b"email\nada@example.org\n", b"\xff\xfe"])
def test_another_file_is_refused(data: bytes) -> None:
    """An empty one too: it may be what is left of ours."""
    assert not is_suppressions(data)
    with pytest.raises(AudienceError, match="no list of suppressions"):
        read_suppressions(data, "s.txt")


def test_a_newer_file_is_refused() -> None:
    """It may say things that we do not understand."""
    with pytest.raises(AudienceError, match="newer distribute"):
        read_suppressions(b"# distribute suppressions 2, key 00000000\n", "s.txt")


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """Never anything but entries or our own error."""
    for text in (data, HEAD.encode() + data):
        try:
            found = read_suppressions(text, "s.txt")
        except AudienceError:
            continue
        assert all(len(entry.hash) == 32 for entry in found)
