"""A folder of what can be made again: whole or as none, whoever writes, whatever happens."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.web.cache.folder import Cache, Entry
from tests.processes import said

NAME = "3f2a91"
HOUR = 3600
WRITER = """
import sys
from pathlib import Path
from distribute.web.cache.folder import Cache

cache = Cache(Path(sys.argv[1]))
print("begun", flush=True)
count = 0
while True:
    count += 1
    size = (count * 7919) % 300_000
    cache.write(f"{count % 5}", head=b"%d" % size, body=b"x" * size)
"""
"""Writes five entries of changing size over and over, until it is killed."""


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    """Give a cache whose folder does not exist yet."""
    return Cache(tmp_path / "out" / "cache")


@settings(max_examples=50, deadline=None)
@given(head=st.binary(max_size=40_000), body=st.binary(max_size=40_000))
def test_an_entry_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, head: bytes, body: bytes
) -> None:
    """Head and body of any size, the head also by itself, with the digest of the body."""
    cache = Cache(tmp_path_factory.mktemp("cache"))
    written = cache.write(NAME, head, body)
    assert cache.read(NAME) == written == Entry(head, body, written.digest)
    assert cache.head(NAME) == Entry(head, b"", written.digest)


def test_what_was_never_written_is_not_there(cache: Cache) -> None:
    """No folder, no entry, no complaint."""
    assert cache.read(NAME) is cache.head(NAME) is None
    cache.sweep()


def test_the_digest_tells_bodies_apart(cache: Cache) -> None:
    """It is the body's alone: the same under any name and with any head."""
    one, same, other = (
        cache.write(NAME, b"a", b"body"),
        cache.write("b", b"c", b"body"),
        cache.write("c", b"a", b"another"),
    )
    assert one.digest == same.digest != other.digest


def test_a_file_that_was_cut_short_is_as_none(cache: Cache) -> None:
    """At any length, as a full disk or a crash leaves it."""
    cache.write(NAME, b"head", b"body")
    file = cache.folder / NAME
    whole = file.read_bytes()
    for length in range(len(whole)):
        file.write_bytes(whole[:length])
        assert cache.read(NAME) is cache.head(NAME) is None
    file.write_bytes(whole + b"\n")
    assert cache.read(NAME) is cache.head(NAME) is None


def test_a_garbled_file_is_as_none(cache: Cache) -> None:
    """Whichever octet is another; who reads the head alone sees no harm in the body."""
    cache.write(NAME, b"head", b"body")
    file = cache.folder / NAME
    whole = file.read_bytes()
    for place in range(len(whole)):
        garbled = bytearray(whole)
        garbled[place] ^= 0x20
        file.write_bytes(garbled)
        assert cache.read(NAME) is None
        assert (cache.head(NAME) is None) == (place < len(whole) - len(b"body"))


def test_an_entry_under_another_name_is_as_none(cache: Cache) -> None:
    """It answers for what it was written for, and for nothing else."""
    cache.write(NAME, b"head", b"body")
    (cache.folder / NAME).rename(cache.folder / "another")
    assert cache.read("another") is cache.head("another") is None


def test_a_folder_where_an_entry_should_be_is_as_none(cache: Cache) -> None:
    """Whoever put it there."""
    (cache.folder / NAME).mkdir(parents=True)
    assert cache.read(NAME) is None


def test_what_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    """It only costs time; the entry is given all the same, and the trouble is said."""
    (tmp_path / "out").write_text("a file where a folder should be")
    cache = Cache(tmp_path / "out" / "cache")
    entries = [cache.write(name, b"", b"body") for name in "abc"]
    assert {entry.body for entry in entries} == {b"body"}
    assert cache.read("a") is None
    assert str(tmp_path / "out" / "cache") in cache.trouble


def with_little_room(folder: str) -> None:
    """Keep an entry for which there is not enough room."""
    import resource  # not on Windows

    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, most))
    cache = Cache(Path(folder))
    assert cache.write(NAME, b"head", b"body" * 1000).body == b"body" * 1000
    assert "File too large" in cache.trouble


@pytest.mark.skipif(sys.platform == "win32", reason="files have no limit there")
def test_half_an_entry_is_not_kept(tmp_path: Path) -> None:
    """It is no entry, and whoever made it learns that it is not there."""
    assert said(with_little_room, tmp_path) == ""
    assert not any(tmp_path.iterdir())


def test_the_oldest_entries_go_when_there_are_too_many(tmp_path: Path) -> None:
    """Until the rest is small enough; what this run used stays in any case."""
    before = Cache(tmp_path)
    for age, name in enumerate("abcdef"):
        before.write(name, b"", bytes(1000))
        moment = 1_700_000_000 - age * HOUR
        os.utime(tmp_path / name, (moment, moment))
    cache = Cache(tmp_path, limit=4 * 1200)
    assert cache.head("f")
    cache.sweep()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a", "b", "c", "f"]


def test_what_is_in_use_stays_beyond_the_limit(tmp_path: Path) -> None:
    """A cache that is too small for one build would never save any time."""
    cache = Cache(tmp_path, limit=0)
    for name in "abc":
        cache.write(name, b"", b"body")
    cache.sweep()
    assert all(map(cache.read, "abc"))


def test_what_was_left_in_waiting_is_swept_by_a_later_run(tmp_path: Path) -> None:
    """An hour later nobody is still writing it."""
    cache = Cache(tmp_path)
    cache.write(NAME, b"", b"body")
    old, new = tmp_path / ".a-1.tmp", tmp_path / ".b-2.tmp"
    for waiting in (old, new):
        waiting.write_bytes(b"half")
    moment = (tmp_path / NAME).stat().st_mtime - 2 * HOUR
    os.utime(old, (moment, moment))
    cache.sweep()
    assert not old.exists()
    assert new.exists()


def test_two_writers_killed_at_any_moment_leave_whole_entries(tmp_path: Path) -> None:
    """Whoever reads meanwhile has the old entry, the new one or none, never a mixture."""
    cache = Cache(tmp_path)
    whole = 0
    for turn in range(6):
        writers = [_writer(tmp_path) for _ in range(2)]
        end = time.monotonic() + 0.05 + 0.03 * turn
        while time.monotonic() < end:
            whole += _look(cache)
        for writer in writers:
            writer.send_signal(signal.SIGKILL)
            writer.communicate()
    assert _look(cache) == 5
    assert whole > 20


def _writer(folder: Path) -> "subprocess.Popen[bytes]":
    there = str(Path(__file__).parents[2])
    process = subprocess.Popen(  # noqa: S603 - our own code
        [sys.executable, "-c", WRITER, str(folder)],
        stdout=subprocess.PIPE,
        cwd=there,
    )
    assert process.stdout
    assert process.stdout.readline() == b"begun\n"
    return process


def _look(cache: Cache) -> int:
    """Count the entries that can be read; each is as it was written."""
    entries = [entry for entry in map(cache.read, "01234") if entry]
    assert all(entry.head == b"%d" % len(entry.body) for entry in entries)
    return len(entries)


def test_a_folder_that_vanishes_is_made_again(cache: Cache) -> None:
    """Anybody may remove it at any time."""
    cache.write(NAME, b"", b"one")
    shutil.rmtree(cache.folder)
    assert cache.read(NAME) is None
    cache.write(NAME, b"", b"two")
    assert cache.read(NAME)
