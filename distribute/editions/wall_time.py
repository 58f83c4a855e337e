"""Read what a clock on the wall will show: ``2026-12-01 09:00 Europe/Berlin``.

Clocks are put forward and back. A time that is left out, or comes twice, is decided as
RFC 5545 section 3.3.5 has it for calendars, and said.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_WALL_TIME = re.compile(
    r"(?P<day>\d{4}-\d\d?-\d\d?)"
    r"(?:(?:T|\s+)(?P<hour>\d\d?):(?P<minute>\d\d)(?::(?P<second>\d\d))?)?"
    r"(?:\s*(?P<offset>[+-]\d\d:?\d\d)|\s*(?P<utc>Z|UTC|GMT)"
    r"|\s+(?P<zone>[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*))?",
    re.ASCII,
)
_YEARS = range(1900, 9000)


@dataclass(frozen=True, slots=True)
class WallTime:
    """An instant, as somebody said it."""

    at: datetime
    """Aware, with the offset from UTC that the zone has then, rather than the zone.

    Python holds times that come twice for unequal to any other (PEP 495).
    """
    said: str
    """With the zone, and without needless blanks."""
    remark: str = ""
    """What was decided about a time that is left out or comes twice; empty for others."""


def parse_wall_time(text: str, *, zone: tzinfo, hour: time) -> WallTime:
    """Read a day, or a day and a time, in its own zone or else in `zone`.

    A day alone is at `hour`. Raises `ValueError` with what is wrong.

    >>> said = parse_wall_time("2026-12-01 9:00 Europe/Berlin", zone=UTC, hour=time())
    >>> said.at.isoformat()
    '2026-12-01T09:00:00+01:00'
    """
    match = _WALL_TIME.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a time such as 2026-12-01 09:00")
    day, clock = _day(match["day"], text), hour
    if match["hour"]:
        clock = _clock(match, text)
    meant = _zone(match, zone)
    wall = datetime.combine(day, clock)
    said = wall.isoformat(" ", "seconds" if wall.second else "minutes")
    return _decided(wall, meant, f"{said} {_name(meant)}")


def _decided(wall: datetime, zone: tzinfo, said: str) -> WallTime:
    """Find the instant at which a clock shows this, the first one if there are two."""
    first, second = (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    before, after = first.utcoffset(), second.utcoffset()
    at = _fixed(first)
    if before == after or before is None or after is None:
        return WallTime(at, said)
    if before > after:
        remark = f"{said} comes twice, for clocks are put back: the first one is meant"
        return WallTime(at, said, remark)
    shown = at.astimezone(zone)
    same_day = shown.date() == wall.date()
    instead = shown.strftime("%H:%M" if same_day else "%Y-%m-%d %H:%M")
    remark = (
        f"{said} does not exist, for clocks are put forward: "
        f"it is {instead} that is meant"
    )
    return WallTime(_fixed(shown), said, remark)


def _fixed(instant: datetime) -> datetime:
    """Put an offset from UTC in the place of a zone."""
    return instant.astimezone(timezone(instant.utcoffset() or timedelta()))


def _day(text: str, whole: str) -> date:
    try:
        day = date(*map(int, text.split("-")))
    except ValueError as error:
        raise ValueError(f"{whole!r}: there is no such day") from error
    if day.year not in _YEARS:
        raise ValueError(f"{whole!r}: that year is too far away")
    return day


def _clock(match: re.Match[str], text: str) -> time:
    try:
        return time(int(match["hour"]), int(match["minute"]), int(match["second"] or 0))
    except ValueError as error:
        raise ValueError(f"{text!r}: no clock shows that") from error


def _zone(match: re.Match[str], zone: tzinfo) -> tzinfo:
    if match["utc"]:
        return UTC
    if offset := match["offset"]:
        digits = offset[1:].replace(":", "")
        span = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        if span >= timedelta(days=1):
            raise ValueError(f"{offset!r} is not an offset such as +01:00")
        return timezone(-span if offset[0] == "-" else span)
    if name := match["zone"]:
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            reason = f"{name!r} is not a time zone such as Europe/Berlin"
            raise ValueError(reason) from error
    return zone


def _name(zone: tzinfo) -> str:
    """Name a zone: by its key, or as the offset that it is."""
    return str(zone).removeprefix("UTC") if str(zone) != "UTC" else "UTC"
