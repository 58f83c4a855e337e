"""Everyday text read at once: the same as by all the rules, or not at all."""

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.render.markdown.inline import read_all_spans, read_spans
from distribute.render.markdown.plainspans import plain_spans
from distribute.render.markdown.state import State
from distribute.render.tree import Kind, Node, Tree, walk

PLAIN = [
    "words",
    "two words, a_b and 5 ! $1 ~ {x} R&amp;D",
    "\\\\\nwords",
    "a [link](/u) and *more* **words**",
    "***both*** __strong__ _em_ `code` ` x `.",
    "**[*link*](https://example.org/a_(b)?c=1&amp;d#e)**, [](/u)",
    '[a](/u "a (title) &amp; more"), ![](p "\u8bed")',
    "![a *picture*](p_q.png)\n[1] words\n[over\ntwo lines](/u)",
    "两行，\n**文字**「*引用*」了",
    "[blanks ](/u) \nand *ends*  \n[ of lines](/u)",
    "forced  \nbreaks\\\nof all\\\\ \nkinds\n\\\\\n*end*",
]
NOT_PLAIN = [
    "a\\*b",
    "<b>a</b>",
    "$$a$$",
    "~~a~~",
    "a\u2028b",
    "[a](/u 't')",
    '[a]( "t")',
    "[^1]",
    "*a*{: .b}",
    "``a``",
    "5 * 3",
    "*a",
    "a*",
    "*a **b* c**",
    "****a****",
    "![a\nb](/u)",
    "[a [b](/u)](/v)",
    "**「*a*」**",
]


@pytest.mark.parametrize("text", PLAIN)
def test_everyday_text_is_plain(text: str) -> None:
    """What authors write most is read at once, and as the complete rules read it."""
    assert plain_spans(text, 3, has_references=False) == read_all_spans(text, 3, env())


@pytest.mark.parametrize("text", NOT_PLAIN)
def test_other_text_is_left_to_the_rules(text: str) -> None:
    """What is rare, or could be read in two ways, is not read here."""
    assert plain_spans(text, 3, has_references=False) is None
    assert read_spans(f"\n {text} ", 2, env()) == read_all_spans(text, 3, env())


def test_brackets_are_text_where_nothing_is_defined() -> None:
    """Without references a bracket is a bracket; with them it may begin a link."""
    assert plain_spans("a [b] c", 1, has_references=False) == (
        Node(kind=Kind.TEXT, text="a [b] c"),
    )
    assert plain_spans("a [b] c", 1, has_references=True) is None
    assert plain_spans("a [b](/c)", 1, has_references=True) is not None
    reference = env(references={"B": {"url": "/c"}})
    assert Kind.LINK in kinds(read_spans("a [b] c", 1, reference))


MARKS = [
    *"*_`~[]()!<>$&{}\\\n\t .,「」，语한éa1",
    *("**", "***", "__", "``", "$$", "~~", "  \n", "\\\n", "\\\\\n", "\n\\\\\n"),
    *("](", "](/u)", "](/a_(b)*c)", "](/u v)", '](/u "t")', "](<u>)", "![", "[^1]"),
    *('[a](/u "b")', ' "c (d) &amp;")', '](  "e")'),
    *("{:", "{: .a}", "<b>", "</b>", "<http://a.example>", "\u2028", "\xa0", "\u3000"),
    *("&amp;", "&#32;", "&#x8bed;", "\\*", "\\[", "[ a", "a ](/u)", "snake_case"),
    *("[a](/u)", "![a](/u)", "**b**", "*c*", "_d_", "`e`", "[1]", "[*a* b\nc](/u)"),
]
TEXTS = st.sets(st.sampled_from(MARKS), max_size=8).flatmap(
    lambda marks: st.lists(st.sampled_from([*sorted(marks), "w", " "]), max_size=16)
)


@settings(max_examples=200, deadline=None)
@given(TEXTS.map("".join), st.booleans())
def test_both_ways_agree(text: str, has_references: bool) -> None:  # noqa: FBT001 - hypothesis gives it
    """Whatever is read at once, the complete rules read in the same way."""
    text = text.strip(" \r\n\t\f")
    references = {"A": {"url": "/r"}, "W": {"url": "/r"}} if has_references else {}
    plain = plain_spans(text, 7, has_references=has_references)
    if plain is not None:
        assert plain == read_all_spans(text, 7, env(references))


HOSTILE = {
    "brackets": "[a" * 20_000,
    "closed brackets": "[a] " * 20_000,
    "unclosed links": "[a](" * 20_000,
    "parentheses": "[a](" + "(" * 50_000,
    "links on lines": "[a](/b)\n" * 5_000,
    "runs": "*a " * 20_000,
    "pairs": "*a* " * 10_000,
    "underscores": "a" + "_" * 50_000,
    "underscores in words": "a_" * 20_000,
    "backticks": "`a" * 20_001,
    "backslashes": "\\" * 50_000,
    "spacers": "\\\\\n" * 10_000 + "\\",
    "blanks": "a" + " " * 50_000 + "\n" * 50_000 + "b",
    "dollars": "a$ " * 20_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_told_in_time(text: str) -> None:
    """Reading it, or finding that it is not plain, takes time in step with its length."""
    start = process_time()
    plain_spans(text, 1, has_references=False)
    assert process_time() - start < 0.5


def env(references: dict[str, dict[str, str]] | None = None) -> dict[str, object]:
    """Make what a text defines for all its blocks: references, and nothing else."""
    return {**State().env, "ref_links": references or {}}


def kinds(tree: Tree) -> set[Kind]:
    """Collect the kinds of the nodes in a tree."""
    return {node.kind for node in walk(tree)}
