"""Check 15: a thousand posts are no burden; how others fare is in ``benchmarks/building.py``."""

import re
import time
from pathlib import Path

import pytest

from benchmarks.archive import texts
from tests.acceptance.letters import Letter, write_letter
from tests.commands import start

ISSUES = 200
"""In five languages: a thousand posts of 30 KB."""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Letter:
    """Write the thousand posts."""
    posts = {
        f"{text.day}-{text.slug}.{text.language}.md": (
            f'---\ntitle: "{text.title}"\nlang: {text.language}\nissue: {text.issue}\n'
            f"---\n{text.body}"
        )
        for text in texts(ISSUES)
    }
    languages = sorted({text.language for text in texts(1)})
    return write_letter(
        tmp_path_factory.mktemp("archive") / "letter",
        posts,
        languages=", ".join(f'"{each}"' for each in languages),
    )


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="there is no /proc")
def test_one_changed_post_is_one_post_of_work(archive: Letter) -> None:
    """A thousand posts fit into memory; after one has changed, no other is rendered again.

    The limits are far above what is measured: machines differ, and this one may be busy.
    """
    seconds, memory = _build(archive)
    assert memory < 250_000_000
    assert len(archive.public) == 5 * ISSUES
    kept = _renderings(archive)
    post = next((archive.folder / "posts").glob("*-100.en.md"))
    post.write_text(post.read_text("utf-8") + "\nOne word more.\n", encoding="utf-8")
    warm, memory = _build(archive)
    assert memory < 250_000_000
    assert warm < 5
    assert warm < seconds / 4
    assert len(_renderings(archive) - kept) == 1


def _build(letter: Letter) -> tuple[float, int]:
    """Build in a process of its own; gives the seconds and the octets that it took.

    What ``wait4`` tells begins with the memory of the process that started it, which
    holds all the tests.
    """
    began, peak = time.monotonic(), 0
    process = start("-C", letter.folder, "build")
    while process.poll() is None:
        peak = max(peak, _peak(process.pid))
        time.sleep(0.01)
    process.communicate()
    assert process.returncode == 0
    assert peak
    return time.monotonic() - began, peak


def _peak(process: int) -> int:
    """Give the most memory that a process had by now, in octets; 0 if it has ended."""
    status = Path(f"/proc/{process}/status").read_text()
    found = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def _renderings(letter: Letter) -> set[tuple[Path, int]]:
    """Tell the renderings that are kept, and when they were made."""
    folder = letter.folder / "out" / "cache" / "contents"
    return {(path, path.stat().st_mtime_ns) for path in folder.iterdir()}
