"""What is no prose is found, however fast the prose is passed over."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from distribute.render.markdown import literal
from distribute.render.markdown.literal import literal_regions

PIECES = st.sampled_from(
    [
        *("Words ", "\n", "\n\n", "\n- ", "\n1. ", "\n  ", "\n    ", "\n> ", "\n## "),
        *("`", "``", "\n```\n", "\n~~~\n", "$", "$$", "\\", "\\\\\n", "<!--", "-->"),
        *("<b>", "{::comment}", "{:/}", "{{ a }}", "{: .a}", "**", "* ", "\n "),
        "\u3000",
    ]
)


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
@example("- a\n\n      b\nc\n\n      d `e`")
@example("- a\nb\n\n      `c`\n")
@example("a\n\n    `b`\n")
def test_plain_lines_may_be_passed_over(source: str) -> None:
    """The same regions are found where each line is looked at on its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(literal, "_PLAIN_LINES", re.compile(r"(?!)"))
        slowly = literal_regions(source)
    assert literal_regions(source) == slowly


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ("Words\nand `code` and\n\nmore", ["`code`"]),
        ("Words\n\n    code\n\nmore", ["    code\n"]),
        ("Words\n    no code\n", []),
        ("- Words\n\n      code\n\nand\n\n    code\n", ["      code\n", "    code\n"]),
        ("Words\n\\\\\n$5 and <b>\n$$x$$\n", ["$$x$$"]),
        ("Words <!-- a\nb --> and\n", ["<!-- a\nb -->"]),
    ],
)
def test_regions_stand_among_plain_lines(source: str, texts: list[str]) -> None:
    """Code, mathematics and comments are found between lines of text."""
    found = literal_regions(source)
    assert [source[region.start : region.end] for region in found] == texts
