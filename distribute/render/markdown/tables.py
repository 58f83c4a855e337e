"""Tables as GitHub and kramdown write them, read line by line."""

import re
from dataclasses import dataclass

_DELIMITER = re.compile(r"[+|: \t-]*-[+|: \t-]*")
_FOOTER = re.compile(r"[+|: \t=]*=[+|: \t=]*")
_CELL_RULE = re.compile(r"(:?)-+(:?)")
_PIECE = re.compile(r"(\\.)|(`+)|(\|)|[^\\`|]+|\\", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: cells as Markdown; `line` counts from 0 in the table."""

    cells: tuple[str, ...]
    head: bool
    line: int


@dataclass(frozen=True, slots=True)
class Table:
    """Rows, what each column aligns to (left, center, right or ""), lines it took."""

    rows: tuple[Row, ...]
    aligns: tuple[str, ...]
    lines: int


def read_table(lines: list[str], *, may_lack_head: bool) -> Table | None:
    """Read the table that the first lines are, if they are one.

    A row of dashes under the first rows makes them the head. Without one it is a table
    only if every row begins and ends with a pipe, and only where `may_lack_head`: a lone
    ``a | b`` is text.
    """
    taken = _taken(lines)
    rules = [number for number, line in enumerate(taken) if _is_rule(line)]
    first_rule = next((number for number in rules if number), 0)
    if not first_rule:
        if not may_lack_head or not all(map(_is_framed, taken)) or not taken:
            return None
    elif not _fits(taken, first_rule):
        return None
    skipped = {*rules}
    rows = tuple(
        Row(split_row(line), number < first_rule, number)
        for number, line in enumerate(taken)
        if number not in skipped
    )
    aligns = _aligns(taken[first_rule]) if first_rule else ()
    return Table(rows, aligns, len(taken)) if rows else None


def split_row(line: str) -> tuple[str, ...]:
    r"""Split a row at the pipes that are neither escaped nor inside a code span.

    >>> split_row("| a `x|y` | b\\|c |")
    ('a `x|y`', 'b|c')
    """
    cells = [""]
    pieces = list(_PIECE.finditer(line.strip()))
    codes = _code_spans(pieces)
    for index, piece in enumerate(pieces):
        if piece[0] == "\\|":
            cells[-1] += "|"
        elif piece[3] and not codes[index]:
            cells.append("")
        else:
            cells[-1] += piece[0]
    if len(cells) > 1 and not cells[0].strip():
        del cells[0]
    if len(cells) > 1 and not cells[-1].strip():
        del cells[-1]
    return tuple(cell.strip() for cell in cells)


def _code_spans(pieces: list[re.Match[str]]) -> list[bool]:
    """Tell for each piece whether it lies inside a code span."""
    last = {piece[2]: index for index, piece in enumerate(pieces) if piece[2]}
    inside = []
    opened = ""
    for index, piece in enumerate(pieces):
        if opened:
            inside.append(True)
            opened = "" if piece[2] == opened else opened
        else:
            inside.append(False)
            opened = piece[2] if piece[2] and last[piece[2]] > index else ""
    return inside


def _taken(lines: list[str]) -> list[str]:
    taken: list[str] = []
    for line in lines:
        if not (_has_pipe(line) or (taken and "+" in line and _is_rule(line))):
            break
        taken.append(line)
    return taken


def _has_pipe(line: str) -> bool:
    return any(piece[3] for piece in _PIECE.finditer(line)) if "|" in line else False


def _is_rule(line: str) -> bool:
    text = line.strip()
    return bool(_DELIMITER.fullmatch(text) or _FOOTER.fullmatch(text))


def _is_framed(line: str) -> bool:
    text = line.strip()
    return text.startswith("|") and text.endswith("|") and len(text) > 2


def _fits(taken: list[str], rule: int) -> bool:
    """Tell whether a row of dashes belongs to the row above it."""
    head = split_row(taken[rule - 1])
    delimiters = re.split(r"[|+]", taken[rule].strip().strip("|+"))
    framed = _is_framed(taken[0]) and "|" in taken[rule]
    return framed or ("|" in taken[rule] and len(head) == len(delimiters))


def _aligns(rule: str) -> tuple[str, ...]:
    words = {("", ""): "", (":", ""): "left", ("", ":"): "right", (":", ":"): "center"}
    return tuple(words[left, right] for left, right in _CELL_RULE.findall(rule))
