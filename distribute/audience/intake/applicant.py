"""Turn the cells of one row, whoever exported it, into somebody to be added."""

import csv
import json
import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from distribute.audience.columns import LONGEST_NAME, parse_languages, unguarded
from distribute.audience.consent import Act, Consent, Wording, shortened
from distribute.audience.intake.cells import Cells, day, happened, instant, is_true
from distribute.audience.intake.column import Column, plain
from distribute.audience.intake.system import NEVER, UNDECIDED, System
from distribute.audience.records import read_consents, read_wordings
from distribute.audience.subscriber import Status, Subscriber
from distribute.audience.tags import parse_tags
from distribute.errors import AudienceError
from distribute.language import Language
from distribute.mailbox import Mailbox

LONGEST_SOURCE = 200
"""Characters of how somebody came."""

_LONGEST = 4000
"""Characters of all the tags, or languages, of somebody."""


_EVIDENT = frozenset(
    {
        Column.ASKED_AT,
        Column.ASKED_FROM,
        Column.CONFIRMED_AT,
        Column.LEFT_AT,
        Column.CONSENTS,
    }
)
"""Columns without which a file knows nothing of consent."""
_TELLING = frozenset(
    {Column.LEFT_AT, Column.DISABLED, Column.RECEIVES, Column.BOUNCED_AT}
    | {Column.CONFIRMED, Column.CONFIRMED_AT}
)
"""Columns that are about one status each."""
_LANGUAGE_NAMES = frozenset({"language", "languages", "lang", "locale"})


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms the people of one file come."""

    source: str
    """How they came, unless the file says so of somebody: ``import people.csv``."""
    at_best: Status | None = None
    """What nobody among them is nearer to receiving than; `None` if nobody said."""
    tags: tuple[str, ...] = ()
    """What all of them get."""
    file: str = ""
    """The name of the file, which may stand for a status."""


class Applicant(NamedTuple):
    """Somebody to be added."""

    subscriber: Subscriber
    evidence: tuple[Consent, ...] = ()
    """What the file knows of their consent."""
    refusal: str = ""
    """Why they are kept out, whoever they are."""
    wordings: tuple[Wording, ...] = ()
    """The words that the evidence names, as far as the file has them."""


class UndecidedError(AudienceError):
    """Nobody has said what the people of a file are; it concerns all of them."""


def read_applicant(cells: Cells, system: System, terms: Terms) -> Applicant:
    """Read one row.

    Without any word about it they are confirmed. Raises `AudienceError`, `MailboxError`
    or `LanguageError` for a cell that makes no sense, and `UndecidedError` where
    somebody has to say first what the status of such people is.
    """
    get = cells.get
    languages, only_these = _languages(cells)
    evidence = () if _EVIDENT.isdisjoint(cells) else _evidence(cells, system, terms)
    status, refusal = _status(cells, system, terms)
    joined = instant(get(Column.JOINED, ""), Column.JOINED)
    if joined is None and evidence:
        joined = min(consent.at for consent in evidence)
    tags = _tags(_short(get(Column.TAGS, ""), Column.TAGS))
    subscriber = Subscriber(
        mailbox=Mailbox.parse(cells[Column.EMAIL], name=_name(cells)),
        languages=languages,
        only_these=only_these and bool(languages),
        status=status,
        joined=joined,
        source=_source(get(Column.SOURCE, "")) or terms.source,
        tags=tuple(sorted({*tags, *terms.tags})) if terms.tags else tags,
        paused_until=day(get(Column.PAUSED, "")),
    )
    wordings = read_wordings(get(Column.WORDINGS, ""))
    return Applicant(subscriber, evidence, refusal, wordings)


def _languages(cells: Cells) -> tuple[tuple[Language, ...], bool]:
    text = cells.get(Column.LANGUAGES, "") or _language_among(
        cells.get(Column.ATTRIBUTES, "")
    )
    languages, only_these = parse_languages(_short(text, Column.LANGUAGES))
    return languages, only_these or is_true(cells, Column.ONLY_THESE)


@lru_cache(maxsize=64)
def _language_among(text: str) -> str:
    """Find a language in a JSON object of whatever else is known of somebody."""
    if not text:
        return ""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise AudienceError(f"attributes are no JSON: {text[:40]!r}") from None
    if not isinstance(found, dict):
        return ""
    for name, value in found.items():
        if plain(name) in _LANGUAGE_NAMES and isinstance(value, str):
            return value
    return ""


def _short(text: str, column: Column) -> str:
    """Refuse what is longer than anybody's; it is remembered, which takes memory."""
    if len(text) > _LONGEST:
        raise AudienceError(f"{column}: longer than {_LONGEST:,} characters")
    return text


