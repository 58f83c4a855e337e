"""The table of what came back: what was decided, about whom and why, in 80 columns.

Below each stands what the message says, and where it lies. The whole is in ``--json``.
"""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from distribute.campaign.returned.judge import Decision
from distribute.campaign.returned.returns import Judged
from distribute.cli.terminal.heard import heard
from distribute.cli.terminal.report import table
from distribute.render.characters import clean
from distribute.render.text.width import display_width

_HEAD = ("decision", "about", "why")
_WIDTH, _ABOUT, _SAYS, _NAME = 80, 36, 42, 32
"""Columns of a terminal, and characters of cells."""
_BETWEEN = 2
_INDENT = " " * 4


def judged_table(rows: Sequence[tuple[str, Judged]]) -> Iterator[str]:
    """Lay out what was decided; each row is where a message lies, and a report of it."""
    heads = [(_decision(judged), _about(judged)) for _, judged in rows]
    columns = zip(_HEAD[:2], *heads, strict=True)
    left = [max(map(display_width, column)) for column in columns]
    room = _WIDTH - sum(left) - _BETWEEN * len(left)
    cells: list[Sequence[str]] = []
    below: list[str] = []
    for (name, judged), (decision, about) in zip(rows, heads, strict=True):
        first, *more = wrap(clean(judged.reason), room) or [""]
        cells += [(decision, about, first), *(("", "", each) for each in more)]
        below += [*("" for _ in more), _below(name, judged)]
    head, *lines = table(cells, head=_HEAD)
    yield head
    for line, after in zip(lines, below, strict=True):
        yield line
        if after:
            yield after


def _decision(judged: Judged) -> str:
    is_alarm = judged.decision is Decision.ALARM
    return judged.decision.upper() if is_alarm else str(judged.decision)


def _about(judged: Judged) -> str:
    return _cut(clean(judged.key or judged.report.recipient or "-"), _ABOUT)


def _below(name: str, judged: Judged) -> str:
    report = judged.report
    says = heard(report.kind, report.status, report.text)
    said = f"{judged.campaign}, {says}" if judged.campaign else says
    where = _cut_before(" ".join(clean(name).split()), _NAME)
    said = _cut(" ".join(clean(said).split()), _SAYS)
    return f"{_INDENT}{said}{' ' * _BETWEEN}{where}"


def _cut(text: str, size: int) -> str:
    return text if len(text) <= size else f"{text[: size - 1]}…"


def _cut_before(text: str, size: int) -> str:
    return text if len(text) <= size else f"…{text[1 - size :]}"
