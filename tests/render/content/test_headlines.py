"""Lines that serve as headings become headings."""

from time import process_time

import pytest

from distribute.render.content.levels import settle_headings
from distribute.render.markdown.parse import parse
from distribute.render.tree import Kind, plain_text


def headings(markdown: str) -> list[tuple[int, str, str]]:
    """List level, id and words of the headings that a text comes to have."""
    _, found = settle_headings(parse(markdown))
    return [(heading.level, heading.id, heading.text) for heading in found]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("**Boats**", "Boats"),
        ("***Boats of the year.***", "Boats of the year."),
        ("_**Boats**_", "Boats"),
        ("**Boats, [again](https://a.example/)?**", "Boats, again?"),
        ("**1.2 船**", "1.2 船"),
    ],
)
@pytest.mark.parametrize(
    "below", ["Text", "- a", "> a", "```\na\n```", "| a |\n|---|\n| b |"]
)
def test_a_bold_line_above_a_text_is_a_heading(
    line: str, words: str, below: str
) -> None:
    """It is one level below the last heading, and no longer bold in itself."""
    tree, (_, found) = settle_headings(parse(f"# Part\n\n{line}\n\n{below}"))
    assert (found.level, found.text) == (3, words)
    heading = tree[1]
    assert heading.kind is Kind.HEADING
    assert heading.children[0].kind in {Kind.TEXT, Kind.LINK}


@pytest.mark.parametrize(
    "markdown",
    [
        "**Boats** float.\n\nx",
        "**Boats** and **ships**\n\nx",
        "**They all came back!**\n\nx",
        "**都回来了。**\n\nx",
        "**欢迎来信，我们会看**\n\nx",
        "**Dear readers,**\n\nx",
        "*Ada and Grace*\n\nx",
        "**The end**",
        "**Boats**\n\n# x",
        "**Boats**\n\n---",
        "***!!!***\n\nx",
        f"***{'Boats ' * 40}***\n\nx",
        "**Boats**\n{: .lead}\n\nx",
        "> **Boats**\n>\n> x",
        "![](a.png)\n\nx",
    ],
)
def test_other_bold_words_are_none(markdown: str) -> None:
    """Statements, salutations, words within a line, and what nothing follows."""
    tree, found = settle_headings(parse(markdown))
    assert [heading.text for heading in found] == ["x"] * markdown.count("# x")
    assert plain_text(tree) == plain_text(parse(markdown))


def test_levels_follow_the_last_heading() -> None:
    """None is skipped, and what looks alike below a heading is equal."""
    markdown = "**A**\n\na\n\n# B\n\n**C**\n\nc\n\n**D**\n\nd\n\n## E\n\n**F**\n\nf"
    assert [(level, text) for level, _, text in headings(markdown)] == [
        (2, "A"),
        (2, "B"),
        (3, "C"),
        (3, "D"),
        (3, "E"),
        (4, "F"),
    ]


def test_its_id_is_its_own() -> None:
    """No link to a heading leads anywhere else than before."""
    markdown = (
        "**News**\n\na\n\n# News\n\n**News**\n\nb\n\n**!?**\n\n**1**\n{: #here}\n\nc"
    )
    assert headings(markdown) == [
        (2, "news-1", "News"),
        (2, "news", "News"),
        (3, "news-2", "News"),
        (3, "here", "1"),
    ]


def test_a_title_that_runs_into_its_text_is_parted_from_it() -> None:
    """If it is bold and slanted, and the next line begins a sentence."""
    tree, found = settle_headings(parse("***Boats***\nThey float.\n\nx"))
    assert [heading.text for heading in found] == ["Boats"]
    assert [plain_text(node.children) for node in tree] == ["Boats", "They float.", "x"]
    for going_on in ("***Boats***\nfloat.", "**Boats**\nThey float."):
        assert headings(f"{going_on}\n\nx") == []


def test_many_of_them_take_linear_time() -> None:
    """However many are alike."""
    tree = parse("***Boats***\n\n" * 20_000 + "x")
    start = process_time()
    _, found = settle_headings(tree)
    assert len({heading.id for heading in found}) == 20_000
    assert process_time() - start < 2
