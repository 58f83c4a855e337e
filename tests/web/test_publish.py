"""Files get into a folder, whole, and nobody else's are touched."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.errors import DistributeError
from distribute.web.file import SiteFile
from distribute.web.fingerprint import fingerprint_of
from distribute.web.manifest import read_manifest, write_manifest
from distribute.web.publish import Published
from distribute.web.publish import publish as publish_files
from distribute.web.staging import FOLDER

SITE = {
    "index.html": b"home",
    "en/a/index.html": b"page",
    "zh/初光/index.html": b"\xff",
}


def planned(site: Mapping[str, bytes], *, lasting: bool = False) -> list[SiteFile]:
    """Plan files that are as good as made."""
    return [
        SiteFile(
            path=path,
            fingerprint=fingerprint_of(content),
            make=content.__bytes__,
            lasting=lasting,
        )
        for path, content in site.items()
    ]


def publish(site: Mapping[str, bytes], folder: Path) -> Published:
    """Publish files that are as good as made."""
    return publish_files(planned(site), folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Name a place that does not exist yet."""
    return tmp_path / "out" / "site"


def _files_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_everything_is_written(folder: Path) -> None:
    """The first run makes the folder and every file in it, and nothing else there."""
    assert publish(SITE, folder) == Published(written=tuple(sorted(SITE)))
    assert _files_in(folder) == SITE


def test_only_what_changed_is_written(folder: Path) -> None:
    """A file whose bytes are the same keeps its time of change."""
    publish(SITE, folder)
    for path in SITE:
        os.utime(folder / path, (1, 1))
    done = publish(SITE | {"index.html": b"new home"}, folder)
    assert done.written == ("index.html",)
    assert done.unchanged == ("en/a/index.html", "zh/初光/index.html")
    assert (folder / "en/a/index.html").stat().st_mtime == 1
    assert (folder / "index.html").read_bytes() == b"new home"


def test_a_second_run_touches_nothing(folder: Path) -> None:
    """Not even the manifest is written again."""
    publish(SITE, folder)
    before = {path: path.stat().st_mtime_ns for path in folder.parent.rglob("*.json")}
    assert publish(SITE, folder) == Published(unchanged=tuple(sorted(SITE)))
    assert before == {path: path.stat().st_mtime_ns for path in before}
    assert len(before) == 1


def test_what_is_no_longer_wanted_goes(folder: Path) -> None:
    """Files of an earlier run are removed, with the folders that they leave empty."""
    publish(SITE, folder)
    done = publish({"index.html": b"home"}, folder)
    assert done.removed == ("en/a/index.html", "zh/初光/index.html")
    assert sorted(path.name for path in folder.iterdir()) == ["index.html"]


def test_what_others_made_stays(folder: Path) -> None:
    """Files that no run wrote stay, also in folders of the site."""
    publish(SITE, folder)
    (folder / "CNAME").write_text("news.example.org")
    (folder / "en/a/notes.txt").write_text("mine")
    assert publish({}, folder).removed == tuple(sorted(SITE))
    assert _files_in(folder) == {
        "CNAME": b"news.example.org",
        "en/a/notes.txt": b"mine",
    }


def test_a_file_changed_by_hand_is_not_removed(folder: Path) -> None:
    """What somebody changed is theirs; the answer says that it was kept."""
    publish(SITE, folder)
    (folder / "en/a/index.html").write_bytes(b"by hand")
    done = publish({"index.html": b"home"}, folder)
    assert done.kept == ("en/a/index.html",)
    assert (folder / "en/a/index.html").read_bytes() == b"by hand"
    assert publish({"index.html": b"home"}, folder).kept == ()


def test_a_wanted_file_is_always_as_wanted(folder: Path) -> None:
    """A file of the site that was damaged or was there before is replaced."""
    folder.mkdir(parents=True)
    (folder / "index.html").write_bytes(b"older")
    assert "index.html" in publish(SITE, folder).written
    (folder / "index.html").write_bytes(b"HOME")
    assert publish(SITE, folder).written == ("index.html",)


def test_what_lasts_is_never_removed(folder: Path) -> None:
    """A picture that a mail shows stays when no page shows it any more."""
    picture = planned({"images/a.1f.png": b"png"}, lasting=True)
    publish_files([*planned(SITE), *picture], folder)
    assert publish(SITE, folder).removed == ()
    assert publish({}, folder).removed == tuple(sorted(SITE))
    assert _files_in(folder) == {"images/a.1f.png": b"png"}
    assert publish_files(picture, folder).unchanged == ("images/a.1f.png",)


def test_what_lasts_outlasts_a_crash(folder: Path) -> None:
    """Also one that was damaged and about to be mended when the run was cut short."""
    picture = planned({"images/a.1f.png": b"png"}, lasting=True)
    publish_files(picture, folder)
    memory = folder.with_name(".site-manifest.json")
    before = read_manifest(memory, is_safe=lambda _: True)
    write_manifest(before.announcing({"images/a.1f.png": "0"}), memory)
    assert publish(SITE, folder).removed == ()
    assert (folder / "images/a.1f.png").read_bytes() == b"png"


