"""Tables: what is one, and where its cells end."""

import pytest

from distribute.render.markdown.parse import parse
from distribute.render.markdown.tables import read_table, split_row
from distribute.render.tree import Kind, plain_text, walk


def table(markdown: str) -> list[list[str]]:
    """Give the texts of the cells, row by row."""
    rows = (node for node in walk(parse(markdown)) if node.kind is Kind.ROW)
    return [[plain_text((cell,)) for cell in row.children] for row in rows]


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        ("| a | b |", ("a", "b")),
        ("a|b", ("a", "b")),
        ("|a||b|", ("a", "", "b")),
        ("|a\\|b|", ("a|b",)),
        ("|`a|b`|c|", ("`a|b`", "c")),
        ("|`a|b|", ("`a", "b")),
        ("|``a|`b``|c|", ("``a|`b``", "c")),
        ("|", ("",)),
    ],
)
def test_a_row_is_split_at_its_pipes(row: str, cells: tuple[str, ...]) -> None:
    """Pipes that are escaped or in code do not end a cell."""
    assert split_row(row) == cells


@pytest.mark.parametrize(
    ("markdown", "rows"),
    [
        ("|a|b|\n|-|-|\n|c|d|", [["a", "b"], ["c", "d"]]),
        ("a | b\n--- | ---\nc | d", [["a", "b"], ["c", "d"]]),
        ("|a|\n|:-:|", [["a"]]),
        ("|a|b|\n|c|d|", [["a", "b"], ["c", "d"]]),
        ("|---|\n|a|\n|---|\n|b|\n|===|\n|c|", [["a"], ["b"], ["c"]]),
        ("|a|b|\n|-|-|\n|c|\n|d|e|f|", [["a", "b"], ["c"], ["d", "e", "f"]]),
        ("words\n|a|b|\n|-|-|\n|c|d|", [["a", "b"], ["c", "d"]]),
        ("- |a|b|\n  |-|-|\n  |c|d|", [["a", "b"], ["c", "d"]]),
        ("> |a|\n> |-|\n> |b|", [["a"], ["b"]]),
        ("|a|\n|-+-|\n|b|", [["a"], ["b"]]),
    ],
)
def test_tables(markdown: str, rows: list[list[str]]) -> None:
    """A row of dashes makes a table, and so do rows that are framed in pipes."""
    assert table(markdown) == rows


@pytest.mark.parametrize(
    "markdown",
    [
        "a | b",
        "- a | b\n- c | d",
        "a | b\nc | d",
        "words\n|a|b|",
        "| a sentence",
        "| a\n| b",
        "a | b\n---",
        "a | b\n--- | --- | ---",
        "`a | b`\n`c | d`",
    ],
)
def test_a_pipe_alone_is_text(markdown: str) -> None:
    """Running text with pipes never becomes a table."""
    tree = parse(markdown)
    assert not [node for node in walk(tree) if node.kind is Kind.TABLE]
    assert plain_text(tree).count("|") == markdown.split("\n---")[0].count("|") + (
        markdown.count("--- | ---") * 2
    )


def test_alignment_and_head() -> None:
    """Colons align a column; what stands above the dashes is the head."""
    found = read_table(["|a|b|c|d|", "|:-|-:|:-:|-|", "|e|f|g|h|"], may_lack_head=False)
    assert found is not None
    assert found.aligns == ("left", "right", "center", "")
    assert [row.head for row in found.rows] == [True, False]
