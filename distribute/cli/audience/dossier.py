"""What is known about a person, for people and for programs."""

from collections.abc import Iterator
from datetime import date, datetime

from distribute.audience.columns import format_languages
from distribute.audience.database.database import from_milliseconds
from distribute.audience.records import as_json, consent_as_json
from distribute.audience.tags import format_tags
from distribute.campaign.person.dossier import Dossier, PastReport
from distribute.cli.audience.changed import said_of
from distribute.cli.terminal.heard import heard
from distribute.mailbox import Mailbox
from distribute.render.characters import clean


def dossier_document(dossier: Dossier) -> dict[str, object]:
    """Give it all as values that JSON has."""
    person, application = dossier.subscriber, dossier.application
    return {
        "subscriber": as_json(person) if person else None,
        "suppressed": dossier.suppression
        and {
            "reason": str(dossier.suppression),
            "since": _iso(dossier.suppressed_since),
        },
        "application": application
        and {
            "at": application.at.isoformat(),
            "source": application.source,
            "name": application.mailbox.name,
            "languages": [language.tag for language in application.languages],
            "only_these": application.only_these,
            "wording": application.wording,
            "network": application.network,
        },
        "consents": [consent_as_json(consent) for consent in dossier.consents],
        "words": dict(dossier.words),
        "changes": [
            {
                "at": change.at.isoformat(),
                "by": change.by,
                "field": change.field,
                "old": change.old,
                "new": change.new,
            }
            for change in dossier.changes
        ],
        "letters": [
            {
                "at": from_milliseconds(letter.asked).isoformat(),
                "kind": str(letter.kind),
                "outcome": str(letter.fate) or "waiting",
                "text": letter.text,
            }
            for letter in dossier.letters
        ],
        "reports": [_report_document(report) for report in dossier.reports],
        "strikes": [
            {"at": strike.at.isoformat(), "reason": strike.reason}
            for strike in dossier.strikes
        ],
    }


def dossier_lines(mailbox: Mailbox, dossier: Dossier) -> Iterator[str]:
    """Say who they are, where they stand, and what happened, oldest first."""
    yield clean(str(dossier.subscriber.mailbox if dossier.subscriber else mailbox))
    rows = [*_standing(dossier), *_kept_out(dossier)]
    width = max(len(name) for name, _ in rows)
    for name, said in rows:
        yield clean(f"  {name:<{width}}  {said}")
    for at, said in sorted(_events(dossier), key=lambda event: event[0]):
        yield clean(f"  {at:%Y-%m-%d %H:%M} {said}")
    for version, words in dossier.words.items():
        yield clean(f"  words {version}: {words}")


def _standing(dossier: Dossier) -> Iterator[tuple[str, str]]:
    person = dossier.subscriber
    if person is None:
        yield "status", "not on the list"
        return
    wishes = format_languages(person.languages, only_these=person.only_these)
    yield "languages", wishes or "none given: the default"
    yield "status", str(person.status)
    if person.paused_until:
        yield "pauses", f"until {person.paused_until}"
    if person.tags:
        yield "tags", format_tags(person.tags)
    if person.joined:
        yield "joined", f"{person.joined:%Y-%m-%d}"
    if person.source:
        yield "came by", person.source


def _kept_out(dossier: Dossier) -> Iterator[tuple[str, str]]:
    if dossier.suppression:
        words = dossier.suppression.words
        yield "kept away", f"since {dossier.suppressed_since}; {words}"
    application = dossier.application
    if application:
        place = _from(application.network)
        asked = f"{application.at:%Y-%m-%d %H:%M} ({application.source}{place})"
        yield "asked", f"to join {asked}, and has yet to confirm"


def _events(dossier: Dossier) -> Iterator[tuple[datetime, str]]:
    for consent in dossier.consents:
        words = f", words {consent.wording}" if consent.wording else ""
        how = f"{consent.source}{_from(consent.network)}{words}"
        yield consent.at, f"consent: {consent.act} ({how})"
    for change in dossier.changes:
        name, old, new = said_of(change.field, change.old, change.new)
        yield change.at, f"{name}: {old} became {new} ({change.by})"
    for letter in dossier.letters:
        said = _said(letter.fate or "waiting", letter.text)
        yield from_milliseconds(letter.asked), f"letter {letter.kind}: {said}"
    for report in dossier.reports:
        yield report.at, f"report: {_report_words(report)}"
    for strike in dossier.strikes:
        yield strike.at, f"strike: {strike.reason}"


def _report_words(report: PastReport) -> str:
    of = ", ".join(filter(None, (report.campaign, report.source)))
    what = heard(report.kind, report.enhanced, report.text)
    return f"{report.decision}: {report.reason} ({what}; {of})"


def _report_document(report: PastReport) -> dict[str, str]:
    return {
        "at": report.at.isoformat(),
        "source": report.source,
        "kind": report.kind,
        "campaign": report.campaign,
        "enhanced": report.enhanced,
        "text": report.text,
        "decision": report.decision,
        "reason": report.reason,
    }


def _said(*words: str) -> str:
    return ": ".join(filter(None, words))


def _from(network: str) -> str:
    return f", from {network}" if network else ""


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
