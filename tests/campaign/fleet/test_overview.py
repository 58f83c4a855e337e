"""How far workers are is seen at a glance, and without holding anybody up."""

from dataclasses import replace
from itertools import count

import pytest

from distribute.campaign.campaign import Outcome, State
from distribute.campaign.fleet import control, hold, roll
from distribute.campaign.fleet.batch import FrozenState
from distribute.campaign.fleet.overview import (
    Lookout,
    count_deliveries,
    count_uncertain,
    handed_over,
    is_swept,
)
from distribute.campaign.fleet.roll import Share
from distribute.campaign.fleet.work import carry_out
from distribute.sinks.memory import MemorySink, refusal
from tests.campaign.fleet.handed import START, HandedOver
from tests.campaign.fleet.looking import ANN, Timer, look, lookout
from tests.readers import CAMPAIGN


def serve(handed: HandedOver, number: int = 1, put_off: str = "") -> None:
    """Carry out a batch; somebody may be put off."""
    answers = {f"{put_off}@example.org": refusal(451, "later")} if put_off else {}
    shop = handed.shop(MemorySink(answers=answers, sleep=lambda _: None))
    carry_out(handed.bench(), lambda _: shop, handed.errand(number), lambda: bool(0))


def test_what_was_just_handed_over_waits(handed: HandedOver) -> None:
    """All of it is to come, and nobody is there."""
    overview = look(handed)
    assert overview.handed.state is FrozenState.GOING
    assert overview.handed.is_complete
    assert overview.batches.waiting == 2
    assert overview.batches.people == 5
    assert overview.deliveries.counted == {State.CLAIMED: 5}
    assert (overview.deliveries.ended, overview.deliveries.total) == (0, 5)
    assert (overview.workers, overview.per_second) == ([], 0.0)


def test_batches_are_counted_by_what_they_wait_for(handed: HandedOver) -> None:
    """One with people who were put off is for later, until the first is due."""
    serve(handed, 1, put_off="bo")
    batch, job = handed.errand(2)
    hold.take(handed.connection, batch, job, by="here:1", now=START)
    seen = look(handed).batches
    assert (seen.waiting, seen.in_hand, seen.later, seen.done) == (0, 1, 1, 0)
    ((due,),) = handed.ask("SELECT due FROM batch WHERE number = 1")
    assert seen.next_due == due
    handed.now = due
    seen = look(handed).batches
    assert (seen.waiting, seen.later, seen.next_due) == (1, 0, None)


def test_what_a_dead_worker_had_waits_again(handed: HandedOver) -> None:
    """As soon as its job is gone: nobody has it in hand."""
    batch, job = handed.errand(1)
    hold.take(handed.connection, batch, job, by="here:1", now=START)
    handed.connection.execute("UPDATE batch SET job = NULL WHERE number = 1")
    assert look(handed).batches.in_hand == 0
    assert look(handed).batches.waiting == 2


def test_an_alarm_is_told(handed: HandedOver) -> None:
    """Why it paused, if nobody did so."""
    control.pause(handed.connection, handed.campaign, alarm="5.7.1 not from here")
    found = look(handed).handed
    assert (found.state, found.alarm) == (FrozenState.PAUSED, "5.7.1 not from here")
    assert not found.is_over


def test_cancelled_batches_are_no_longer_of_it(handed: HandedOver) -> None:
    """They are counted apart."""
    serve(handed, 1)
    control.cancel(handed.connection, handed.campaign)
    assert not is_swept(handed.connection, handed.campaign)
    control.sweep(handed.connection, handed.campaign)
    overview = look(handed)
    assert (overview.batches.cancelled, overview.batches.people) == (1, 3)
    assert overview.handed.is_over
    assert is_swept(handed.connection, handed.campaign)
    assert count_deliveries(handed.connection, handed.campaign) == {State.ACCEPTED: 3}


def test_campaigns_of_the_issue_are_found(handed: HandedOver) -> None:
    """Also what goes out besides, and only those of a sink if one is said."""
    connection = handed.connection
    besides = f"{CAMPAIGN.id}.late-es"
    for number, (sink, id_) in zip(
        count(50),
        [("smtp", besides), ("file", CAMPAIGN.id), ("smtp", f"{CAMPAIGN.id}0")],
        strict=False,
    ):
        connection.execute(
            "INSERT INTO campaign (number, sink, id, started) VALUES (?, ?, ?, '')",
            (number, sink, id_),
        )
        connection.execute(
            "INSERT INTO frozen (campaign, content, at, state) VALUES (?, '', 0, 'done')",
            (number,),
        )
    found = handed_over(connection, CAMPAIGN.id)
    assert [(h.sink, h.id) for h in found] == [
        ("smtp", CAMPAIGN.id),
        ("smtp", besides),
        ("file", CAMPAIGN.id),
    ]
    assert [h.sink for h in handed_over(connection, CAMPAIGN.id, sink="file")] == [
        "file"
    ]