def test_what_is_to_last_from_now_on_is_remembered(folder: Path) -> None:
    """A file that lies there already is not made again for it."""
    publish({"a.png": b"png"}, folder)
    assert publish_files(planned({"a.png": b"png"}, lasting=True), folder).unchanged
    assert publish(SITE, folder).removed == ()


def test_what_lies_there_is_not_made_again(folder: Path) -> None:
    """A file is made if its fingerprint is new, or if somebody touched it."""
    made: list[str] = []

    def plan(fingerprint: str = "1") -> list[SiteFile]:
        def make() -> bytes:
            made.append(fingerprint)
            return b"page"

        return [SiteFile(path="a/b", fingerprint=fingerprint, make=make)]

    publish_files(plan(), folder)
    publish_files(plan(), folder)
    assert made == ["1"]
    assert publish_files(plan("2"), folder) == Published(unchanged=("a/b",))
    assert made == ["1", "2"]
    (folder / "a/b").write_bytes(b"PAGE")  # as long, and perhaps within the same tick
    assert publish_files(plan("2"), folder) == Published(written=("a/b",))
    (folder / "a/b").unlink()
    assert publish_files(plan("2"), folder) == Published(written=("a/b",))
    assert made == ["1", "2", "2", "2"]


def test_a_file_that_cannot_be_made_leaves_all_others(folder: Path) -> None:
    """What is new waits until everything is made; then nothing of it is left behind."""
    publish(SITE, folder)

    def fail() -> bytes:
        raise ZeroDivisionError

    broken = SiteFile(path="zz.html", fingerprint="", make=fail)
    changed = planned({"index.html": b"new home", "new/x.html": b"new"})
    with pytest.raises(ZeroDivisionError):
        publish_files([*changed, broken], folder)
    assert _files_in(folder) == SITE
    assert not (folder / FOLDER).exists()


def test_two_files_for_one_place_are_refused(folder: Path) -> None:
    """Neither wins in silence."""
    with pytest.raises(DistributeError, match="two files want it"):
        publish_files([*planned({"a": b"1"}), *planned({"a": b"2"})], folder)
    assert not folder.exists()


def test_others_may_keep_something_where_files_wait(folder: Path) -> None:
    """What is not ours in there stays; a link in its place leads nowhere."""
    (folder / FOLDER).mkdir(parents=True)
    (folder / FOLDER / "notes.txt").write_text("mine")
    publish(SITE, folder)
    assert (folder / FOLDER / "notes.txt").read_text() == "mine"
    elsewhere = folder.parent / "elsewhere"
    (folder / FOLDER).rename(elsewhere)
    (folder / FOLDER).symlink_to(elsewhere)
    publish({"index.html": b"new home"}, folder)
    assert [path.name for path in elsewhere.iterdir()] == ["notes.txt"]


def test_one_file_under_two_names_is_not_lost(folder: Path) -> None:
    """Where ``News`` and ``news`` are the same file, the new name keeps it."""
    publish({"News": b"page"}, folder)
    (folder / "news").hardlink_to(folder / "News")  # as a disk without case has it
    assert publish({"news": b"page"}, folder).removed == ()
    assert (folder / "news").read_bytes() == b"page"
    assert (folder / "News").exists()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"a": b"1"}, {"a/index.html": b"2"}),
        ({"a/index.html": b"1", "a/b/c": b"1"}, {"a": b"2"}),
    ],
)
def test_a_file_may_become_a_folder_and_back(
    folder: Path, before: Mapping[str, bytes], after: Mapping[str, bytes]
) -> None:
    """Old files make room where the new site needs the place."""
    publish(before, folder)
    done = publish(after, folder)
    assert done.removed == tuple(sorted(before))
    assert _files_in(folder) == after


@pytest.mark.parametrize(
    "path",
    [
        *("", "/etc/passwd", "../x", "a/../../x", "a//b", "a/./b", "a/", ".", ".."),
        *("a\\..\\..\\x", "C:/x", "c:x", "a\x00b", "a\nb", "a\ud800"),
    ],
)
def test_a_path_never_leads_out(folder: Path, path: str) -> None:
    """A path that is not plainly below the folder is refused before anything is written."""
    with pytest.raises(DistributeError, match="cannot publish"):
        publish({"good.html": b"1", path: b"2"}, folder)
    assert not folder.exists()


def test_a_file_cannot_be_a_folder_too(folder: Path) -> None:
    """Two files that exclude each other are refused, and both are named."""
    with pytest.raises(DistributeError, match=r"'a/b/c'.*'a/b'"):
        publish({"a/b": b"", "a/b/c": b""}, folder)
    assert not folder.exists()


