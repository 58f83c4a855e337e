"""The fields of a segment: what somebody wrote behind a name becomes a criterion."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from distribute.audience.database.database import to_text
from distribute.audience.segment.criteria import (
    AtDomain,
    CameBy,
    Criterion,
    HasAddress,
    HasStatus,
    Joined,
    Tagged,
    Wishes,
)
from distribute.audience.subscriber import Status
from distribute.audience.tags import parse_tags
from distribute.errors import AudienceError, MailboxError
from distribute.language import Language
from distribute.mailbox import Mailbox

ANY = "*"
"""Behind ``lang`` and ``tag``: any at all; at the end of a source: whatever follows."""
EQUALS = ":"
ORDER = ("<", "<=", ">", ">=")

_PERIOD = re.compile(r"(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?", re.ASCII)
_DECEMBER = 12


_NO_LIST = "Write ({name}:one or {name}:other)."


class Asked(NamedTuple):
    """What somebody wrote behind the name of a field."""

    operator: str
    """`EQUALS`, or one of `ORDER`."""
    value: str
    zone: tzinfo
    """Where days begin and end."""


class Field(NamedTuple):
    """How to read what is asked of one field."""

    read: Callable[[Asked], Criterion]
    """Raises `DistributeError` for a value that it cannot use."""
    example: str
    operators: tuple[str, ...] = (EQUALS,)


def _lang(asked: Asked) -> Criterion:
    if asked.value == ANY:
        return Wishes("")
    if "," in asked.value:
        raise AudienceError(
            f"{asked.value!r} is not one language", hint=_NO_LIST.format(name="lang")
        )
    return Wishes(Language.parse(asked.value).tag)


def _tag(asked: Asked) -> Criterion:
    if asked.value == ANY:
        return Tagged("")
    tags = parse_tags(asked.value)
    if len(tags) != 1:
        raise AudienceError(
            f"{asked.value!r} is not one tag", hint=_NO_LIST.format(name="tag")
        )
    return Tagged(tags[0])


def _domain(asked: Asked) -> Criterion:
    domain = asked.value.removeprefix("@")
    try:
        mailbox = Mailbox.parse(f"postmaster@{domain}")
    except MailboxError as error:
        raise AudienceError(
            f"{asked.value!r} is not a domain", hint="Write domain:example.org."
        ) from error
    return AtDomain(mailbox.key.rpartition("@")[2])


def _address(asked: Asked) -> Criterion:
    return HasAddress(Mailbox.parse(asked.value).key)


def _source(asked: Asked) -> Criterion:
    beginning = asked.value.removesuffix(ANY)
    return CameBy(beginning, is_beginning=beginning != asked.value)


def _status(asked: Asked) -> Criterion:
    try:
        return HasStatus(Status(asked.value.casefold()))
    except ValueError:
        there = ", ".join(Status)
        raise AudienceError(
            f"there is no status {asked.value!r}", hint=f"There are: {there}."
        ) from None


def _joined(asked: Asked) -> Criterion:
    if asked.value == ANY:
        return Joined()
    first, following = _period(asked)
    limits = {
        "<": Joined(end=first),
        "<=": Joined(end=following),
        ">": Joined(start=following),
        ">=": Joined(start=first),
    }
    return limits.get(asked.operator, Joined(start=first, end=following))


def _period(asked: Asked) -> tuple[datetime, datetime]:
    """Give when a year, a month or a day begins, and the one that follows it."""
    match = _PERIOD.fullmatch(asked.value)
    year, month, day = (int(p or 0) for p in match.groups()) if match else (0, 0, 0)
    try:
        first = date(year, month or 1, day or 1)
        days = (first, _after(first, month, day))
        beginning, following = (datetime.combine(d, time(), asked.zone) for d in days)
        to_text(beginning), to_text(following)  # not beyond what can be compared
    except (ValueError, OverflowError):
        raise AudienceError(
            f"{asked.value!r} is not a day, a month or a year",
            hint="Write it as 2026-01-31, 2026-01 or 2026.",
        ) from None
    return beginning, following


def _after(first: date, month: int, day: int) -> date:
    """Give the day after a period that is a year, unless it has a month or a day."""
    if day:
        return first + timedelta(days=1)
    if not month or month == _DECEMBER:
        return date(first.year + 1, 1, 1)
    return date(first.year, month + 1, 1)


FIELDS: Mapping[str, Field] = {
    "lang": Field(_lang, "lang:pt"),
    "tag": Field(_tag, "tag:press"),
    "joined": Field(_joined, "joined>=2026-01-01", (EQUALS, *ORDER)),
    "source": Field(_source, 'source:"import people.csv"'),
    "domain": Field(_domain, "domain:example.org"),
    "address": Field(_address, "address:ada@example.org"),
    "status": Field(_status, "status:confirmed"),
}
