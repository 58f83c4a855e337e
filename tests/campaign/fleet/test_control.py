"""A campaign that workers send is paused, goes on, and is taken back from them."""

from contextlib import closing
from datetime import date
from threading import Event, Thread

import pytest

from distribute.audience.database.database import open_database
from distribute.audience.database.postgres.connection import PostgresConnection
from distribute.campaign.fleet import control, hold
from distribute.campaign.fleet.batch import FrozenState, Hold
from distribute.campaign.fleet.control import Swept
from distribute.campaign.fleet.work import carry_out
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.errors import LockedError
from distribute.sinks.memory import MemorySink, refusal
from tests.campaign.fleet.conftest import NAMES
from tests.campaign.fleet.handed import (
    START,
    HandedOver,
    hand_over,
    handing_over,
)
from tests.campaign.mailings import BEGAN
from tests.readers import CAMPAIGN


def never() -> bool:
    """Do not stop."""
    return False


def carry_out_all(handed: HandedOver, *numbers: int) -> None:
    """Serve everybody in these batches."""
    shop = handed.shop()
    for number in numbers:
        carry_out(handed.bench(), lambda _: shop, handed.errand(number), never)


def take(handed: HandedOver, number: int = 1) -> Hold:
    """Take a batch in hand, as a worker whose queue brought it."""
    batch, job = handed.errand(number)
    doing = "UPDATE procrastinate_jobs SET status = 'doing' WHERE id = ?"
    handed.connection.execute(doing, (job,))
    held = hold.take(handed.connection, batch, job, by="host:1", now=START)
    assert held is not None
    return held


def test_a_pause_leaves_no_job(handed: HandedOver) -> None:
    """So nothing comes up again and again; whoever pauses twice hears that."""
    assert control.pause(handed.connection, handed.campaign)
    assert handed.jobs() == []
    assert not control.pause(handed.connection, handed.campaign, alarm="late")
    assert handed.ask("SELECT state, alarm FROM frozen") == [("paused", "")]


def test_to_go_on_takes_the_alarm_back(handed: HandedOver) -> None:
    """Every batch that is not done has a job again."""
    control.pause(handed.connection, handed.campaign, alarm="550 5.7.1 go away")
    assert handed.ask("SELECT alarm FROM frozen") == [("550 5.7.1 go away",)]
    assert control.resume(handed.connection, handed.campaign, now=START)
    assert handed.ask("SELECT state, alarm FROM frozen") == [("going", "")]
    assert handed.jobs() == ["todo", "todo"]
    assert not control.resume(handed.connection, handed.campaign, now=START)


def test_what_was_done_while_it_paused_ends_it(handed: HandedOver) -> None:
    """The last batch was in hand when somebody paused; to resume it finds it done."""
    carry_out_all(handed, 1)
    held = take(handed, 2)
    control.pause(handed.connection, handed.campaign)
    handed.connection.execute("UPDATE delivery SET state = 'accepted'")
    hold.finish(handed.connection, held, now=START + 5, today=date(2026, 11, 20))
    assert handed.state() == "paused"
    assert control.resume(handed.connection, handed.campaign, now=START + 9)
    assert handed.state() == "done"
    assert handed.ask("SELECT finished FROM campaign") == [(START + 9,)]


def test_what_is_cancelled_was_never_taken_up(handed: HandedOver) -> None:
    """Whoever was served stays so; the others can be served by anybody."""
    carry_out_all(handed, 1)
    assert control.cancel(handed.connection, handed.campaign)
    assert control.sweep(handed.connection, handed.campaign) == Swept(1, 0)
    assert handed.states() == dict.fromkeys(("ada", "bo", "cy"), "accepted")
    assert (handed.batches(), handed.jobs()) == (["done", "cancelled"], [])
    with (
        SqliteLedger(handed.place, "smtp") as ledger,
        ledger.lock(CAMPAIGN.id, BEGAN),
    ):
        pass


def test_what_is_over_can_not_be_steered(handed: HandedOver) -> None:
    """Done is done, and cancelled is cancelled."""
    connection, campaign = handed.connection, handed.campaign
    carry_out_all(handed, 1, 2)
    assert control.state_of(connection, campaign) is FrozenState.DONE
    assert not control.pause(connection, campaign)
    assert not control.resume(connection, campaign, now=START)
    assert not control.cancel(connection, campaign)
    assert control.state_of(connection, campaign + 1) is None


def test_what_is_in_hand_is_left_to_its_worker(handed: HandedOver) -> None:
    """It gives it back, and then it is swept; till then nobody else sends the campaign."""
    held = take(handed)
    control.cancel(handed.connection, handed.campaign)
    assert control.sweep(handed.connection, handed.campaign) == Swept(1, 1)
    with SqliteLedger(handed.place, "smtp") as ledger:
        with pytest.raises(LockedError) as refusal, ledger.lock(CAMPAIGN.id, BEGAN):
            pass
        assert "in the hands of workers" in refusal.value.reason
        hold.hand_back(handed.connection, held)
        assert control.sweep(handed.connection, handed.campaign) == Swept(1, 0)
        with ledger.lock(CAMPAIGN.id, BEGAN):
            pass
    assert handed.states() == {}


def test_what_is_not_given_back_is_taken_away(handed: HandedOver) -> None:
    """Whoever had it can write nothing any more; what it began is uncertain."""
    held = take(handed)
    handed.connection.execute(
        "UPDATE delivery SET state = 'started' WHERE key = 'ada@example.org'"
    )
    control.cancel(handed.connection, handed.campaign)
    assert control.sweep(handed.connection, handed.campaign, at_once=True) == Swept(
        2, 0
    )
    assert handed.states() == {"ada": "uncertain"}
    assert handed.jobs() == []
    with pytest.raises(LockedError):
        hold.hand_back(handed.connection, held)


