"""Reading posts from files."""

from datetime import date
from pathlib import Path, PurePath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.errors import FrontMatterError, SourceError
from distribute.finding import Severity
from distribute.posts.post import Post
from distribute.posts.source import MAX_BYTES, parse_post, read_post, read_posts

PATH = PurePath("posts/2026-01-02-News_1.md")


def parse(text: str) -> Post:
    """Read a post out of text."""
    return parse_post(text.encode(), PATH)


def rules(post: Post) -> list[str]:
    """Give the rules of a post's findings."""
    return [finding.rule for finding in post.findings]


def test_a_plain_post() -> None:
    """Front matter, body, the line where it begins, and what the name says."""
    post = parse("---\ntitle: News 1\ntags: [news]\n---\n\n# Hello\n")
    assert (post.path, post.front_matter.title) == (PATH, "News 1")
    assert (post.body, post.body_line) == ("\n# Hello\n", 5)
    assert post.file_name.date == date(2026, 1, 2)
    assert post.findings == ()


@pytest.mark.parametrize(
    ("text", "title", "body", "line"),
    [
        ("\ufeff---\r\ntitle: a\r\n---\r\nb\r\n", "a", "b\n", 4),
        ("---  \ntitle: a\n\nlang: fr\n--- \n    code\n", "a", "    code\n", 6),
        ("---\ntitle: a\n...\nb\n", "a", "b\n", 4),
        ("\n\n---\ntitle: a\n---\nb\n", "a", "b\n", 6),
        ("---\ntitle: a\n---", "a", "", 3),
        ("---\n---\nb\n", "", "b\n", 3),
        ('---\ntitle: "----"\n---\nb\n---\nc\n', "----", "b\n---\nc\n", 4),
        ("---\ntitle: a\nexcerpt: |\n  x\n  ----------\n---\nb\n", "a", "b\n", 7),
    ],
)
def test_where_the_front_matter_ends(
    text: str, title: str, body: str, line: int
) -> None:
    """The cut is Jekyll's, and the body keeps its first line's indentation."""
    post = parse(text)
    assert (post.front_matter.title, post.body, post.body_line) == (title, body, line)
    assert post.findings == ()


def test_a_post_without_front_matter_is_all_body() -> None:
    """It is read, with a warning; a rule between paragraphs is no front matter."""
    post = parse("Hello\n\n---\n\nWorld\n")
    assert (post.body, post.body_line) == ("Hello\n\n---\n\nWorld\n", 1)
    assert rules(post) == ["front-matter-missing"]


def test_a_forgotten_first_line_is_forgiven() -> None:
    """Keys above a --- are taken for what they are; a heading is not."""
    post = parse("title: a\nlang: fr\n---\nb\n")
    assert (post.front_matter.title, post.body, post.body_line) == ("a", "b\n", 4)
    assert rules(post) == ["front-matter-unopened"]
    for text in ("Note: a heading\n---\nb\n", "title: a: b\n---\nc\n", "title: a\n"):
        assert parse(text).body == text


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("---\ntitle: a\n\nHello\n", 1, "no end"),
        ("\n---\ntitle: a\n", 2, "no end"),
        ("+++\ntitle = 'a'\n+++\n", 1, "TOML"),
        ("---\ntitle: a\nlang: b: c\n---\n", 3, "wrong here"),
        ("\n\n---\n- a\n---\n", 4, "keys and values"),
    ],
)
def test_broken_front_matter(text: str, line: int, reason: str) -> None:
    """It is an error with its line, and with what to do."""
    with pytest.raises(FrontMatterError, match=reason) as caught:
        parse(text)
    assert caught.value.line == line
    assert caught.value.hint


def test_mojibake_is_repaired_before_anything_is_read() -> None:
    """Title and body come out right, with one finding."""
    whole = "---\ntitle: Edição 5\n---\nAção 🎨\n"
    post = parse(whole.encode().decode("mac_roman"))
    assert (post.front_matter.title, post.body) == ("Edição 5", "Ação 🎨\n")
    assert rules(post) == ["mojibake"]


