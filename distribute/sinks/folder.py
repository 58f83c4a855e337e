"""Messages as files: one ``.eml`` each, and its envelope beside it as ``.json``.

The very bytes that SMTP would carry, so this is also the dry run. A message is complete
when its ``.eml`` exists: the envelope is written first, and each file appears at once.
"""

import errno
import json
import os
import re
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from distribute.campaign.campaign import (
    Envelope,
    Message,
    Outcome,
    Parcel,
    Receipt,
    Turn,
)
from distribute.campaign.message.letter import FOLDER as LETTERS
from distribute.errors import (
    DeliveryError,
    PermanentDeliveryError,
    SourceError,
    TransientDeliveryError,
)

MESSAGE_SUFFIX = ".eml"
ENVELOPE_SUFFIX = ".json"
ROOM = 64
"""Parcels taken at a time: so many share the claim that a caller writes down."""
AT_ONCE = 4
"""Messages let go at a time, as many as SMTP has connections by default."""
_SAFE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}")
"""What stays as it is: no separator, no dot or hyphen in front."""
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")
_PASSING = frozenset(
    {
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EIO,
        errno.EAGAIN,
        errno.EMFILE,
        errno.ENFILE,
        errno.ENOMEM,
        errno.ESTALE,
    }
)
"""Failures that may be over later without a change to the settings."""


