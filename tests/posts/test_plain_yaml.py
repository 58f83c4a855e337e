"""Front matter that is read at once."""

from pathlib import PurePath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.errors import FrontMatterError
from distribute.posts.plain_yaml import MAX_LENGTH, read_plain
from distribute.posts.strict_yaml import read_strictly

PATH = PurePath("posts/a.md")
USUAL = """\
title: "Rivers #5: what they carry"
author: ada
excerpt: 'It\u2019s "about" rivers'
modified:
# a note
tags: [water, long walks, 5, true]

issue: 5
draft: false
date: 2026-01-02 10:00:00 +0100
image:
  thumb: rivers.png
  feature:
ref: ~
"""


def test_usual_front_matter() -> None:
    """Words, numbers, flags, one list in a line, and keys below a key."""
    head = read_plain(USUAL)
    assert head is not None
    assert head.values == {
        "title": "Rivers #5: what they carry",
        "author": "ada",
        "excerpt": 'It\u2019s "about" rivers',
        "modified": None,
        "tags": ["water", "long walks", 5, True],
        "issue": 5,
        "draft": False,
        "date": "2026-01-02 10:00:00 +0100",
        "image": {"thumb": "rivers.png", "feature": None},
        "ref": None,
    }
    assert (head.lines["title"], head.lines["issue"]) == (1, 8)
    assert head == read_strictly(USUAL, path=PATH)


@pytest.mark.parametrize(
    "odd",
    [
        "a: b: c",
        "a: b #c",
        "a: b\u00a0#c",
        "a: 'it''s'",
        'a: "tab\\t"',
        "a: 1\na: 2",
        "a: b\n  c: d",
        "a:\n  b: 1\n   c: 2",
        "a:\n  b:\n    c: 1",
        "a:\n  - b",
        "a: [b, [c]]",
        "a: [b,]",
        "a: |\n  b",
        "a: *b",
        "a: !!str b",
        "a: -1",
        "a:\tb",
        "a: b\u2028c: d",
        "a: \ud800",
        "a: \ufeffb",
        "just words",
        "a: " + "b" * MAX_LENGTH,
    ],
)
def test_what_is_not_plain_is_left_to_others(odd: str) -> None:
    """Not even a guess at what may be meant otherwise than it looks."""
    assert read_plain(odd) is None


_LINES = st.sampled_from(
    [
        *("title: a", "title: a ", "tags: [x, y z, 1]", "tags: [ ]", "tags: [x:y]"),
        *("image:", "  thumb: x.png", "  thumb: 'y'", "   deep: 1", "issue: 05"),
        *("x: a#b", "x: a #b", "", " ", "# c", "  # c", "x: null", "y: TRUE", "- a"),
        *("k: |", "k: C# is", "é: 1", "k:v", "k : v", "on: on", "null: 2", "..."),
        *("---", "x: a, b]", "u: http://x/y#z"),
    ]
)
_PIECES = st.sampled_from(
    [
        *"ab:# \n'\"[],{}~-?*&!%@`|>=<\t\\",
        *(": ", " #", "\n  ", "\n- ", "''", "true", "12", "---"),
        *("\xa0", "\u2028", "\u3000", "\x85", "\ufeff", "\U0001f600"),
    ]
)


@settings(max_examples=200, deadline=None)
@given(
    text=st.lists(_LINES, max_size=6).map("\n".join)
    | st.lists(_PIECES, max_size=10).map(lambda parts: "k: " + "".join(parts))
)
def test_it_is_read_as_the_complete_way_reads_it(text: str) -> None:
    """The same values in the same order, on the same lines, and nothing odd about them."""
    head = read_plain(text)
    if head is None:
        return
    try:
        strict = read_strictly(text, path=PATH)
    except FrontMatterError as error:
        raise AssertionError(f"{text!r} is no YAML") from error
    assert repr(head) == repr(strict)
