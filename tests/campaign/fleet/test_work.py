"""Batches are carried out by the engine that sends on one machine."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from distribute.audience.store import Store
from distribute.audience.subscriber import Status
from distribute.campaign.campaign import Parcel, Turn
from distribute.campaign.fleet import control
from distribute.campaign.fleet.work import carry_out
from distribute.errors import (
    LockedError,
    PolicyRefusalError,
    TransientDeliveryError,
)
from distribute.sinks.memory import MemorySink, refusal
from tests.campaign.fleet.conftest import NAMES
from tests.campaign.fleet.handed import HandedOver
from tests.campaign.mailings import BEGAN


def never() -> bool:
    """Do not stop."""
    return False


def test_everybody_is_served_once(handed: HandedOver) -> None:
    """With the last batch the campaign is done, and no job is left."""
    shop = handed.shop()
    for number in (1, 2):
        assert (
            carry_out(handed.bench(), lambda _: shop, handed.errand(number), never)
            is None
        )
    assert isinstance(shop.sink, MemorySink)
    served = [envelope.rcpt_to for envelope, _ in shop.sink.messages]
    assert sorted(served) == [f"{name}@example.org" for name in NAMES]
    assert set(handed.states().values()) == {"accepted"}
    assert (handed.state(), handed.batches(), handed.jobs()) == (
        "done",
        ["done"] * 2,
        [],
    )
    assert len(handed.heard) == 5


def test_a_job_that_is_not_the_batchs_does_nothing(handed: HandedOver) -> None:
    """It was another worker's, which has been taken for dead."""
    shop = handed.shop()
    errand = (handed.batch(), handed.job() + 1000)
    assert carry_out(handed.bench(), lambda _: shop, errand, never) is None
    assert set(handed.states().values()) == {"claimed"}
    assert handed.batches() == ["waiting", "waiting"]


def test_who_has_left_since_gets_nothing(handed: HandedOver) -> None:
    """And is listed as passed over, with the reason."""
    with Store.open(handed.place) as store:
        store.set_status("ada@example.org", Status.UNSUBSCRIBED, by="x", now=BEGAN)
        store.erase("bo@example.org")
    shop = handed.shop()
    carry_out(handed.bench(), lambda _: shop, handed.errand(), never)
    assert handed.states() == {"cy": "accepted", "di": "claimed", "ed": "claimed"}
    why = handed.ask("""
        SELECT p.key, c.reason FROM passed_over AS p JOIN choice AS c ON c.number = p.choice
        ORDER BY p.key
    """)
    assert why == [
        ("ada@example.org", "unsubscribed"),
        ("bo@example.org", "left since"),
    ]


def test_who_is_put_off_comes_up_again_with_the_batch(handed: HandedOver) -> None:
    """By a job that waits till then; their attempts are counted."""
    shop = handed.shop(
        MemorySink(
            answers={"bo@example.org": refusal(451, "later")}, sleep=lambda _: None
        )
    )
    carry_out(handed.bench(), lambda _: shop, handed.errand(), never)
    assert handed.states()["bo"] == "deferred"
    ((state, due),) = handed.ask("SELECT state, due FROM batch WHERE number = 1")
    assert (state, due > handed.now) == ("waiting", True)
    assert len(handed.jobs()) == 2
    handed.now = due + 1
    carry_out(handed.bench(), lambda _: handed.shop(), handed.errand(), never)
    assert handed.batches() == ["done", "waiting"]
    attempts = "SELECT state, attempt FROM delivery WHERE key = 'bo@example.org'"
    assert handed.ask(attempts) == [("accepted", 2)]
    earlier = handed.ask("SELECT attempt, outcome, text FROM earlier_attempt")
    assert earlier == [(1, "deferred", "later")]


