"""Feed a run: who is due, in pages, each decided about and written to.

One page is in memory at a time, so a list of a million costs no more than one of a
thousand. What is the same for everybody (editions, choices, keys) is worked out once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date

from distribute.audience.database.place import Place
from distribute.campaign.campaign import Batch, State
from distribute.campaign.ledger.due import Due, Waiting
from distribute.campaign.message.compiled import CompiledMessage
from distribute.campaign.message.delivery_ids import DeliveryIds
from distribute.campaign.message.links import Linking
from distribute.campaign.message.message import Addressing
from distribute.campaign.plan.among import EVERYBODY, Among
from distribute.campaign.plan.choices import Choices
from distribute.campaign.run.page import Desk, Page
from distribute.language import Language

PAGE = 500
"""People looked up at a time, unless the pace is slow."""

_Fetch = Callable[[str, int], Sequence[Waiting]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """Who is due in one campaign at one sink; can be pickled, to work elsewhere."""

    database: Place
    sink: str
    campaign: str
    """`Campaign.id`."""
    choices: Choices
    messages: Mapping[Language, CompiledMessage]
    """Of every edition that somebody may get."""
    addressing: Addressing
    ids: DeliveryIds
    links: Linking
    begun: int
    """When this run began, in milliseconds since 1970."""
    fresh: bool = True
    """Whether those are due who were never tried."""
    again: frozenset[State] = frozenset({State.DEFERRED})
    """Who else is due, by how it ended before this run."""
    due_only: bool = False
    """Whether the deferred are due only if their time had come when this run began."""
    today: date = date.min
    """Whoever pauses beyond this day is not due; without a day, nobody who ever paused."""
    among: Sequence[Among] = EVERYBODY
    """Whom alone the campaign is for."""
    page: int = PAGE
    after: str = ""
    """Leaves out those never tried up to this key."""
    until: str = ""
    """If not empty, leaves out those never tried behind this key."""
    tried_after: str = ""
    """Leaves out those of `again` up to this key."""

    def batches(self) -> Iterator[Batch]:
        """Write to everybody who is due: those never tried first, then those of `again`.

        So somebody whose delivery breaks the sink every time cannot keep others from
        theirs. Whoever was tried for the first time in this run is left to `due`.
        """
        desk = self.desk()
        for page in self.pages():
            yield desk.batch(page)

    def pages(self) -> Iterator[Page]:
        """Give the same, with the messages still to be put together by `desk`."""
        desk = self.desk()
        for people in self._people():
            yield desk.write(people)

    def desk(self) -> Desk:
        """Get ready to write."""
        return Desk(
            campaign=self.campaign,
            choices=self.choices,
            messages=self.messages,
            addressing=self.addressing,
            ids=self.ids,
            links=self.links.by_key(),
        )

    def due(self, now: int, *, only_new: bool = False) -> Iterator[Batch]:
        """Write to the deferred whose time has come by `now`.

        Each batch has to be claimed before the next is asked for. `only_new` leaves out
        those who were tried before this run: `batches` may still come to them. Nobody at
        all if this run is not about the deferred.
        """
        begun = self.begun if only_new else 0
        desk = self.desk()
        for people in self._due_by(now):
            tried = [person for person in people if person.since >= begun]
            yield desk.batch(desk.write(tried))

    def next_due(self) -> int | None:
        """When the next of the deferred is due, if any of them still is."""
        if State.DEFERRED not in self.again:
            return None
        with closing(self._open()) as due:
            return due.next_due()

    def from_first(self) -> "Feed":
        """Give the same, which need not look for its beginning again and again."""
        if not self.fresh:
            return self
        with closing(self._open()) as due:
            before = due.before_fresh(self.after)
        return self if before == self.after else replace(self, after=before)

    def has(self, count: int) -> bool:
        """Tell whether so many are due, near enough: the deferred whatever their time."""
        with closing(self._open()) as due:
            if self.fresh and due.fresh_at(count, self.after):
                return True
            people = due.fresh(self.after, count) if self.fresh else []
            if self.again:
                left = count - len(people)
                people += due.again(self.again, self.tried_after, left)
        return len(people) >= count

    def split(self, count: int) -> tuple["Feed", "Feed"]:
        """Part the first so many from all others; one after the other they are this."""
        last = self._last_of(count) if self.fresh else ""
        if not last:
            return replace(self, fresh=False, again=frozenset()), self
        here = replace(self, until=last, again=frozenset())
        return here, replace(self, after=last)

    def _last_of(self, count: int) -> str:
        """Find the last of the first so many never tried; empty if there is nobody."""
        with closing(self._open()) as due:
            last = due.fresh_at(count, self.after)
            people = [] if last else due.fresh(self.after, count)
        return people[-1].key if people else last

    def _open(self) -> Due:
        return Due(
            self.database,
            sink=self.sink,
            campaign=self.campaign,
            today=self.today,
            among=self.among,
        )

    def _people(self) -> Iterator[Sequence[Waiting]]:
        """Go through everybody who is due, page by page."""
        due_by = self.begun if self.due_only else None
        with closing(self._open()) as due:
            if self.fresh:
                yield from self._fresh(due)
            if self.again:
                for people in self._pages(
                    lambda after, limit: due.again(
                        self.again, after, limit, due_by=due_by
                    ),
                    self.tried_after,
                ):
                    yield [person for person in people if person.since < self.begun]

    def _fresh(self, due: Due) -> Iterator[Sequence[Waiting]]:
        """Go through those never tried, up to `until`."""
        for people in self._pages(due.fresh, self.after):
            if self.until and people[-1].key >= self.until:
                yield [person for person in people if person.key <= self.until]
                return
            yield people

    def _due_by(self, now: int) -> Iterator[Sequence[Waiting]]:
        """Go through the deferred whose time has come."""
        if State.DEFERRED not in self.again:
            return
        with closing(self._open()) as due:
            yield from self._pages(
                lambda after, limit: due.again(
                    {State.DEFERRED}, after, limit, due_by=now
                ),
            )

    def _pages(self, fetch: _Fetch, after: str = "") -> Iterator[Sequence[Waiting]]:
        while people := fetch(after, self.page):
            after = people[-1].key
            yield people
