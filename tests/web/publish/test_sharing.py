"""A site that two processes have made is the one that a single one makes."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from distribute.errors import SourceError
from distribute.web.file import SiteFile
from distribute.web.fingerprint import fingerprint_of
from distribute.web.publish.manifest import Record, read_manifest
from distribute.web.publish.publish import Published, publish
from distribute.web.publish.staging import FOLDER
from tests.processes import is_alive, play, said, wait_until

FILES = 300
LAST = FILES - 1

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2,
    reason="sites are made by two processes on Linux, with two processors",
)


def _path(number: int) -> str:
    return f"{number % 7}/{number:03}.html"


def _page(number: int) -> bytes:
    return f"Page {number}.\n".encode() * (1 + number % 50)


def _site(make: Callable[[int], bytes]) -> Iterator[SiteFile]:
    for number in range(FILES):
        fingerprint = fingerprint_of(number, _page(number))
        yield SiteFile(
            path=_path(number), fingerprint=fingerprint, make=partial(make, number)
        )


def _files_in(folder: Path) -> dict[str, bytes]:
    """Give all files by their names, also those that should not be there."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def _records(folder: Path) -> dict[str, Record]:
    """Give what the next run will know."""
    memory = folder.with_name(f".{folder.name}-manifest.json")
    return dict(read_manifest(memory, is_safe=lambda _: True).files)


def alone(folder: str) -> None:
    """Publish with one processor; see that the twin's part is no other than ours."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    together(folder)


def together(folder: str) -> None:
    """Publish, and publish again; half of the site lies there already the first time."""
    place = Path(folder)
    for number in range(0, FILES, 2):
        (place / _path(number)).parent.mkdir(parents=True, exist_ok=True)
        (place / _path(number)).write_bytes(_page(number))
    done = publish(_site(_page), place)
    assert set(done.written) == {_path(number) for number in range(1, FILES, 2)}
    assert set(done.unchanged) == {_path(number) for number in range(0, FILES, 2)}
    assert list(done.written) == sorted(done.written)
    everything = tuple(sorted(map(_path, range(FILES))))
    assert publish(_site(_page), place) == Published(unchanged=everything)


def by_name(folder: str) -> None:
    """Publish a site whose files tell which process made them: this one and another."""
    publish(_site(lambda _: str(os.getpid()).encode()), Path(folder))
    names = set(_files_in(Path(folder)).values())
    assert len(names) == 2
    assert str(os.getpid()).encode() in names


def test_a_site_is_made_by_two(tmp_path: Path) -> None:
    """That is what all the rest here is about."""
    assert said(by_name, tmp_path / "site") == ""


def test_two_make_the_same_site_as_one(tmp_path: Path) -> None:
    """The same files and the same memory of them, save for the time of change."""
    for scene in (alone, together):
        assert said(scene, tmp_path / scene.__name__) == ""
    one, two = tmp_path / "alone", tmp_path / "together"
    assert _files_in(one) == _files_in(two)
    assert len(_files_in(two)) == FILES
    kept, same = _records(one), _records(two)
    assert kept.keys() == same.keys()
    for path, record in kept.items():
        assert record.digests == same[path].digests
        assert record.fingerprint == same[path].fingerprint
        assert record.size == same[path].size


def bereft(folder: str) -> None:
    """Lose the other process while it makes its part."""
    here = os.getpid()

    def make(number: int) -> bytes:
        if os.getpid() != here and number == LAST - 20:
            os.kill(os.getpid(), signal.SIGKILL)
        return _page(number)

    assert len(publish(_site(make), Path(folder)).written) == FILES


def test_without_the_other_process_all_is_made_here(tmp_path: Path) -> None:
    """What it had made already waits nowhere."""
    said(bereft, tmp_path / "site")
    assert _files_in(tmp_path / "site") == {
        _path(number): _page(number) for number in range(FILES)
    }


def failing(folder: str) -> None:
    """Publish files of which two cannot be made, both in the part of the other process."""
    here = os.getpid()

    def make(number: int) -> bytes:
        if number > LAST - 7:
            path = Path(_path(number))
            raise SourceError(f"was made by {os.getpid() - here}", path=path)
        return _page(number)

    with pytest.raises(SourceError, match="was made by 0") as caught:
        publish(_site(make), Path(folder))
    assert caught.value.path == Path(_path(LAST - 6))


def test_a_complaint_comes_from_here(tmp_path: Path) -> None:
    """It is about the first file that cannot be made, and no other has taken its place."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "mine.txt").write_bytes(b"mine")
    said(failing, folder)
    assert _files_in(folder) == {"mine.txt": b"mine"}


def slow(folder: str) -> None:
    """Publish files that take their time."""

    def make(number: int) -> bytes:
        wait_until(lambda: (Path(folder).parent / "go on").exists())
        return _page(number)

    publish(_site(make), Path(folder))


def _children(process: int) -> list[int]:
    try:
        text = Path(f"/proc/{process}/task/{process}/children").read_text()
    except FileNotFoundError:
        return []
    return [int(each) for each in text.split()]


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_the_next_run_waits_for_both(tmp_path: Path, end: signal.Signals) -> None:
    """A twin that does not know yet that it is alone spoils nothing for the next run."""
    folder = tmp_path / "site"
    with play(slow, folder) as process:
        wait_until(lambda: len(_children(process.pid)) == 1)
        (twin,) = _children(process.pid)
        process.send_signal(end)
        process.communicate()
    (tmp_path / "go on").touch()
    assert len(publish(_site(_page), folder).written) == FILES
    wait_until(lambda: not is_alive(twin))
    assert len(_files_in(folder)) == FILES
    assert not (folder / FOLDER).exists()