def test_who_is_put_off_and_leaves_holds_nobody_up(handed: HandedOver) -> None:
    """The batch is done without them."""
    shop = handed.shop(
        MemorySink(
            answers={"bo@example.org": refusal(451, "later")}, sleep=lambda _: None
        )
    )
    carry_out(handed.bench(), lambda _: shop, handed.errand(), never)
    with Store.open(handed.place) as store:
        store.set_status("bo@example.org", Status.UNSUBSCRIBED, by="x", now=BEGAN)
    ((handed.now,),) = handed.ask("SELECT due + 1 FROM batch WHERE number = 1")
    carry_out(handed.bench(), lambda _: handed.shop(), handed.errand(), never)
    assert handed.batches() == ["done", "waiting"]


def test_an_unknown_mailbox_bounces(handed: HandedOver) -> None:
    """Once the batch has come to its end."""
    gone = refusal(550, "no such user", enhanced="5.1.1")
    sink = MemorySink(answers={"cy@example.org": gone}, sleep=lambda _: None)
    carry_out(handed.bench(), lambda _: handed.shop(sink), handed.errand(), never)
    with Store.open(handed.place) as store:
        somebody = store.get("cy@example.org")
        assert somebody is not None
        assert somebody.status is Status.BOUNCED
    assert handed.ask("SELECT due FROM delivery WHERE state = 'rejected'") == [(0,)]


def test_an_unknown_mailbox_is_not_believed_of_a_worker_that_died(
    handed: HandedOver,
) -> None:
    """Whoever goes on asks the server again."""
    gone = refusal(550, "no such user", enhanced="5.1.1")
    sink = MemorySink(answers={"cy@example.org": gone}, sleep=lambda _: None)

    class DiedError(Exception):
        """What ends a worker in the middle."""

    def die(_held: object, _entries: object) -> None:
        if handed.states()["cy"] == "rejected":
            raise DiedError

    bench = replace(handed.bench(), tell=die)
    errand = handed.errand()
    with pytest.raises(DiedError):
        carry_out(bench, lambda _: handed.shop(sink), errand, never)
    # the engine has been left in an orderly way, so it was sure; undo that as a kill would
    handed.connection.execute(
        "UPDATE delivery SET due = -1 WHERE key = 'cy@example.org' AND state = 'rejected'"
    )
    with Store.open(handed.place) as store:
        store.set_status("cy@example.org", Status.CONFIRMED, by="x", now=BEGAN)
    carry_out(handed.bench("b:2"), lambda _: handed.shop(), errand, never)
    assert handed.states()["cy"] == "accepted"


def test_a_stop_hands_the_batch_back(handed: HandedOver) -> None:
    """Whoever is left in it is served by the next worker."""
    stop: list[bool] = []
    sink = MemorySink(capacity=1, sleep=lambda _: None)
    bench = replace(handed.bench(), tell=lambda *_: stop.append(True))
    carry_out(bench, lambda _: handed.shop(sink), handed.errand(), lambda: bool(stop))
    assert 0 < len(sink.messages) < 3
    assert handed.batches()[0] == "waiting"
    carry_out(handed.bench(), lambda _: handed.shop(), handed.errand(), never)
    assert [handed.states()[name] for name in NAMES[:3]] == ["accepted"] * 3


def test_a_pause_is_heeded_in_the_middle(handed: HandedOver) -> None:
    """The batch waits until somebody resumes; no job comes up meanwhile."""
    sink = MemorySink(capacity=1, sleep=lambda _: None)

    def pause(*_: object) -> None:
        control.pause(handed.connection, handed.campaign)
        handed.now += 10_000

    bench = replace(handed.bench(), tell=pause)
    carry_out(bench, lambda _: handed.shop(sink), handed.errand(), never)
    assert (handed.state(), handed.batches()) == ("paused", ["waiting", "waiting"])
    assert handed.jobs() == []
    assert control.resume(handed.connection, handed.campaign, now=handed.now)
    assert handed.jobs() == ["todo", "todo"]
    for number in (1, 2):
        carry_out(handed.bench(), lambda _: handed.shop(), handed.errand(number), never)
    assert set(handed.states().values()) == {"accepted"}


