"""Hostile and broken Markdown: nothing crashes, nothing hangs, nothing private leaks."""

from collections.abc import Callable
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.render.html.write import to_html
from distribute.render.liquid.resolve import LiquidContext, resolve_liquid
from distribute.render.markdown.abbreviations import mark_abbreviations
from distribute.render.markdown.attributes import read_attributes
from distribute.render.markdown.comments import strip_comments
from distribute.render.markdown.hanging import hanging_end
from distribute.render.markdown.literal import literal_regions
from distribute.render.markdown.parse import parse, read_markdown
from distribute.render.markdown.tables import read_table, split_row
from distribute.render.tree import Kind, Node, walk

N = 2000
SECONDS = 1.0
"""Of processor time, for each of the four steps together."""

HOSTILE = {
    "nested quotes": ">" * N + "a",
    "quotes and lists": "> - " * N + "a",
    "lists between quotes": "> a\n- b\n" * N + "> a\n7. b\n> - c\n" * N,
    "code between quotes": "> ```\nb\n" * N + "> a\n>\nb\n" * N,
    "nested lists": "".join("  " * level + "- a\n" for level in range(500)),
    "lists in a line": "- " * N + "a",
    "many small lists": "* a\n- b\n" * N,
    "a long list that goes on": "- a\n" * N * 3 + "  b",
    "numbers in a paragraph": "a\n" + "2. b\n" * N * 3,
    "brackets on lines": "[a\n" * N * 3 + "[" + "a" * 100_000,
    "nested emphasis": "*" * N + "a" + "*" * N,
    "mixed emphasis": "*a **b " * N + "c** d* " * N,
    "crossed emphasis": "*a _b " * N + "c* d_ " * N,
    "openers only": "*a " * N,
    "closers only": "a* " * N,
    "unclosed brackets": "[" * N * 3,
    "nested brackets": "[" * N + "a" + "]" * N,
    "unclosed links": "[a](" * N,
    "unclosed link titles": '[a](b "' * N,
    "nested images": "![[" * N,
    "links with blanks": "[a](/b c) " * N,
    "references": "".join(f"[{n}]: /u\n" for n in range(N)) + "[1] " * N,
    "backticks": "".join("`" * n + " " for n in range(200)) + "`a" * N,
    "fences of all lengths": "".join("~" * (500 - n) + "\n" for n in range(497)),
    "angle brackets": "<" * N * 3,
    "unclosed tags": "<a b='" * N,
    "nested elements": "<div>\n" * N + "</div>\n" * N,
    "nested elements with Markdown": '<div markdown="1">\n' * N + "</div>\n" * N,
    "elements without an end": "<p>\n\n" * N + "a <script> <svg> " * N,
    "raw elements without an end": "<script>" * N * 5 + "<svg>" * N * 5,
    "raw elements": "<script>a</script>" * N,
    "unclosed comments": "<!--" * N + "\n\n" + "<!-- a\n\n" * N,
    "comments in lists": "- a\n<!-- b -->\n" * N,
    "many columns": "|a" * N + "|\n" + "|-" * N + "|\n" + "|b|\n" * N,
    "nearly tables": "|a|\n|b\n" * N + "a|b\n---|x\n" * N,
    "footnotes in footnotes": "a[^0]\n"
    + "".join(f"\n[^{n}]: [^{n + 1}] [^{n}]\n" for n in range(N)),
    "marks of one footnote": "[^a]" * N + "\n\n[^a]: b",
    "a long line": "word " * 50_000,
    "long words": "a" * 500_000,
    "many lines": "word\n" * 10_000,
    "spacers": "\\\\\n" * N * 3,
    "spacers between words": "a\n\\\\\n" * N,
    "backslashes": "\\" * N * 5,
    "attribute lists": "{: .a}\n" * N + "{:" * N + '{: a="' * N,
    "attribute names": "{:a: .b}\n" * N + "\n" + "*x*{:a} " * N,
    "contents": "- a\n{:toc}\n\n" * 200 + "# h\n" * N,
    "abbreviations": "".join(f"*[k{n}]: v\n" for n in range(N)) + "k1 k2 " * N,
    "definitions": "a\n: b\n" * N + "".join("  " * n + ": c\n\n" for n in range(300)),
    "unclosed Liquid": "{%" * N * 2 + "{{" * N * 2,
    "unknown Liquid": "{% if a %}{{ b }}" * 10_000,
    "blocks of Liquid": "{% raw %}" * N + "{% comment %}" * N + "{% highlight a %}" * N,
    "formulas": "$$" * N + "\n\n$$a\n\n" * N,
    "entities": "&" * N + "&#" * N + "&amp;" * N,
    "rules and underlines": "a\n---\n" * N + "=\n" * N,
    "blank lines": "\n" * 50_000 + " " * 50_000,
    "indented code": "    a\n\n" * N,
    "controls": "\x00\x0b\x1b\u202e\ufeff\ufffe" * N,
}


