"""Heed the list of suppressions before anything is sent, and before anybody joins."""

from datetime import datetime
from hashlib import sha256
from pathlib import Path

from distribute.audience.store import Store
from distribute.audience.suppression.exchange import Merged, SuppressionExchange
from distribute.audience.suppression.file import read_suppressions
from distribute.audience.suppression.suppression import Suppressions, anybody_suppressed
from distribute.cli.invocation import say_aside
from distribute.cli.newsletter.credentials import suppression_hasher
from distribute.config.settings import Settings
from distribute.errors import AudienceError

_SEEN = "suppressions file"
"""Under which name the database keeps the digest of the file as it was last read."""


def suppressions_of(settings: Settings, store: Store) -> Suppressions:
    """Take up the list of suppressions, which keeps people out of the store from now on.

    Raises `ConfigError` or `AudienceError` where a key is missing.
    """
    return store.suppressions(suppression_hasher(settings, store))


def heed_suppressions(settings: Settings, store: Store, now: datetime) -> None:
    """Have the store keep out whom the list names; reads the file if it has changed.

    Raises `AudienceError` if the file is damaged or has a key that we lack: then nobody
    knows whom not to write to. Where nobody is on the list, no key is asked for.
    """
    data = _bytes_of(settings.suppressions)
    digest = sha256(data).digest()
    is_news = bool(data) and store.meta(_SEEN) != digest
    if not is_news and not anybody_suppressed(store.connection):
        return
    suppressions = suppressions_of(settings, store)
    if is_news and settings.suppressions:
        with store.transaction():
            merged = _take(suppressions, data, settings.suppressions, now)
            store.note(_SEEN, digest)
        _tell(merged, settings.suppressions)


def mark_as_read(store: Store, data: bytes) -> None:
    """Note that the file, as it is now, says nothing that the database does not."""
    store.note(_SEEN, sha256(data).digest())


def _take(suppressions: Suppressions, data: bytes, path: Path, now: datetime) -> Merged:
    entries = read_suppressions(data, str(path))
    exchange = SuppressionExchange(suppressions)
    return exchange.take(entries, by=path.name, now=now, place=str(path))


def _tell(merged: Merged, path: Path) -> None:
    if merged.added or merged.taken_off:
        say_aside(
            f"{path}: {merged.added} more must not be written to; "
            f"{merged.taken_off} of the subscribers get nothing any more"
        )


def _bytes_of(path: Path | None) -> bytes:
    """Read the file; empty if there is none."""
    if path is None:
        return b""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise AudienceError(
            f"{path} cannot be read: {error.strerror}",
            hint="It names who must never be written to; see that you may read it.",
        ) from error