def test_links_are_not_followed(folder: Path, tmp_path: Path) -> None:
    """A linked folder is refused and nothing is written; a linked file is replaced."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "page").write_bytes(b"home")
    folder.mkdir(parents=True)
    (folder / "index.html").symlink_to(elsewhere / "page")
    assert publish({"index.html": b"home"}, folder).written == ("index.html",)
    assert not (folder / "index.html").is_symlink()
    (folder / "en").symlink_to(elsewhere)
    with pytest.raises(DistributeError, match="is a link"):
        publish({"index.html": b"new", "en/a/index.html": b""}, folder)
    assert (folder / "index.html").read_bytes() == b"home"
    assert [path.name for path in elsewhere.iterdir()] == ["page"]


def test_removal_follows_no_link(folder: Path, tmp_path: Path) -> None:
    """Where a folder of the site has become a link, what lies behind it is not ours."""
    publish(SITE, folder)
    moved = tmp_path / "moved"
    (folder / "en").rename(moved)
    (folder / "en").symlink_to(moved)
    assert publish({"index.html": b"home"}, folder).removed == ("zh/初光/index.html",)
    assert (moved / "a/index.html").read_bytes() == b"page"


def test_the_site_itself_may_be_a_link(folder: Path, tmp_path: Path) -> None:
    """Somebody may well keep the whole site elsewhere."""
    (tmp_path / "www").mkdir()
    folder.parent.mkdir(parents=True)
    folder.symlink_to(tmp_path / "www")
    publish(SITE, folder)
    assert _files_in(tmp_path / "www") == SITE


def test_a_manifest_is_not_believed_blindly(folder: Path, tmp_path: Path) -> None:
    """Entries that lead out are ignored; one that cannot be read knows nothing."""
    publish(SITE, folder)
    victim = tmp_path / "out" / "victim"
    victim.write_bytes(b"page")
    (manifest,) = folder.parent.glob(".*.json")
    known = json.loads(manifest.read_text())
    known["files"]["../victim"] = known["files"]["en/a/index.html"]
    manifest.write_text(json.dumps(known))
    assert publish({"index.html": b"home"}, folder).removed
    assert victim.exists()
    whole = '{"complete": true, "files": '
    for broken in (
        *("", "[]", '{"files": 3}', "\x00", f'{whole}{{"index.html": 7}}}}'),
        *(f'{whole}{{"index.html": ["x", "y", 1, true, "z"]}}}}', f"{whole}null}}"),
    ):
        manifest.write_text(broken)
        assert publish({"a": b""}, folder).removed == ()
        assert (folder / "index.html").exists()


def _child(job: str, folder: Path) -> "subprocess.Popen[bytes]":
    """Publish many files from a process of its own; each holds the name of the job."""
    code = (
        "import sys; from pathlib import Path; from distribute.web.publish import publish;"
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
    assert _files_in(folder) == {"other.html": b"other"}


def test_what_a_killed_run_left_is_swept(folder: Path) -> None:
    """A half-written file is found by its name and removed; it never was part of the site."""
    publish(SITE, folder)
    (manifest,) = folder.parent.glob(".*.json")
    incomplete = manifest.read_text().replace('"complete": true', '"complete": false')
    manifest.write_text(incomplete)
    (folder / FOLDER).mkdir()
    (folder / FOLDER / "0.tmp").write_bytes(b"pa")
    assert publish(SITE, folder) == Published(unchanged=tuple(sorted(SITE)))
    assert _files_in(folder) == SITE


def test_two_runs_at_once_take_turns(folder: Path) -> None:
    """The folder is as one of the two wants it, never a mixture."""
    children = [_child(job, folder) for job in ("one", "two")]
    assert [child.wait() for child in children] == [0, 0]
    assert _contents(folder) in ({b"one" * 9}, {b"two" * 9})
    assert len([job for job in ("one", "two") if (folder / job).exists()]) == 1
    assert not list(folder.rglob("*.tmp"))


def test_a_disk_that_fails_is_an_error_with_a_next_step(tmp_path: Path) -> None:
    """Where a file stands in place of the folder, the error says so."""
    (tmp_path / "out").write_text("a file")
    with pytest.raises(
        DistributeError, match=r"cannot publish to .*out/site"
    ) as caught:
        publish(SITE, tmp_path / "out" / "site")
    assert caught.value.hint


_NAME = st.sampled_from(["a", "b", "c.html", "é", "A"])
_PATHS = st.lists(_NAME, min_size=1, max_size=3).map("/".join)
_SITES = st.dictionaries(_PATHS, st.binary(max_size=3), max_size=6)


@settings(max_examples=60, deadline=None)
@given(sites=st.lists(_SITES, min_size=1, max_size=4))
def test_the_folder_holds_the_last_site(sites: list[dict[str, bytes]]) -> None:
    """Whatever was published before, the folder holds the last site and nothing more."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "site")
        published: dict[str, bytes] = {}
        for site in sites:
            try:
                done = publish(site, folder)
            except DistributeError:
                assert any(f"{path}/" in other for path in site for other in site)
                continue
            assert {*done.written, *done.unchanged} == set(site)
            assert set(done.removed) == published.keys() - site.keys()
            published = site
        if folder.exists():
            assert _files_in(folder) == published
