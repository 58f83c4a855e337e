"""What is written into a folder and removed from it, and that nobody else's is touched."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.errors import DistributeError
from distribute.web.file import SiteFile
from distribute.web.publish.publish import Published
from distribute.web.publish.publish import publish as publish_files
from tests.web.publishing import SITE, files_in, planned, publish


def test_everything_is_written(folder: Path) -> None:
    """The first run makes the folder and every file in it, and nothing else there."""
    assert publish(SITE, folder) == Published(written=tuple(sorted(SITE)))
    assert files_in(folder) == SITE


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
    assert files_in(folder) == {
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
    assert files_in(folder) == {"images/a.1f.png": b"png"}
    assert publish_files(picture, folder).unchanged == ("images/a.1f.png",)


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


def test_two_files_for_one_place_are_refused(folder: Path) -> None:
    """Neither wins in silence."""
    with pytest.raises(DistributeError, match="two files want it"):
        publish_files([*planned({"a": b"1"}), *planned({"a": b"2"})], folder)
    assert not folder.exists()


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
    assert files_in(folder) == after


def test_a_file_cannot_be_a_folder_too(folder: Path) -> None:
    """Two files that exclude each other are refused, and both are named."""
    with pytest.raises(DistributeError, match=r"'a/b/c'.*'a/b'"):
        publish({"a/b": b"", "a/b/c": b""}, folder)
    assert not folder.exists()


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
            assert files_in(folder) == published
