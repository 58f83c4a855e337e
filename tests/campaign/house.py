"""An issue that is sent again and again on a real database, with all that goes out besides.

What `distribute.cli` does around a run is done here in little: nothing is rendered, and
the server is a list of answers.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from distribute.audience.database.connection import Connection
from distribute.audience.store import Store
from distribute.audience.subscriber import Status, Subscriber
from distribute.campaign.campaign import Entry, Outcome, Parcel, Receipt, State
from distribute.campaign.ledger.account import Account
from distribute.campaign.ledger.due import Due, Waiting
from distribute.campaign.ledger.entitled import NEVER, had_another, had_faulty
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.campaign.plan.among import Among
from distribute.campaign.plan.choices import Choices
from distribute.campaign.plan.extra import (
    Begun,
    correction_id,
    gather,
    invitations,
    invite,
    late_id,
    say,
)
from distribute.campaign.plan.late import (
    LateChoices,
    LatePolicy,
    RepeatedChoices,
    come_after,
    come_later,
)
from distribute.language import Language
from distribute.mailbox import Mailbox
from tests.campaign.actors import parcel
from tests.campaign.senders import NOW
from tests.databases import reach_into

ISSUE = "issue-5"
SINK = "smtp"
EN = Language("en")
_DAY = timedelta(days=1)
_SEND = frozenset({State.DEFERRED})


_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder in memory, if the system has one


@contextmanager
def quick_house() -> Iterator["House"]:
    """Give a house whose files reach no disk, where that is possible: it is fast."""
    place = _MEMORY if _MEMORY.is_dir() else None
    with TemporaryDirectory(dir=place) as folder:
        yield House(Path(folder) / "distribute.db")


class KilledError(Exception):
    """Somebody killed the sender."""


@dataclass(frozen=True, kw_only=True)
class Errand:
    """What one run sends, to whom."""

    campaign: str
    choices: Choices
    texts: Mapping[str, str]
    among: Sequence[Among] = ()
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Got:
    """What somebody has in their inbox."""

    campaign: str
    key: str
    language: str
    text: str
    run: int
    is_known: bool
    """Whether the ledger knows that they have it; else it is uncertain."""


@dataclass
class House:
    """An issue, its readers and its ledger."""

    path: Path
    texts: dict[str, str] = field(default_factory=lambda: {"en": "A"})
    """What each edition says at the moment, by language tag."""
    inboxes: list[Got] = field(default_factory=list)
    answers: dict[str, Outcome] = field(default_factory=dict)
    """How the next attempt for somebody ends, if not well; by name."""
    fatal: set[str] = field(default_factory=set)
    """For whom the sender is killed when their message has just left; by name."""
    runs: int = 0

    @property
    def editions(self) -> list[Language]:
        return [Language(tag) for tag in self.texts]

    def put(
        self,
        name: str,
        languages: str = "",
        *,
        only: bool = False,
        status: Status = Status.CONFIRMED,
    ) -> None:
        """Have somebody join, leave, or change their wishes."""
        person = Subscriber(
            mailbox=Mailbox(f"{name}@example.org"),
            languages=tuple(map(Language, languages.split())),
            only_these=only and bool(languages),
            status=status,
        )
        with closing(Store.open(self.path)) as store:
            store.put(person, by="test", now=NOW)

    def account(self) -> Account:
        return Account(self.path, SINK)

    def begun(self) -> Sequence[Begun]:
        with self.account() as account:
            return account.begun(ISSUE)

    def main(self, policy: LatePolicy = LatePolicy.MISSED) -> Errand:
        """Prepare the issue itself."""
        late = come_after(self.editions, self._printed(), self.finished(ISSUE))
        held_back = late if policy is LatePolicy.NOBODY else ()
        choices = Choices(self.editions, (EN,), EN, held_back)
        return Errand(campaign=ISSUE, choices=choices, texts=dict(self.texts))

    def late(self) -> Sequence[Errand]:
        """Prepare what is late, for those who got another edition."""
        if self.finished(ISSUE) is None:
            return ()
        printed = self._printed()
        return [self._late(late) for late in come_later(self.editions, printed)]

    def correction(self, *tags: str, words: str = "Sorry.") -> Errand:
        """Prepare a correction of some editions."""
        texts = {tag: self.texts[tag] for tag in tags}
        said = dict.fromkeys(tags, words)
        return Errand(
            campaign=correction_id(ISSUE, said, texts),
            choices=RepeatedChoices([Language(tag) for tag in tags], EN),
            texts=texts,
            among=(had_faulty(self.begun(), texts),),
            words=said,
        )

    def send(self, policy: LatePolicy = LatePolicy.MISSED) -> None:
        """Send the issue, and by the policy what is late; what, is decided first."""
        errands = [self.main(policy)]
        if policy is LatePolicy.FALLBACK:
            errands += self.late()
        for errand in errands:
            self.run(errand)

    def run(
        self,
        errand: Errand,
        *,
        again: Collection[State] = _SEND,
        fresh: bool = True,
        kill_after: int | None = None,
    ) -> None:
        """Carry out one run; a killed one leaves what it was about to do undone."""
        self.runs += 1
        now = NOW + _DAY * self.runs
        ledger = SqliteLedger(self.path, SINK)
        try:
            with ledger.lock(errand.campaign, now):
                self._work(ledger, errand, now, (fresh, again, kill_after))
                if not list(self.waiting(errand)) and not ledger.finished(
                    errand.campaign
                ):
                    ledger.finish(errand.campaign, _milliseconds(now))
        except KilledError:
            self._make_dead()
        finally:
            ledger.close()

    def waiting(
        self,
        errand: Errand,
        again: Collection[State] = _SEND,
        *,
        fresh: bool = True,
    ) -> Iterator[tuple[Waiting, Language]]:
        """List who is owed it at the moment, with the edition they get."""
        with self._due(errand) as due:
            people = due.fresh("", 1000) if fresh else []
            people += due.again(again, "", 1000) if again else []
        for person in people:
            edition = errand.choices.of(person.languages, person.only_these).language
            if edition is not None:
                yield person, edition

    def finished(self, campaign: str) -> int | None:
        with self.account() as account:
            return account.finished(campaign)

    def got(self, name: str) -> list[tuple[str, str, str]]:
        """List what somebody got: campaign, language and text."""
        key = f"{name}@example.org"
        return [(g.campaign, g.language, g.text) for g in self.inboxes if g.key == key]

    def _work(
        self,
        ledger: SqliteLedger,
        errand: Errand,
        now: datetime,
        whom: tuple[bool, Collection[State], int | None],
    ) -> None:
        fresh, again, kill_after = whom
        people = list(self.waiting(errand, again, fresh=fresh))
        if not people:
            return
        self._gather(ledger, errand)
        ledger.started(errand.campaign, now, lambda c, n: self._invite(errand, c, n))
        ledger.use(errand.campaign)
        ledger.recover(_milliseconds(now))
        at = ledger.print_texts(errand.texts, _milliseconds(now))
        choices = [errand.choices.of(p.languages, p.only_these) for p, _ in people]
        ledger.name_choices({c.number: (f"{c.language}", c.reason) for c in choices})
        parcels = [
            _parcel(person, choice.number)
            for (person, _), choice in zip(people, choices, strict=True)
        ]
        ledger.claim(parcels, at)
        for count, (each, (_, language)) in enumerate(
            zip(parcels, people, strict=True)
        ):
            if count == kill_after:
                raise KilledError
            ledger.record([each], (), at + 1 + count)
            self._deliver(ledger, errand, each, language, at + 1 + count)

    def _deliver(
        self,
        ledger: SqliteLedger,
        errand: Errand,
        each: Parcel,
        language: Language,
        now: int,
    ) -> None:
        name = each.key.partition("@")[0]
        is_fatal = name in self.fatal
        outcome = Outcome.ACCEPTED if is_fatal else self._answer(name)
        if outcome in {Outcome.ACCEPTED, Outcome.UNCERTAIN}:
            is_known = outcome is Outcome.ACCEPTED and not is_fatal
            text = errand.texts[language.tag]
            self.inboxes.append(
                Got(errand.campaign, each.key, language.tag, text, self.runs, is_known)
            )
        if is_fatal:
            self.fatal.discard(name)
            raise KilledError
        ledger.record((), [Entry(each, Receipt(outcome, 250), now)], now)

    def _answer(self, name: str) -> Outcome:
        return self.answers.pop(name, Outcome.ACCEPTED)

    def _gather(self, ledger: SqliteLedger, errand: Errand) -> None:
        with self._due(errand) as due:
            gather(ledger.connection, invitations(due.everybody(), errand.choices))

    def _invite(self, errand: Errand, connection: Connection, campaign: int) -> None:
        if errand.among:
            invite(connection, campaign)
            say(connection, campaign, errand.words)

    def _due(self, errand: Errand) -> Due:
        return Due(
            self.path,
            sink=SINK,
            campaign=errand.campaign,
            today=date.max,
            among=errand.among,
        )

    def _late(self, late: Language) -> Errand:
        main = next(begun for begun in self.begun() if begun.id == ISSUE)
        since = self._printed().get(late.tag, NEVER)
        return Errand(
            campaign=late_id(ISSUE, late),
            choices=LateChoices(self.editions, late),
            texts={late.tag: self.texts[late.tag]},
            among=(had_another(main.number, late, since),),
        )

    def _printed(self) -> Mapping[str, int]:
        with self.account() as account:
            main = [begun for begun in account.begun(ISSUE) if begun.id == ISSUE]
            return account.printed(main[0]) if main else {}

    def _make_dead(self) -> None:
        with reach_into(self.path) as connection:
            connection.execute(
                "UPDATE sender SET held = 1, leaves_open = 1, born = '1'"
            )


def _parcel(person: Waiting, choice: int) -> Parcel:
    made = parcel(person.key, attempt=person.attempt, since=person.since)
    return made._replace(choice=choice)


def _milliseconds(at: datetime) -> int:
    return int(at.astimezone(UTC).timestamp() * 1000)
