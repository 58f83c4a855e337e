"""Note who was passed over at the last look, and why, within the sender's transaction."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from distribute.audience.database.connection import Connection
from distribute.campaign.plan.among import Among
from distribute.campaign.plan.choices import choice_number
from distribute.campaign.plan.plan import paused_until

_NOTE = """
    INSERT INTO passed_over (campaign, key, address, choice) VALUES (?, ?, ?, ?)
    ON CONFLICT (campaign, key)
        DO UPDATE SET address = excluded.address, choice = excluded.choice
"""
_NOTE_UNCONFIRMED = """
    WITH reason (standing, choice) AS (VALUES {reasons})
    INSERT INTO passed_over (campaign, key, address, choice)
    SELECT :campaign, s.key, s.address, reason.choice
    FROM subscriber AS s INDEXED BY subscriber_standing
    CROSS JOIN reason ON reason.standing = s.status
    WHERE s.status <> 'confirmed' AND NOT EXISTS (
        SELECT 1 FROM delivery AS d WHERE d.campaign = :campaign AND d.key = s.key
    )
    ON CONFLICT (campaign, key)
        DO UPDATE SET address = excluded.address, choice = excluded.choice
"""
_NAME_REASON = """
    INSERT INTO choice (number, language, reason) VALUES (?, '', ?) ON CONFLICT DO NOTHING
"""
_PAUSES = """
    SELECT DISTINCT s.paused FROM subscriber AS s INDEXED BY subscriber_standing
    WHERE s.status = 'confirmed' AND s.paused > ?
"""
_NOTE_PAUSED = """
    WITH reason (until, choice) AS (VALUES {reasons})
    INSERT INTO passed_over (campaign, key, address, choice)
    SELECT :campaign, s.key, s.address, reason.choice
    FROM subscriber AS s INDEXED BY subscriber_standing
    CROSS JOIN reason ON reason.until = s.paused
    WHERE s.status = 'confirmed' AND s.paused > '' AND NOT EXISTS (
        SELECT 1 FROM delivery AS d WHERE d.campaign = :campaign AND d.key = s.key
    )
    ON CONFLICT (campaign, key)
        DO UPDATE SET address = excluded.address, choice = excluded.choice
"""
_NOTE_OUTSIDE = """
    INSERT INTO passed_over (campaign, key, address, choice)
    SELECT :campaign, s.key, s.address, :reason
    FROM subscriber AS s INDEXED BY subscriber_standing
    WHERE s.status = 'confirmed' AND coalesce(NOT ({condition}), true) AND NOT EXISTS (
        SELECT 1 FROM delivery AS d WHERE d.campaign = :campaign AND d.key = s.key
    )
    ON CONFLICT (campaign, key)
        DO UPDATE SET address = excluded.address, choice = excluded.choice
"""
_LOOK_AGAIN = "DELETE FROM passed_over WHERE campaign = ?"


def note(
    connection: Connection,
    campaign: int,
    people: Iterable[tuple[str, str, int]],
) -> None:
    """Note some: key, address, and the number of the choice with the reason."""
    connection.executemany(_NOTE, [(campaign, *person) for person in people])


def note_unconfirmed(
    connection: Connection, campaign: int, reasons: Mapping[str, int]
) -> None:
    """Note all who have not confirmed, and whom nobody tried to reach.

    `reasons` has the number of a choice for each status.
    """
    _note_by(connection, _NOTE_UNCONFIRMED, campaign, reasons)


def note_others(
    connection: Connection, campaign: int, today: date, among: Sequence[Among]
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
    reasons = {day: _name(connection, paused_until(day)) for day in days}
    _note_by(connection, _NOTE_PAUSED, campaign, reasons)


def _note_by(
    connection: Connection, query: str, campaign: int, reasons: Mapping[str, int]
) -> None:
    """Note those of whom something is a reason, each with the number for theirs."""
    if not reasons:
        return
    marks = ", ".join(f"(:why_{i}, :choice_{i})" for i in range(len(reasons)))
    named: dict[str, str | int] = {"campaign": campaign}
    for i, (why, choice) in enumerate(reasons.items()):
        named |= {f"why_{i}": why, f"choice_{i}": choice}
    connection.execute(query.replace("{reasons}", marks), named)


def _name(connection: Connection, reason: str) -> int:
    """Give a reason its number, as `Ledger.name_choices` does."""
    number = choice_number("", reason)
    connection.execute(_NAME_REASON, (number, reason))
    return number


def look_again(connection: Connection, campaign: int) -> None:
    """Forget all of them: each is to be looked at again."""
    connection.execute(_LOOK_AGAIN, (campaign,))