def test_a_server_that_does_not_answer_puts_the_batch_off(handed: HandedOver) -> None:
    """For a while; the sink is not used again."""
    failure = TransientDeliveryError("nobody answers", hint="")
    sink = MemorySink(failures={1: failure}, sleep=lambda _: None)
    shop = handed.shop(sink)
    assert carry_out(handed.bench(), lambda _: shop, handed.errand(), never) is failure
    look = "SELECT state, due - server_clock() FROM batch WHERE number = 1"
    ((state, wait),) = handed.ask(look)
    assert (state, 0 < wait <= handed.bench().pause) == ("waiting", True)
    assert (handed.state(), shop.discarded) == ("going", 1)


def test_a_server_that_refuses_us_pauses_the_campaign(handed: HandedOver) -> None:
    """With its words, for somebody has to see to it."""
    failure = PolicyRefusalError("5.7.1 blocked")
    sink = MemorySink(failures={1: failure}, sleep=lambda _: None)
    carry_out(handed.bench(), lambda _: handed.shop(sink), handed.errand(), never)
    assert handed.ask("SELECT state, alarm FROM frozen") == [
        ("paused", "5.7.1 blocked")
    ]
    assert handed.jobs() == []


class Taking(MemorySink):
    """Has another worker take the batch over while something is ready to leave."""

    def __init__(self, handed: HandedOver) -> None:
        super().__init__(sleep=lambda _: None)
        self._handed = handed
        self.released = 0

    def turn(self, wait: float) -> Turn:
        """Take the batch over at the first turn."""
        self._handed.connection.execute(
            "UPDATE batch SET fence = fence + 1 WHERE number = 1"
        )
        return super().turn(wait)

    def release(self, ready: Sequence[Parcel]) -> None:
        """Count what would leave."""
        self.released += len(ready)
        super().release(ready)


def test_nothing_leaves_under_an_old_fence(handed: HandedOver) -> None:
    """And nothing is recorded."""
    sink = Taking(handed)
    shop = handed.shop(sink)
    failure = carry_out(handed.bench(), lambda _: shop, handed.errand(), never)
    assert isinstance(failure, LockedError)
    assert (sink.released, sink.messages) == (0, [])
    assert set(handed.states().values()) == {"claimed"}
    assert handed.batches()[0] == "held"


def test_what_was_started_is_uncertain_for_whoever_takes_over(
    handed: HandedOver,
) -> None:
    """And is not sent again; all others are."""
    handed.connection.execute(
        "UPDATE delivery SET state = 'started' WHERE key = 'bo@example.org'"
    )
    shop = handed.shop()
    carry_out(handed.bench(), lambda _: shop, handed.errand(), never)
    states = handed.states()
    assert [states[name] for name in NAMES[:3]] == ["accepted", "uncertain", "accepted"]


def test_an_outage_is_outlasted(handed: HandedOver) -> None:
    """What could not be written is written again, and it goes on; nobody is served twice."""
    tries = 0

    def outlast(act: Callable[[], None]) -> None:
        nonlocal tries
        tries += 1
        act()
        if tries % 2:  # the connection was lost before the answer came
            act()

    handed.outlast = outlast
    shop = handed.shop(
        MemorySink(
            answers={
                "bo@example.org": refusal(451, "later"),
                "cy@example.org": refusal(550, "no", enhanced="5.1.1"),
            },
            sleep=lambda _: None,
        )
    )
    carry_out(handed.bench(), lambda _: shop, handed.errand(), never)
    states = handed.states()
    assert [states[n] for n in NAMES[:3]] == ["accepted", "deferred", "rejected"]
    assert handed.batches()[0] == "waiting"
    handed.now = handed.ask("SELECT due + 1 FROM batch WHERE number = 1")[0][0]
    carry_out(handed.bench(), lambda _: handed.shop(), handed.errand(), never)
    assert handed.states()["bo"] == "accepted"
    assert handed.ask("SELECT count(*) FROM earlier_attempt") == [(1,)]
