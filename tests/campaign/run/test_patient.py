"""A patient supply: everybody comes once, however often the database goes away."""

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from distribute.campaign.campaign import Batch, Outcome, Receipt, Stage, State
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.campaign.ledger.patient import Answer
from distribute.campaign.run.feed import Feed
from distribute.campaign.run.patient import PatientSupply
from distribute.errors import AwayError
from tests.campaign.actors import START, parcel
from tests.campaign.mailings import (
    BEGAN,
    feed_of,
    names_of,
    put_on_list,
    try_to_send,
)

FRESH = [f"fresh{number}" for number in range(5)]
TRIED = [f"tried{number}" for number in range(5)]


class Breaking:
    """Gives some batches of a feed, and then the database is away."""

    def __init__(self, feed: Feed, good: int | None) -> None:
        """Take how many it gives; `None`: all of them."""
        self._feed = feed
        self._good = good
        self.due = feed.due
        self.next_due = feed.next_due

    def batches(self) -> Generator[Batch, None, None]:
        """Give the first of them."""
        for number, batch in enumerate(self._feed.batches()):
            if number == self._good:
                raise AwayError("it does not answer")
            yield batch


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Give the path of a database that is not there yet."""
    return tmp_path / "distribute.db"


@pytest.fixture
def ledger(database: Path) -> Iterator[SqliteLedger]:
    """Give the ledger of a campaign in which some have been put off already."""
    put_on_list(database, TRIED)
    with SqliteLedger(database, "smtp") as ledger, ledger.lock("issue-5", BEGAN):
        ledger.started("issue-5", BEGAN)
        ledger.use("issue-5")
        earlier = feed_of(database).batches()
        try_to_send(
            ledger, earlier, at=START - 9, outcome=Outcome.DEFERRED, due=START - 5
        )
        put_on_list(database, FRESH)
        yield ledger


def outlast(act: Callable[[], Answer]) -> Answer:
    """Try again at once."""
    while True:
        try:
            return act()
        except AwayError:
            continue


def test_whoever_could_not_be_written_to_does_not_come_again(database: Path) -> None:
    """They stand beside the page, and behind everybody on it."""
    refusal = Receipt(Outcome.REJECTED, 0, "", "no such address", Stage.RCPT)
    last = parcel("zoe", attempt=1)
    page = Batch([parcel("ada", attempt=1)], {}, refused=[(last, refusal)])
    begun: list[str] = []

    class Pages(Breaking):
        """Gives that page, and then the database is away; the next time nobody is left."""

        def batches(self) -> Generator[Batch, None, None]:
            begun.append(self._feed.tried_after)
            if len(begun) == 1:
                yield page
                raise AwayError("it does not answer")

    supply = PatientSupply(
        feed_of(database), outlast, written=lambda feed: Pages(feed, None)
    )
    assert list(supply.batches()) == [page]
    assert begun == ["", last.key]


@pytest.mark.parametrize(
    "outages", [(0, 3), (4, 1, 1), (5, 5, 1), (6, 6, 6), (9, 8, 0)]
)
def test_everybody_comes_once(
    ledger: SqliteLedger, database: Path, outages: tuple[int, ...]
) -> None:
    """Also those who are put off once more on the way: their time has not come again."""
    left = iter(outages)
    supply = PatientSupply(
        feed_of(database, page=1),
        outlast,
        written=lambda feed: Breaking(feed, next(left, None)),
    )
    came: list[str] = []
    for batch in supply.batches():
        came += names_of([batch])
        later = START + 999
        try_to_send(ledger, [batch], at=START, outcome=Outcome.DEFERRED, due=later)
    assert came == FRESH + TRIED
    assert next(left, None) is None


def test_those_whose_time_comes_again_do_so_too(
    ledger: SqliteLedger, database: Path
) -> None:
    """And it is said when the next one's does."""
    failures = 0

    def fail_at_first(act: Callable[[], Answer]) -> Answer:
        nonlocal failures
        answer = act()
        failures += 1
        return answer

    supply = PatientSupply(feed_of(database), fail_at_first)
    assert supply.next_due() == START - 5
    assert names_of(supply.due(START)) == TRIED
    assert failures == 3


def test_who_gives_up_hears_why(ledger: SqliteLedger, database: Path) -> None:
    """And nothing is left open."""
    supply = PatientSupply(
        feed_of(database, again=frozenset[State]()),
        lambda act: act(),
        written=lambda feed: Breaking(feed, 0),
    )
    with closing(supply.batches()) as batches, pytest.raises(AwayError):
        next(batches)
