"""Read the head of a table: which of its columns is about what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from distribute.audience.intake.column import COMMON, Column, plain
from distribute.audience.intake.system import System, system_behind
from distribute.errors import AudienceError

IGNORED = "-"
"""What ``--map`` says of a column that shall not be used."""

Mapped = Mapping[str, Column | None]
"""What somebody said that columns are about, by their names; `None`: nothing."""


@dataclass(frozen=True, slots=True)
class Header:
    """Which cell holds what, and the names that mean nothing to us."""

    system: System
    """The program that made the file."""
    places: Mapping[Column, int]
    unknown: tuple[str, ...]
    width: int

    def cells(self, row: Sequence[str]) -> dict[Column, str]:
        """Name the cells of a row.

        Raises `AudienceError` where there are more than the header has names for.
        """
        if len(row) > self.width and any(cell.strip() for cell in row[self.width :]):
            raise AudienceError(
                f"{len(row)} cells under a header of {self.width}: "
                "a cell with the separator in it needs quotation marks"
            )
        return {
            column: row[place].strip() if place < len(row) else ""
            for column, place in self.places.items()
        }


def read_mapping(pairs: Sequence[str]) -> Mapped:
    """Read ``theirs=ours``, where ours is one of `Column` or ``-``.

    Raises `AudienceError` for anything else.
    """
    found: dict[str, Column | None] = {}
    for pair in pairs:
        theirs, sign, ours = pair.rpartition("=")
        if not sign or not theirs.strip():
            raise AudienceError(
                f"--map {pair!r} has no '='",
                hint="Write --map THEIRS=OURS, as in --map 'Mail of the reader=email'.",
            )
        found[theirs.strip()] = _column(ours.strip())
    return found


def read_header(names: Sequence[str], mapped: Mapped | None = None) -> Header:
    """Recognise the columns by their names, in any order, case and common spelling.

    Raises `AudienceError` where there is no ``email``, two columns are about the same
    thing, or one that was `mapped` is not there.
    """
    mapped = mapped or {}
    _refuse_missing(names, mapped)
    head = place_columns(names, mapped)
    if Column.EMAIL not in head.places:
        raise AudienceError(
            "no column is called email",
            hint="The first line names the columns: email,name,languages,status. "
            "If the addresses have another name, say so: --map THEIRS=email.",
        )
    return head


def place_columns(names: Sequence[str], mapped: Mapped) -> Header:
    """Recognise columns, whether or not there is an ``email`` among them."""
    system = system_behind({plain(name) for name in names})
    places: dict[Column, int] = {}
    unknown = []
    said = {column for column in mapped.values() if column}
    for place, name in enumerate(names):
        column, is_said = _meaning(name, system, mapped)
        if column is None or (column in said and not is_said):
            unknown.append(printable(name.strip()))
        elif column in places:
            first = printable(names[places[column]])
            raise AudienceError(
                f"two columns for {column}: {first!r} and {printable(name)!r}",
                hint="Rename or remove one of them, or leave one out with --map NAME=-.",
            )
        else:
            places[column] = place
    found = tuple(name for name in unknown if name)
    return Header(system, places, found, len(names))


def printable(text: str) -> str:
    """Write a name of theirs so that it can be shown."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text[:60])


def _meaning(name: str, system: System, mapped: Mapped) -> tuple[Column | None, bool]:
    """Say what a column is about, and whether somebody said so."""
    if name.strip() in mapped:
        return mapped[name.strip()], True
    short = plain(name)
    return system.columns.get(short) or COMMON.get(short), False


def _refuse_missing(names: Sequence[str], mapped: Mapped) -> None:
    there = {name.strip() for name in names}
    for name in mapped:
        if name not in there:
            shown = ", ".join(printable(each) for each in names if each.strip())
            raise AudienceError(
                f"no column is called {name!r}", hint=f"There are: {shown}"
            )


def _column(ours: str) -> Column | None:
    if ours == IGNORED:
        return None
    try:
        return Column(ours)
    except ValueError:
        known = [str(column) for column in Column]
        close = get_close_matches(ours, known, n=1)
        guess = f" Did you mean {close[0]}?" if close else ""
        raise AudienceError(
            f"--map: {ours!r} is no column of ours",
            hint=f"Ours are {', '.join(known)}, and - for none.{guess}",
        ) from None
