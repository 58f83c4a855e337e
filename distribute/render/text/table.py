"""A table as plain text: in columns where there is room, else one record per row."""

from collections.abc import Callable, Sequence

from distribute.render.cjk import joins_lines
from distribute.render.text.wrap import BREAK, as_shown, wrap
from distribute.render.tree import Kind, Node, Tree

_BETWEEN = "  "
_HANGING = "  "


def table_lines(
    table: Node,
    width: int,
    *,
    line: Callable[[Tree], str],
    measure: Callable[[str], int],
) -> list[str]:
    """Write a table; `line` writes the inside of a cell, `measure` counts columns."""
    rows = [row for row in table.children if row.kind is Kind.ROW]
    texts = [
        [line(cell.children).replace(BREAK, " ") for cell in row.children]
        for row in rows
    ]
    count = max(map(len, texts), default=0)
    for cells in texts:
        cells.extend([""] * (count - len(cells)))
    shown = [[as_shown(cell) for cell in cells] for cells in texts]
    widths = [max(map(measure, column)) for column in zip(*shown, strict=True)]
    if sum(widths) + len(_BETWEEN) * (count - 1) > width:
        return _records(rows, texts, width, measure)
    return _columns(rows, shown, widths, measure)


def _columns(
    rows: Sequence[Node],
    texts: Sequence[Sequence[str]],
    widths: Sequence[int],
    measure: Callable[[str], int],
) -> list[str]:
    lines = []
    for number, (row, cells) in enumerate(zip(rows, texts, strict=True)):
        padded = (
            _padded(cell, size - measure(cell), _align(row, column))
            for column, (cell, size) in enumerate(zip(cells, widths, strict=True))
        )
        lines.append(_BETWEEN.join(padded).rstrip())
        if row.head and not any(other.head for other in rows[number + 1 :]):
            lines.append(_BETWEEN.join("-" * max(size, 1) for size in widths))
    return lines


def _records(
    rows: Sequence[Node],
    texts: Sequence[Sequence[str]],
    width: int,
    measure: Callable[[str], int],
) -> list[str]:
    """Write ``name: value`` line by line, an empty line between two rows.

    A value that goes on in the next line hangs, so that names stand out.
    """
    heads = [cells for row, cells in zip(rows, texts, strict=True) if row.head]
    names = heads[-1] if heads else []
    lines: list[str] = []
    for row, cells in zip(rows, texts, strict=True):
        if row.head and len(heads) < len(rows):
            continue
        if lines:
            lines.append("")
        for column, cell in enumerate(cells):
            name = names[column] if names and not row.head else ""
            filled = wrap(_entry(name, cell), width - len(_HANGING), measure)
            lines.extend(filled[:1])
            lines.extend(f"{_HANGING}{line}" for line in filled[1:])
    return lines


def _entry(name: str, cell: str) -> str:
    if not (name and cell):
        return cell
    return f"{name}：{cell}" if joins_lines(name[-1:]) else f"{name}: {cell}"


def _align(row: Node, column: int) -> str:
    return row.children[column].align if column < len(row.children) else ""


def _padded(text: str, missing: int, align: str) -> str:
    if align == "right":
        return " " * missing + text
    if align == "center":
        return " " * (missing // 2) + text + " " * (missing - missing // 2)
    return text + " " * missing