class FolderSink:
    """Writes ``<folder>/issue-<n>/<language>/<delivery id>.eml`` and ``.json``.

    What is no issue but a letter to one person goes to ``<folder>/letters/``.
    The same delivery again writes the same files again. Files survive a crash of the
    process at any moment; a power cut may take the last few, as with any file not synced.
    Many are taken at a time and few are let go at a time, so that a crash leaves only
    those few in doubt.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._taken: deque[Parcel] = deque()
        self._ready: set[str] = set()
        self._released: deque[Parcel] = deque()
        self._failure: DeliveryError | None = None
        self._closed = False

    def folder_of(self, issue: str) -> Path:
        """Say where the messages of an issue go, given its id."""
        return self._folder / _safe(f"issue-{issue}")

    def path_of(self, envelope: Envelope) -> Path:
        """Say where the message of an envelope goes."""
        first, *inner = envelope.id.split("/")
        folder = self._folder / first if first == LETTERS else self.folder_of(first)
        path = folder.joinpath(*map(_safe, inner))
        return path.with_name(path.name + MESSAGE_SUFFIX)

    def write(self, envelope: Envelope, message: Message) -> Path:
        """Write one message and its envelope; gives the path of the ``.eml``.

        Raises `TransientDeliveryError` for a full disk and the like, and
        `PermanentDeliveryError` where nothing can be written at all.
        """
        path = self.path_of(envelope)
        try:
            _write(path.with_suffix(ENVELOPE_SUFFIX), (_to_json(envelope),))
            _write(path, message.pieces)
        except OSError as error:
            raise _failure(error, path) from error
        return path

    def room(self) -> int:
        """Count how many parcels more it takes: none until half of them are gone."""
        inside = len(self._taken) + len(self._ready) + len(self._released)
        return ROOM - inside if inside <= ROOM // 2 else 0

    def take(self, parcels: Sequence[Parcel]) -> None:
        """Put parcels in line; raises `PermanentDeliveryError` once it is closed."""
        if self._closed:
            raise PermanentDeliveryError("the sink is closed", hint="Open another.")
        self._taken.extend(parcels)

    def turn(self, wait: float) -> Turn:
        """Write what was released, and make ready the next few; see `write` for errors.

        If there is nothing to do it waits, for nothing can come from anywhere else.
        """
        receipts = self._write_released()
        few = 0 if self._released else AT_ONCE - len(self._ready)
        ready = [self._taken.popleft() for _ in range(min(few, len(self._taken)))]
        self._ready.update(parcel.envelope.id for parcel in ready)
        if not (ready or receipts):
            time.sleep(wait)
        return Turn(ready, receipts)

    def release(self, ready: Sequence[Parcel]) -> None:
        """Let these be written by the next turn."""
        self._ready.difference_update(parcel.envelope.id for parcel in ready)
        self._released.extend(ready)

    def halt(self) -> Turn:
        """Give up: what is not written by now is deferred."""
        why = self._failure.reason if self._failure else "the sending was stopped"
        deferred = Receipt(Outcome.DEFERRED, text=f"not written: {why}")
        receipts = [(parcel, deferred) for parcel in self._released]
        self._taken.clear()
        self._ready.clear()
        self._released.clear()
        return Turn((), receipts)

    def close(self) -> None:
        """Take no more; every file is closed already."""
        self._closed = True

    def _write_released(self) -> list[tuple[Parcel, Receipt]]:
        """Write until something fails, and raise that once there is nothing else to tell.

        So whoever was written before the failure has their receipt.
        """
        receipts: list[tuple[Parcel, Receipt]] = []
        while self._released and not self._failure:
            parcel = self._released[0]
            try:
                path = self.write(parcel.envelope, parcel.message)
            except DeliveryError as error:
                self._failure = error
            else:
                self._released.popleft()
                receipts.append((parcel, Receipt(Outcome.ACCEPTED, text=str(path))))
        if self._failure and not receipts:
            raise self._failure
        return receipts


def read(path: Path) -> tuple[Envelope, bytes]:
    """Read a message and its envelope back, given the path of the ``.eml``.

    Raises `SourceError` if either is missing or the envelope is not one.
    """
    beside = path.with_suffix(ENVELOPE_SUFFIX)
    try:
        message = path.read_bytes()
        envelope = _from_json(beside.read_bytes())
    except OSError as error:
        raise SourceError(
            f"cannot be read: {error.strerror}",
            path=Path(error.filename or path),
            hint="A message is two files: .eml and .json. Send it again to write both.",
        ) from error
    except (ValueError, TypeError) as error:
        raise SourceError(
            f"is not the envelope of a message: {error}",
            path=beside,
            hint="Send the issue to files again to write it anew.",
        ) from error
    return envelope, message


def _write(path: Path, pieces: Sequence[bytes]) -> None:
    """Let a file appear with all of its content, or not at all."""
    unfinished = path.with_name(path.name + ".tmp")
    try:
        with _open_anew(unfinished) as file:
            file.writelines(pieces)
        unfinished.replace(path)
    except OSError:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise


def _open_anew(path: Path) -> BinaryIO:
    """Open a file to write; its folder is made if need be, which is seldom.

    It names somebody and holds links that are theirs: others may not read it.
    """
    try:
        return open(path, "wb", opener=_open_private)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        return open(path, "wb", opener=_open_private)


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _to_json(envelope: Envelope) -> bytes:
    text = json.dumps(envelope._asdict(), ensure_ascii=False, indent=2)
    return f"{text}\n".encode()


def _from_json(content: bytes) -> Envelope:
    values = json.loads(content)
    if not isinstance(values, dict):
        raise TypeError("expected an object")
    expected = {"id": str, "mail_from": str, "rcpt_to": str, "smtputf8": bool}
    for name, kind in expected.items():
        if not isinstance(values.get(name), kind):
            raise TypeError(f"{name} is missing or of the wrong kind")
    return Envelope(**{name: values[name] for name in expected})


def _safe(name: str) -> str:
    """Make one path component; different names never become the same."""
    if _SAFE_NAME.fullmatch(name):
        return name
    kept = _UNSAFE.sub("-", name).strip("-")[:60]
    return f"{kept}-{sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


def _failure(error: OSError, path: Path) -> DeliveryError:
    reason = f"{path}: cannot be written: {error.strerror}"
    if error.errno in _PASSING:
        return TransientDeliveryError(
            reason, hint="Make room on the disk, then run the same command again."
        )
    return PermanentDeliveryError(
        reason, hint="Check who may write to this folder, or choose another one."
    )
