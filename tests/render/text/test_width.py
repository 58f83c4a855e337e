"""How wide a text is on a screen."""

import re
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wcwidth import wcswidth, wcwidth

from distribute.render.text.width import ONE_COLUMN, TWO_COLUMNS, display_width

PLAIN = re.compile(f"[\u00a0{ONE_COLUMN}{TWO_COLUMNS}]*")


@pytest.mark.parametrize(("characters", "columns"), [(ONE_COLUMN, 1), (TWO_COLUMNS, 2)])
def test_what_is_taken_for_granted_is_so(characters: str, columns: int) -> None:
    """Of a character of which we say how wide it is, wcwidth says the same."""
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    found = re.findall(f"[{characters}]", every)
    assert len(found) > 1000
    assert {wcwidth(each) for each in found} == {columns}


@given(st.from_regex(PLAIN, fullmatch=True))
@settings(max_examples=100, deadline=None)
def test_they_are_as_wide_together_as_apart(text: str) -> None:
    """None of them joins with another."""
    assert display_width(text) == wcswidth(text)


@pytest.mark.parametrize(
    ("text", "columns"), [("e\u0301", 1), ("星\u200d", 2), ("👩‍🚀", 2), ("क्षि", 2)]
)
def test_what_joins_is_as_wide_as_it_is_shown(text: str, columns: int) -> None:
    """Marks take no column of their own."""
    assert display_width(text) == columns
