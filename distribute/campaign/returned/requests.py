"""Do what people ask for by mail, as a form would: leave, join, confirm, choose."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from distribute.audience.columns import parse_languages
from distribute.audience.reception.application import Application
from distribute.audience.reception.reception import Reception
from distribute.audience.store import Store
from distribute.campaign.returned.judge import Decision, Judgement
from distribute.campaign.returned.report import Kind, Report
from distribute.errors import LanguageError, MailboxError
from distribute.language import Language, best_match
from distribute.mailbox import Mailbox

_BY_MAIL = "mail"
"""How they came, chose or left."""
_PAUSE = re.compile(r"pause(?:\s+(\d{1,3}))?", re.IGNORECASE)
_USUAL_PAUSE = 30
"""Days."""


@dataclass(frozen=True, slots=True)
class Requests:
    """Carries out decisions about letters; the reason may change with what comes of it."""

    store: Store
    reception: Reception
    languages: tuple[Language, ...]
    """Of the newsletter; a letter is in the first one if nothing better is known."""
    wording: Callable[[Language], str] = lambda _language: ""
    """The words on the page from which people join by mail; empty if there is none."""

    def carry_out(
        self, report: Report, key: str, judgement: Judgement, now: datetime
    ) -> Judgement:
        """Do what is decided about a letter; all else is given back as it is."""
        match judgement.decision:
            case Decision.LEFT:
                return self._leave(key, judgement, now)
            case Decision.CONFIRMED:
                return self._confirm(key, judgement, now)
            case Decision.CHOSE:
                return self._choose(report, key, judgement, now)
            case Decision.ASKED:
                return self._ask(report, judgement, now)
            case _:
                return judgement

    def _leave(self, key: str, judgement: Judgement, now: datetime) -> Judgement:
        if self.reception.leave(key, source=_BY_MAIL, network="", now=now):
            return judgement
        return replace(judgement, reason="wrote to leave, and is not on the list")

    def _confirm(self, key: str, judgement: Judgement, now: datetime) -> Judgement:
        if self.reception.confirm(key, source=_BY_MAIL, network="", now=now):
            return judgement
        return Judgement(Decision.IGNORED, "nothing waits to be confirmed any more")

    def _choose(
        self, report: Report, key: str, judgement: Judgement, now: datetime
    ) -> Judgement:
        from distribute.render.public.forms import (
            Wishes,
        )  # with templates: seldom needed

        known, pause = self.store.get(key), _PAUSE.fullmatch(report.wishes)
        languages, only_these = ((), False) if pause else _languages(report.wishes)
        if known is None or not (languages or pause):
            reason = f"{report.wishes} names no language: nothing is changed"
            return Judgement(Decision.UNKNOWN, reason)
        wishes = Wishes(
            name=known.mailbox.name,
            languages=languages or known.languages,
            only_these=only_these if languages else known.only_these,
            paused_until=_end_of(pause, now) if pause else known.paused_until,
        )
        self.reception.choose(key, wishes, source=_BY_MAIL, network="", now=now)
        return judgement

    def _ask(self, report: Report, judgement: Judgement, now: datetime) -> Judgement:
        """Have a letter written to whoever wrote; whether it is one, is decided later."""
        try:
            mailbox = Mailbox.parse(report.recipient)
        except MailboxError as error:
            return Judgement(Decision.UNKNOWN, f"cannot be answered: {error.reason}")
        languages, only_these = _languages(report.wishes)
        match = best_match(languages, self.languages) if languages else None
        language = match[1] if match else self.languages[0]
        if report.kind is Kind.LEAVE:
            self.reception.send_link(mailbox, language=language, now=now)
            return judgement
        application = Application(
            mailbox=Mailbox(mailbox.address),
            languages=languages,
            only_these=only_these and match is not None,  # "subscribe me!" is no wish
            at=now,
            source=_BY_MAIL,
            wording=self._version(language),
        )
        self.reception.ask(application, language=language, now=now)
        return judgement

    def _version(self, language: Language) -> str:
        """Keep the words that somebody agreed to by writing, and name them."""
        words = self.wording(language)
        return self.store.keep_wording(language.tag, words) if words else ""


def _end_of(pause: re.Match[str], now: datetime) -> date | None:
    """Say until when somebody pauses; a pause of no days ends one."""
    days = int(pause[1] or _USUAL_PAUSE)
    return now.date() + timedelta(days=days) if days else None


def _languages(wishes: str) -> tuple[tuple[Language, ...], bool]:
    """Read the languages somebody wrote, and whether they want no other.

    None if they are not to be understood.
    """
    try:
        return parse_languages(wishes)
    except LanguageError:
        return (), False
