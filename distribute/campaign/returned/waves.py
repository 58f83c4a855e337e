"""Keep count of the mailboxes that are said to be gone, as long as it may be taken back."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import to_milliseconds
from distribute.audience.store import Store
from distribute.audience.subscriber import Status
from distribute.campaign.returned.judge import Decision
from distribute.campaign.returned.record import Record, Subject
from distribute.campaign.returned.report import Report
from distribute.campaign.returned.wave import (
    LEAST,
    SERVER,
    SPAN,
    Wave,
    is_wave,
    server_domain,
)

_FORGET = "DELETE FROM {table} WHERE at < ?"
_NOTE = """
    INSERT INTO told_gone (campaign, key, domain, server, at, status)
    VALUES (?, ?, ?, ?, ?, '') ON CONFLICT (campaign, key) DO NOTHING
"""
_BOUNCED = "UPDATE told_gone SET status = ? WHERE campaign = ? AND key = ?"
_COUNT = "SELECT domain, count(*) FROM told_gone WHERE campaign = ? GROUP BY domain"
_ACCEPTED = """
    SELECT count(DISTINCT d.key) FROM campaign AS c
    JOIN delivery AS d ON d.campaign = c.number
    WHERE c.id = :campaign AND d.state = 'accepted' AND d.key LIKE '%' || :at
"""
_ON_LIST = """
    SELECT count(*) FROM subscriber
    WHERE status IN ('confirmed', 'bounced') AND key LIKE '%' || :at
"""
_FIND = "SELECT source FROM wave WHERE campaign = ? AND source IN (?, ?, ?)"
_KEEP = """
    INSERT INTO wave (campaign, source, at) VALUES (?, ?, ?)
    ON CONFLICT (campaign, source) DO UPDATE SET at = excluded.at
"""
_SERVERS = """
    SELECT DISTINCT server FROM told_gone
    WHERE campaign = ? AND domain = ? AND server <> ''
"""
_OFF = """
    SELECT key, status FROM told_gone
    WHERE campaign = :campaign AND status <> ''
      AND (:source IN ('', domain) OR :source = 'server ' || server)
    ORDER BY key
"""
_REVISE = """
    UPDATE judgement SET decision = ?, reason = ?
    WHERE key = ? AND campaign = ? AND decision = ?
"""
_TAKEN_BACK = "taken back, for so many cannot be gone"
_ALL = ""
"""Stands for all domains together."""


class Waves:
    """Notices waves in an open database, and takes back what came of one before.

    A wave of a domain makes its servers doubted as well, whatever other domain they speak
    for; but those others do not count as waves. All happens within a transaction of the
    caller's.
    """

    def __init__(self, store: Store, connection: Connection) -> None:
        self._store = store
        self._connection = connection
        self._record = Record(connection)
        self._counts: dict[str, Counter[str]] = {}
        self._sizes: dict[tuple[str, str], int] = {}
        self._is_tidy = False
        self.told: list[Wave] = []
        """All that were noticed, the first time each."""

    def hear(
        self, report: Report, subject: Subject, source: str, now: datetime
    ) -> Wave | None:
        """Take in that a mailbox is said to be gone; gives the wave that this belongs to.

        What others lost by that wave before, they get back at once.
        """
        self._tidy(now)
        domain, server = _domain(subject), server_domain(report.server)
        counts = self._note(subject, domain, server, now)
        campaign, by_server = subject.campaign, f"{SERVER}{server}"
        known = (domain, _ALL, by_server)
        row = self._connection.execute(_FIND, (campaign, *known)).fetchone()
        if row:
            self._keep(campaign, row[0], now)
            return self._again(campaign, row[0], counts)
        for place in (domain, _ALL):
            if counts[place] < LEAST:
                continue
            accepted = self._accepted(campaign, place)
            if is_wave(counts[place], accepted):
                wave = Wave(campaign, place, counts[place], accepted)
                return self._begin(wave, source, now)
        return None

    def bounced(self, subject: Subject, status: Status) -> None:
        """Note whom was believed to be gone, and how they stood before."""
        self._connection.execute(_BOUNCED, (status, subject.campaign, subject.key))

    def _tidy(self, now: datetime) -> None:
        """Forget what is too old to be taken back."""
        if not self._is_tidy:
            self._is_tidy = True
            before = (to_milliseconds(now - SPAN),)
            for table in ("told_gone", "wave"):
                self._connection.execute(_FORGET.format(table=table), before)

    def _note(
        self, subject: Subject, domain: str, server: str, now: datetime
    ) -> Counter[str]:
        """Count somebody, once in a campaign."""
        campaign = subject.campaign
        if campaign not in self._counts:
            counts = Counter(dict(self._connection.execute(_COUNT, (campaign,))))
            counts[_ALL] = counts.total()
            self._counts[campaign] = counts
        row = (campaign, subject.key, domain, server, to_milliseconds(now))
        is_new = self._connection.execute(_NOTE, row).rowcount
        self._counts[campaign].update({domain: is_new, _ALL: is_new})
        return self._counts[campaign]

    def _accepted(self, campaign: str, domain: str) -> int:
        """Count who got a campaign; where none is known, who is on the list."""
        place = campaign, domain
        if place not in self._sizes:
            wanted = {"campaign": campaign, "at": f"@{domain}" if domain else ""}
            query = _ACCEPTED if campaign else _ON_LIST
            (size,) = self._connection.execute(query, wanted).fetchone()
            self._sizes[place] = size
        return self._sizes[place]

    def _again(self, campaign: str, source: str, counts: Counter[str]) -> Wave:
        """Give a wave that was noticed before; it is told once by whoever reads mail."""
        same = (w for w in self.told if (w.campaign, w.domain) == (campaign, source))
        known = next(same, None)
        if known is None and source.startswith(SERVER):
            return Wave(campaign, source, 0, 0)
        if known is None:
            accepted = self._accepted(campaign, source)
            known = Wave(campaign, source, counts[source], accepted)
            self.told.append(known)
        return known

    def _begin(self, wave: Wave, source: str, now: datetime) -> Wave:
        """Note a wave and its servers, and take back what came of it so far."""
        campaign, places = wave.campaign, [wave.domain]
        if wave.domain:
            rows = self._connection.execute(_SERVERS, (campaign, wave.domain))
            places += [f"{SERVER}{server}" for (server,) in rows]
        back: dict[str, Status] = {}
        for place in places:
            self._keep(campaign, place, now)
            wanted = {"campaign": campaign, "source": place}
            rows = self._connection.execute(_OFF, wanted)
            back |= {key: Status(status) for key, status in rows}
        self._store.take_back(Status.BOUNCED, back, by=source, now=now)
        self._strike(campaign, tuple(back), now)
        wave = replace(wave, is_new=True, taken_back=frozenset(back))
        self.told.append(wave)
        return wave

    def _strike(self, campaign: str, keys: Sequence[str], now: datetime) -> None:
        """Make strikes of what was believed."""
        connection, strike = self._connection, Decision.STRIKE
        connection.executemany(_BOUNCED, [("", campaign, key) for key in keys])
        connection.executemany(
            _REVISE,
            [(strike, _TAKEN_BACK, key, campaign, Decision.BOUNCED) for key in keys],
        )
        for key in keys:
            self._record.add_strike(key, _TAKEN_BACK, since=now - SPAN, now=now)

    def _keep(self, campaign: str, source: str, now: datetime) -> None:
        self._connection.execute(_KEEP, (campaign, source, to_milliseconds(now)))


def _domain(subject: Subject) -> str:
    return subject.key.rpartition("@")[2]