def test_a_limit_holds_back_that_does_so_at_every_look(handed: HandedOver) -> None:
    """One message that waits is no news; nor is one whose time has come."""
    reserve = "SELECT reserve_pace(?, ?)"
    handed.connection.execute(reserve, ("relay a", 600.0))
    handed.connection.execute(reserve, ("domain b", 0.0))
    watching = lookout(handed, Timer())
    held_back = [watching.look()[0].held_back for _ in range(6)]
    assert held_back[:4] == [frozenset()] * 4
    assert held_back[4:] == [frozenset({"relay a"})] * 2


def test_the_rate_of_a_domain_says_how_long_it_takes_at_least(
    handed: HandedOver,
) -> None:
    """However fast all the others went."""
    rates = {"example.org": 0.5, "example.com": 0.1}
    watching = Lookout(
        handed.connection, CAMPAIGN.id, lambda: handed.now, Timer(), domains=rates
    )
    (seen,) = watching.look()
    assert seen.least_seconds == 10.0
    assert replace(seen, per_second=20.0).seconds_left == 10.0
    assert replace(seen, per_second=0.1).seconds_left == 50.0
    serve(handed, 1)
    assert watching.look()[0].least_seconds == 4.0
    serve(handed, 2)
    assert watching.look()[0].least_seconds == 0.0


def test_between_two_counts_the_time_that_is_left_runs_out(handed: HandedOver) -> None:
    """A domain goes on to be served meanwhile."""
    watching = Lookout(
        handed.connection, CAMPAIGN.id, lambda: handed.now, Timer(step=1.0),
        domains={"example.org": 0.5},
    )  # fmt: skip
    assert watching.look()[0].least_seconds == 10.0
    handed.now += 3000
    assert watching.look()[0].least_seconds == 7.0
    handed.now += 30_000
    assert watching.look()[0].least_seconds == 0.0


def test_who_has_just_begun_is_as_fast_as_it_is(handed: HandedOver) -> None:
    """Its rate is taken over the seconds for which it is there."""
    roll.enrol(handed.connection, ANN)
    roll.sign(handed.connection, ANN, None, {handed.campaign: Share(recent=100)})
    handed.connection.execute("UPDATE worker SET began = seen - 10000")
    handed.now += 60_000
    assert look(handed).per_second == pytest.approx(10.0)


def test_deliveries_are_counted_seldom(handed: HandedOver) -> None:
    """After ten times as long as it takes; in between workers' own words are added."""
    roll.enrol(handed.connection, ANN)
    told = {Outcome.ACCEPTED: 7, Outcome.DEFERRED: 2}
    roll.sign(handed.connection, ANN, None, {handed.campaign: Share(ended=told)})
    timer = Timer(step=1.0)  # so a count takes one second
    watching = lookout(handed, timer)
    (first,) = watching.look()
    assert (first.deliveries.at, dict(first.deliveries.since)) == (START, {})
    handed.now += 1000
    serve(handed, 1)
    told = {Outcome.ACCEPTED: 10, Outcome.DEFERRED: 2}
    roll.sign(handed.connection, ANN, None, {handed.campaign: Share(ended=told)})
    (second,) = watching.look()
    assert second.deliveries.at == START
    assert second.deliveries.counted == {State.CLAIMED: 5}
    assert second.deliveries.since == {Outcome.ACCEPTED: 3}
    assert second.deliveries.about(State.ACCEPTED) == 3
    assert second.deliveries.ended == 3
    timer.seconds += 10
    (third,) = watching.look()
    assert third.deliveries.counted == {State.ACCEPTED: 3, State.CLAIMED: 2}
    assert dict(third.deliveries.since) == {}


def test_the_end_is_counted_at_once(handed: HandedOver) -> None:
    """What is said last is exact, however long counting takes."""
    watching = lookout(handed, Timer(step=1.0))
    watching.look()
    serve(handed, 1)
    serve(handed, 2)
    (seen,) = watching.look()
    assert seen.handed.state is FrozenState.DONE
    assert seen.deliveries.counted == {State.ACCEPTED: 5}


def test_the_uncertain_of_all_campaigns_are_counted(handed: HandedOver) -> None:
    """They wait for a person."""
    assert count_uncertain(handed.connection) == 0
    handed.connection.execute(
        "UPDATE delivery SET state = 'uncertain', due = 0 WHERE key < 'c'"
    )
    assert count_uncertain(handed.connection) == 2
