"""Note who was passed over at the last look, and why, within the sender's transaction."""

import json
import sqlite3
from collections.abc import Iterable, Mapping

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


def look_again(connection: sqlite3.Connection, campaign: int) -> None:
    """Forget all of them: each is to be looked at again."""
    connection.execute(_LOOK_AGAIN, (campaign,))
