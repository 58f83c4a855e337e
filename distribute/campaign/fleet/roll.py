"""Keep the roll of workers: who is there, on what, and how much of it is done.

Nothing depends on it but what people are shown, so it is written beside the work, now and
then, and whoever cannot write leaves it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from distribute.audience.database.postgres.connection import PostgresConnection
from distribute.campaign.campaign import Outcome
from distribute.campaign.fleet.batch import BatchId
from distribute.campaign.fleet.fence import begun

ALIVE = 20_000
"""Milliseconds after its last sign of life in which a worker counts as alive."""
_DAY = 86_400_000
"""Milliseconds for which somebody stays on the roll who is gone."""

_ENROL = """
    INSERT INTO worker (name, host, pid, version, began, seen)
    VALUES (?, ?, ?, ?, server_clock(), server_clock())
"""
_STRIKE = "DELETE FROM worker WHERE name = ?"
_STRIKE_OLD = "DELETE FROM worker WHERE seen < server_clock() - ?"
_SIGN = """
    UPDATE worker SET seen = server_clock(), ended = ?, campaign = ?, batch = ? WHERE name = ?
"""
_SHARE = """
    INSERT INTO worker_share
        (worker, campaign, batches, accepted, deferred, rejected, uncertain, recent)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (worker, campaign) DO UPDATE SET
        batches = excluded.batches, accepted = excluded.accepted,
        deferred = excluded.deferred, rejected = excluded.rejected,
        uncertain = excluded.uncertain, recent = excluded.recent
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A worker, as it is on the roll."""

    name: str
    """As `Hold` and ``batch.holder`` have it: ``host:pid``."""
    host: str
    pid: int
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How the deliveries of one campaign ended that a worker has had in hand."""

    batches: int = 0
    ended: Mapping[Outcome, int] = field(default_factory=dict)
    """Attempts; somebody who was put off and tried again counts twice."""
    recent: int = 0
    """Attempts that ended within the last minute."""


def enrol(connection: PostgresConnection, member: Member) -> None:
    """Write a worker down that begins; one of its name before it is gone."""
    with begun(connection):
        connection.execute(_STRIKE_OLD, (_DAY,))
        connection.execute(_STRIKE, (member.name,))
        row = (member.name, member.host, member.pid, member.version)
        connection.execute(_ENROL, row)


def sign(
    connection: PostgresConnection,
    member: Member,
    current: BatchId | None,
    shares: Mapping[int, Share],
    *,
    ended: bool = False,
) -> bool:
    """Give a sign of life, with what is in hand and what is done, by campaign.

    `ended` says that it is the last one. False for somebody who is not on the roll (any
    more): enrol first.
    """
    campaign, batch = current or (None, None)
    with begun(connection):
        row = (int(ended), campaign, batch, member.name)
        if not connection.execute(_SIGN, row).rowcount:
            return False
        rows = [
            (member.name, campaign, *_columns(share))
            for campaign, share in sorted(shares.items())
        ]
        connection.executemany(_SHARE, rows)
    return True


def _columns(share: Share) -> tuple[int, ...]:
    ended = [share.ended.get(outcome, 0) for outcome in Outcome]
    return share.batches, *ended, share.recent
