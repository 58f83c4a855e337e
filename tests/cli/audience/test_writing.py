"""Files with what is known of people: whole or not at all, and for nobody else."""

import os
import resource
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from distribute.cli.audience.writing import replacing
from distribute.errors import AudienceError
from tests.cli.conftest import Run


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _write(path: Path, data: bytes = b"new", *, is_private: bool = True) -> None:
    with replacing(path, is_private=is_private) as out:
        out.write(data)


@contextmanager
def _no_file_larger_than(size: int) -> Iterator[None]:
    """Have the system refuse to let files grow, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_an_export_is_for_its_owner_alone(run: Run, small: Path, form: str) -> None:
    """Whatever the umask is, while it is written too; and it is what stdout gets."""
    file = small / "people.out"
    answer = run("-C", small, "audience", "export", "--format", form, "-o", file)
    assert answer.out.startswith(f"{file}: ")
    assert _mode(file) == 0o600
    printed = run("-C", small, "audience", "export", "--format", form).out
    assert file.read_text("utf-8") == printed
    assert not list(small.glob(".*"))


@pytest.mark.parametrize(
    ("before", "after"), [(0o644, 0o600), (0o660, 0o600), (0o400, 0o400)]
)
def test_a_file_gets_no_more_open_than_it_was(
    tmp_path: Path, before: int, after: int
) -> None:
    """Its owner's rights stay; others have none."""
    file = tmp_path / "people.csv"
    file.write_text("old")
    file.chmod(before)
    if os.access(file, os.W_OK):
        _write(file)
        assert (file.read_bytes(), _mode(file)) == (b"new", after)
        return
    with pytest.raises(AudienceError, match="Permission denied"):
        _write(file)
    assert file.read_bytes() == b"old"


def test_what_is_for_everybody_keeps_its_mode(tmp_path: Path) -> None:
    """A new one gets what the umask leaves."""
    old, new = tmp_path / "old.txt", tmp_path / "new.txt"
    old.write_text("old")
    old.chmod(0o640)
    plain = tmp_path / "plain"
    plain.touch()
    for file in (old, new):
        _write(file, is_private=False)
    assert (_mode(old), _mode(new)) == (0o640, _mode(plain))


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    """Whole, and nothing beside it."""
    file = tmp_path / "people.csv"
    file.write_bytes(b"old")
    with (
        _no_file_larger_than(1000),
        pytest.raises(AudienceError, match="File too large") as caught,
    ):
        _write(file, b"x" * 5000)
    assert "ulimit" in caught.value.hint
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_what_breaks_off_leaves_the_old_file(tmp_path: Path) -> None:
    """Such as a database that goes away in the midst."""
    file = tmp_path / "people.csv"
    file.write_bytes(b"old")

    def break_off() -> None:
        with replacing(file, is_private=True) as out:
            out.write(b"x" * 5000)
            raise AudienceError("the server is away")

    with pytest.raises(AudienceError, match="away"):
        break_off()
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_what_is_not_finished_is_nobodys_to_read(tmp_path: Path) -> None:
    """Nor is the old file touched while it is written."""
    file = tmp_path / "people.csv"
    file.write_bytes(b"old")
    with replacing(file, is_private=True) as out:
        out.write(b"new")
        (unfinished,) = set(tmp_path.iterdir()) - {file}
        assert _mode(unfinished) == 0o600
        assert file.read_bytes() == b"old"
    assert file.read_bytes() == b"new"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """What it leads to is replaced."""
    file, link = tmp_path / "there.csv", tmp_path / "people.csv"
    file.write_bytes(b"old")
    link.symlink_to(file.name)
    _write(link)
    assert link.is_symlink()
    assert file.read_bytes() == b"new"


@pytest.mark.parametrize("place", [".", "missing/people.csv"])
def test_a_place_where_nothing_can_be_written_is_told(
    run: Run, small: Path, place: str
) -> None:
    """A folder, and a folder that is not there: exit status 2, and what to do."""
    answer = run("-C", small, "audience", "export", "-o", small / place)
    assert answer.status == 2
    assert "cannot be written" in answer.err
    assert "-o FILE" in answer.err


def test_a_pipe_is_written_into(run: Run, small: Path) -> None:
    """Such as one that leads to a program that encrypts."""
    pipe, got = small / "pipe", list[bytes]()
    os.mkfifo(pipe)
    reader = Thread(target=lambda: got.append(pipe.read_bytes()), daemon=True)
    reader.start()
    assert run("-C", small, "audience", "export", "-o", pipe).status == 0
    reader.join(60)
    assert got[0].decode() == run("-C", small, "audience", "export").out
    assert pipe.is_fifo()


@pytest.mark.parametrize("place", ["-", "/dev/stdout"])
def test_standard_output_has_a_name(small: Path, place: str) -> None:
    """And nothing but the table comes out of it, behind what was there before."""
    told = small / "told.csv"
    told.write_bytes(b"before\n")
    export = [
        sys.executable,
        "-m",
        "distribute",
        "-C",
        str(small),
        "audience",
        "export",
    ]
    with told.open("ab") as out:
        subprocess.run([*export, "-o", place], stdout=out, check=True)  # noqa: S603 - our own command
    lines = told.read_text("utf-8").splitlines()
    assert lines[0] == "before"
    assert lines[1].startswith("email,")
    assert lines[-1].count(",") >= 7


def test_a_device_is_not_replaced(run: Run, small: Path) -> None:
    """Whoever may do anything would take it away from everybody."""
    run("-C", small, "audience", "export", "-o", "/dev/null")
    run("-C", small, "audience", "suppress", "--export", "-o", "/dev/null")
    assert Path("/dev/null").is_char_device()


def test_the_remains_of_an_export_are_found(run: Run, small: Path) -> None:
    """What a crash left beside the settings still names people."""
    remains = small / ".people.csv.123.unfinished"
    remains.write_text("email\nada@example.org\n", "utf-8")
    run("-C", small, "audience", "add", "ada@example.org")
    answer = run("-C", small, "audience", "forget", "ada@example.org", "--yes")
    assert str(remains) in answer.out
