"""One thing that lay in an inbox: octets, and a name that people find it by."""

from dataclasses import dataclass, field
from pathlib import Path

LARGEST = 1024 * 1024
"""Octets of a message that are read: what it reports stands at its beginning, and behind
that a copy of what was sent."""
LARGEST_NOTICE = 32 * 1024 * 1024
"""Octets of a file with what a provider told, which is no use without its end."""


@dataclass(frozen=True, slots=True)
class Item:
    """A message or a notification, as it lay there."""

    name: str
    """Where it lies: ``Maildir/new/1700000000.M1.host``, ``mbox:3``, ``imap INBOX 12``."""
    data: bytes = field(repr=False)
    is_mail: bool = True
    """Whether it can only be a message. A provider's notification is believed without a
    proof, so that nothing which anybody may send is ever taken for one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """Something that lay in an inbox and was not read."""

    path: Path
    reason: str
    hint: str
    is_meant: bool = False
    """Whether that is as it should be, as with files of other kinds in a folder."""

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"
