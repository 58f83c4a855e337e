"""What people ask of the newsletter for themselves, whoever carries it: a form, a mail.

Asking takes the same work whoever asks, so that neither an answer nor its time tells
whether somebody is on the list. What comes of it is decided later, by `decide`, and said
in a letter that only they receive.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple, Self

from distribute.audience.consent import Act, Consent
from distribute.audience.database.connection import Connection
from distribute.audience.database.place import Place
from distribute.audience.reception.application import Application, Applications
from distribute.audience.reception.letters import Kind, Letters, PendingLetter
from distribute.audience.reception.token import Signer
from distribute.audience.reception.visits import LETTERS, LETTERS_AT_ALL, Visits
from distribute.audience.store import Store
from distribute.audience.subscriber import Status, Subscriber
from distribute.audience.suppression.suppression import Hasher, Reason, Suppressions
from distribute.language import Language
from distribute.mailbox import Mailbox

if TYPE_CHECKING:  # it comes with the templates, which few of those who ask need
    from distribute.render.public.forms import Wishes

_KEPT = timedelta(days=30)
"""How long it is known which letters somebody has had."""
_GRACE = timedelta(days=1)


class Decision(NamedTuple):
    """What comes of a letter that was asked for."""

    kind: Kind | None
    """Which one is to be written; `None` if none is, or none yet."""
    reason: str = ""
    """Why there is none."""
    wait: timedelta | None = None
    """How long to put the decision off."""


class Reception:
    """Hears what people want, in an open database.

    `confirm`, `leave` and `choose` take the `Mailbox.key` of a token, which proves that
    its bearer has had a mail of ours. Each method is one transaction, or part of one that
    is open; all raise `AudienceError` when the file cannot be used.
    """

    def __init__(
        self,
        store: Store,
        suppressions: Suppressions,
        applications: Applications,
        letters: Letters,
        visits: Visits,
    ) -> None:
        self._store = store
        self._suppressions = suppressions
        self._applications = applications
        self._letters = letters
        self._visits = visits

    @classmethod
    def sharing(cls, place: Place, connection: Connection, signer: Signer) -> Self:
        """Work on a connection that is open; whoever opened it closes it."""
        store = Store.sharing(place, connection)
        hasher = Hasher(signer.subkeys("suppression"))
        return cls(
            store,
            store.suppressions(hasher),
            Applications(place, connection),
            Letters(place, connection),
            Visits(place, connection, signer.subkey("visit")),
        )

    def ask(
        self, application: Application, *, language: Language, now: datetime
    ) -> None:
        """Note that somebody wants to join; `language` is that of the letter."""
        with self._store.transaction():
            self._applications.note(application)
            self._letters.ask(Kind.JOIN, application.mailbox, language, now=now)

    def send_link(self, mailbox: Mailbox, *, language: Language, now: datetime) -> None:
        """Note that somebody wants the link to their preferences."""
        with self._store.transaction():
            self._letters.ask(Kind.LINK, mailbox, language, now=now)

    def decide(self, letter: PendingLetter, now: datetime) -> Decision:
        """Decide which letter somebody gets, as things are now.

        Newcomers, and who left or bounced, are asked to confirm; the confirmed get their
        link; whoever must not be written to gets nothing. Neither does who was written to
        often of late: anybody can ask, in anybody's name.
        """
        with self._store.transaction():
            key = letter.mailbox.key
            known, reason = self._store.get(key), self._suppressions.reason(key)
            kind = _kind_for(letter.kind, known, reason)
            if kind is None:
                return Decision(None, _why_none(letter.kind, known, reason))
            if letter.attempt or letter.is_orphan:  # it has been counted
                return Decision(kind)
            if wait := self._visits.count("", LETTERS_AT_ALL, now):
                return Decision(None, "too many letters at once", wait)
            if self._visits.count(_person(key), LETTERS, now):
                return Decision(None, "had several letters of late")
        return Decision(kind)

    def confirm(
        self, key: str, *, source: str, network: str, now: datetime
    ) -> Subscriber | None:
        """Make a subscriber of whoever asked to join; `None` if nothing waits for them.

        Whoever is one already stays as they are, whatever somebody has asked for in their
        name. Nobody comes back who must not be written to.
        """
        with self._store.transaction():
            known, reason = self._store.get(key), self._suppressions.reason(key)
            application = self._applications.get(key)
            self._applications.remove(key)
            if _is_on(known, reason):
                return known
            if application is None or not _may_join(known, reason):
                return None
            if reason is not None:
                self._suppressions.remove(key, by=source, now=now)
                known = self._store.get(key)
            subscriber = _joined(application, known, now)
            self._store.put(subscriber, by=source, now=now)
            self._store.note_consent(key, _asked(application))
            confirmed = _consent(Act.CONFIRMED, source, network, now)
            confirmed = replace(confirmed, wording=application.wording)
            self._store.note_consent(key, confirmed)
        return subscriber

    def leave(self, key: str, *, source: str, network: str, now: datetime) -> bool:
        """Take somebody off the list; false if nobody with this key is known.

        Those are remembered as having left, for a later import must not bring them.
        """
        with self._store.transaction():
            known = self._store.get(key)
            if known is None:
                if self._suppressions.reason(key) is None:
                    day = now.date()
                    self._suppressions.add(key, Reason.LEFT, day, by=source, now=now)
                return False
            if known.status.may_leave:
                status = Status.UNSUBSCRIBED
                self._store.set_status(key, status, by=source, now=now)
                left = _consent(Act.LEFT, source, network, now)
                self._store.note_consent(key, left)
        return True

    def choose(
        self, key: str, wishes: "Wishes", *, source: str, network: str, now: datetime
    ) -> Subscriber | None:
        """Set what somebody wishes for; `None`, and no change, if they get nothing now."""
        with self._store.transaction():
            known = self._store.get(key)
            if known is None or known.status is not Status.CONFIRMED:
                return None
            chosen = replace(
                known,
                mailbox=Mailbox(known.mailbox.address, wishes.name),
                languages=wishes.languages,
                only_these=wishes.only_these and bool(wishes.languages),
                paused_until=wishes.paused_until,
            )
            if chosen != known:
                self._store.put(chosen, by=source, now=now)
                chose = _consent(Act.CHOSE, source, network, now)
                self._store.note_consent(key, chose)
        return chosen

    def purge(self, now: datetime, *, confirm_within: timedelta) -> None:
        """Forget what has served its time, above all who asked and never confirmed."""
        with self._store.transaction():
            self._visits.purge(now)
            self._letters.purge(now - _KEPT)
            self._applications.purge(now - confirm_within - _GRACE)


def _person(key: str) -> str:
    """Name whom letters to a mailbox reach, as far as its address tells.

    With many providers dots do not count, and what follows ``+`` (RFC 5233) neither: so
    somebody could be sent as many letters as there are ways to write their address.
    """
    local, _, domain = key.rpartition("@")
    base = local.partition("+")[0].replace(".", "")
    return f"{base or local}@{domain}"


def _kind_for(
    asked: Kind, known: Subscriber | None, reason: Reason | None
) -> Kind | None:
    is_on = _is_on(known, reason)
    if asked is Kind.LINK:
        return Kind.PREFERENCES if is_on else None
    if is_on:
        return Kind.KNOWN
    return Kind.CONFIRM if _may_join(known, reason) else None


def _is_on(known: Subscriber | None, reason: Reason | None) -> bool:
    return known is not None and known.status is Status.CONFIRMED and reason is None


def _may_join(known: Subscriber | None, reason: Reason | None) -> bool:
    """Tell whether somebody may be asked, and may come in once they have confirmed."""
    if reason is not None:
        return reason.may_return
    if known is None:
        return True
    return known.status not in {Status.COMPLAINED, Status.SUPPRESSED}


def _why_none(asked: Kind, known: Subscriber | None, reason: Reason | None) -> str:
    if reason is not None:
        return reason.words
    if asked is Kind.LINK:
        return "not on the list"
    return str(known.status) if known else ""


def _joined(
    application: Application, known: Subscriber | None, now: datetime
) -> Subscriber:
    if known is None:
        return Subscriber(
            mailbox=application.mailbox,
            languages=application.languages,
            only_these=application.only_these,
            joined=now,
            source=application.source,
        )
    wishes = application if application.languages else known
    name = application.mailbox.name or known.mailbox.name
    return replace(
        known,
        mailbox=Mailbox(application.mailbox.address, name),
        languages=wishes.languages,
        only_these=wishes.only_these,
        status=Status.CONFIRMED,
        paused_until=None,
    )


def _asked(application: Application) -> Consent:
    return Consent(
        at=application.at,
        act=Act.ASKED,
        source=application.source,
        wording=application.wording,
        network=application.network,
    )


def _consent(act: Act, source: str, network: str, now: datetime) -> Consent:
    return Consent(at=now, act=act, source=source, network=network)
