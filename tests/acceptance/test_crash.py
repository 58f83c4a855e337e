"""A build that is killed, or is not alone, leaves nothing that the next one cannot mend."""

import signal
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.acceptance.letters import FEEDS, Letter, write_letter
from tests.acceptance.test_determinism import contents_of
from tests.commands import finish, start

MOMENTS = (0.35, 0.6, 0.85)
"""When a build is killed, in parts of the time that it takes."""
_BESIDE = {"site", "cache", ".site-lock", ".site-manifest.json"}
"""What a build leaves in the folder; the cache tidies up after itself in its own time."""
_MARK = "DISTRIBUTE_KILLED_BUILD"
"""Set for every build, so that what one leaves behind can be found."""


def _posts(word: str) -> Mapping[str, str]:
    """Write a newsletter that takes a while; each word of it is another one's every time."""
    prose = f"Somebody saw the {word} **tide** [come](https://example.org/{word}).\n\n"
    return {
        f"2026-02-{1 + number:02}-day-{number}.{tag}.md": (
            f"---\ntitle: Day {number}, {word}\nlang: {tag}\nissue: {number}\n---\n"
            + prose * 40
        )
        for number in range(20)
        for tag in ("en", "fr")
    }


def _write(folder: Path, word: str) -> Letter:
    return write_letter(
        folder, _posts(word), languages='"en", "fr"', more=FEEDS.format(limit=7)
    )


@pytest.fixture(scope="module")
def whole(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Mapping[str, bytes], float]:
    """Build it once in peace: what the site has to be, and how long that takes."""
    letter = _write(tmp_path_factory.mktemp("whole") / "letter", "low")
    began = time.monotonic()
    assert finish(start("-C", letter.folder, "build")).status == 0
    return contents_of(letter.site), time.monotonic() - began


def test_killed_at_any_moment_the_next_build_makes_it_whole(
    tmp_path: Path, whole: tuple[Mapping[str, bytes], float]
) -> None:
    """``kill -9`` while all changes: each file is old or new, and in the end all are new.

    Nothing lies about, in the site or beside it, and no process goes on by itself.
    """
    expected, duration = whole
    letter = _write(tmp_path / "letter", "high")
    letter.build()
    old = contents_of(letter.site)
    _write(letter.folder, "low")
    for part in MOMENTS:
        with start("-C", letter.folder, "build", env={_MARK: str(tmp_path)}) as process:
            time.sleep(part * duration)
            process.kill()
        for path, octets in contents_of(letter.site).items():
            if not path.startswith(".distribute-") and "/.distribute-" not in path:
                assert octets in {old.get(path), expected.get(path)}, path
    assert finish(start("-C", letter.folder, "build")).status == 0
    assert contents_of(letter.site) == expected
    assert {path.name for path in letter.site.parent.iterdir()} <= _BESIDE
    _wait_for_the_end_of(str(tmp_path))


def test_two_builds_at_once_make_one_site(
    tmp_path: Path, whole: tuple[Mapping[str, bytes], float]
) -> None:
    """Each takes its turn; whichever is last, the site and the cache are sound."""
    letter = _write(tmp_path / "letter", "low")
    builds = [start("-C", letter.folder, "build") for _ in range(2)]
    answers = [finish(each) for each in builds]
    assert [answer.status for answer in answers] == [0, 0], answers
    assert contents_of(letter.site) == whole[0]
    answer = letter.build()
    assert " 0 files written" in answer.out
    assert " 0 removed" in answer.out


def test_ctrl_c_ends_a_build_and_the_next_goes_on(
    tmp_path: Path, whole: tuple[Mapping[str, bytes], float]
) -> None:
    """It leaves no process behind and no lock: the next build is not held up."""
    expected, duration = whole
    letter = _write(tmp_path / "letter", "low")
    with start("-C", letter.folder, "build", env={_MARK: str(tmp_path)}) as process:
        time.sleep(0.6 * duration)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    letter.build()
    assert contents_of(letter.site) == expected
    _wait_for_the_end_of(str(tmp_path))


def _wait_for_the_end_of(mark: str) -> None:
    """See that no process of ours goes on; on Linux, where one can look."""
    deadline = time.monotonic() + 60
    while _alive(f"{_MARK}={mark}".encode()):
        assert time.monotonic() < deadline, "a process goes on by itself"
        time.sleep(0.05)


def _alive(mark: bytes) -> list[Path]:
    return [
        place
        for place in Path("/proc").glob("[0-9]*/environ")
        if mark in _octets(place).split(b"\0")
    ]


def _octets(place: Path) -> bytes:
    try:
        return place.read_bytes()
    except OSError:  # it has ended, or is somebody else's
        return b""
