"""What somebody has filled in, read; what is wrong with it is said on the same page."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from distribute.errors import LanguageError, MailboxError
from distribute.language import Language
from distribute.mailbox import Mailbox
from distribute.render.public.forms import (
    GO_ON,
    LONGEST_ADDRESS,
    LONGEST_NAME,
    PAUSES,
    PLACES,
    JoinForm,
    Wishes,
)
from distribute.render.public.trouble import Problem
from distribute.web.public.traps import Catch, Traps

Fields = Mapping[str, str]
_BLANKS = re.compile("[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
"""What separates names, in any script; what begins a line is not among it."""
_HARMFUL = re.compile("[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""What begins a line, or turns round the text beside it."""


@dataclass(frozen=True, slots=True)
class Filled:
    """The form for joining, as it came."""

    form: JoinForm
    mailbox: Mailbox | None
    """Whose it is; `None` if that cannot be told, or if a program has filled it in."""
    problem: Problem


class Reader:
    """Reads forms of one newsletter."""

    def __init__(self, offered: Sequence[Language], traps: Traps) -> None:
        self._offered = offered
        self._traps = traps

    def joining(self, fields: Fields, now: datetime) -> Filled:
        """Read who wants to join, and how."""
        form = JoinForm(
            email=fields.get("email", "").strip()[: LONGEST_ADDRESS + 1],
            name=_name(fields),
            languages=self._languages(fields),
            only_these=bool(fields.get("only")),
        )
        caught = self._traps.catch(fields, now)
        if caught is Catch.NOTHING:
            form = replace(form, begun=fields["begun"])
        if caught is Catch.PROGRAM:
            return Filled(form, None, Problem.NONE)
        mailbox, problem = _mailbox(form)
        if not problem and caught is Catch.TIME:
            problem = Problem.AGAIN
        return Filled(form, mailbox, problem)

    def choosing(
        self, fields: Fields, today: date, paused: date | None
    ) -> tuple[Wishes, Problem]:
        """Read what a subscriber wishes; `paused` is until when they pause by now."""
        wishes = Wishes(
            name=_name(fields),
            languages=self._languages(fields),
            only_these=bool(fields.get("only")),
            paused_until=_pause(fields.get("pause", ""), today, paused),
        )
        problem = Problem.NONE if _is_name(wishes.name) else Problem.NAME
        return wishes, problem

    def _languages(self, fields: Fields) -> tuple[Language, ...]:
        """Read the languages in their order; those that the newsletter lacks are none."""
        wished = (_language(fields.get(place, "")) for place in PLACES)
        known = (each for each in wished if each in self._offered)
        return tuple(dict.fromkeys(each for each in known if each))


def _mailbox(form: JoinForm) -> tuple[Mailbox | None, Problem]:
    if not form.email:
        return None, Problem.MISSING
    if not _is_name(form.name):
        return None, Problem.NAME
    try:
        if "<" in form.email or len(form.email.encode()) > LONGEST_ADDRESS:
            return None, Problem.EMAIL
        mailbox = Mailbox.parse(form.email, name=form.name)
    except MailboxError:
        return None, Problem.EMAIL
    return (mailbox, Problem.NONE) if _is_reachable(mailbox) else (None, Problem.EMAIL)


def _is_reachable(mailbox: Mailbox) -> bool:
    """Tell whether mail from elsewhere can get there; if not, it is a slip most often.

    A domain has at least two labels, and the last one is no number (RFC 3696 section 2).
    """
    _, dot, top = mailbox.wire_address.rpartition("@")[2].rpartition(".")
    return bool(dot) and not top.isdigit()


def _name(fields: Fields) -> str:
    """Give the name as it was typed, but not without end."""
    typed = fields.get("name", "")[: 4 * LONGEST_NAME]
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", typed)).strip(" ")


def _is_name(text: str) -> bool:
    return len(text) <= LONGEST_NAME and not _HARMFUL.search(text)


def _language(tag: str) -> Language | None:
    try:
        return Language.parse(tag) if tag else None
    except LanguageError:
        return None


def _pause(chosen: str, today: date, paused: date | None) -> date | None:
    """Read until when nothing is to be sent; what we did not offer changes nothing."""
    if chosen == GO_ON:
        return None
    if chosen in map(str, PAUSES):
        return today + timedelta(days=int(chosen))
    return paused
