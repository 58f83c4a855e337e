"""The programs whose exports are known, and what their words mean here.

No word makes anybody nearer to receiving than they were there.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

from distribute.audience.intake.column import Column
from distribute.audience.subscriber import Status

NEVER = frozenset({"nonsubscribed", "transactional", "neversubscribed"})
"""Words of status for people who never asked for anything: they are kept out."""
UNDECIDED = frozenset({"enabled"})
"""Words of status that say nothing about who receives; somebody has to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """A program that exports people."""

    name: str
    """As it calls itself; empty for a file of nobody in particular."""
    marks: tuple[frozenset[str], ...] = ()
    """By which columns together its files are known; names as `column.plain` has them."""
    columns: Mapping[str, Column] = field(default_factory=dict)
    """What columns are about whose names would mean nothing, or other things, elsewhere."""
    statuses: Mapping[str, Status] = field(default_factory=dict)
    """What its words for a status mean, besides those that mean the same anywhere."""
    parts: Mapping[str, str] = field(default_factory=dict)
    """Which word of status the names of its files stand for, by how they begin."""
    confirms: bool = True
    """Whether a time of confirmation without one of application was a confirmation."""

    def is_behind(self, names: Collection[str]) -> bool:
        """Tell whether a file with these columns is one of its exports."""
        return any(mark.issubset(names) for mark in self.marks)

    def status(self, word: str) -> Status | None:
        """Say what a word means, written as `column.plain` gives it; `None` if nothing."""
        return self.statuses.get(word) or _COMMON.get(word)

    def part(self, file: str) -> str:
        """Give the word of status for everybody in a file; empty if its name says none."""
        if not self.parts:
            return ""
        name = PurePath(file).name.casefold()
        words = (self.parts[each] for each in self.parts if name.startswith(each))
        return next(words, "")


_COMMON: Mapping[str, Status] = {
    **{status.value: status for status in Status},
    "subscribed": Status.CONFIRMED,
    "active": Status.CONFIRMED,
    "optedin": Status.CONFIRMED,
    "unconfirmed": Status.PENDING,
    "unactivated": Status.PENDING,
    "validating": Status.PENDING,
    "inactive": Status.UNSUBSCRIBED,
    "optedout": Status.UNSUBSCRIBED,
    "optout": Status.UNSUBSCRIBED,
    "cancelled": Status.UNSUBSCRIBED,
    "canceled": Status.UNSUBSCRIBED,
    "archived": Status.UNSUBSCRIBED,
    "deleted": Status.UNSUBSCRIBED,
    "removed": Status.UNSUBSCRIBED,
    "disabled": Status.UNSUBSCRIBED,
    "cleaned": Status.BOUNCED,
    "undeliverable": Status.BOUNCED,
    "hardbounced": Status.BOUNCED,
    "spam": Status.COMPLAINED,
    "complaint": Status.COMPLAINED,
    "blocklisted": Status.SUPPRESSED,
    "blacklisted": Status.SUPPRESSED,
    "blocked": Status.SUPPRESSED,
    "banned": Status.SUPPRESSED,
}

ANY = System(name="")
"""Whatever is not known: a table that somebody made."""

_MAILCHIMP_COLUMNS = [
    "memberrating",
    "optintime",
    "confirmtime",
    "lastchanged",
    "leid",
    "euid",
    "unsubtime",
    "cleantime",
]

SYSTEMS = (
    System(
        name="Mailchimp",
        marks=tuple(
            frozenset({one, other})
            for place, one in enumerate(_MAILCHIMP_COLUMNS)
            for other in _MAILCHIMP_COLUMNS[place + 1 :]
        ),
        parts={
            "unsubscribed_": "unsubscribed",
            "cleaned_": "cleaned",
            "nonsubscribed_": "nonsubscribed",
            "non-subscribed_": "nonsubscribed",
            "sms_only_": "nonsubscribed",
            "archived_": "archived",
        },
        confirms=False,  # it has that time for those as well whom somebody imported
    ),
    System(
        name="listmonk",
        marks=(frozenset({"uuid", "email", "status", "createdat"}),),
        columns={"createdat": Column.JOINED},
    ),
    System(
        name="Buttondown",
        marks=(
            frozenset({"creationdate", "type"}),
            frozenset({"creationdate", "subscribertype"}),
            frozenset({"creationdate", "unsubscriptiondate"}),
            frozenset({"creationdate", "tags", "metadata"}),
        ),
        columns={
            "creationdate": Column.JOINED,
            "type": Column.STATUS,
            "subscribertype": Column.STATUS,
            "ipaddress": Column.ASKED_FROM,
            "unsubscriptiondate": Column.LEFT_AT,
            "undeliverabilitydate": Column.BOUNCED_AT,
            "metadata": Column.ATTRIBUTES,
        },
        statuses={
            **dict.fromkeys(
                [
                    "regular",
                    "premium",
                    "trialed",
                    "gifted",
                    "churning",
                    "churned",
                    "unpaid",
                    "paused",
                    "pastdue",
                    "payingforward",
                ],
                Status.CONFIRMED,
            ),
            "upcoming": Status.PENDING,
            "spammy": Status.SUPPRESSED,
            "malicious": Status.SUPPRESSED,
        },
    ),
    System(
        name="Substack",
        marks=(
            frozenset({"email", "activesubscription"}),
            frozenset({"email", "stripeplan", "startdate"}),
        ),
        columns={"createdat": Column.JOINED, "startdate": Column.JOINED},
    ),
    System(
        name="Ghost",
        marks=(frozenset({"email", "subscribedtoemails"}),),
        columns={"createdat": Column.JOINED, "deletedat": Column.LEFT_AT},
    ),
)


def system_behind(names: Collection[str]) -> System:
    """Tell by its columns which program made a file; `ANY` if none that is known."""
    return next((each for each in SYSTEMS if each.is_behind(names)), ANY)