@pytest.mark.parametrize("markdown", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_markdown_is_rendered_in_time(markdown: str) -> None:
    """Resolving, stripping, parsing and writing take less than a second together."""
    start = process_time()
    resolve_liquid(markdown, LiquidContext())
    html = to_html(parse(markdown))
    assert process_time() - start < SECONDS
    assert "<!--" not in html


@pytest.mark.parametrize("mark", ["> ", "- ", "*a **b ", "[", "<div>", "1. "])
def test_nesting_has_an_end_and_text_has_none(mark: str) -> None:
    """However deep an author goes, the tree stays shallow and the words are all there."""
    tree = parse(mark * 500 + "deepest")
    depth, level = 0, tree
    while level := tuple(child for node in level for child in node.children):
        depth += 1
    assert depth < 60
    assert "deepest" in to_html(tree)


FRAGMENTS = [
    *"*_`~[]()<>!#-+=|\\{}:$%&;^@.\"'/ \n\t01ax語「」。",
    *("\n\n", "\n- ", "\n    ", "\n> ", "\n1. ", "\n# ", "\n---\n", "\n: ", "\\\\\n"),
    *("***", "**", "```", "\n```\n", "~~~", "$$", "\u2028", "\u3000", "\x00"),
    *("<!--", "-->", "<b>", "</b>", "<div>", "</div>", '<div markdown="1">', "<x y>"),
    *("{%", "%}", "{{", "}}", "{: .a}", "{:toc}", "{:a: .b}\n", "{::comment}", "{:/}"),
    *(
        "[^1]",
        "\n[^1]: ",
        "](http://a.example/b)",
        "![",
        "<http://a.example>",
        "@[TOC]",
    ),
    *("|a|b|\n|-|-|\n", "*[ab]: c\n", "&amp;", "&#x41;", "[a]: /b\n"),
]
TEXTS = st.lists(st.sampled_from(FRAGMENTS), max_size=60).map("".join)
given_text = given(TEXTS | st.text(max_size=200))
often = settings(max_examples=200, deadline=None)


@often
@given_text
def test_any_text_is_parsed(markdown: str) -> None:
    """Any text makes a tree, always the same one, whose lines are lines of the text."""
    reading = read_markdown(markdown)
    lines = len(markdown.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    assert reading == read_markdown(markdown)
    assert all(0 <= node.line <= lines for node in walk(reading.tree))
    assert all(1 <= note.line <= lines for note in reading.notes)


@often
@given_text
def test_any_text_is_written_without_comments(markdown: str) -> None:
    """No comment reaches the HTML, and every heading has an id of its own."""
    tree = parse(markdown)
    assert "<!--" not in to_html(tree)
    ids = [node.id for node in walk(tree) if node.kind is Kind.HEADING]
    assert all(ids)
    assert len(set(ids)) == len(ids)


@often
@given_text
def test_any_text_keeps_its_lines_without_comments(markdown: str) -> None:
    """Each line that stays knows which it was, and they stay in their order."""
    stripped = strip_comments(markdown)
    assert len(stripped.lines) == stripped.text.count("\n") + 1 or not stripped.text
    assert list(stripped.lines) == sorted(set(stripped.lines))
    assert set(stripped.lines) <= set(range(markdown.count("\n") + 1))


@often
@given_text
def test_literal_regions_follow_each_other(markdown: str) -> None:
    """Regions are in order, not empty, and do not overlap."""
    ends = [0]
    for region in literal_regions(markdown):
        assert ends[-1] <= region.start < region.end <= len(markdown)
        ends.append(region.end)


@often
@given(TEXTS)
def test_readers_of_a_line_take_anything(text: str) -> None:
    """Rows, tables, attribute lists, hanging text and abbreviations never fail."""
    row = text.replace("\n", " ")
    assert sum(map(str.isalnum, "".join(split_row(row)))) == sum(map(str.isalnum, row))
    table = read_table(text.split("\n"), may_lack_head=True)
    assert table is None or 0 < table.lines <= text.count("\n") + 1
    assert len(read_attributes(text).classes) <= len(text)
    assert 0 <= hanging_end(text, 0) <= len(text)
    node = Node(kind=Kind.TEXT, text=text)
    marked = mark_abbreviations((node,), {"ab": "c", "*": "d", " x": "e"})
    assert "".join(leaf.text for leaf in walk(marked)) == text


@pytest.mark.parametrize("step", [literal_regions, strip_comments, parse])
def test_nothing_at_all_is_fine(step: Callable[[str], object]) -> None:
    """An empty text is a text."""
    step("")
    step("\n")