def test_one_broken_post_does_not_stop_the_others(tmp_path: Path) -> None:
    """Whatever is wrong with a file is a finding with its path, and all others count."""
    good = "---\ntitle: {}\n---\ntext\n"
    (tmp_path / "fr").mkdir()
    (tmp_path / "2026-01-01-a.md").write_text(good.format("a"), encoding="utf-8")
    (tmp_path / "fr" / "z.Md").write_text(good.format("z"), encoding="utf-8")
    (tmp_path / "b.md").write_bytes(b"---\ntitle: caf\xe9\n---\n")
    (tmp_path / "c.md").write_text("---\ntitle: a: b\n---\n", encoding="utf-8")
    (tmp_path / "d.md").write_bytes(b"\0" * 10)
    (tmp_path / "e.md").symlink_to("/etc/passwd")
    (tmp_path / "f.md").mkdir()
    with (tmp_path / "g.md").open("wb") as huge:
        huge.truncate(MAX_BYTES + 1)
    (tmp_path / "h.md").write_text("---\ntitle: a\ntitle: b\n---\n", encoding="utf-8")
    reading = read_posts(tmp_path, shown=PurePath("posts"))
    assert [str(p.path) for p in reading.posts] == [
        "posts/2026-01-01-a.md",
        "posts/fr/z.Md",
        "posts/h.md",
    ]
    assert all(finding.hint for finding in reading.findings)
    found = {(str(f.path), f.line, f.rule, f.severity) for f in reading.findings}
    assert found == {
        ("posts/b.md", 2, "post-unreadable", Severity.ERROR),
        ("posts/c.md", 2, "front-matter-invalid", Severity.ERROR),
        ("posts/d.md", 1, "post-unreadable", Severity.ERROR),
        ("posts/e.md", 0, "post-outside", Severity.ERROR),
        ("posts/f.md", 0, "post-is-folder", Severity.WARNING),
        ("posts/g.md", 0, "post-unreadable", Severity.ERROR),
        ("posts/h.md", 3, "front-matter-duplicate-key", Severity.WARNING),
    }


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """It is a `SourceError` with the path as shown."""
    for name in ("missing.md", "x" * 300 + ".md"):
        with pytest.raises(SourceError) as caught:
            read_post(tmp_path / name, shown=PurePath("posts/a.md"))
        assert caught.value.path == PurePath("posts/a.md")
    with pytest.raises(SourceError):
        read_post(tmp_path)


def test_a_post_says_its_own_path_unless_told(tmp_path: Path) -> None:
    """Without `shown` the findings print the path that was given."""
    path = tmp_path / "a.md"
    path.write_text("text\n", encoding="utf-8")
    assert read_post(path).path == path


@settings(max_examples=100, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=120),
        st.lists(
            st.sampled_from(
                [
                    "---\n",
                    "title: a\n",
                    "x: &a [*a]\n",
                    "\r\n",
                    "…",
                    "é",
                    "\t",
                    ": ",
                    "\0",
                ]
            ),
            max_size=12,
        ).map(lambda parts: "".join(parts).encode()),
    )
)
def test_any_bytes_are_a_post_or_an_error(data: bytes) -> None:
    """Nothing else than `SourceError` is raised, and no text of the body is lost."""
    try:
        post = parse_post(data, PATH)
    except SourceError:
        return
    assert post.body_line >= 1
    assert "\r" not in post.body


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b" \r\n\n\t"])
def test_an_empty_file_is_no_post(data: bytes) -> None:
    """A file that somebody has only begun must not go out as a blank message."""
    with pytest.raises(SourceError, match="empty") as caught:
        parse_post(data, PATH)
    assert caught.value.hint


_LINES = st.sampled_from(
    [
        "---",
        "--- ",
        "----",
        "...",
        "... x",
        "title: a",
        "title: [",
        "b",
        "",
        " ---",
        "#c",
    ]
)


def _read_below(blank_lines: int, text: str) -> tuple[object, ...]:
    try:
        post = parse("\n" * blank_lines + text)
    except FrontMatterError as error:
        return error.reason, error.line - blank_lines
    return post.body, post.body_line - blank_lines, post.front_matter.title


@settings(max_examples=100, deadline=None)
@given(st.lists(_LINES, max_size=6))
def test_a_blank_line_above_the_front_matter_only_shifts_it(lines: list[str]) -> None:
    """The usual beginning of a file is read as every other one."""
    text = "\n".join(["---", *lines])
    assert _read_below(0, text) == _read_below(1, text)
