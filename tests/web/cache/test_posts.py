"""What was read before is not parsed again, and that makes no difference."""

import os
import tempfile
from collections.abc import Callable
from itertools import count
from pathlib import Path, PurePath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.editions.language.impression import impression_of
from distribute.errors import SourceError
from distribute.posts.filename import MARKDOWN_SUFFIXES
from distribute.posts.post import digest_of
from distribute.posts.source import parse_post
from distribute.web.cache import posts
from distribute.web.cache.posts import KnownPosts

PATH = PurePath("posts/2026-03-01-night[EN].md")
AMONG = frozenset({"en", "fr"})
POSTS = [
    b"---\ntitle: Night\ntags: [sky, dark]\nissue: 5\nextra: {a: [1, true, null]}\n---\n\nIt is.\n",
    b"---\r\ntitle: Night\r\n---\r\nWindows wrote this.\r\n",
    b"\xef\xbb\xbf---\ntitle: Mark\ntitle: Twice\n---\n![x](y.png)\n",
    b"no front matter at all, but the words of the text are English\n",
    "---\ntitle: Café\n---\nLe café est déjà là, où l’on a été.\n".encode(),
    "---\ntitle: x\n---\nDÃ©jÃ\xa0 vu, cafÃ© mÃªme\n".encode(),
    b"---\ntitle: Bell\n---\na\x07b\n",
    b"---\ntitle: Nothing\n---\n",
    b"title: Unopened\nlang: fr\n---\ntext\n",
]


_numbers = count()


def _file(folder: Path, data: bytes) -> Path:
    """Write a file of its own."""
    path = folder / f"{next(_numbers)}.md"
    path.write_bytes(data)
    return path


def _memory(folder: Path, *files: Path) -> Path:
    """Read posts, and write down what was found out about them, much later."""
    memory = folder / "cache" / "posts.json"
    first = KnownPosts(memory)
    for path in files:
        first.impression(first.read(path, PATH.with_name(path.name)), AMONG)
    first.keep()
    if memory.exists():
        _settle(memory)
    return memory


def _settle(memory: Path) -> None:
    """Let it have been written long after the files."""
    later = memory.stat().st_mtime_ns + 10**10
    os.utime(memory, ns=(later, later))


def _refuse(*_: object) -> None:
    raise AssertionError("looked at again")


@pytest.mark.parametrize("data", POSTS)
@pytest.mark.parametrize("change", [Path.stat, Path.touch])
def test_a_post_is_remembered_as_it_was_read(
    data: bytes, change: Callable[[Path], object], tmp_path: Path
) -> None:
    """Everything about it is the same, findings with their lines included."""
    path = _file(tmp_path, data)
    again = KnownPosts(_memory(tmp_path, path))
    change(path)
    post = again.read(path, PATH)
    assert post == parse_post(data, PATH)
    assert again.impression(post, AMONG) == impression_of(post, AMONG)


_LINES = st.sampled_from(
    [
        "---",
        "title: a",
        "tags: [x, y]",
        "lang: fr",
        "Un café, déjà vu",
        "的",
        "\x07",
        "",
    ]
)


