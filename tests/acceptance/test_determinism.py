"""Check 5: the same posts make the same bytes, wherever, whenever and by whomever."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.acceptance.conftest import twin
from tests.acceptance.letters import Letter
from tests.commands import NOW, finish, start

ELSEWHERE = {
    "TZ": "Pacific/Kiritimati",
    "LC_ALL": "C",
    "LANG": "tr_TR.UTF-8",
    "PYTHONHASHSEED": "4242",
}
LATER = {"sample": f"{int(NOW) + 3600}", "hostile": "1894000000", "real": "1894000000"}
"""Instants by which nothing more has become public."""


def test_another_machine_makes_the_same_bytes(letter: Letter, tmp_path: Path) -> None:
    """Zone, locale, hash seed, clock, folder and times of change: nothing of it is seen."""
    other = twin(letter, tmp_path / "another checkout")
    later = {"SOURCE_DATE_EPOCH": LATER[letter.folder.name]}
    answer = finish(start("-C", other.folder, "build", env=ELSEWHERE | later))
    assert answer.status == 0, answer.err
    assert contents_of(other.site) == contents_of(letter.site)


def test_a_second_build_writes_nothing(letter: Letter) -> None:
    """No file of the site gets another time of change: servers and readers rely on it."""
    before = _times(letter.site)
    letter.build()
    assert _times(letter.site) == before


def test_a_build_without_the_cache_writes_nothing(letter: Letter) -> None:
    """What was kept to save time is no part of the result."""
    before = _times(letter.site)
    shutil.rmtree(letter.folder / "out" / "cache", ignore_errors=True)
    letter.build()
    assert _times(letter.site) == before


def test_damage_to_the_cache_does_no_harm(sample: Letter) -> None:
    """Whatever a crash or another program leaves there is as nothing."""
    sample.build()
    before = contents_of(sample.site)
    kept = [
        path for path in (sample.folder / "out" / "cache").rglob("*") if path.is_file()
    ]
    assert kept
    for number, path in enumerate(kept):
        octets = path.read_bytes()
        path.write_bytes((b"", octets[: len(octets) // 2], b"\xff" * 50)[number % 3])
    shutil.rmtree(sample.site)
    sample.build()
    assert contents_of(sample.site) == before


@pytest.mark.parametrize("change", ["add", "remove"])
def test_one_post_changes_what_names_it(sample: Letter, change: str) -> None:
    """Its own page and what lists it; no page of another language is written again."""
    name = "2026-10-09-das-dorf-das-abschaltete_de.md"
    post = sample.folder / "posts" / name
    text = post.read_text("utf-8")
    if change == "add":
        post.unlink()
    sample.build()
    before = _times(sample.site)
    if change == "add":
        post.write_text(text, encoding="utf-8")
    else:
        post.unlink()
    sample.build()
    after = _times(sample.site)
    page = Path("de/das-dorf-das-abschaltete/index.html")
    assert (page in after) == (change == "add")
    touched = {path for path in before.keys() & after if before[path] != after[path]}
    pages = {path for path in touched if path.match("*/*/index.html")}
    assert pages <= {
        Path("de/erstes-licht/index.html"),  # the one before it
        Path("en/the-village-that-switched-off/index.html"),  # its translation
    }


def contents_of(site: Path) -> Mapping[str, bytes]:
    """Read every file of a site, with its name."""
    return {
        path.relative_to(site).as_posix(): path.read_bytes()
        for path in site.rglob("*")
        if path.is_file()
    }


def _times(site: Path) -> Mapping[Path, tuple[int, int]]:
    """Take down when each file was changed, and which one it is."""
    status = {path.relative_to(site): os.stat(path) for path in site.rglob("*")}  # noqa: PTH116 - all at once
    return {
        path: (each.st_mtime_ns, each.st_ino)
        for path, each in status.items()
        if (site / path).is_file()
    }
