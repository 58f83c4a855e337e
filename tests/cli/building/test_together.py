"""A newsletter that two processes build, from reading it to its site, is as one builds it."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from distribute.cli import group
from distribute.cli.newsletter.newsletter import Newsletter
from distribute.render.content.content import render_content
from distribute.render.content.surroundings import surroundings_of
from distribute.web.cache.folder import Cache
from tests.processes import is_alive, play, said, wait_until

POSTS = 60
SETTINGS = """
[newsletter]
title = "Night Sky"
url = "https://news.example.org"
tag = "example.org,2026"
languages = ["en", "fr"]
"""
PROSE = {
    "en": "Somebody saw the **moon** and [the stars](https://example.org/{n}) again.",
    "fr": "On a vu la **lune** et [les étoiles](https://example.org/{n}) encore une fois.",
}
LAST = {
    "en": "[Back](2026-01-01-night-1.en.md)\n\n- one\n- two\n\n![Moon](moon.png)",
    "fr": "DÃ©jÃ\xa0 vu, cafÃ© mÃªme.",  # as it was when somebody mistook UTF-8
}
_TIMES = {".site-manifest.json", "posts.json", "files.json"}
"""What holds times of change, which are never the same."""

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2,
    reason="work is shared on Linux, with two processors",
)


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """Write a newsletter, with some posts that are not plain."""
    folder = tmp_path / "letter"
    (folder / "posts").mkdir(parents=True)
    (folder / "distribute.toml").write_text(SETTINGS, encoding="utf-8")
    for number in range(1, POSTS + 1):
        language = "en" if number % 3 else "fr"
        head = f"---\ntitle: Night {number}\nlang: {language}\nissue: {number}\n---\n"
        body = f"{PROSE[language].format(n=number)}\n\n" * 12 + LAST[language]
        name = f"2026-01-{1 + number % 28:02}-night-{number}.{language}.md"
        (folder / "posts" / name).write_text(head + body + "\n", encoding="utf-8")
    return folder


def build(folder: str) -> None:
    """Build it."""
    group.main(["-C", folder, "build"], standalone_mode=False)


def build_alone(folder: str) -> None:
    """Build it with one processor."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    build(folder)


def _files_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in _TIMES
    }


def test_two_build_what_one_builds(letter: Path) -> None:
    """The same site, and what was rendered for it; the next build has nothing to do."""
    twin = letter.with_name("twin")
    shutil.copytree(letter, twin)
    assert "written" in said(build, letter)
    assert "written" in said(build_alone, twin)
    assert _files_in(letter / "out") == _files_in(twin / "out")
    assert " 0 files written" in said(build_alone, letter)


def render(folder: str) -> None:
    """Render it, and see that two processes do, and that each step is counted once."""
    newsletter = Newsletter(Path(folder))
    steps: list[None] = []

    def advance() -> None:
        (Path(folder) / "by" / str(os.getpid())).mkdir(parents=True, exist_ok=True)
        steps.append(None)

    newsletter.contents.ahead(newsletter.editions, advance=advance)
    assert len(list((Path(folder) / "by").iterdir())) == 2
    assert len(steps) == len(newsletter.editions)
    surroundings = surroundings_of(newsletter.publication, newsletter.issues)
    for edition in newsletter.editions:
        assert newsletter.content(edition) == render_content(edition, surroundings)


def test_a_long_list_is_rendered_by_two(letter: Path) -> None:
    """And it says the same, wherever it was rendered."""
    assert said(render, letter) == ""
    assert len(list((letter / "out/cache/contents").glob("[!.]*"))) == POSTS


def render_slowly(folder: str) -> None:
    """Render, and wait half-way until somebody puts an end to it."""
    newsletter = Newsletter(Path(folder))
    steps: list[None] = []

    def advance() -> None:
        steps.append(None)
        (Path(folder) / f"{os.getpid()}.done").touch()
        wait_until(lambda: len(steps) < 5 or (Path(folder) / "go on").exists())

    newsletter.contents.ahead(newsletter.editions, advance=advance)


def test_the_other_process_ends_with_this_one(letter: Path) -> None:
    """Also when that is killed, with much still to do; what was kept by then is whole."""
    with play(render_slowly, letter) as process:
        wait_until(lambda: len(list(letter.glob("*.done"))) == 2)
        process.kill()
        process.communicate()
    (twin,) = {int(path.stem) for path in letter.glob("*.done")} - {process.pid}
    (letter / "go on").touch()
    wait_until(lambda: not is_alive(twin))
    cache = Cache(letter / "out/cache/contents")
    entries = [cache.read(each.name) for each in cache.folder.glob("[!.]*")]
    assert len(entries) in range(2, POSTS)
    assert all(entries)
