"""Paths, links and manifests that lead elsewhere are not followed."""

import json
from pathlib import Path

import pytest

from distribute.errors import DistributeError
from distribute.web.publish.staging import FOLDER
from tests.web.publishing import SITE, files_in, publish


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
    assert files_in(tmp_path / "www") == SITE


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
