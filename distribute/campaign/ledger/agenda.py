"""What shall be sent without anybody calling for it: appointments, and what was begun.

Each sink has an agenda of its own. An appointment stands until the issue has been sent to
all whom it was made for, or somebody calls it off.
"""

from collections.abc import Mapping

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import (
    Handle,
    explained,
    from_milliseconds,
    from_text,
    transaction,
)
from distribute.audience.database.place import Place
from distribute.campaign.custody.handed import is_complete, is_with_workers
from distribute.campaign.plan.turn import Appointment, Course
from distribute.editions.wall_time import WallTime

_MAKE = """
    INSERT INTO appointment (sink, issue, at, said, segment, forced, workers)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (sink, issue) DO UPDATE SET at = excluded.at, said = excluded.said,
        segment = excluded.segment, forced = excluded.forced, workers = excluded.workers
"""
_CALL_OFF = "DELETE FROM appointment WHERE sink = ? AND issue = ?"
_APPOINTMENTS = """
    SELECT issue, at, said, segment, forced, workers
    FROM appointment WHERE sink = ? ORDER BY issue
"""
_PURSUE = """
    UPDATE campaign SET pursued = :segment WHERE sink = :sink AND id = :campaign
    AND (CAST(:segment AS TEXT) IS NULL OR pursued IS NULL OR pursued <> '')
"""
_SERVED = """
    UPDATE campaign SET pursued = NULL
    WHERE sink = :sink AND id = :campaign AND pursued = :segment
"""
_COURSE = """
    SELECT started, finished, pursued FROM campaign WHERE sink = ? AND id = ?
"""
_IS_DEFERRED = """
    SELECT 1 FROM delivery AS d INDEXED BY delivery_due
    WHERE d.campaign = (SELECT number FROM campaign WHERE sink = ? AND id = ?)
      AND d.due > 0 AND d.due <= ? LIMIT 1
"""


class Agenda(Handle):
    """The agenda of one sink. Every method raises `AudienceError` as a `Handle` does."""

    def __init__(self, place: Place, sink: str) -> None:
        super().__init__(place)
        self._sink = sink

    def make(self, issue: str, appointment: Appointment) -> None:
        """Make an appointment for an issue, in the place of the one that it has."""
        time, forced = appointment.time, " ".join(sorted(appointment.forced))
        said = (time.at.isoformat(), time.said, appointment.segment, forced)
        row = (self._sink, issue, *said, int(appointment.for_workers))
        with explained(self.place), transaction(self._connection):
            self._connection.execute(_MAKE, row)

    def call_off(self, issue: str) -> bool:
        """Take an appointment back; tells whether there was one."""
        with explained(self.place), transaction(self._connection):
            cursor = self._connection.execute(_CALL_OFF, (self._sink, issue))
        return cursor.rowcount > 0

    def appointments(self) -> Mapping[str, Appointment]:
        """Give all appointments, by the id of the issue."""
        with explained(self.place):
            rows = self._connection.execute(_APPOINTMENTS, (self._sink,)).fetchall()
        return {
            issue: Appointment(
                time=WallTime(from_text(at), said),
                segment=segment,
                forced=frozenset(forced.split()),
                for_workers=bool(workers),
            )
            for issue, at, said, segment, forced, workers in rows
        }

    def course(self, campaign: str) -> Course | None:
        """Tell how far a campaign is; `None` if it has not begun."""
        with explained(self.place):
            row = self._connection.execute(_COURSE, (self._sink, campaign)).fetchone()
        if row is None:
            return None
        started, finished, pursued = row
        ended = None if finished is None else from_milliseconds(finished)
        return Course(from_text(started), ended, pursued)

    def is_with_workers(self, campaign: str) -> bool:
        """Tell whether a campaign was handed over to workers, and they are not done."""
        with explained(self.place):
            return is_with_workers(self._connection, sink=self._sink, campaign=campaign)

    def is_handed_over(self, campaign: str) -> bool:
        """Tell whether workers have all of a campaign that they were to have."""
        with explained(self.place):
            return is_complete(self._connection, sink=self._sink, campaign=campaign)

    def has_deferred(self, campaign: str, now: int) -> bool:
        """Tell whether the time of somebody has come again who was put off.

        `now` is in milliseconds since 1970.
        """
        with explained(self.place):
            wanted = (self._sink, campaign, now)
            return self._connection.execute(_IS_DEFERRED, wanted).fetchone() is not None


def pursue(
    connection: Connection, segment: str | None, *, sink: str, campaign: str
) -> None:
    """Note for whom to go on with a campaign; see `Course`. Nothing if it never began.

    Where it is for everybody it stays so: whoever serves a segment meanwhile leaves the
    others to whom they were left before.
    """
    names = {"segment": segment, "sink": sink, "campaign": campaign}
    connection.execute(_PURSUE, names)


def served(connection: Connection, segment: str, *, sink: str, campaign: str) -> None:
    """Note that those have been served for whom to go on with a campaign.

    Nothing if it goes on for others than these.
    """
    names = {"segment": segment, "sink": sink, "campaign": campaign}
    connection.execute(_SERVED, names)
