"""Note which text of an edition was sent from when on, so that it is known who got which.

A run sends the texts that it found when it began, whatever becomes of the posts meanwhile.
So a delivery carried the latest text of its edition that was noted before it was opened.
"""

from collections.abc import Mapping
from hashlib import sha256

from distribute.audience.database.connection import Connection
from distribute.editions.edition import Edition
from distribute.posts.post import digest_of

_TEXT_OF = """(
    SELECT p.digest FROM printing AS p
    WHERE p.campaign = {delivery}.campaign AND p.language = {choice}.language
      AND p.since <= {delivery}.opened
    ORDER BY p.since DESC LIMIT 1
)"""
_PRESENT = """
    SELECT p.language, p.digest FROM printing AS p
    WHERE p.campaign = :campaign AND p.since = (
        SELECT max(since) FROM printing
        WHERE campaign = p.campaign AND language = p.language
    )
"""
_LATEST = """
    SELECT coalesce(max(instant), 0) FROM (
        SELECT max(since) AS instant FROM printing WHERE campaign = :campaign
        UNION ALL
        SELECT max(opened) FROM delivery WHERE campaign = :campaign
    ) AS instants
"""
_NOTE = "INSERT INTO printing (campaign, language, since, digest) VALUES (?, ?, ?, ?)"
_FIRST = """
    SELECT language, min(since) FROM printing WHERE campaign = ? GROUP BY language
"""
_TEXTS = "SELECT DISTINCT digest FROM printing WHERE campaign = ? AND language = ?"
_TEXT_AT = """
    SELECT digest FROM printing
    WHERE campaign = (SELECT number FROM campaign WHERE sink = ? AND id = ?)
      AND language = ? AND since <= ?
    ORDER BY since DESC LIMIT 1
"""


def text_digest(edition: Edition) -> str:
    """Stand for what an edition says: its title and its Markdown, 64 hexadecimal digits.

    Neither a template nor a new translation beside it changes that.
    """
    body = edition.post.digest or digest_of(edition.post.body)
    return sha256(f"{edition.title}\0{body}".encode()).hexdigest()


def text_of(delivery: str, choice: str) -> str:
    """Write the SQL that tells which text a delivery carried; NULL if nobody noted it.

    The two are what a query calls the row of the delivery and that of its choice.
    """
    return _TEXT_OF.replace("{delivery}", delivery).replace("{choice}", choice)


def note(
    connection: Connection,
    campaign: int,
    texts: Mapping[str, str],
    now: int,
) -> int:
    """Note, within a transaction, the texts that a run is going to send, by language tag.

    Gives the instant from which on they count: `now`, or right after the last delivery
    where that is later, for somebody may have set the time back. Whatever the run opens
    must not be opened before.
    """
    named = {"campaign": campaign}
    present = dict(connection.execute(_PRESENT, named))
    changed = {tag: text for tag, text in texts.items() if present.get(tag) != text}
    if not changed:
        return now
    latest: int = connection.execute(_LATEST, named).fetchone()[0]
    since = max(now, latest + 1)
    rows = [(campaign, tag, since, text) for tag, text in changed.items()]
    connection.executemany(_NOTE, rows)
    return since


def first_printed(connection: Connection, campaign: int) -> Mapping[str, int]:
    """Tell by language tag since when each edition was there to be sent."""
    return dict(connection.execute(_FIRST, (campaign,)))


def texts_printed(
    connection: Connection, campaign: int, language: str
) -> frozenset[str]:
    """Give all texts of an edition that were there to be sent."""
    rows = connection.execute(_TEXTS, (campaign, language))
    return frozenset(digest for (digest,) in rows)


def text_at(
    connection: Connection,
    language: str,
    opened: int,
    *,
    sink: str,
    campaign: str,
) -> str:
    """Tell which text an attempt carried, by when it was opened; empty if unknown."""
    row = connection.execute(_TEXT_AT, (sink, campaign, language, opened)).fetchone()
    return row[0] if row else ""
