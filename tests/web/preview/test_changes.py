"""A preview says what is new since the last one, in words."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distribute.web.preview.changes import (
    Change,
    Shown,
    compare,
    pieces_of,
    unwrapped,
)


def shown(
    *lines: str, subject: str = "s", preheader: str = "p", size: int = 9
) -> Shown:
    """Say what was shown of an edition."""
    return Shown(subject=subject, preheader=preheader, size=size, lines=lines)


def marked(change: Change) -> list[str]:
    """Write the rows of a comparison with signs around what changed."""
    signs = {"same": "{}", "added": "+{}+", "removed": "-{}-"}
    return [
        "".join(signs[piece.kind].format(piece.text) for piece in row.pieces)
        for row in change.rows
    ]


def test_the_same_has_not_changed() -> None:
    """There is nothing to show then."""
    change = compare(shown("a", "b"), shown("a", "b"))
    assert change == Change()


def test_words_that_came_and_went_stand_in_their_line() -> None:
    """The lines around it are shown too, and a gap for those farther off."""
    change = compare(
        shown("one", "two", "an old line here", "four", "five", "six"),
        shown("one", "two", "a line here", "four", "five", "six"),
    )
    assert marked(change) == ["", "two", "-an old -+a +line here", "four", ""]
    assert (change.added, change.removed) == (1, 2)


def test_lines_that_came_and_went_are_whole() -> None:
    """What is nothing alike is not called a change of the same line."""
    change = compare(shown("completely different"), shown("new words altogether"))
    assert marked(change) == ["+new words altogether+", "-completely different-"]


def test_subject_preheader_and_size_are_compared_too() -> None:
    """Each only where it differs."""
    change = compare(shown(subject="Hello", size=100), shown(subject="Hullo", size=90))
    assert [(p.kind, p.text) for p in change.subject] == [
        ("removed", "Hello"),
        ("added", "Hullo"),
    ]
    assert change.preheader == ()
    assert change.growth == -10


def test_chinese_is_compared_by_the_character() -> None:
    """There are no spaces between its words."""
    pieces = [
        (piece.kind, piece.text) for piece in pieces_of("星星是谁的", "星星都是谁的")
    ]
    assert pieces == [("same", "星星"), ("added", "都"), ("same", "是谁的")]


def test_a_paragraph_that_is_broken_elsewhere_is_the_same() -> None:
    """One more word moves all line ends below it, and says nothing more."""
    first = "The lamps along the harbour road went out at ten to eleven\nand came back."
    second = (
        "The lamps along the harbour road went out at\nten to eleven and came back."
    )
    assert unwrapped(first) == (
        "The lamps along the harbour road went out at ten to eleven and came back.",
    )
    assert unwrapped(second) != unwrapped(first)  # its first line was not full
    wide = "星" * 30
    assert unwrapped(f"{wide}\n星") == (f"{wide}星",)


@pytest.mark.parametrize(
    "start", ["- x", "* x", "3. x", "[2] https://x", "> x", "===="]
)
def test_what_begins_anew_stays_apart(start: str) -> None:
    """Items, references, quotations and rules are lines of their own."""
    line = "A line that is as long as the lines of a text part are"
    assert unwrapped(f"{line}\n{start}") == (line, start)


def test_a_text_that_was_written_anew_is_compared_in_no_time() -> None:
    """A thousand new lines for a thousand old ones."""
    before = shown(*(f"old {n} {n * 7} some words of it" for n in range(1000)))
    after = shown(*(f"new {n} {n * 3} some words of it" for n in range(1000)))
    began = process_time()
    change = compare(before, after)
    assert process_time() - began < 10
    assert change.added >= 3000


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["- a"] * 5000, ["- a"] * 4000 + ["- b"]),
        (["a", "b"] * 3000, ["b", "a", "c"] * 2000),
        ([""] * 20_000, ["", "a"] * 10_000),
        (["word " * 20_000], ["word other " * 10_000]),
    ],
)
def test_what_repeats_itself_is_compared_in_no_time(
    before: list[str], after: list[str]
) -> None:
    """Where every line is like a thousand others, there is nothing to be found out."""
    began = process_time()
    assert compare(shown(*before), shown(*after)).rows
    assert process_time() - began < 10


@given(st.lists(st.text(max_size=30)), st.lists(st.text(max_size=30)))
def test_nothing_is_lost_in_a_comparison(old: list[str], new: list[str]) -> None:
    """What was added and what is the same are lines of the new text, and so for the old."""
    change = compare(shown(*old), shown(*new))
    for row in change.rows:
        kept = [p.text for p in row.pieces if p.kind != "removed"]
        gone = [p.text for p in row.pieces if p.kind != "added"]
        assert not kept or "".join(kept) in new
        assert not gone or "".join(gone) in old
