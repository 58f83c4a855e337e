"""The column of a finding, by its words."""

from dataclasses import replace
from pathlib import PurePosixPath

from hypothesis import given
from hypothesis import strategies as st

from distribute.checks.place import placed
from distribute.finding import Finding, Severity

PATH = PurePosixPath("posts/a.md")


def about(words: str, line: int = 1) -> Finding:
    """Make a finding about some words."""
    return Finding(
        rule="link-broken",
        severity=Severity.ERROR,
        message="broken",
        path=PATH,
        line=line,
        words=words,
    )


def places(text: str, *findings: Finding) -> list[tuple[int, int]]:
    """Say where findings about a text stand."""
    lines = text.split("\n")
    return [(f.line, f.column) for f in placed(findings, lambda _: lines)]


def test_a_column_counts_characters_from_1() -> None:
    """Not bytes, and not columns of a screen."""
    assert places("数 [a](b)", about("b")) == [(1, 7)]


def test_the_same_words_twice_in_a_line_are_two_places() -> None:
    """The second finding is about the second of them; a third has no place of its own."""
    assert places("x y x", about("x"), about("x")) == [(1, 1), (1, 5)]
    assert places("x y x", *[about("x")] * 3)[-1] == (1, 5)


def test_words_further_down_in_the_paragraph_put_the_line_right() -> None:
    """Some findings know only where their paragraph begins."""
    assert places("one\ntwo x\n\nx", about("x")) == [(2, 5)]


def test_words_of_another_paragraph_are_not_meant() -> None:
    """Then the whole line is."""
    assert places("one\n\nx", about("x")) == [(1, 0)]


def test_what_has_no_words_line_or_file_is_left_alone() -> None:
    """The same finding comes back, also for a line that is not there any more."""
    for finding in (about(""), about("x", line=0), replace(about("x"), column=9)):
        assert list(placed([finding], lambda _: ["x"])) == [finding]
    assert places("", about("x", line=7)) == [(7, 0)]


def test_words_over_several_lines_are_found_by_their_first() -> None:
    """A comment may be as long as it likes."""
    assert places("a <!-- b\nc -->", about("<!-- b\nc -->")) == [(1, 3)]


@given(st.text(), st.text(max_size=5), st.integers(min_value=-1, max_value=9))
def test_where_there_is_a_column_there_are_the_words(
    text: str, words: str, line: int
) -> None:
    """In whatever text."""
    lines = text.split("\n")
    for finding in placed([about(words, line)], lambda _: lines):
        if finding.column:
            first = words.partition("\n")[0]
            there = lines[finding.line - 1][finding.column - 1 :]
            assert there.startswith(first)
