"""When a post was published and last changed; never now, and never a guess."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from distribute.editions.remarks import warn
from distribute.finding import Finding, Severity
from distribute.posts.post import Post

_INSTANT = re.compile(
    r"(?P<year>\d{4})(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})"
    r"(?:(?:T|\s+)(?P<hour>\d{1,2}):(?P<minute>\d{2})"
    r"(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?",
    re.IGNORECASE | re.ASCII,
)
_YEARS = range(1900, 9000)


@dataclass(frozen=True, slots=True)
class DateDecision:
    """When a post was published, why then, and when it last changed; both aware."""

    published: datetime | None
    updated: datetime | None
    reason: str
    findings: tuple[Finding, ...] = ()


def decide_date(post: Post, *, zone: tzinfo, hour: time) -> DateDecision:
    """Decide by front matter ``date``, then by the file name; otherwise not at all.

    A day without a time is at `hour`, a time without a zone in `zone`, and the result
    is in `zone`. Without a date there is an error among the findings.
    """
    written = post.front_matter.date
    published = parse_instant(written, zone=zone, hour=hour)
    findings: list[Finding] = []
    reason = "front matter date"
    if written and published is None:
        findings.append(_unreadable(post, "date", written))
    if published is None and post.file_name.date is not None:
        published = _at(post.file_name.date, zone, hour)
        reason = "file name"
    if published is None:
        findings.append(_missing(post))
        return DateDecision(None, None, "no date", tuple(findings))
    updated, finding = _updated(post, published, zone, hour)
    findings.extend(finding)
    return DateDecision(published, updated, reason, tuple(findings))


def parse_instant(text: str, *, zone: tzinfo, hour: time) -> datetime | None:
    """Read a day or an instant, ISO 8601 or as Jekyll writes it; `None` if it is neither.

    >>> parse_instant("2026-1-9 10:00:00 +0100", zone=UTC, hour=time()).isoformat()
    '2026-01-09T09:00:00+00:00'
    """
    match = _INSTANT.fullmatch(text.strip())
    if match is None or int(match["year"]) not in _YEARS:
        return None
    try:
        day = date(int(match["year"]), int(match["month"]), int(match["day"]))
        if match["hour"] is None:
            return _at(day, zone, hour)
        clock = time(
            int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
        )
        written = datetime.combine(day, clock, _zone(match["zone"], zone))
        return written.astimezone(zone)
    except ValueError:
        return None


def _at(day: date, zone: tzinfo, hour: time) -> datetime | None:
    """Give the instant at which a day's posts are out; `None` for years nobody means."""
    return datetime.combine(day, hour, zone) if day.year in _YEARS else None


def _zone(text: str | None, zone: tzinfo) -> tzinfo:
    if not text:
        return zone
    if text[0] not in "+-":
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)


def _updated(
    post: Post, published: datetime, zone: tzinfo, hour: time
) -> tuple[datetime, list[Finding]]:
    written = post.front_matter.modified
    if not written:
        return published, []
    updated = parse_instant(written, zone=zone, hour=hour)
    if updated is None:
        return published, [_unreadable(post, "modified", written)]
    return max(updated, published), []


def _unreadable(post: Post, key: str, written: str) -> Finding:
    return warn(
        post,
        key,
        rule="date-invalid",
        message=f"{key} is {written!r}, which is not a date; it is ignored",
        hint="Write it as 2026-01-31 or 2026-01-31 09:00:00 +0100.",
        words=written,
    )


def _missing(post: Post) -> Finding:
    return Finding(
        rule="date-missing",
        severity=Severity.ERROR,
        path=post.path,
        line=post.front_matter.lines.get("date", 0),
        message="neither the front matter nor the file name says when the post was "
        "published; it is left out",
        hint="Write date: 2026-01-31 in the front matter, or begin the file name with it.",
    )
