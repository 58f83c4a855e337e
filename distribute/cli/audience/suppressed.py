"""The list of suppressions, in the database and in its file at once."""

import io
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, TypedDict

from distribute.audience.intake.suppression_list import Listed, read_addresses
from distribute.audience.store import Store
from distribute.audience.subscriber import Status
from distribute.audience.suppression.exchange import SuppressionExchange
from distribute.audience.suppression.file import (
    is_suppressions,
    read_suppressions,
    write_suppressions,
)
from distribute.audience.suppression.suppression import Reason
from distribute.cli.audience.writing import replacing
from distribute.cli.newsletter.heeding import mark_as_read, suppressions_of
from distribute.config.settings import Settings
from distribute.errors import AudienceError, ConfigError
from distribute.mailbox import Mailbox

BY = "audience suppress"
"""What the history of a subscriber says who did it."""
_PEEK = 200


class Answer(TypedDict):
    """What became of one address."""

    address: str
    new: bool
    was: str
    """Where the subscriber stood before; empty if they were none."""


@dataclass(slots=True)
class Counted:
    """What an import did."""

    added: int = 0
    known: int = 0
    taken_off: int = 0
    """Subscribers who get nothing any more because of it."""
    bad: list[tuple[int, str]] = field(default_factory=list)
    """Lines that could not be read, and why."""


class Office:
    """Adds to the list, takes off it, takes lists in and writes ours out."""

    def __init__(self, settings: Settings, store: Store, now: datetime) -> None:
        self.file = settings.suppressions
        self.can_be_shared = bool(settings.key_env)
        """Whether anybody else can have our key, and so read our file."""
        self._store = store
        self._now = now
        self._list = suppressions_of(settings, store)
        self._exchange = SuppressionExchange(self._list)

    @property
    def key_id(self) -> str:
        """What our key is called in public."""
        return self._list.hasher.key_id

    def counts(self) -> Mapping[Reason, int]:
        """Count who is on the list, by reason."""
        return self._list.count()

    def add(self, mailboxes: Sequence[Mailbox], reason: Reason) -> list[Answer]:
        """Put mailboxes on the list, all or none."""
        with self._store.transaction():
            return [self._added(mailbox, reason) for mailbox in mailboxes]

    def remove(self, mailboxes: Sequence[Mailbox]) -> tuple[list[str], bool]:
        """Take mailboxes off the list, and out of its file, which would bring them back.

        Gives the addresses that were on it, and whether the file has changed.
        """
        data = self._kept()
        entries = read_suppressions(data, str(self.file)) if data else ()
        hashes = {m.address: set(self._list.hasher.all_of(m.key)) for m in mailboxes}
        gone = set[bytes]().union(*hashes.values())
        listed = {entry.hash for entry in entries}
        with self._store.transaction():
            found = [
                mailbox.address
                for mailbox in mailboxes
                if self._list.remove(mailbox.key, by=BY, now=self._now)
                or not listed.isdisjoint(hashes[mailbox.address])
            ]
        if listed.isdisjoint(gone) or self.file is None:
            return found, False
        left = [entry for entry in entries if entry.hash not in gone]
        self._write(self.file, write_suppressions(left, self.key_id))
        return found, True

    def take(self, source: str, reason: Reason) -> Counted:
        """Take in a list of ours or of plain addresses, all or nothing; ``-`` is stdin."""
        with closing(_opened(source)) as stream, self._store.transaction():
            before = self._standing()
            head = stream.read(_PEEK)
            stream.seek(0)
            if is_suppressions(head):
                counted = self._take_file(stream.read(), source)
            else:
                counted = self._take_addresses(stream, reason)
            counted.taken_off = before - self._standing()
        return counted

    def written(self) -> bytes:
        """Write the list with everybody who left, bounced or complained."""
        return write_suppressions(self._exchange.give(), self.key_id)

    def export(self, output: Path | None) -> tuple[Path, int]:
        """Write the list to a file; gives the file and how many entries it has."""
        path = output or self.file
        if path is None:
            raise ConfigError(
                ("store.suppressions names no file",), hint="Say which: -o FILE."
            )
        data = self.written()
        self._write(path, data)
        return path, len(read_suppressions(data, str(path)))

    def is_exported(self) -> bool:
        """Tell whether the file says all that the database does; without one, nothing."""
        kept = self._kept()
        return kept == self.written() if kept else not self._exchange.give()

    def _added(self, mailbox: Mailbox, reason: Reason) -> Answer:
        person = self._store.get(mailbox.key)
        day = self._now.date()
        new = self._list.add(mailbox.key, reason, day, by=BY, now=self._now)
        was = str(person.status) if person else ""
        return Answer(address=mailbox.address, new=new, was=was)

    def _take_file(self, data: bytes, source: str) -> Counted:
        entries = read_suppressions(data, source)
        merged = self._exchange.take(entries, by=BY, now=self._now, place=source)
        return Counted(merged.added, merged.entries - merged.added)

    def _take_addresses(self, stream: IO[bytes], reason: Reason) -> Counted:
        counted, day = Counted(), self._now.date()
        for row in read_addresses(stream):
            if not isinstance(row, Listed):
                counted.bad.append((row.line, row.reason))
            elif self._list.add(row.mailbox.key, reason, day, by=BY, now=self._now):
                counted.added += 1
            else:
                counted.known += 1
        return counted

    def _standing(self) -> int:
        """Count those who get the newsletter."""
        return self._store.count().get(Status.CONFIRMED, 0)

    def _kept(self) -> bytes:
        return self.file.read_bytes() if self.file and self.file.exists() else b""

    def _write(self, path: Path, data: bytes) -> None:
        """Write a file that anybody may read, for it says of nobody who they are."""
        with replacing(path, is_private=False) as out:
            out.write(data)
        if path == self.file:
            mark_as_read(self._store, data)


def _opened(source: str) -> IO[bytes]:
    """Open a file, a pipe or stdin, so that it can be read from the start twice."""
    if source == "-":
        return io.BytesIO(sys.stdin.buffer.read())
    path = Path(source)
    try:
        if path.is_fifo():
            return io.BytesIO(path.read_bytes())
        return path.open("rb")
    except OSError as error:
        raise AudienceError(
            f"{source} cannot be read: {error.strerror}",
            hint="Name a file with an address on each line, a CSV with a column email, "
            "or what `audience suppress --export` wrote.",
        ) from error