def test_a_dead_workers_batch_is_nobodys(handed: HandedOver) -> None:
    """Once the others have noticed, its job is gone, and cancelling waits for nobody."""
    take(handed)
    control.cancel(handed.connection, handed.campaign)
    handed.connection.execute("UPDATE batch SET job = NULL")
    assert control.sweep(handed.connection, handed.campaign) == Swept(2, 0)


def test_who_is_tried_again_falls_back_to_what_was(handed: HandedOver) -> None:
    """A second attempt that had not begun leaves the first one as it was."""
    put_off = {"bo@example.org": refusal(451, "later")}
    shop = handed.shop(MemorySink(answers=put_off, sleep=lambda _: None))
    carry_out(handed.bench(), lambda _: shop, handed.errand(), never)
    ((due,),) = handed.ask("SELECT due FROM delivery WHERE state = 'deferred'")
    take(handed)
    # as `claim_again` has it
    handed.connection.execute("""
        INSERT INTO earlier_attempt (delivery, attempt, outcome, opened, closed, due, choice,
                                     id, code, enhanced, text, stage)
        SELECT number, attempt, state, opened, closed, due, choice, id, code, enhanced,
               text, stage FROM delivery WHERE state = 'deferred'
    """)
    handed.connection.execute("""
        UPDATE delivery SET state = 'claimed', attempt = 2, due = NULL, text = ''
        WHERE state = 'deferred'
    """)
    control.cancel(handed.connection, handed.campaign)
    control.sweep(handed.connection, handed.campaign, at_once=True)
    found = handed.ask(
        "SELECT state, attempt, due, text FROM delivery WHERE key = 'bo@example.org'"
    )
    assert found == [("deferred", 1, due, "later")]
    assert handed.ask("SELECT count(*) FROM earlier_attempt") == [(0,)]


def test_whom_one_server_did_not_know_is_put_off(handed: HandedOver) -> None:
    """Nobody was sure of it when the batch was taken away."""
    take(handed)
    handed.connection.execute(
        "UPDATE delivery SET state = 'rejected', due = -1 WHERE key = 'cy@example.org'"
    )
    control.cancel(handed.connection, handed.campaign)
    control.sweep(handed.connection, handed.campaign, at_once=True)
    assert handed.states() == {"cy": "deferred"}


def test_an_interrupted_sweep_goes_on(handed: HandedOver) -> None:
    """Until it does, the campaign is still with the workers, as far as others can tell."""
    control.cancel(handed.connection, handed.campaign)
    with SqliteLedger(handed.place, "smtp") as ledger:
        with pytest.raises(LockedError), ledger.lock(CAMPAIGN.id, BEGAN):
            pass
        with ledger.lock(CAMPAIGN.id, BEGAN, for_workers=True):
            control.sweep(handed.connection, handed.campaign)
        with ledger.lock(CAMPAIGN.id, BEGAN):
            pass
    assert handed.states() == {}


def test_a_worker_heeds_a_pause_in_the_middle(handed: HandedOver) -> None:
    """It gives the batch back with whom it has not tried, and no job comes of that."""
    control.pause(handed.connection, handed.campaign)
    control.resume(handed.connection, handed.campaign, now=START)
    reached, paused = Event(), Event()

    class Waiting(MemorySink):
        """Takes nobody until somebody has paused."""

        def room(self) -> int:
            reached.set()
            paused.wait(30)
            handed.now += 3000
            return 0

    shop = handed.shop(Waiting(sleep=lambda _: None))
    errand = handed.errand()
    worker = Thread(
        target=carry_out, args=(handed.bench(), lambda _: shop, errand, never)
    )
    worker.start()
    with closing(open_database(handed.place)) as mine:
        assert reached.wait(30)
        assert isinstance(mine, PostgresConnection)
        control.pause(mine, handed.campaign)
    paused.set()
    worker.join(30)
    assert not worker.is_alive()
    assert (handed.batches()[0], handed.jobs()) == ("waiting", [])
    assert set(handed.states().values()) == {"claimed"}


def test_whoever_was_served_between_stays_so(postgres_url: str) -> None:
    """Batches that are taken back need not follow on each other."""
    with hand_over(postgres_url, NAMES, size=1) as handed:
        carry_out_all(handed, 1, 3)
        control.cancel(handed.connection, handed.campaign)
        assert control.sweep(handed.connection, handed.campaign) == Swept(3, 0)
        assert set(handed.states().values()) == {"accepted"}
        assert len(handed.states()) == 2


def test_who_was_put_off_goes_on_when_it_is_handed_over_again(
    handed: HandedOver,
) -> None:
    """In a batch of their own; it is not done without them."""
    put_off = {"bo@example.org": refusal(451, "later")}
    shop = handed.shop(MemorySink(answers=put_off, sleep=lambda _: None))
    carry_out(handed.bench(), lambda _: shop, handed.errand(), never)
    control.cancel(handed.connection, handed.campaign)
    control.sweep(handed.connection, handed.campaign)
    assert handed.batches() == ["cancelled", "cancelled"]
    with (
        SqliteLedger(handed.place, "smtp") as ledger,
        handing_over(handed.place, ledger) as freezer,
    ):
        freezer.complete(START)
    assert handed.state() == "going"
    assert handed.batches() == ["cancelled", "cancelled", "waiting"]
    assert handed.jobs() == ["todo"]
    ((handed.now,),) = handed.ask(
        "SELECT due + 1 FROM delivery WHERE key = 'bo@example.org'"
    )
    carry_out_all(handed, 3)
    assert handed.states()["bo"] == "accepted"
    assert handed.state() == "done"
