"""Where mail that comes back is fetched from: paths, standard input, an IMAP server."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from distribute.audience.store import Store
from distribute.cli.newsletter.credentials import imap_password
from distribute.config.settings import FILE_NAME, Settings
from distribute.errors import ConfigError
from distribute.sinks.inbox.files import messages_in
from distribute.sinks.inbox.item import Item, Unread


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a mailbox on a server has been read, as the database keeps it."""

    name: str
    value: bytes

    def keep(self, store: Store) -> None:
        """Note it, once what lies before it has been judged."""
        store.note(self.name, self.value)


Found = tuple[Item | Unread, Mark | None]
"""Something to read, or why it cannot be; and how far the server's mailbox is read."""


def everything_at(paths: Sequence[Path]) -> Iterator[Found]:
    """Give what lies at some paths, one after the other; ``-`` is standard input."""
    for path in paths:
        for found in messages_in(path, stdin=sys.stdin.buffer):
            yield found, None


def everything_new(settings: Settings, store: Store) -> Iterator[Found]:
    """Give what has come to the IMAP server since it was read last."""
    from distribute.sinks.inbox.imap import Bookmark, ImapInbox, ImapServer, Security

    imap = settings.bounces.imap
    if imap is None:
        raise ConfigError(
            (f"{settings.folder / FILE_NAME}: [bounces.imap] is missing",),
            hint="Say there host, username, password_env and folder; see the README.",
        )
    server = ImapServer(
        host=imap.host,
        port=imap.port,
        username=imap.username,
        password=imap_password(imap),
        folder=imap.folder,
        security=Security(imap.security),
    )
    name = f"imap bookmark {imap.username} {imap.host} {imap.folder}"
    kept = store.meta(name)
    since = Bookmark(*map(int, kept.split())) if kept else None
    with ImapInbox(server) as inbox:
        for item, bookmark in inbox.messages(since):
            value = f"{bookmark.validity} {bookmark.last}".encode()
            yield item, Mark(name, value)
