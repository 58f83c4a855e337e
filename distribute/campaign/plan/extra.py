"""Campaigns beside the one that sends an issue: for a late edition, or for a correction.

They are for some people alone, who are invited when such a campaign begins, in the same
transaction: who changes their wishes or the ledger later joins nobody to it. To find them
takes seconds, in which everybody else may write; so they are gathered before, and those
are invited who are still on the list.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import insert_rows
from distribute.audience.subscriber import Status
from distribute.campaign.plan.choices import Choices
from distribute.campaign.plan.survey import Standing
from distribute.language import Language

_EXTRA = re.compile(r"\.(?:late-(?P<late>[A-Za-z0-9-]+)|correction-[0-9a-f]{8})$")
_ALL = "SELECT number, id FROM campaign WHERE sink = ? ORDER BY number"
_CLEAR = "DROP TABLE IF EXISTS guest"
_GUESTS = """
    CREATE TEMPORARY TABLE guest AS SELECT key, language FROM invited WHERE 1 = 0
"""
"""Of this connection alone; its columns are as those of the table it is made after."""
_INVITE = """
    INSERT INTO invited (campaign, key, language)
    SELECT CAST(? AS BIGINT), guest.key, guest.language FROM guest
    JOIN subscriber AS s ON s.key = guest.key AND s.status = 'confirmed'
"""
_INVITES = "UPDATE campaign SET invites = 1 WHERE number = ?"
_SAY = "INSERT INTO correction (campaign, language, words) VALUES (?, ?, ?)"
_SAID = "SELECT language, words FROM correction WHERE campaign = ? ORDER BY language"


@dataclass(frozen=True, slots=True)
class Begun:
    """A campaign of an issue that has begun at some sink."""

    number: int
    id: str
    late: str = ""
    """Language tag of the late edition it is for, if it is for one."""

    @property
    def corrects(self) -> bool:
        """Whether it sends a correction."""
        return ".correction-" in self.id


def late_id(issue_campaign: str, language: Language) -> str:
    """Name the campaign that sends a late edition: ``issue-5.late-es``."""
    return f"{issue_campaign}.late-{language.tag}"


def correction_id(
    issue_campaign: str, words: Mapping[str, str], texts: Mapping[str, str]
) -> str:
    """Name the campaign that sends a correction, by its words and the texts it sends.

    Both are by language tag; the same words about the same texts go on with it.
    """
    said = sorted((tag, words[tag], texts[tag]) for tag in words)
    digest = sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
    return f"{issue_campaign}.correction-{digest[:8]}"


def issue_campaign(campaign: str) -> str:
    """Name the campaign of the issue itself: ``issue-5`` for ``issue-5.late-es``."""
    found = _EXTRA.search(campaign)
    return campaign[: found.start()] if found else campaign


def begun_campaigns(
    connection: Connection, *, sink: str, issue_campaign: str
) -> Iterator[Begun]:
    """List the campaigns of an issue in the order in which they began at a sink."""
    for number, id_ in connection.execute(_ALL, (sink,)).fetchall():
        if id_ == issue_campaign:
            yield Begun(number, id_)
        elif id_.startswith(issue_campaign):
            found = _EXTRA.fullmatch(id_, len(issue_campaign))
            if found:
                yield Begun(number, id_, found["late"] or "")


def gather(connection: Connection, people: Iterable[tuple[str, str]]) -> None:
    """Note whom to invite, for `invite` on this connection; nobody is kept from writing.

    Each with `Mailbox.key` and the tag of the edition that they are to get.
    """
    connection.execute("BEGIN")
    try:
        connection.execute(_CLEAR)
        connection.execute(_GUESTS)
        insert_rows(connection, "guest", ("key", "language"), people)
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise


def invite(connection: Connection, campaign: int) -> None:
    """Invite who was gathered, within the transaction in which a campaign begins.

    Not who has left the list since then.
    """
    connection.execute(_INVITE, (campaign,))
    connection.execute(_INVITES, (campaign,))
    connection.execute(_CLEAR)


def say(connection: Connection, campaign: int, words: Mapping[str, str]) -> None:
    """Note the words of a correction by language tag, within that transaction."""
    connection.executemany(_SAY, [(campaign, *each) for each in words.items()])


def said(connection: Connection, campaign: int) -> Mapping[str, str]:
    """Give the words of a correction by language tag."""
    return dict(connection.execute(_SAID, (campaign,)))


def invitations(
    people: Iterable[Standing], choices: Choices
) -> Iterator[tuple[str, str]]:
    """Decide who is invited: key and language tag, also of those who pause.

    The people are as `distribute.campaign.ledger.due.Due.everybody` streams them.
    """
    for person in people:
        if person.status == Status.CONFIRMED and not person.outside:
            edition = choices.of(person.languages, person.only_these).language
            if edition is not None:
                yield person.key, edition.tag