def _name(cells: Cells) -> str:
    text = unguarded(cells.get(Column.NAME, ""))
    if not text:
        halves = (cells.get(Column.FIRST_NAME, ""), cells.get(Column.LAST_NAME, ""))
        text = " ".join(unguarded(half) for half in halves)
    name = " ".join(text.split())
    if len(name) > LONGEST_NAME:
        raise AudienceError(f"the name is longer than {LONGEST_NAME} characters")
    return name


@lru_cache(maxsize=256)
def _source(text: str) -> str:
    source = unguarded(text)
    if not source.isprintable():
        raise AudienceError(f"source {source[:40]!r} cannot be printed")
    return source[:LONGEST_SOURCE]


@lru_cache(maxsize=1024)
def _tags(text: str) -> tuple[str, ...]:
    """Read tags, also in quotation marks, as Mailchimp has them, or as a JSON list."""
    text = unguarded(text.strip())
    if text.startswith("["):
        text = re.sub(r"^\[|\]$|['\"]", "", text)
    elif '"' in text:
        text = "; ".join(_quoted(text))
    return parse_tags(text)


def _quoted(text: str) -> list[str]:
    try:
        return next(csv.reader([text], skipinitialspace=True))
    except csv.Error:
        raise AudienceError(f"tags {text[:40]!r} make no sense") from None


def _status(cells: Cells, system: System, terms: Terms) -> tuple[Status, str]:
    """Take the gravest of all that is said of them, and say whether to keep them out."""
    words = {plain(cells.get(Column.STATUS, "")), system.part(terms.file)} - {""}
    if words & NEVER:
        return Status.UNSUBSCRIBED, "never subscribed, says the file"
    said = [_meaning(word, cells, system) for word in words - UNDECIDED]
    if not _TELLING.isdisjoint(cells):
        said += _marks(cells)
        if not words and system.confirms and not cells.get(Column.CONFIRMED_AT, "-"):
            said.append(Status.PENDING)
    if terms.at_best:
        said.append(terms.at_best)
    elif words & UNDECIDED and not said:
        raise _undecided(words, terms.file)
    return max(said, key=lambda each: each.gravity, default=Status.CONFIRMED), ""


def _meaning(word: str, cells: Cells, system: System) -> Status:
    status = system.status(word)
    if status is None:
        known = ", ".join(Status)
        shown = cells.get(Column.STATUS, word)[:40]
        raise AudienceError(f"status {shown!r} is none of {known}")
    return status


def _marks(cells: Cells) -> list[Status]:
    """Gather what columns say that are about one status each."""
    said = []
    if happened(cells, Column.LEFT_AT) or is_true(cells, Column.DISABLED):
        said.append(Status.UNSUBSCRIBED)
    if Column.RECEIVES in cells and not is_true(cells, Column.RECEIVES):
        said.append(Status.UNSUBSCRIBED)
    if Column.CONFIRMED in cells and not happened(cells, Column.CONFIRMED):
        said.append(Status.PENDING)
    if happened(cells, Column.BOUNCED_AT):
        said.append(Status.BOUNCED)
    return said


def _undecided(words: set[str], file: str) -> UndecidedError:
    word = ", ".join(words & UNDECIDED)
    return UndecidedError(
        f"{file}: the status {word!r} does not say who receives",
        hint="listmonk has it for those as well who have left the list or have yet to "
        "confirm. Export those whose subscription is confirmed, and import them with "
        "--status confirmed; others with --status pending or --status unsubscribed. "
        "Nothing has been imported.",
    )


def _evidence(cells: Cells, system: System, terms: Terms) -> tuple[Consent, ...]:
    """Gather what they did, and when and from where, as far as the file knows."""
    source = terms.source
    asked, confirmed = (
        instant(cells.get(column, ""), column)
        for column in (Column.ASKED_AT, Column.CONFIRMED_AT)
    )
    found = list(read_consents(cells.get(Column.CONSENTS, "")))
    network = shortened(cells.get(Column.ASKED_FROM, ""))
    if network and not asked:  # whoever came from there, came when they joined
        asked = instant(cells.get(Column.JOINED, ""), Column.JOINED)
    if asked:
        found.append(Consent(at=asked, act=Act.ASKED, source=source, network=network))
    if confirmed:
        network = shortened(cells.get(Column.CONFIRMED_FROM, ""))
        act = Act.CONFIRMED if asked or system.confirms else _lesser_act(network)
        found.append(Consent(at=confirmed, act=act, source=source, network=network))
    left = happened(cells, Column.LEFT_AT)
    if isinstance(left, datetime):
        found.append(Consent(at=left, act=Act.LEFT, source=source))
    return tuple(found)


def _lesser_act(network: str) -> Act:
    """Say what they did who are on a list since a time, and have not confirmed."""
    return Act.ASKED if network else Act.IMPORTED
