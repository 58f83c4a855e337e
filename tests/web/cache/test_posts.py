"""What was read before is not parsed again, and that makes no difference."""

import tempfile
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.editions.impression import impression_of
from distribute.errors import SourceError
from distribute.posts.source import parse_post
from distribute.web.cache import posts
from distribute.web.cache.posts import KnownPosts

PATH = PurePosixPath("posts/2026-03-01-night[EN].md")
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


def _memory(folder: Path, *posts: bytes) -> Path:
    """Read posts, and write down what was found out about them."""
    memory = folder / "cache" / "posts.json"
    first = KnownPosts(memory)
    for data in posts:
        post = first.parse(data, PATH)
        first.impression(post, AMONG)
    first.keep()
    return memory


@pytest.mark.parametrize("data", POSTS)
def test_a_post_is_remembered_as_it_was_read(data: bytes, tmp_path: Path) -> None:
    """Everything about it is the same, findings with their lines included."""
    again = KnownPosts(_memory(tmp_path, *POSTS))
    post = again.parse(data, PATH)
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
        again = KnownPosts(_memory(Path(folder), data))
        assert again.parse(data, PATH) == expected


def test_a_post_that_moved_is_told_by_its_new_name(tmp_path: Path) -> None:
    """Findings and file name are those of where the same text lies now."""
    again = KnownPosts(_memory(tmp_path, *POSTS))
    elsewhere = PurePosixPath("posts/2026-04-02-other.fr.md")
    for data in POSTS:
        assert again.parse(data, elsewhere) == parse_post(data, elsewhere)


def test_the_same_post_is_not_parsed_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither its front matter nor its words are looked at again."""
    memory = _memory(tmp_path, POSTS[0])
    written = memory.stat().st_mtime_ns
    impression = impression_of(parse_post(POSTS[0], PATH), AMONG)

    def refuse(*_: object) -> None:
        raise AssertionError("parsed again")

    monkeypatch.setattr(posts, "parse_post", refuse)
    monkeypatch.setattr(posts, "impression_of", refuse)
    again = KnownPosts(memory)
    assert again.impression(again.parse(POSTS[0], PATH), AMONG) == impression
    again.keep()
    assert memory.stat().st_mtime_ns == written


def test_other_languages_give_another_impression(tmp_path: Path) -> None:
    """What was guessed among some languages says nothing about others."""
    again = KnownPosts(_memory(tmp_path, *POSTS))
    for data in POSTS:
        post = again.parse(data, PATH)
        other = frozenset({"pt"})
        assert again.impression(post, other) == impression_of(post, other)


@settings(max_examples=50, deadline=None)
@given(place=st.integers(0, 3000), put=st.binary(max_size=3))
def test_rubbish_in_memory_is_as_nothing(place: int, put: bytes) -> None:
    """Wherever something else stands than we wrote, the posts are parsed."""
    with tempfile.TemporaryDirectory() as folder:
        memory = _memory(Path(folder), *POSTS)
        data = memory.read_bytes()
        memory.write_bytes(data[:place] + put + data[place + 2 :])
        again = KnownPosts(memory)
        for post in POSTS:
            read = again.parse(post, PATH)
            assert read == parse_post(post, PATH)
            assert again.impression(read, AMONG) == impression_of(read, AMONG)


def test_what_is_gone_is_forgotten(tmp_path: Path) -> None:
    """Memory holds the posts there are, and does not grow for ever."""
    memory = _memory(tmp_path, *POSTS)
    again = KnownPosts(memory)
    again.parse(POSTS[0], PATH)
    again.keep()
    assert b"Night" in memory.read_bytes()
    assert b"Twice" not in memory.read_bytes()
