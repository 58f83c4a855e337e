"""Blocks are found where a line begins, and are those that mistune finds."""

from typing import Any

import mistune
from hypothesis import example, given, settings
from hypothesis import strategies as st

from distribute.render.markdown.blockrules import BlockRules
from distribute.render.markdown.indented import read_indented
from distribute.render.markdown.state import State, Token


class CompleteRules(BlockRules):
    """The same rules, asked at every character and for every item, by mistune."""

    parse = mistune.BlockParser.parse
    parse_list = mistune.BlockParser.parse_list

    def _parse_indent_code_fast(self, state: mistune.BlockState) -> None:
        """Leave indented code to its rule."""


SPECIMENS = """
Words.¦  Words¦**Words** here¦*Words* here¦[Words](/b) and¦(Words)¦123 words¦a | b¦--|--
[^1]: Words¦[Words]: /b¦*[Words]: b¦# Words¦#¦- Words¦* **Words**¦2. Words¦1) Words
  - Words¦-¦---¦===¦***¦* * *¦> Words¦>¦```¦~~~¦    Words¦\tWords¦     ¦\\\\¦\\\\ ¦\\Words
<div>¦</div> Words¦<b>Words</b>¦: Words¦$$¦{: .a}¦^¦@[toc]¦\x0b¦\u3000¦- ¦1. ![](/b)¦
\u0661. Words¦+ 2. Words¦-  [ ] Words¦-     Words¦- Words¦- [Words](/b)¦* Words¦1. Words
"""
LINES = st.sampled_from(SPECIMENS.replace("\n", "¦").split("¦")) | (
    st.text("ab1.)#-=_*+[]()!^:><|`~$@{}\\ \t\u3000\u0661", max_size=8)
)
SOURCES = st.lists(LINES, max_size=12).map("\n".join)
ITEMS = st.sampled_from(
    [
        *("- a", "- [a](/b)", "* **a**", "1. a", "2. a|b", "3) a", "", " ", "a"),
        *("## a", "\\\\", "  a", "- - a", "-", "> - a", "---"),
    ]
)
often = settings(max_examples=200, deadline=None)


def read(rules: BlockRules, source: str) -> tuple[list[Token], dict[str, Any]]:
    """Read the blocks of a source, and what is defined in it."""
    state = State()
    state.process(source.rstrip("\n") + "\n")
    rules.parse(state)
    state.env.pop("__blank_line_starts__", None)
    return [_plain(token) for token in state.tokens], dict(state.env)


def _plain(token: Token) -> Token:
    """Leave out what nobody asks for: the depth of a list, the place of a blank line."""
    if token.get("type") == "blank_line":
        return {"type": "blank_line"}
    token = {key: value for key, value in token.items() if key != "bullet"}
    if token.get("type") == "list":
        attrs = token["attrs"]
        token["attrs"] = {"ordered": attrs["ordered"], "start": attrs.get("start", 1)}
    children = [_plain(child) for child in token.get("children", ())]
    return {**token, "children": children}


@often
@given(SOURCES)
@example("Words\n     \nWords")
@example("<div></div>    Words\n- Words")
@example("a | b\n--|--\nc | d")
@example("\\\\\n\\\\\nWords\n\\\\\n\\\\\n    Words")
def test_any_text_is_read_as_the_complete_rules_read_it(source: str) -> None:
    """What is not asked at every character has the same blocks in the same lines."""
    assert read(BlockRules(), source) == read(CompleteRules(), source)


@often
@given(st.lists(ITEMS, max_size=12).map("\n".join))
@example("- a\n \n- b\n\n\n# c")
@example("- a\n\n- - b")
@example("a\n2. b\n3. c\n")
@example("> - a\n> - b\n\n- c")
def test_any_list_is_read_as_mistune_reads_it(source: str) -> None:
    """A list that is read at once has the items, the tightness and the end it had."""
    assert read(BlockRules(), source) == read(CompleteRules(), source)


@often
@given(st.lists(LINES, max_size=6).map("\n".join))
@example("\n\n\n\tb\n   \t c")
@example("     \n\u3000\n    b\n  c")
def test_indented_code_is_what_mistune_takes_for_it(source: str) -> None:
    """Our rule for indented code takes as much as mistune's, and the same words."""
    tokens = read_by_mistune(f"    a\n{source}")
    code, end = read_indented(f"    a\n{source}", 0)
    assert tokens[0]["raw"] == code
    assert tokens[1:] == read_by_mistune(f"    a\n{source}"[end:])


def read_by_mistune(source: str) -> list[Token]:
    """Read the blocks of a source by mistune's own rules."""
    state = mistune.BlockState()
    state.process(source)
    mistune.BlockParser().parse(state)
    return [_plain(token) for token in state.tokens]
