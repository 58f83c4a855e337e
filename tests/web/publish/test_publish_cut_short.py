"""Runs that are cut short, or run at once, leave no mixture behind."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from distribute.web.file import SiteFile
from distribute.web.publish.manifest import read_manifest, write_manifest
from distribute.web.publish.publish import Published
from distribute.web.publish.publish import publish as publish_files
from distribute.web.publish.staging import FOLDER
from tests.web.publishing import SITE, files_in, planned, publish


def test_what_lasts_outlasts_a_crash(folder: Path) -> None:
    """Also one that was damaged and about to be mended when the run was cut short."""
    picture = planned({"images/a.1f.png": b"png"}, lasting=True)
    publish_files(picture, folder)
    memory = folder.with_name(".site-manifest.json")
    before = read_manifest(memory, is_safe=lambda _: True)
    write_manifest(before.announcing({"images/a.1f.png": "0"}), memory)
    assert publish(SITE, folder).removed == ()
    assert (folder / "images/a.1f.png").read_bytes() == b"png"


def test_a_file_that_cannot_be_made_leaves_all_others(folder: Path) -> None:
    """What is new waits until everything is made; then nothing of it is left behind."""
    publish(SITE, folder)

    def fail() -> bytes:
        raise ZeroDivisionError

    broken = SiteFile(path="zz.html", fingerprint="", make=fail)
    changed = planned({"index.html": b"new home", "new/x.html": b"new"})
    with pytest.raises(ZeroDivisionError):
        publish_files([*changed, broken], folder)
    assert files_in(folder) == SITE
    assert not (folder / FOLDER).exists()


def _child(job: str, folder: Path) -> "subprocess.Popen[bytes]":
    """Publish many files from a process of its own; each holds the name of the job."""
    code = (
        "import sys; from pathlib import Path; from distribute.web.publish.publish import publish;"
        "from distribute.web.file import SiteFile; job = sys.argv[1];"
        "files = {f'{i % 20}/{i}.html': job.encode() * 9 for i in range(400)};"
        "files[job] = b'only here';"
        "plan = [SiteFile(path=path, fingerprint=job, make=content.__bytes__)"
        " for path, content in files.items()];"
        "publish(plan, Path(sys.argv[2]))"
    )
    return subprocess.Popen([sys.executable, "-c", code, job, str(folder)])  # noqa: S603 - our own code


def _contents(folder: Path) -> set[bytes]:
    return {path.read_bytes() for path in folder.glob("*/*.html")}


def test_a_killed_run_is_continued(folder: Path) -> None:
    """After a kill every file is old or new, and the next run completes and cleans."""
    publish({f"{i % 20}/{i}.html": b"old" for i in range(400)}, folder)
    with _child("new", folder) as child:
        while child.poll() is None and (folder / "0/0.html").read_bytes() == b"old":
            time.sleep(0.001)
        child.kill()
    assert _contents(folder) <= {b"old", b"new" * 9}
    done = publish({"other.html": b"other"}, folder)
    assert done.kept == ()
    assert files_in(folder) == {"other.html": b"other"}


def test_what_a_killed_run_left_is_swept(folder: Path) -> None:
    """A half-written file is found by its name and removed; it never was part of the site."""
    publish(SITE, folder)
    (manifest,) = folder.parent.glob(".*.json")
    incomplete = manifest.read_text().replace('"complete": true', '"complete": false')
    manifest.write_text(incomplete)
    (folder / FOLDER).mkdir()
    (folder / FOLDER / "0.tmp").write_bytes(b"pa")
    assert publish(SITE, folder) == Published(unchanged=tuple(sorted(SITE)))
    assert files_in(folder) == SITE


def test_two_runs_at_once_take_turns(folder: Path) -> None:
    """The folder is as one of the two wants it, never a mixture."""
    children = [_child(job, folder) for job in ("one", "two")]
    assert [child.wait() for child in children] == [0, 0]
    assert _contents(folder) in ({b"one" * 9}, {b"two" * 9})
    assert len([job for job in ("one", "two") if (folder / job).exists()]) == 1
    assert not list(folder.rglob("*.tmp"))
