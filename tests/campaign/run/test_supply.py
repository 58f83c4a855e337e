"""Which page comes next, and when there is nothing left to wait for."""

from collections.abc import Iterator, Sequence
from math import inf

from distribute.campaign.campaign import Batch, Outcome, Receipt
from distribute.campaign.run.supply import Source
from tests.campaign.actors import START, parcel

NOBODY = Batch((), {})


def page(*names: str) -> Batch:
    """Make a page of people."""
    return Batch([parcel(name) for name in names], {})


class Script:
    """A supply that gives what it is told, and remembers what it was asked."""

    def __init__(
        self,
        batches: Sequence[Batch] = (),
        due: Sequence[Sequence[Batch]] = (),
        times: Sequence[int | None] = (),
    ) -> None:
        self._batches, self._due, self._times = batches, [*due], [*times]
        self.asked: list[tuple[int, bool]] = []
        self.closed = 0

    def batches(self) -> Iterator[Batch]:
        try:
            yield from self._batches
        finally:
            self.closed += 1

    def due(self, now: int, *, only_new: bool = False) -> Iterator[Batch]:
        self.asked.append((now - START, only_new))
        return iter(self._due.pop(0) if self._due else ())

    def next_due(self) -> int | None:
        return self._times.pop(0) if self._times else None


def test_page_after_page_and_then_nothing() -> None:
    """Empty ones too: they say who was passed over."""
    source = Source(Script([page("a"), NOBODY, page("b")]), stay=60, limit=None)
    assert source.goes_on(START)
    assert source.wait(START) == 0
    assert [source.next(START) for _ in range(4)] == [
        page("a"),
        NOBODY,
        page("b"),
        None,
    ]
    assert source.wait(START) == inf
    assert not source.goes_on(START)


def test_the_deferred_are_looked_for_while_others_are_served() -> None:
    """When the first is due, only those of this run, and then every half minute."""
    script = Script([page("a"), page("b"), page("c"), page("d")], due=[[page("x")]])
    source = Source(script, stay=60, limit=None)
    source.next(START)
    source.put_off(START + 5000)
    source.put_off(START + 9000)
    assert source.next(START + 4999) == page("b")
    assert source.next(START + 5000) == page("x")
    assert source.next(START + 5001) == page("c")
    assert source.next(START + 34_999) == page("d")
    assert script.asked == [(5000, True)]
    assert source.next(START + 35_000) is None
    assert script.asked == [(5000, True), (35_000, True)]


def test_at_the_end_it_stays_for_those_who_are_due_soon() -> None:
    """Not longer than asked, counted from when there is nothing else to do."""
    script = Script(due=[[page("x")]], times=[START + 8000, None])
    source = Source(script, stay=10, limit=None)
    assert source.next(START) is None
    assert source.goes_on(START)
    assert source.wait(START) == 8
    assert source.next(START + 7999) is None
    assert source.next(START + 8000) == page("x")
    assert source.next(START + 8000) is None
    assert script.asked == [(8000, False)]
    assert not source.goes_on(START + 8000)

    source = Source(Script(times=[START + 10_001]), stay=10, limit=None)
    source.next(START)
    assert not source.goes_on(START)
    assert source.goes_on(START + 1)


def test_who_became_due_during_a_look_gets_another() -> None:
    """The look counts from when it began."""
    script = Script(due=[[page("x")], [page("y")]], times=[START, START + 5, None])
    source = Source(script, stay=0, limit=None)
    source.next(START)
    assert source.next(START + 2) == page("x")
    assert source.next(START + 9) is None
    assert source.next(START + 9) == page("y")
    assert [at for at, _ in script.asked] == [2, 9]


def test_who_is_due_and_never_given_is_not_waited_for() -> None:
    """Somebody who left the list is still on record as deferred."""
    script = Script(times=[START - 5, START - 5])
    source = Source(script, stay=60, limit=None)
    source.next(START)
    assert source.next(START) is None
    assert source.wait(START) == inf


def test_a_limit_cuts_the_last_page() -> None:
    """Those who cannot be written to count, and the pages are over."""
    refusal = Receipt(Outcome.REJECTED)
    last = Batch(page("c", "d", "e").parcels, {}, (), [(parcel("f"), refusal)])
    script = Script([page("a", "b"), last, page("g")])
    source = Source(script, stay=60, limit=4)
    assert source.next(START) == page("a", "b")
    cut = source.next(START)
    assert cut == last._replace(parcels=page("c").parcels)
    assert source.wait(START) == inf
    assert source.next(START) is None
    assert script.closed == 1


def test_a_limit_of_nobody_asks_for_nobody() -> None:
    """The supply is not even begun."""
    source = Source(Script([page("a")]), stay=60, limit=0)
    assert not source.goes_on(START)
    assert source.next(START) is None


def test_closing_it_closes_what_the_pages_come_from() -> None:
    """So nobody works on for nothing; twice does no harm."""
    script = Script([page("a"), page("b")])
    source = Source(script, stay=60, limit=None)
    source.next(START)
    source.close()
    source.close()
    assert script.closed == 1
    assert source.next(START) is None
    assert not source.goes_on(START)


def test_staying_for_ever_is_not_staying_for_nobody() -> None:
    """However long a run may stay, it ends when nobody can come any more."""
    source = Source(Script(), stay=inf, limit=None)
    assert source.next(START) is None
    assert not source.goes_on(START)
