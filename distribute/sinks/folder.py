"""Messages as files: one ``.eml`` each, and its envelope beside it as ``.json``.

The very bytes that SMTP would carry, so this is also the dry run. A message is complete
when its ``.eml`` exists: the envelope is written first, and each file appears at once.
"""

import errno
import json
import re
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

from distribute.campaign.campaign import Envelope, Outcome, Receipt
from distribute.errors import (
    DeliveryError,
    PermanentDeliveryError,
    SourceError,
    TransientDeliveryError,
)

MESSAGE_SUFFIX = ".eml"
ENVELOPE_SUFFIX = ".json"
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

    The same delivery again writes the same files again. Files survive a crash of the
    process at any moment; a power cut may take the last few, as with any file not synced.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def folder_of(self, issue: str) -> Path:
        """Say where the messages of an issue go, given its id."""
        return self._folder / _safe(f"issue-{issue}")

    def path_of(self, envelope: Envelope) -> Path:
        """Say where the message of an envelope goes."""
        issue, *inner = envelope.id.split("/")
        path = self.folder_of(issue).joinpath(*map(_safe, inner))
        return path.with_name(path.name + MESSAGE_SUFFIX)

    def send(self, envelope: Envelope, message: bytes) -> Receipt:
        """Write one message and its envelope.

        Raises `TransientDeliveryError` for a full disk and the like, and
        `PermanentDeliveryError` where nothing can be written at all.
        """
        path = self.path_of(envelope)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path.with_suffix(ENVELOPE_SUFFIX), _to_json(envelope))
            _write(path, message)
        except OSError as error:
            raise _failure(error, path) from error
        return Receipt(outcome=Outcome.ACCEPTED, text=str(path))

    def close(self) -> None:
        """Do nothing: every file is closed already."""


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


def _write(path: Path, content: bytes) -> None:
    """Let a file appear with all of its content, or not at all."""
    unfinished = path.with_name(path.name + ".tmp")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise


def _to_json(envelope: Envelope) -> bytes:
    text = json.dumps(asdict(envelope), ensure_ascii=False, indent=2)
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