@settings(max_examples=100, deadline=None)
@given(
    lines=st.lists(_LINES, max_size=8),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_whatever_stands_in_a_post(lines: list[str], end: str) -> None:
    """Text that can be read at all is remembered truly, or not at all."""
    data = end.join(lines).encode()
    with tempfile.TemporaryDirectory() as folder:
        try:
            expected = parse_post(data, PATH)
        except SourceError:
            return
        path = _file(Path(folder), data)
        again = KnownPosts(_memory(Path(folder), path))
        assert again.read(path, PATH) == expected


def test_a_post_that_moved_is_told_by_its_new_name(tmp_path: Path) -> None:
    """Findings and file name are those of where the same text lies now."""
    files = [_file(tmp_path, data) for data in POSTS]
    again = KnownPosts(_memory(tmp_path, *files))
    elsewhere = PurePath("posts/2026-04-02-other.fr.md")
    for path, data in zip(files, POSTS, strict=True):
        moved = path.rename(path.with_suffix(".moved"))
        assert again.read(moved, elsewhere) == parse_post(data, elsewhere)


def test_a_post_that_was_not_touched_is_not_even_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its front matter and its words are not looked at, nor is memory written again."""
    path = _file(tmp_path, POSTS[0])
    memory = _memory(tmp_path, path)
    written = memory.stat().st_mtime_ns
    expected = parse_post(POSTS[0], PATH)
    for name in ("parse_post", "impression_of", "bytes_of"):
        monkeypatch.setattr(posts, name, _refuse)
    again = KnownPosts(memory)
    post = again.read(path, PATH)
    assert post.front_matter == expected.front_matter
    assert post.digest == digest_of(expected.body)
    assert again.impression(post, AMONG) == impression_of(expected, AMONG)
    again.keep()
    assert memory.stat().st_mtime_ns == written


def test_a_post_that_was_only_touched_is_not_parsed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is known by its bytes, and next time by its mark."""
    path = _file(tmp_path, POSTS[0])
    memory = _memory(tmp_path, path)
    path.touch()
    monkeypatch.setattr(posts, "parse_post", _refuse)
    again = KnownPosts(memory)
    assert again.read(path, PATH) == parse_post(POSTS[0], PATH)
    again.keep()
    _settle(memory)
    monkeypatch.setattr(posts, "bytes_of", _refuse)
    KnownPosts(memory).read(path, PATH)


def test_a_change_that_leaves_size_and_time_is_seen(tmp_path: Path) -> None:
    """The disk tells when a file was changed, whatever time somebody has given it."""
    path = _file(tmp_path, b"one night\n")
    before = path.stat()
    memory = _memory(tmp_path, path)
    _wait_for_another_tick(path)
    path.write_bytes(b"two night\n")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert KnownPosts(memory).read(path, PATH).body == "two night\n"


def _wait_for_another_tick(path: Path) -> None:
    then = path.stat().st_ctime_ns
    while path.stat().st_ctime_ns == then:
        path.touch()


def test_a_file_written_along_with_memory_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change within the same tick of the clock would not show."""
    path = _file(tmp_path, POSTS[0])
    memory = _memory(tmp_path, path)
    os.utime(memory, ns=(0, path.stat().st_mtime_ns))
    monkeypatch.setattr(posts, "bytes_of", _refuse)
    with pytest.raises(AssertionError):
        KnownPosts(memory).read(path, PATH)


def test_a_disk_may_mark_all_files_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some give no numbers to files, and the same time to all that come from an archive."""
    monkeypatch.setattr(posts, "mark_of", lambda *_, **__: (10, 1, 1, 0))
    files = [_file(tmp_path, data) for data in POSTS]
    memory = tmp_path / "cache" / "posts.json"
    for _ in ("the first time", "and the next"):
        known = KnownPosts(memory)
        known.learn(tmp_path, MARKDOWN_SUFFIXES, AMONG)
        for path, data in zip(files, POSTS, strict=True):
            place = PATH.with_name(path.name)
            assert known.read(path, place) == parse_post(data, place)
        known.keep()


def test_a_text_that_is_gone_when_it_is_asked_for(tmp_path: Path) -> None:
    """Nobody gets the end of another text instead."""
    path = _file(tmp_path, POSTS[0])
    post = KnownPosts(_memory(tmp_path, path)).read(path, PATH)
    path.write_bytes(POSTS[3])
    with pytest.raises(SourceError, match=r"night\[EN\].md: was changed"):
        assert post.body


def test_a_link_is_known_by_what_it_leads_to(tmp_path: Path) -> None:
    """A link itself does not change when the file does."""
    path = _file(tmp_path, POSTS[0])
    link = tmp_path / "link.md"
    link.symlink_to(path)
    memory = _memory(tmp_path, link)
    _wait_for_another_tick(path)
    path.write_bytes(POSTS[3])
    assert KnownPosts(memory).read(link, PATH) == parse_post(POSTS[3], PATH)


def test_the_first_time_all_posts_are_looked_at_by_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then they are known; what cannot be read is left to whoever reads it."""
    files = [
        _file(tmp_path, data) for data in (*POSTS, b"\xff\xfe", b"", b"---\na: [\n")
    ]
    known = KnownPosts(tmp_path / "cache" / "posts.json")
    known.learn(tmp_path, MARKDOWN_SUFFIXES, AMONG)
    for path, data in zip(files, POSTS, strict=False):
        assert known.read(path, PATH) == parse_post(data, PATH)
    for path in files[len(POSTS) :]:
        with pytest.raises(SourceError):
            known.read(path, PATH)
    monkeypatch.setattr(posts, "parse_post", _refuse)
    monkeypatch.setattr(posts, "impression_of", _refuse)
    known.impression(known.read(files[0], PATH), AMONG)


def test_other_languages_give_another_impression(tmp_path: Path) -> None:
    """What was guessed among some languages says nothing about others."""
    files = [_file(tmp_path, data) for data in POSTS]
    again = KnownPosts(_memory(tmp_path, *files))
    for path in files:
        post = again.read(path, PATH)
        other = frozenset({"pt"})
        assert again.impression(post, other) == impression_of(post, other)


@settings(max_examples=50, deadline=None)
@given(place=st.integers(0, 3000), put=st.binary(max_size=3))
def test_rubbish_in_memory_is_as_nothing(place: int, put: bytes) -> None:
    """Wherever something else stands than we wrote, the posts are parsed."""
    with tempfile.TemporaryDirectory() as folder:
        files = [_file(Path(folder), data) for data in POSTS]
        memory = _memory(Path(folder), *files)
        data = memory.read_bytes()
        memory.write_bytes(data[:place] + put + data[place + 2 :])
        again = KnownPosts(memory)
        for path, post in zip(files, POSTS, strict=True):
            read = again.read(path, PATH)
            assert read == parse_post(post, PATH)
            assert again.impression(read, AMONG) == impression_of(read, AMONG)


def test_what_is_gone_is_forgotten(tmp_path: Path) -> None:
    """Memory holds the posts there are, and does not grow for ever."""
    files = [_file(tmp_path, data) for data in POSTS]
    memory = _memory(tmp_path, *files)
    again = KnownPosts(memory)
    again.read(files[0], PATH)
    again.keep()
    assert b"Night" in memory.read_bytes()
    assert b"Twice" not in memory.read_bytes()
