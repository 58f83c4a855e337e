"""Carry everything over into another database, and prove that it is there.

Nobody writes to the source meanwhile; who reads goes on. The rows travel in the order of
their keys, a page at a time, each written whole or not at all: so the target itself says
how far it is, and a copy that was killed goes on there. At the end both sides are read
again and summed up. What a copy that went on finds otherwise than in the source, which
may have changed while it was down, is copied once more from the beginning.

Until all is the same the target is marked, and nobody else opens it. From then on nobody
uses the source (`moved`), unless it is to be kept in use.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime

from distribute.audience.database.database import (
    explained,
    is_begun,
    open_database,
    to_text,
)
from distribute.audience.database.marks import UNFINISHED
from distribute.audience.database.place import Place
from distribute.audience.moving.checksum import NOTHING, RunningSum, Sum
from distribute.audience.moving.moved import Moved, moved_from
from distribute.audience.moving.note import Note
from distribute.audience.moving.side import PAGE, Side
from distribute.audience.moving.tables import Table, in_both, with_children
from distribute.audience.store import Store
from distribute.errors import AudienceError, BusyError

Tell = Callable[[str, str, int], object]
"""Hears what was done (``copied`` or ``read``) of which table, with how many rows by now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What has come of it."""

    sums: Mapping[str, Sum]
    """Of each table, the same on both sides; in the order in which they were copied."""
    finished: str
    """When it was complete: ISO 8601, in UTC."""
    is_news: bool = True
    """False if it was complete before, and nothing has changed in the source since."""
    again: Sequence[str] = ()
    """The tables that were copied once more, for the source had changed since."""
    left: Mapping[str, int] = field(default_factory=dict)
    """How many rows there are of what the target has no table for."""
    is_kept: bool = False
    """Whether the source stays in use."""


def copy_store(
    source: Store,
    target: Place,
    *,
    now: datetime,
    refuse: Callable[[], None],
    tell: Tell,
    keep: bool = False,
) -> Copied:
    """Carry everything over from an open store, and close that unless it is to be kept.

    `refuse` raises what speaks against it, once nobody can begin to write any more. Raises
    `AudienceError` for a target that holds anything else, or does not keep what is written.
    """
    here = Side(source.place, source.connection)
    with here.held_still():
        refuse()
        connection = open_database(target, despite=[UNFINISHED])
        with closing(connection), explained(target):
            there = Side(target, connection)
            if here.is_sqlite and not there.is_sqlite:
                here.replace_nul()
            copied, name = _Copying(here, there, now, tell).carry_out(), there.name
        if not keep:
            Moved(to=name, at=to_text(now)).close(here.connection)
        return replace(copied, is_kept=keep)


def copied_before(source: Place, target: Place) -> Copied | None:
    """Tell what came of it if everything was moved there before; else `None`."""
    moved = moved_from(source)
    if moved is None or not is_begun(target):
        return None
    with closing(open_database(target)) as connection, explained(target):
        note = Note.read(connection)
        if note is None or moved.to != Side(target, connection).name:
            return None
    return Copied(sums=note.sums, finished=note.finished, is_news=False)


class _Copying:
    """One run of it; the source is held still."""

    def __init__(self, here: Side, there: Side, now: datetime, tell: Tell) -> None:
        self._here = here
        self._there = there
        self._now = to_text(now)
        self._tell = tell
        self._tables = in_both(here.tables, there.tables)
        self._sums: dict[str, Sum] = {}
        """What has been read from the source, as far as that is known."""

    def carry_out(self) -> Copied:
        note = Note.read(self._there.connection)
        if note is None:
            self._refuse_strangers()
            Note(source=self._here.name, began=self._now).write(self._there.connection)
            return self._finish(self._copy(goes_on=False))
        if note.source != self._here.name:
            raise AudienceError(
                f"{self._there.place} holds a copy of {note.source}",
                hint="Name an empty database.",
            )
        changed = self._changed_since(note) if note.finished else ()
        if note.finished and not changed:
            return self._told(note.finished, is_news=False)
        if changed:
            self._begin_again(note, changed)
        return self._finish({*self._copy(goes_on=True), *changed})

    def _copy(self, *, goes_on: bool) -> Collection[str]:
        """Copy what is missing; gives what has been copied once more."""
        self._fill(self._tables)
        differing = self._differing(self._tables)
        again = with_children(differing, self._tables) if goes_on else ()
        if again:
            self._there.clear(again)
            self._fill(again)
            differing = self._differing(again)
        if differing:
            named = ", ".join(f"{name} ({said})" for name, said in differing.items())
            raise AudienceError(
                f"{self._there.place} does not hold what was written to it: {named}",
                hint="Find out what changes it there, a trigger or a damaged disk; then"
                " begin anew with an empty database.",
            )
        return [table.name for table in again]

    def _fill(self, tables: Sequence[Table]) -> None:
        """Write all rows that come behind the last one that is there."""
        for table in tables:
            last, running = self._there.last_key(table), RunningSum()
            rows = running.of(self._here.rows(table, after=last))
            for count in self._there.write(table, rows):
                self._tell("copied", table.name, count)
            if last is None:
                self._sums[table.name] = running.sum

    def _differing(self, tables: Sequence[Table]) -> Mapping[str, str]:
        """Read both sides, and say of each table that is not the same what is not."""
        differing = {}
        for table in tables:
            ours, theirs = self._sum(table), self._read(self._there, table)
            if ours.rows != theirs.rows:
                differing[table.name] = f"{theirs.rows} rows of {ours.rows}"
            elif ours != theirs:
                differing[table.name] = "other content"
        return differing

    def _sum(self, table: Table) -> Sum:
        if table.name not in self._sums:
            self._sums[table.name] = self._read(self._here, table)
        return self._sums[table.name]

    def _read(self, side: Side, table: Table) -> Sum:
        """Read a table from beginning to end, to sum it up."""
        running = RunningSum()
        for number, _ in enumerate(running.of(side.rows(table)), start=1):
            if not number % PAGE:
                self._tell("read", table.name, number)
        return running.sum

    def _refuse_strangers(self) -> None:
        """Raise `AudienceError` if there is anything in the target that is not a copy."""
        taken = [t.name for t in self._there.tables if self._there.last_key(t)]
        if taken:
            raise AudienceError(
                f"{self._there.place} is not empty: it has rows in {', '.join(taken)}",
                hint="Nothing was changed there. Name an empty database.",
            )

    def _changed_since(self, note: Note) -> Collection[str]:
        """Tell what has changed in the source since the copy was complete."""
        was = note.sums
        return [
            t.name for t in self._tables if self._sum(t) != was.get(t.name, NOTHING)
        ]

    def _begin_again(self, note: Note, changed: Collection[str]) -> None:
        """Clear what has changed in the source, unless somebody uses the target by now."""
        there = self._there
        with there.held_still():
            self._refuse_used(note, changed)
            replace(note, finished="").write(there.connection)
        if there.is_open_elsewhere(beside=self._here):
            note.write(there.connection)
            raise BusyError(
                f"{there.place} is in use: something has it open",
                hint="Nothing was changed there. Stop whatever uses it before the copy is"
                " the last one, such as `serve`, and run again.",
            )
        there.clear(with_children(changed, self._tables))

    def _refuse_used(self, note: Note, changed: Collection[str]) -> None:
        """Raise `AudienceError` if the target is not as it was when it was complete."""
        for table in self._tables:
            there = self._read(self._there, table)
            if there != note.sums.get(table.name, NOTHING):
                raise AudienceError(
                    f"{self._there.place} is in use since the copy, and"
                    f" {self._here.place} has changed too: {', '.join(changed)}",
                    hint="Only one of them can be right, and nothing was changed. Who"
                    " still writes to the old one must be stopped; see what is missing.",
                )

    def _finish(self, again: Collection[str]) -> Copied:
        """Note that it is complete: from now on it may be used."""
        self._there.settle(self._tables)
        Note(
            source=self._here.name,
            began=self._now,
            finished=self._now,
            sums={table.name: self._sum(table) for table in self._tables},
        ).write(self._there.connection)
        return self._told(self._now, again=again)

    def _told(
        self, finished: str, *, is_news: bool = True, again: Collection[str] = ()
    ) -> Copied:
        there = {table.name for table in self._tables}
        left = {
            table.name: self._read(self._here, table).rows
            for table in self._here.tables
            if table.name not in there
        }
        return Copied(
            sums={table.name: self._sum(table) for table in self._tables},
            finished=finished,
            is_news=is_news,
            again=sorted(again),
            left={name: rows for name, rows in left.items() if rows},
        )
