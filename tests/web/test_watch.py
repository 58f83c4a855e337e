"""Folders are watched: what changed is handed over once it is quiet, and nothing is missed."""

import threading
from collections.abc import Callable, Collection, Iterator
from itertools import pairwise
from pathlib import Path
from queue import Empty, Queue
from time import monotonic

import pytest

from distribute.web.watch import counts, watch_places

Changes = Queue[tuple[Path, ...]]
Watch = Callable[[Callable[[], Collection[Path]]], Changes]
QUIET = 0.04
"""Seconds, less than what counts as quiet."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make the folder of a newsletter."""
    (tmp_path / "news" / "posts").mkdir(parents=True)
    (tmp_path / "news" / "out" / "site").mkdir(parents=True)
    return (tmp_path / "news").resolve()


@pytest.fixture
def watch(folder: Path) -> Iterator[Watch]:
    """Give a function that watches in the background; the first look is over by then."""
    ends: list[Path] = []
    threads: list[threading.Thread] = []

    def start(places: Callable[[], Collection[Path]]) -> Changes:
        seen: Changes = Queue()
        end = folder / f"end-{len(ends)}"

        def run() -> None:
            for changed in watch_places(places, ignored=[folder / "out"]):
                if end in changed:
                    return
                seen.put(changed)

        threads.append(threading.Thread(target=run, daemon=True))
        ends.append(end)
        threads[-1].start()
        assert seen.get(timeout=60) == ()
        return seen

    yield start
    for end in ends:
        end.touch()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()


def all_in(seen: Changes, path: Path) -> set[Path]:
    """Wait until this path is among what changed; gives all that did."""
    found: set[Path] = set()
    while path not in found:
        found |= set(seen.get(timeout=60))
    return found


def begins_anew(seen: Changes) -> None:
    """Wait for the moment to look at it all; changes until then need not be named."""
    while seen.get(timeout=60):
        pass


def test_a_change_is_handed_over(folder: Path, watch: Watch) -> None:
    """A file that is made, changed or removed, at any depth, is named."""
    seen = watch(lambda: [folder])
    post = folder / "posts" / "a.md"
    post.write_text("one")
    assert all_in(seen, post) == {post}
    post.write_text("two")
    assert all_in(seen, post) == {post}
    post.unlink()
    assert all_in(seen, post) == {post}
    deep = folder / "posts" / "2026" / "b.md"
    deep.parent.mkdir()
    assert deep.parent in all_in(seen, deep.parent)
    deep.write_text("three")
    assert deep in all_in(seen, deep)


def test_a_file_written_bit_by_bit_is_one_change(folder: Path, watch: Watch) -> None:
    """Whoever waits hears of it when it is quiet, not with every bit.

    On a busy machine there may be a lull amid the writing: then it is written again.
    """
    seen = watch(lambda: [folder])
    post, lull = folder / "posts" / "a.md", 1.0
    for _ in range(20):
        if lull < QUIET:
            break
        while not seen.empty():
            seen.get()
        lull = write_slowly(post)
        assert all_in(seen, post) == {post}
    assert lull < QUIET
    with pytest.raises(Empty):
        seen.get(timeout=0.4)


def write_slowly(post: Path) -> float:
    """Write a file bit by bit; gives the seconds of the longest pause."""
    moments = []
    with post.open("w") as file:
        for _ in range(20):
            file.write("word ")
            file.flush()
            moments.append(monotonic())
            threading.Event().wait(0.01)
    moments.append(monotonic())
    return max(later - earlier for earlier, later in pairwise(moments))


def test_what_a_build_makes_is_no_change(folder: Path, watch: Watch) -> None:
    """The output, hidden files, databases and what editors leave behind do not count."""
    seen = watch(lambda: [folder])
    for name in (
        *("out/site/index.html", ".hidden", "distribute.db-wal", "posts/a.md~"),
        *("posts/.#a.md", "posts/#a.md#", "posts/.a.md.swp", "posts/4913"),
    ):
        (folder / name).write_text("x")
    last = folder / "posts" / "z.md"
    last.write_text("x")
    assert all_in(seen, last) == {last}


def test_a_file_elsewhere_is_watched_alone(folder: Path, watch: Watch) -> None:
    """The authors may lie above the folder; what else lies there is not read."""
    authors = folder.parent / "authors.yml"
    authors.write_text("ada: {}")
    seen = watch(lambda: [folder, authors])
    (folder.parent / "other.txt").write_text("x")
    authors.write_text("ada: {name: Ada}")
    assert all_in(seen, authors) == {authors}


def test_places_may_change(folder: Path, watch: Watch) -> None:
    """Settings may name another folder, also one that is only made later."""
    posts, named = folder.parent / "texts", folder / "settings.toml"

    def places() -> list[Path]:
        return [folder, posts] if named.exists() else [folder]

    seen = watch(places)
    named.touch()
    begins_anew(seen)
    posts.mkdir()
    begins_anew(seen)
    (posts / "a.md").write_text("x")
    assert all_in(seen, posts / "a.md") == {posts / "a.md"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *(("posts/a.md", True), ("distribute.toml", True), ("templates/page/x", True)),
        *(("images/a.png", True), ("posts/4913.md", True), ("node_modules/a", False)),
        *((".venv/lib/a.py", False), ("a/.git/index", False), ("a.db", False)),
    ],
)
def test_what_counts(name: str, expected: bool) -> None:  # noqa: FBT001 - a table of cases
    """Posts, settings, pictures and templates do, wherever the newsletter lies."""
    folder = Path("/home/ada/.local/news")
    assert counts(folder / name, folder) is expected
