"""Mending a text: only what can be proved, and nothing else."""

from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.checks.mend.mend import Look, Mended, mend
from distribute.checks.mend.text import Text
from distribute.checks.place import placed
from distribute.finding import Finding, Severity
from distribute.posts.source import parse_post
from distribute.render.links.resolve import resolve_links
from distribute.render.links.slips import find_slips
from distribute.render.markdown.parse import read_markdown
from distribute.render.tree import walk

PATH = PurePosixPath("posts/2026-01-09-a.md")
HEAD = "---\ntitle: About (www.example.org] and so on\n---\n"


def look(text: Text) -> Look:
    """See what a text says, and what is wrong with its links."""
    post = parse_post(text.data, PATH)
    read = read_markdown(post.body, first_line=post.body_line)
    slips = find_slips(
        read.tree, path=PATH, source=post.body, first_line=post.body_line
    )
    base = "https://news.example.org/a/"
    _, broken = resolve_links(read.tree, base=base, path=PATH)
    words = "".join(node.text for node in walk(read.tree))
    return Look((*post.findings, *slips, *broken), words)


def mended(data: bytes) -> Mended:
    """Mend all that is found in the bytes of a file."""
    text = Text.of(data)
    assert text is not None
    found = look(text).findings
    return mend(text, list(placed(found, lambda _: text.lines)), look)


def rules(done: tuple[Finding, ...]) -> list[str]:
    """Name the rules of findings, in order."""
    return sorted(finding.rule for finding in done)


def test_each_slip_is_undone_where_it_stands() -> None:
    """Nothing else in the file is another: lines, words, front matter."""
    body = (
        "A [b](www.example.org/x) and [c](ttps://example.org/y).\n\n"
        "![d]((https://example.org/z.png)) [e](https://example.org/w],) — é\n"
        "[f]((https://example.org/v)\n"
    )
    result = mended((HEAD + body).encode())
    assert rules(result.done) == [
        "image-broken",
        "link-odd-end",
        "link-scheme",
        "link-scheme",
        "link-unclosed",
    ]
    assert result.text.data.decode() == HEAD + (
        "A [b](https://www.example.org/x) and [c](https://example.org/y).\n\n"
        "![d](https://example.org/z.png) [e](https://example.org/w) — é\n"
        "[f](https://example.org/v)\n"
    )


def test_the_same_words_in_code_and_in_comments_stay() -> None:
    """The finding is about the link, wherever else its address is written."""
    body = (
        "`www.example.org/x` <!-- [b](www.example.org/x) --> [b](www.example.org/x)\n\n"
        "```\n[b](www.example.org/x)\n```\n"
    )
    result = mended((HEAD + body).encode())
    meant = "--> [b](https://www.example.org/x)"
    assert result.text.data.decode() == HEAD + body.replace(
        "--> [b](www.example.org/x)", meant
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_the_byte_order_mark_stay(end: str, mark: str) -> None:
    """A file from another system is still one from there."""
    body = f"{mark}{HEAD}A [b](www.example.org/x)  \nmore".replace("\n", end)
    result = mended(body.encode())
    assert rules(result.done) == ["link-scheme"]
    assert result.text.data.decode() == body.replace("](www.", "](https://www.")


def test_mojibake_is_undone_first_and_then_its_links() -> None:
    """What stands in the file is what readers got all the time."""
    text = HEAD + "Füße, “Größe” und [ein Gerät](www.example.org/x). Schöne Grüße.\n"
    garbled = text.encode().decode("latin-1")
    result = mended(garbled.encode())
    assert rules(result.done) == ["link-scheme", "mojibake"]
    assert result.text.data.decode() == text.replace("](www.", "](https://www.")


def test_what_brings_another_finding_is_not_done() -> None:
    """Here the address would be mended, and be that of a page that is not there."""

    def strict(text: Text) -> Look:
        seen = look(text)
        if b"https://www" not in text.data:
            return seen
        dead = Finding(
            rule="link-dead",
            severity=Severity.WARNING,
            message="there is no page",
            path=PATH,
        )
        return Look((*seen.findings, dead), seen.words)

    text = Text.of((HEAD + "[b](www.example.org/x)").encode())
    assert text is not None
    result = mend(text, look(text).findings, strict)
    assert (result.done, result.text) == ((), text)


def test_what_is_not_utf_8_is_no_text() -> None:
    """Nothing is written into a file whose letters are unknown."""
    assert Text.of("é".encode("latin-1")) is None


def test_what_is_hidden_by_another_slip_is_mended_after_it() -> None:
    """One run mends all that a second run would have mended."""
    slips = "[j]: www.example.org/x[a](www.example.org/x)[c]((https://example.org/y)"
    result = mended((HEAD + slips + "\nEnd.").encode())
    assert rules(result.done) == ["link-scheme", "link-unclosed"]
    assert mended(result.text.data).done == ()


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "[a](www.example.org/x)",
                "[b]((https://example.org/y))",
                "[c]((https://example.org/y)",
                "![d](ttps://example.org/z.png)",
                "[e](https://example.org/w])",
                "`[f](www.example.org/x)`",
                "<!-- [g](www.example.org/x) -->",
                "```",
                "    code [h](ttps://example.org)",
                "[i][j]",
                "[j]: www.example.org/x",
                "*k* ",
                "Ünïcode 数 ",
                "\n",
                "\n\n",
                "\r\n",
                "- ",
                "> ",
                "[",
                "](",
            ]
        ),
        max_size=12,
    )
)
def test_a_mend_is_the_end_of_its_findings_and_of_no_other(parts: list[str]) -> None:
    """For any text: what is gone is what was mended; words and lines are the same."""
    data = (HEAD + "".join(parts) + "\nEnd.").encode()
    text = Text.of(data)
    assert text is not None
    before, result = look(text), mended(data)
    after = look(result.text)
    assert not after.keys - before.keys
    assert (before.keys - after.keys).total() == len(result.done)
    assert len(result.text.lines) == len(text.lines)
    if "link-unclosed" not in rules(result.done):
        assert after.words == before.words
    assert mended(result.text.data).done == ()
