"""See who works, on what and how fast; and who has fallen silent."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from distribute.audience.database.postgres.connection import PostgresConnection
from distribute.campaign.fleet.progress import Hand
from distribute.campaign.fleet.roll import ALIVE
from distribute.campaign.fleet.speed import Sign, Speed

_REMEMBERED = 120_000
"""Milliseconds for which one is missed that has nothing in hand any more."""

# By the clock as it was when the look began: to count millions takes a while, in which
# nobody's signs of life are seen.
_WORKERS = """
    SELECT w.name, w.host, w.pid, w.version, w.began, w.seen,
           greatest(CAST(extract(epoch FROM now()) * 1000 AS BIGINT) - w.seen, 0) AS silence, c.id, w.campaign, w.batch,
           b.number IS NOT NULL AS is_held,
           coalesce(s.ended, 0), coalesce(s.recent, 0),
           coalesce(s.ended_here, 0), coalesce(s.recent_here, 0)
    FROM worker AS w
    LEFT JOIN campaign AS c ON c.number = w.campaign
    LEFT JOIN batch AS b ON b.campaign = w.campaign AND b.number = w.batch
        AND b.holder = w.name AND b.state = 'held'
    LEFT JOIN LATERAL (
        SELECT sum(accepted + deferred + rejected + uncertain) AS ended,
               sum(recent) AS recent,
               sum(accepted + deferred + rejected + uncertain)
                   FILTER (WHERE campaign = :campaign) AS ended_here,
               sum(recent) FILTER (WHERE campaign = :campaign) AS recent_here
        FROM worker_share WHERE worker = w.name
    ) AS s ON 1 = 1
    WHERE w.ended = 0
      AND (w.seen > CAST(extract(epoch FROM now()) * 1000 AS BIGINT) - :remembered OR b.number IS NOT NULL)
    ORDER BY w.name
"""


class Crew(NamedTuple):
    """Who works, as one campaign sees them."""

    alive: Sequence[Hand]
    missing: Sequence[Hand]
    """Who has been silent for longer than the living are, and has not signed off."""
    per_second: float | None
    """Attempts that end in this campaign; None: not known yet."""


class Hands:
    """Looks at them again and again, and so learns how fast they are."""

    def __init__(self, connection: PostgresConnection) -> None:
        self._connection = connection
        self._speeds: dict[tuple[str, int | None], Speed] = {}

    def look(self, campaign: int, *, is_steady: bool) -> Crew:
        """See who is there; `is_steady` says that there was work for the last minute."""
        found = self._found(campaign, is_steady=is_steady)
        alive = [hand for hand, _ in found if hand.silence <= ALIVE]
        speeds = [
            speed
            for hand, speed in found
            if not hand.is_silent and (speed is not None or hand.is_at_this)
        ]
        return Crew(
            alive=alive,
            missing=[hand for hand, _ in found if hand.silence > ALIVE],
            per_second=_sum(speeds, is_steady=is_steady) if alive else 0.0,
        )

    def _found(
        self, campaign: int, *, is_steady: bool
    ) -> Sequence[tuple[Hand, float | None]]:
        """Find the workers, each with its speed in this campaign."""
        named = {"campaign": campaign, "remembered": _REMEMBERED}
        rows = self._connection.execute(_WORKERS, named).fetchall()
        found = []
        for *row, ended, recent, ended_here, recent_here in rows:
            hand = _hand(row, campaign)
            overall = self._speed(hand, None, (ended, recent))
            here = self._speed(hand, campaign, (ended_here, recent_here))
            rates = [
                None if hand.is_silent else speed.per_second(is_steady=is_steady)
                for speed in (overall, here)
            ]
            found.append((replace(hand, per_second=rates[0]), rates[1]))
        return found

    def _speed(self, hand: Hand, campaign: int | None, told: tuple[int, int]) -> Speed:
        """Note what a worker tells, of one campaign or of all."""
        speed = self._speeds.setdefault((hand.name, campaign), Speed())
        is_idle = hand.batch is None if campaign is None else not hand.is_at_this
        ended, recent = map(int, told)
        speed.note(Sign(hand.began, hand.seen, ended, recent, is_idle))
        return speed


def _sum(speeds: Sequence[float | None], *, is_steady: bool) -> float | None:
    """Add up speeds; one that is not known yet matters little where work goes on."""
    known = [speed for speed in speeds if speed is not None]
    if known and (is_steady or len(known) == len(speeds)):
        return sum(known)
    return None


def _hand(row: Sequence[Any], campaign: int) -> Hand:
    name, host, pid, version, began, seen, silence, id_, number, batch, is_held = row
    if silence > ALIVE and not is_held:  # somebody else has taken it up
        id_ = number = batch = None
    return Hand(
        name=name,
        host=host,
        pid=pid,
        version=version,
        began=began,
        seen=seen,
        silence=silence,
        campaign=id_ or "",
        batch=batch,
        is_at_this=number == campaign,
        per_second=None,
    )
