"""When so many mailboxes are said to be gone at once that it is the teller who errs."""

from dataclasses import dataclass
from datetime import timedelta

LEAST = 20
"""So few mailboxes may be gone at a time, whatever their share."""
SHARE = 4
"""More than one in so many cannot be gone."""
SPAN = timedelta(days=1)
"""What comes within it is looked at together; so long a wave outlasts its last report."""


SERVER = "server "
"""Stands before the domain of servers, whatever domain they speak for."""


@dataclass(frozen=True, slots=True)
class Wave:
    """Many reports of mailboxes that are gone, about one campaign within a day."""

    campaign: str
    """`Campaign.id`; empty where nobody knows what came back."""
    domain: str
    """Of the mailboxes; empty for those of all domains together; or whose servers say so,
    behind `SERVER`."""
    gone: int
    """How many mailboxes are said to be gone."""
    accepted: int
    """How many got the campaign there."""
    is_new: bool = False
    """Whether it is noticed for the first time, not one that goes on."""
    taken_back: frozenset[str] = frozenset()
    """`Mailbox.key` of those who had bounced by it, and stand as before."""

    @property
    def words(self) -> str:
        """Say it in a line."""
        if self.domain.startswith(SERVER):
            host = self.domain.removeprefix(SERVER)
            return f"too many mailboxes are said to be gone by {host}"
        where = f" at {self.domain}" if self.domain else ""
        return f"{self.gone} of {self.accepted} mailboxes{where} are said to be gone"


def is_wave(gone: int, accepted: int) -> bool:
    """Tell whether so many mailboxes of so many cannot all be gone.

    People lose their mailboxes one by one: of a list that is in use a few in a hundred
    within a year, and whoever is gone bounces once and is off the list. But large
    providers have said 5.1.1 of great numbers of living mailboxes, for hours, while a
    directory behind their servers was broken. One wave that is believed costs a
    newsletter its readers, who never learn of it; one that is not believed costs some
    mails to nobody, for a mailbox that is gone says so again at the next issue.
    """
    return gone >= LEAST and SHARE * gone > accepted


def server_domain(host: str) -> str:
    """Give whose server this is, near enough: the end of its name; empty if it has none.

    >>> server_domain("mx1.example.co.uk"), server_domain("gmail-smtp-in.l.google.com")
    ('example.co.uk', 'google.com')
    """
    labels = host.lower().rstrip(".").split(".")
    if len(labels) < 2 or labels[-1].isdigit():
        return ""
    is_under_a_register = len(labels[-1]) == 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3:] if is_under_a_register else labels[-2:])
