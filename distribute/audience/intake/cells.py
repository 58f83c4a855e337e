"""Read single cells: whether, when, on which day."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime

from distribute.audience.intake.column import Column, plain
from distribute.errors import AudienceError

Cells = Mapping[Column, str]
"""The cells of one row; what is not there is no key."""

_YES = frozenset(
    "true yes y t 1 on ja oui sim si sí evet 是 نعم".split()  # noqa: SIM905 - shorter
)
_NO = frozenset(
    "false no n f 0 off nein non não hayır 否 لا".split()  # noqa: SIM905 - shorter
)
_GO_TIME = re.compile(r"([\d-]{10} [\d:.]+) ([+-]\d{4})(?: [\w+-]+)?")
"""How Go writes an instant, and so does listmonk: with the zone's name behind it."""


def happened(cells: Cells, column: Column) -> datetime | bool:
    """Read a cell that says when something happened, or only whether."""
    text = cells.get(column, "")
    if not text or plain(text) in _NO:
        return False
    if plain(text) in _YES:
        return True
    return instant(text, column) or False


def is_true(cells: Cells, column: Column) -> bool:
    """Read a yes or a no; an empty cell is a no."""
    word = plain(cells.get(column, ""))
    if word in _YES:
        return True
    if not word or word in _NO:
        return False
    raise AudienceError(f"{column} {cells[column][:40]!r} is neither yes nor no")


def instant(text: str, column: Column) -> datetime | None:
    """Read a day or an instant (ISO 8601, or as Go has it); without an offset it is UTC."""
    if not text:
        return None
    go = _GO_TIME.fullmatch(text)
    try:
        found = datetime.fromisoformat(go[1] + go[2] if go else text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        shown = unicodedata.normalize("NFKC", text)[:40]
        raise AudienceError(
            f"{column} {shown!r} is not a date: write 2026-11-20"
        ) from None


def day(text: str) -> date | None:
    """Read a day (ISO 8601)."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise AudienceError(
            f"paused_until {text[:40]!r} is not a day: write 2026-11-20"
        ) from None
