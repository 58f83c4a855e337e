"""A patient ledger: what it is told is on record once, whenever the database goes away."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass

import pytest

from distribute.audience.database.database import open_database
from distribute.audience.database.place import PostgresUrl
from distribute.campaign.campaign import Entry, Parcel, State
from distribute.campaign.custody.lock import QUIET
from distribute.campaign.ledger.durability import ServerDurability
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.campaign.ledger.patient import Answer, PatientLedger
from distribute.errors import AwayError, LockedError
from tests.campaign.actors import parcel
from tests.campaign.mailings import put_on_list
from tests.campaign.senders import (
    ACCEPTED,
    ADA,
    AT,
    BO,
    CAMPAIGN,
    DEFERRED,
    GONE,
    LATER,
    NOW,
    states_in,
)
from tests.lossy import LossyWire, lossy


def twice_at_most(act: Callable[[], Answer]) -> Answer:
    """Try it once more if the database was away."""
    try:
        return act()
    except AwayError:
        return act()


@dataclass
class Desk:
    """A sender of one campaign, by a wire that may break."""

    wire: LossyWire
    ledger: SqliteLedger
    patient: PatientLedger

    def lose_answer_to(self, step: Callable[[], None]) -> None:
        """Do something whose commit is done, and nobody hears of it."""
        self.wire.lose_next_commit()
        step()
        assert self.wire.has_broken.is_set()
        self.wire.has_broken.clear()


@contextmanager
def open_desk(url: str) -> Iterator[Desk]:
    """Take a campaign up."""
    with lossy(url) as wire, ExitStack() as held:
        ledger = held.enter_context(SqliteLedger(PostgresUrl(wire.url), "smtp"))
        held.enter_context(ledger.lock(CAMPAIGN, NOW))
        ledger.started(CAMPAIGN, NOW)
        ledger.use(CAMPAIGN)
        yield Desk(wire, ledger, PatientLedger(ledger, twice_at_most))


@pytest.fixture
def desk(postgres_url: str) -> Iterator[Desk]:
    """Give a sender that has taken a campaign up."""
    with open_desk(postgres_url) as desk:
        yield desk


def again(which: Parcel) -> Parcel:
    """Make the parcel of the next attempt."""
    return which._replace(attempt=which.attempt + 1, since=AT)


def test_each_step_is_taken_once_though_its_answer_is_lost(desk: Desk) -> None:
    """Claims, starts, ends, and what comes of it: as if nothing had been."""
    ledger = desk.patient
    desk.lose_answer_to(lambda: ledger.claim([ADA, BO], AT))
    assert states_in(desk.ledger) == {"ada": State.CLAIMED, "bo": State.CLAIMED}
    desk.lose_answer_to(lambda: ledger.record([ADA, BO], (), AT))
    assert states_in(desk.ledger) == {"ada": State.STARTED, "bo": State.STARTED}
    ended = [Entry(ADA, ACCEPTED), Entry(BO, DEFERRED, due=LATER)]
    desk.lose_answer_to(lambda: ledger.record((), ended, AT))
    assert states_in(desk.ledger) == {"ada": State.ACCEPTED, "bo": State.DEFERRED}
    desk.lose_answer_to(lambda: ledger.claim([again(BO)], LATER))
    desk.lose_answer_to(lambda: ledger.record([again(BO)], (), LATER))
    desk.lose_answer_to(
        lambda: ledger.record((), [Entry(again(BO), ACCEPTED)], LATER + 1)
    )
    attempts = {
        record.key.partition("@")[0]: [
            str(each.receipt.outcome) for each in record.attempts
        ]
        for record in desk.ledger.records(CAMPAIGN)
    }
    assert attempts == {"ada": ["accepted"], "bo": ["deferred", "accepted"]}


def test_what_was_claimed_is_given_back_once(desk: Desk) -> None:
    """Whoever had been put off before is put off again."""
    ledger = desk.patient
    ledger.claim([ADA], AT)
    ledger.record([ADA], [Entry(ADA, DEFERRED, due=LATER)], AT)
    ledger.claim([again(ADA), BO, parcel("cy")], LATER)
    desk.lose_answer_to(lambda: ledger.give_back(LATER))
    assert states_in(desk.ledger) == {"ada": State.DEFERRED}


def test_a_connection_that_breaks_before_leaves_nothing(
    desk: Desk, postgres_url: str
) -> None:
    """What was not done is done then."""

    def cut_off() -> None:
        with closing(open_database(PostgresUrl(postgres_url))) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    steps: tuple[Callable[[], None], ...] = (
        lambda: desk.patient.claim([ADA], AT),
        lambda: desk.patient.record([ADA], (), AT),
        lambda: desk.patient.record((), [Entry(ADA, ACCEPTED)], AT),
    )
    for step in steps:
        cut_off()
        step()
    assert states_in(desk.ledger) == {"ada": State.ACCEPTED}


def test_who_was_taken_for_dead_meanwhile_lets_nothing_leave(
    desk: Desk, postgres_url: str
) -> None:
    """Another machine has the campaign, and even has sent to the same person again."""
    desk.patient.claim([ADA], AT)

    def meanwhile(act: Callable[[], Answer]) -> Answer:
        """Do it twice, and have the other take over in between."""
        act()
        take_over(PostgresUrl(postgres_url))
        return act()

    with pytest.raises(LockedError, match="taken over"):
        PatientLedger(desk.ledger, meanwhile).record([ADA], (), AT)
    with pytest.raises(LockedError, match="taken over"):
        desk.patient.claim([BO], AT)


def take_over(place: PostgresUrl) -> None:
    """Be another machine, long after; what is in doubt is sent once more."""
    with SqliteLedger(place, "smtp") as other:
        other.connection.execute("UPDATE sender SET host = 'elsewhere'")
        with other.lock(CAMPAIGN, NOW + 2 * QUIET) as dead:
            assert "elsewhere" in dead
            other.use(CAMPAIGN)
            other.claim([again(ADA)], LATER)
            other.record([again(ADA)], (), LATER)


def test_a_lock_is_ours_though_nobody_said_so(postgres_url: str) -> None:
    """Also if the answer was lost that it is taken, or let go; others are refused."""
    with lossy(postgres_url) as wire:
        place = PostgresUrl(wire.url)
        with (
            SqliteLedger(place, "smtp") as ledger,
            SqliteLedger(place, "smtp") as other,
        ):
            wire.lose_next_commit()
            with pytest.raises(AwayError), ledger.lock(CAMPAIGN, NOW):
                pass
            with pytest.raises(LockedError), other.lock(CAMPAIGN, NOW):
                pass
            with ledger.lock(CAMPAIGN, NOW) as dead:
                assert dead == ""
            with other.lock(CAMPAIGN, NOW) as dead:
                assert dead == ""


def test_who_was_put_back_is_told_though_the_answer_is_lost(desk: Desk) -> None:
    """The second time there is nobody left to be put back; they were, all the same."""
    put_on_list(desk.ledger.place, ["ada"])
    desk.patient.claim([ADA], AT)
    desk.patient.record([ADA], [], AT)
    desk.patient.record([], [Entry(ADA, GONE)], AT)
    desk.lose_answer_to(lambda: desk.patient.take_back(AT))
    assert desk.ledger.taken_back


def test_a_lock_that_was_just_taken_can_be_taken_again(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database went away before anything was done with it; it is our own."""
    ease = ServerDurability.ease
    monkeypatch.setattr(ServerDurability, "ease", _away)
    with SqliteLedger(PostgresUrl(postgres_url), "smtp") as ledger:
        with pytest.raises(AwayError), ledger.lock(CAMPAIGN, NOW):
            pass
        monkeypatch.setattr(ServerDurability, "ease", ease)
        with ledger.lock(CAMPAIGN, NOW):
            ledger.started(CAMPAIGN, NOW)


def _away(_self: ServerDurability) -> None:
    raise AwayError("it does not answer")
