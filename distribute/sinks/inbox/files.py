"""What lies in a folder, a Maildir, a mbox, a file, or comes from standard input.

Which of them it is, is seen by looking. Nothing is moved, marked or deleted: what was
judged before is known by itself.
"""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO, TypeAlias

from distribute.errors import AudienceError
from distribute.sinks.inbox.item import LARGEST, LARGEST_NOTICE, Item, Unread
from distribute.sinks.inbox.mbox import is_start, lines_of, messages_of

STANDARD_INPUT = Path("-")
SUFFIXES = frozenset(
    {".eml", ".json", ".jsonl", ".mbox", ".mbx", ".msg", ".txt", ".mail"}
)
"""Of files that are read in a folder which is no Maildir."""
NOTICES = frozenset({".json", ".jsonl"})
"""Of files that hold what a provider told."""
_MAILDIR = ("new", "cur")
_OUTLOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOOKED_AT = 4096

Found: TypeAlias = Item | Unread
"""Something to read, or why something could not be read."""


def messages_in(path: Path, *, stdin: BinaryIO | None = None) -> Iterator[Found]:
    """Give everything at a path, one at a time, in the order of its names.

    ``-`` is standard input, for which `stdin` has to be given. Raises `AudienceError` if
    there is nothing at the path; whatever else cannot be read is told.
    """
    if path == STANDARD_INPUT:
        if stdin is None:
            raise AudienceError("there is no standard input", hint="Name a file.")
        yield from _stream(stdin, path, "standard input")
    elif path.is_dir():
        yield from _folder(path)
    elif path.exists():
        yield from _file(path, str(path))
    else:
        raise AudienceError(
            f"{path}: there is no such file or folder",
            hint="Name a Maildir, a mbox, a message, a folder of them, or -.",
        )


def _folder(path: Path) -> Iterator[Found]:
    boxes = [path / name for name in _MAILDIR if (path / name).is_dir()]
    if boxes:
        for box in boxes:
            yield from _all_in(box, is_maildir=True)
    else:
        yield from _all_in(path, is_maildir=path.name in _MAILDIR)


def _all_in(folder: Path, *, is_maildir: bool) -> Iterator[Found]:
    try:
        entries = sorted(entry for entry in folder.iterdir() if entry.name[0] != ".")
    except OSError as error:
        yield _unreadable(folder, error)
        return
    left_out = 0
    for entry in entries:
        if not entry.is_dir() and (is_maildir or _is_meant(entry)):
            yield from _file(entry, str(entry))
        else:
            left_out += 1
    if left_out:
        yield Unread(
            path=folder,
            reason=f"{left_out} of what lies here was not read",
            is_meant=True,
            hint=f"Files are read whose names end in {', '.join(sorted(SUFFIXES))}, or "
            "are numbers; name another folder or file to have it read too.",
        )


def _is_meant(file: Path) -> bool:
    return file.suffix.lower() in SUFFIXES or file.name.isdecimal()


def _file(path: Path, name: str) -> Iterator[Found]:
    try:
        if not path.is_file():
            yield _unread(path, "it is no file")
            return
        with path.open("rb") as file:
            yield from _stream(file, path, name)
    except OSError as error:
        yield _unreadable(path, error)


def _stream(file: BinaryIO, path: Path, name: str) -> Iterator[Found]:
    first = file.readline(_LOOKED_AT)
    while first and not first.strip():
        first = file.readline(_LOOKED_AT)
    if first.startswith(_OUTLOOK):
        yield _unread(path, "it is a message in Outlook's own format")
    elif is_start(first):
        messages = messages_of(chain((first,), lines_of(file)))
        for number, data in enumerate(messages, 1):
            yield Item(f"{name}:{number}", data)
    else:
        is_notice = path == STANDARD_INPUT or path.suffix.lower() in NOTICES
        data = first + file.read(LARGEST_NOTICE if is_notice else LARGEST)
        yield _whole(data, path, name, is_mail=not is_notice)


def _whole(data: bytes, path: Path, name: str, *, is_mail: bool) -> Found:
    if not data.strip():
        return _unread(path, "it is empty")
    if is_mail:
        return Item(name, data[:LARGEST])
    if len(data) > LARGEST_NOTICE:
        return _unread(path, f"it has more than {LARGEST_NOTICE} octets")
    return Item(name, data, is_mail=False)


def _unreadable(path: Path, error: OSError) -> Unread:
    return _unread(path, error.strerror or type(error).__name__)


def _unread(path: Path, why: str) -> Unread:
    return Unread(
        path=path,
        reason=f"cannot be read: {why}",
        hint="Save it as a message (.eml) or in a mbox; all others are read.",
    )
