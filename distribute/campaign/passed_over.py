"""Note who was passed over at the last look, and why, within the sender's transaction."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from distribute.campaign.among import Among
from distribute.campaign.choices import choice_number
from distribute.campaign.plan import paused_until

_NOTE = """
    INSERT INTO passed_over (campaign, key, address, choice) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET address = excluded.address, choice = excluded.choice
"""
_NOTE_UNCONFIRMED = """
    INSERT INTO passed_over (campaign, key, address, choice)
    SELECT :campaign, s.key, s.address, reason.value
    FROM subscriber AS s INDEXED BY subscriber_standing
    CROSS JOIN json_each(:reasons) AS reason ON reason.key = s.status
    WHERE s.status <> 'confirmed' AND NOT EXISTS (
        SELECT 1 FROM delivery AS d WHERE d.campaign = :campaign AND d.key = s.key
    )
    ON CONFLICT DO UPDATE SET address = excluded.address, choice = excluded.choice
"""
_NAME_REASON = """
    INSERT INTO choice (number, language, reason) VALUES (?, '', ?) ON CONFLICT DO NOTHING
"""
_PAUSES = """
    SELECT DISTINCT s.paused FROM subscriber AS s INDEXED BY subscriber_standing
    WHERE s.status = 'confirmed' AND s.paused > ?
"""
_NOTE_PAUSED = """
    INSERT INTO passed_over (campaign, key, address, choice)
    SELECT :campaign, s.key, s.address, reason.value
    FROM subscriber AS s INDEXED BY subscriber_standing
    CROSS JOIN json_each(:reasons) AS reason ON reason.key = s.paused
    WHERE s.status = 'confirmed' AND s.paused > '' AND NOT EXISTS (
        SELECT 1 FROM delivery AS d WHERE d.campaign = :campaign AND d.key = s.key
    )
    ON CONFLICT DO UPDATE SET address = excluded.address, choice = excluded.choice
"""
_NOTE_OUTSIDE = """
    INSERT INTO passed_over (campaign, key, address, choice)
    SELECT :campaign, s.key, s.address, :reason
    FROM subscriber AS s INDEXED BY subscriber_standing
    WHERE s.status = 'confirmed' AND coalesce(NOT ({condition}), true) AND NOT EXISTS (
        SELECT 1 FROM delivery AS d WHERE d.campaign = :campaign AND d.key = s.key
    )
    ON CONFLICT DO UPDATE SET address = excluded.address, choice = excluded.choice
"""
_LOOK_AGAIN = "DELETE FROM passed_over WHERE campaign = ?"


def note(
    connection: sqlite3.Connection,
    campaign: int,
    people: Iterable[tuple[str, str, int]],
) -> None:
    """Note some: key, address, and the number of the choice with the reason."""
    connection.executemany(_NOTE, [(campaign, *person) for person in people])


def note_unconfirmed(
    connection: sqlite3.Connection, campaign: int, reasons: Mapping[str, int]
) -> None:
    """Note all who have not confirmed, and whom nobody tried to reach.

    `reasons` has the number of a choice for each status.
    """
    named = {"campaign": campaign, "reasons": json.dumps(dict(reasons))}
    connection.execute(_NOTE_UNCONFIRMED, named)


def note_others(
    connection: sqlite3.Connection, campaign: int, today: date, among: Sequence[Among]
) -> None:
    """Note the confirmed who pause or are not `among` whom it is for, if never tried.

    A pause is a reason before all else, then the first condition that is not met.
    """
    for each in reversed(among):  # the first comes last, and stands
        query = _NOTE_OUTSIDE.replace("{condition}", each.condition)
        reason = _name(connection, each.reason)
        named = {"campaign": campaign, "reason": reason, **each.values}
        connection.execute(query, named)
    days = [day for (day,) in connection.execute(_PAUSES, (today.isoformat(),))]
    if days:
        reasons = {day: _name(connection, paused_until(day)) for day in days}
        noted = {"campaign": campaign, "reasons": json.dumps(reasons)}
        connection.execute(_NOTE_PAUSED, noted)


def _name(connection: sqlite3.Connection, reason: str) -> int:
    """Give a reason its number, as `Ledger.name_choices` does."""
    number = choice_number("", reason)
    connection.execute(_NAME_REASON, (number, reason))
    return number


def look_again(connection: sqlite3.Connection, campaign: int) -> None:
    """Forget all of them: each is to be looked at again."""
    connection.execute(_LOOK_AGAIN, (campaign,))
