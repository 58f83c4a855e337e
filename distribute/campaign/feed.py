"""Feed a run: who is due, in pages, each decided about and written to.

One page is in memory at a time, so a list of a million costs no more than one of a
thousand. What is the same for everybody (editions, choices, keys) is worked out once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from distribute.audience.token import Signer
from distribute.campaign.campaign import (
    Batch,
    Envelope,
    Message,
    Outcome,
    Parcel,
    Receipt,
    State,
)
from distribute.campaign.choices import Choices
from distribute.campaign.compiled import CompiledMessage
from distribute.campaign.due import Due, Waiting
from distribute.campaign.message import Addressing
from distribute.errors import MailboxError
from distribute.language import Language
from distribute.mailbox import Mailbox

PAGE = 500
"""People looked up at a time, unless the pace is slow."""

_NOTHING = Message((), 0)

_Fetch = Callable[[str, int], Sequence[Waiting]]
_Write = Callable[[Mailbox, str, str], Message]
_Known = tuple[str, str, str, int, int, int]


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """Gives the personal link that ends a subscription."""

    signer: Signer
    public_url: str
    """Where the public side answers, without a trailing slash."""

    def __call__(self, mailbox: Mailbox) -> str:
        """Sign the link of one mailbox."""
        return f"{self.public_url}/u/{self.signer.unsubscribe(mailbox)}"


class _Edition(NamedTuple):
    """What deliveries of one edition share."""

    write: _Write
    folder: str
    tail: str
    """The end of what a delivery's id is made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """Who is due in one campaign at one sink; can be pickled, to work elsewhere."""

    database: Path
    sink: str
    campaign: str
    """`Campaign.id`."""
    choices: Choices
    messages: Mapping[Language, CompiledMessage]
    """Of every edition that somebody may get."""
    addressing: Addressing
    unsubscribe: Callable[[Mailbox], str]
    """Such as `Unsubscribe`: it is pickled too."""
    begun: int
    """When this run began, in milliseconds since 1970."""
    fresh: bool = True
    """Whether those are due who were never tried."""
    again: frozenset[State] = frozenset({State.DEFERRED})
    """Who else is due, by how it ended before this run."""
    due_only: bool = False
    """Whether the deferred are due only if their time had come when this run began."""
    page: int = PAGE
    after: str = ""
    """Leaves out those never tried up to this key."""
    until: str = ""
    """If not empty, leaves out those never tried behind this key."""

    def batches(self) -> Iterator[Batch]:
        """Write to everybody who is due: those never tried first, then those of `again`.

        So somebody whose delivery breaks the sink every time cannot keep others from
        theirs. Whoever was tried for the first time in this run is left to `due`.
        """
        due_by = self.begun if self.due_only else None
        with closing(self._open()) as due:
            if self.fresh:
                yield from self._fresh_pages(due)
            if self.again:
                yield from self._pages(
                    lambda after, limit: due.again(
                        self.again, after, limit, due_by=due_by
                    ),
                    lambda person: person.since < self.begun,
                )

    def due(self, now: int, *, only_new: bool = False) -> Iterator[Batch]:
        """Write to the deferred whose time has come by `now`.

        Each batch has to be claimed before the next is asked for. `only_new` leaves out
        those who were tried before this run: `batches` may still come to them. Nobody at
        all if this run is not about the deferred.
        """
        if State.DEFERRED not in self.again:
            return
        begun = self.begun if only_new else 0
        with closing(self._open()) as due:
            yield from self._pages(
                lambda after, limit: due.again(
                    {State.DEFERRED}, after, limit, due_by=now
                ),
                lambda person: person.since >= begun,
            )

    def next_due(self) -> int | None:
        """When the next of the deferred is due, if any of them still is."""
        if State.DEFERRED not in self.again:
            return None
        with closing(self._open()) as due:
            return due.next_due()

    def has(self, count: int) -> bool:
        """Tell whether so many are due, near enough: the deferred whatever their time."""
        with closing(self._open()) as due:
            people = due.fresh(self.after, count) if self.fresh else []
            if self.again and len(people) < count:
                people += due.again(self.again, "", count - len(people))
        return len(people) >= count

    def split(self, count: int) -> tuple["Feed", "Feed"]:
        """Part the first so many from all others; one after the other they are this."""
        with closing(self._open()) as due:
            people = due.fresh(self.after, count) if self.fresh else []
        if not people:
            return replace(self, fresh=False, again=frozenset()), self
        last = people[-1].key
        here = replace(self, until=last, again=frozenset())
        return here, replace(self, after=last)

    def _open(self) -> Due:
        return Due(self.database, sink=self.sink, campaign=self.campaign)

    def _fresh_pages(self, due: Due) -> Iterator[Batch]:
        after = self.after
        while people := due.fresh(after, self.page):
            after = people[-1].key
            if self.until and after >= self.until:
                yield self._write([p for p in people if p.key <= self.until])
                return
            yield self._write(people)

    def _pages(
        self, fetch: _Fetch, wanted: Callable[[Waiting], bool]
    ) -> Iterator[Batch]:
        after = ""
        while people := fetch(after, self.page):
            after = people[-1].key
            yield self._write([*filter(wanted, people)])

    def _write(self, people: Sequence[Waiting]) -> Batch:
        """Decide about a page of people and write to them.

        One body, for this is what every single delivery goes through.
        """
        choose, link = self.choices.of, self.unsubscribe
        addressed, head = self.addressing.envelope, f"{self.campaign}\0"
        editions: dict[int, _Edition | None] = {}
        named: dict[int, tuple[str, str]] = {}
        parcels: list[Parcel] = []
        skipped, refused = [], []
        for key, address, name, languages, only_these, attempt, since in people:
            language, reason, number = choose(languages, only_these)
            if number not in named:
                named[number] = (language.tag if language else "", reason)
                editions[number] = self._edition(language)
            edition = editions[number]
            if edition is None:
                skipped.append((key, address, number))
                continue
            id_ = sha256((head + key + edition.tail).encode()).hexdigest()[:24]
            known = (key, id_, address, number, attempt, since)
            mailbox = Mailbox(address, name)
            try:
                envelope = addressed(mailbox, edition.folder, id_)
                message = edition.write(mailbox, id_, link(mailbox))
            except MailboxError as error:
                refused.append(_refused(known, error))
            else:
                parcels.append(Parcel(*known, envelope, message))
        return Batch(parcels, named, skipped, refused)

    def _edition(self, language: Language | None) -> _Edition | None:
        if language is None:
            return None
        message = self.messages[language]
        return _Edition(message.write, language.folder, f"\0{language.tag}")


def _refused(known: _Known, error: MailboxError) -> tuple[Parcel, Receipt]:
    """Turn down somebody who cannot be written to."""
    _, id_, address, *_ = known
    parcel = Parcel(*known, Envelope(id_, "", address), _NOTHING)
    return parcel, Receipt(Outcome.REJECTED, text=error.reason)
