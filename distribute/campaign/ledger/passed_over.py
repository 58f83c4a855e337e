"""Note who was passed over at the last look, and why, within the caller's transaction.

On a server a worker does so beside the sender. All go through people in the order of their
keys, and through reasons in that of their numbers, so that no two hold each other up.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import engine_of
from distribute.campaign.ledger.history import UNTRIED
from distribute.campaign.plan.among import Among
from distribute.campaign.plan.choices import choice_number
from distribute.campaign.plan.plan import paused_until

_NOTE = """
    INSERT INTO passed_over (campaign, key, address, choice) VALUES (?, ?, ?, ?)
    ON CONFLICT (campaign, key)
        DO UPDATE SET address = excluded.address, choice = excluded.choice
"""
_NOTE_UNCONFIRMED = f"""
    WITH reason (standing, choice) AS (VALUES {{reasons}})
    INSERT INTO passed_over (campaign, key, address, choice)
    SELECT :campaign, s.key, s.address, reason.choice
    FROM subscriber AS s INDEXED BY subscriber_standing
    CROSS JOIN reason ON reason.standing = s.status
    WHERE s.status <> 'confirmed' AND {UNTRIED}
    ORDER BY s.key
    ON CONFLICT (campaign, key)
        DO UPDATE SET address = excluded.address, choice = excluded.choice
"""  # noqa: S608 - all of it is ours
_NAME_REASON = """
    INSERT INTO choice (number, language, reason) VALUES (?, '', ?) ON CONFLICT DO NOTHING
"""
_PAUSES = """
    SELECT DISTINCT s.paused FROM subscriber AS s INDEXED BY subscriber_standing
    WHERE s.status = 'confirmed' AND s.paused > ?
"""
_NOTE_OTHERS = f"""
    WITH pause (until, choice) AS (VALUES {{pauses}})
    INSERT INTO passed_over (campaign, key, address, choice)
    SELECT :campaign, s.key, s.address, CASE
        WHEN s.paused > :paused_after
            THEN (SELECT pause.choice FROM pause WHERE pause.until = s.paused)
        {{outside}}
    END
    FROM subscriber AS s INDEXED BY subscriber_standing
    WHERE s.status = 'confirmed' AND (s.paused > :paused_after {{or_outside}})
      AND {UNTRIED}
    ORDER BY s.key
    ON CONFLICT (campaign, key)
        DO UPDATE SET address = excluded.address, choice = excluded.choice
"""  # noqa: S608 - all of it is ours
_OUTSIDE = "coalesce(NOT ({condition}), true)"
_LOOK_AGAIN = "DELETE FROM passed_over WHERE campaign = ?"
_TAKE_IN_ORDER = """
    SELECT count(*) FROM (
        SELECT key FROM passed_over WHERE campaign = ? ORDER BY key FOR UPDATE
    ) AS taken
"""


def note(
    connection: Connection,
    campaign: int,
    people: Iterable[tuple[str, str, int]],
) -> None:
    """Note some: key, address, and the number of the choice with the reason."""
    connection.executemany(_NOTE, [(campaign, *person) for person in sorted(people)])


def note_unconfirmed(
    connection: Connection, campaign: int, reasons: Mapping[str, int]
) -> None:
    """Note all who have not confirmed, and whom nobody tried to reach.

    `reasons` has the number of a choice for each status.
    """
    if reasons:
        marks, named = _table("why", reasons)
        query = _NOTE_UNCONFIRMED.replace("{reasons}", marks)
        connection.execute(query, {"campaign": campaign, **named})


def note_others(
    connection: Connection, campaign: int, today: date, among: Sequence[Among]
) -> None:
    """Note the confirmed who pause or are not `among` whom it is for, if never tried.

    A pause is a reason before all else, then the first condition that is not met.
    """
    after = today.isoformat()
    days = [day for (day,) in connection.execute(_PAUSES, (after,)).fetchall()]
    if not (days or among):
        return
    reasons = [each.reason for each in among]
    _name(connection, [*map(paused_until, days), *reasons])
    pauses = {day: choice_number("", paused_until(day)) for day in days}
    marks, named = _table("pause", pauses or {"": 0})
    named |= {"campaign": campaign, "paused_after": after}
    outside, or_outside = [], []
    for i, each in enumerate(among):
        unmet = _OUTSIDE.replace("{condition}", each.condition)
        outside.append(f"WHEN {unmet} THEN :outside_{i}")
        or_outside.append(f"OR {unmet}")
        named |= {f"outside_{i}": choice_number("", each.reason), **each.values}
    query = _NOTE_OTHERS.replace("{pauses}", marks)
    query = query.replace("{outside}", " ".join(outside))
    connection.execute(query.replace("{or_outside}", " ".join(or_outside)), named)


def _table(name: str, rows: Mapping[str, int]) -> tuple[str, dict[str, str | int]]:
    """Write the rows of a table of values, and give the values by their names."""
    marks = ", ".join(f"(:{name}_{i}, :{name}_choice_{i})" for i in range(len(rows)))
    named: dict[str, str | int] = {}
    for i, (why, choice) in enumerate(rows.items()):
        named |= {f"{name}_{i}": why, f"{name}_choice_{i}": choice}
    return marks, named


def _name(connection: Connection, reasons: Iterable[str]) -> None:
    """Give reasons their numbers, as `Ledger.name_choices` does."""
    named = {(choice_number("", reason), reason) for reason in reasons}
    connection.executemany(_NAME_REASON, sorted(named))


def look_again(connection: Connection, campaign: int) -> None:
    """Forget all of them: each is to be looked at again."""
    if engine_of(connection) == "postgresql":
        connection.execute(_TAKE_IN_ORDER, (campaign,)).fetchone()
    connection.execute(_LOOK_AGAIN, (campaign,))
