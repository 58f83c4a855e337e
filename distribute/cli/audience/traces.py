"""Where a person may still be found after the database has forgotten them."""

import json
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from distribute.audience.database.place import Place
from distribute.cli.audience.writing import UNFINISHED
from distribute.mailbox import Mailbox
from distribute.sinks.folder import ENVELOPE_SUFFIX, MESSAGE_SUFFIX

_KEEPERS = frozenset(
    {".bak", ".csv", ".db", ".db-wal", ".json", ".jsonl", ".ndjson"}
    | {".sql", ".sqlite", ".sqlite3", ".tsv", ".txt", UNFINISHED}
)
"""How files end in which somebody may keep addresses."""


def traces(folder: Path, mailbox: Mailbox, *, but: Place) -> Iterator[Path]:
    """Find the files of a newsletter that still name somebody.

    Those are the messages to them that lie in files, and lists or copies of the database
    beside the settings; `but` is the database itself.
    """
    words = _words(mailbox)
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in _KEEPERS and path != but and _names(path, words):
            yield path
    for envelope in sorted((folder / "out").rglob(f"*{ENVELOPE_SUFFIX}")):
        message = envelope.with_suffix(MESSAGE_SUFFIX)
        if message.exists() and _names(envelope, words):
            yield from (envelope, message)


def _words(mailbox: Mailbox) -> frozenset[bytes]:
    """Write the address in every way in which a file may have it."""
    forms = {mailbox.key, mailbox.wire_address.casefold()}
    escaped = {json.dumps(form).strip('"') for form in forms}
    return frozenset(form.encode() for form in forms | escaped)


def _names(path: Path, words: Collection[bytes]) -> bool:
    """Look for the words in a file, line by line; their case makes no difference."""
    with suppress(OSError), path.open("rb") as lines:
        return any(word in _folded(line) for line in lines for word in words)
    return False


def _folded(line: bytes) -> bytes:
    return line.decode("utf-8", errors="replace").casefold().encode()
