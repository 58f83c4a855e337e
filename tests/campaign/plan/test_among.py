"""A campaign for some of the people: only they are due, and the others have a reason."""

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest

from distribute.audience.segment.segment import parse_segment
from distribute.campaign.campaign import State
from distribute.campaign.ledger.due import Due
from distribute.campaign.plan.among import (
    EVERYBODY,
    Among,
    exclusion,
    narrowing,
    within,
)
from distribute.campaign.plan.survey import Standing
from tests.campaign.actors import parcel
from tests.campaign.mailings import feed_of, names_of, put_on_list
from tests.campaign.senders import CAMPAIGN, LATER, Sender, states_in
from tests.databases import reach_into

TODAY = date(2026, 11, 20)
PORTUGUESE = within(parse_segment("lang:pt"))
NO_A = Among(
    condition="substr(s.key, 1, :length) <> :letter",
    values={"letter": "a", "length": 1},
    reason="begins with a",
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Make a list of five who read Portuguese, and three who do not."""
    database = tmp_path / "distribute.db"
    put_on_list(database, ["ana", "bia", "cy", "di", "eva"], languages="pt-BR")
    put_on_list(database, ["abe", "fay", "gus"])
    return database


@pytest.fixture
def sender(path: Path) -> Iterator[Sender]:
    """Have somebody send the campaign."""
    working = Sender(path)
    yield working
    working.end()


def _due(path: Path, *among: Among, today: date = TODAY) -> Due:
    return Due(path, sink="smtp", campaign=CAMPAIGN, today=today, among=among)


def _fresh(path: Path, *among: Among, today: date = TODAY) -> list[str]:
    with _due(path, *among, today=today) as due:
        return [person.key.partition("@")[0] for person in due.fresh("", 99)]


def _pause(path: Path, *names: str, until: str) -> None:
    with reach_into(path) as connection:
        for name in names:
            connection.execute(
                "UPDATE subscriber SET paused = ? WHERE key = ?",
                (until, f"{name}@example.org"),
            )


def test_only_they_are_due(path: Path) -> None:
    """Those of whom the condition is true; of several conditions, all of them."""
    assert _fresh(path, PORTUGUESE) == ["ana", "bia", "cy", "di", "eva"]
    assert _fresh(path, NO_A) == ["bia", "cy", "di", "eva", "fay", "gus"]
    assert _fresh(path, PORTUGUESE, NO_A) == ["bia", "cy", "di", "eva"]
    assert len(_fresh(path)) == 8


def test_they_are_found_and_counted_in_every_way(path: Path) -> None:
    """By page, by place, by number; none of the others slips in."""
    with _due(path, PORTUGUESE, NO_A) as due:
        assert [p.key[:3] for p in due.fresh("bia@example.org", 2)] == ["cy@", "di@"]
        assert due.before_fresh("") == "ana@example.org"
        assert due.fresh_at(2, "") == "cy@example.org"
        assert due.fresh_at(5, "") == ""
        assert due.count_fresh() == [("pt-BR", 0, 4)]


def test_those_tried_before_are_narrowed_too(sender: Sender, path: Path) -> None:
    """A second attempt is only for whom the run is; the others wait for another run."""
    troubled = [parcel("ana"), parcel("abe"), parcel("bia")]
    sender.bring_to(State.DEFERRED, troubled, due=LATER)
    states = [State.DEFERRED]
    with _due(path, PORTUGUESE) as due:
        for found in (
            due.again(states, "", 9),
            due.again(states, "", 9, due_by=LATER),
        ):
            assert [p.key[:3] for p in found] == ["ana", "bia"]
        assert due.count_again(states) == [("pt-BR", 0, 2)]
    with _due(path) as due:
        assert len(due.again(states, "", 9)) == 3


def test_who_makes_a_condition_null_is_left_out(path: Path) -> None:
    """What is not known of somebody is no reason to write to them."""
    unknown = Among(condition="NULL", reason="unknown")
    assert _fresh(path, unknown) == []
    with _due(path, unknown) as due:
        assert {person.outside for person in due.everybody()} == {1}


def test_everybody_is_told_from_those_outside(path: Path) -> None:
    """By the first condition that they do not meet, which gives the reason."""
    with _due(path, PORTUGUESE, NO_A) as due:
        outside = {p.key.partition("@")[0]: p.outside for p in due.everybody()}
    assert outside == {
        "abe": 1, "ana": 2, "bia": 0, "cy": 0, "di": 0, "eva": 0, "fay": 1, "gus": 1,
    }  # fmt: skip


def test_who_pauses_is_due_on_the_day_and_not_before(path: Path) -> None:
    """The day is the first on which they want it again."""
    _pause(path, "ana", until="2026-11-21")
    _pause(path, "bia", until="2026-11-20")
    assert "ana" not in _fresh(path)
    assert "bia" in _fresh(path)
    assert "ana" in _fresh(path, today=date(2026, 11, 21))
    with _due(path) as due:
        paused = {
            p.key.partition("@")[0]: p.paused for p in due.everybody() if p.paused
        }
        assert paused == {"ana": "2026-11-21"}
        assert sum(count for *_, count in due.count_fresh()) == 7


def test_who_was_put_off_and_pauses_since_is_left_alone(
    sender: Sender, path: Path
) -> None:
    """A pause also ends the second attempts, until it is over."""
    sender.bring_to(State.DEFERRED, [parcel("ana")], due=LATER)
    _pause(path, "ana", until="2027-01-01")
    for today, expected in ((TODAY, 0), (date(2027, 1, 1), 1)):
        with _due(path, today=today) as due:
            assert len(due.again([State.DEFERRED], "", 9)) == expected
            assert len(due.again([State.DEFERRED], "", 9, due_by=LATER)) == expected
            assert len(due.count_again([State.DEFERRED])) == expected


def test_without_a_day_nobody_is_due_who_ever_paused(path: Path) -> None:
    """Rather nothing for somebody than a letter that they did not want."""
    _pause(path, "ana", until="2020-01-01")
    with Due(path, sink="smtp", campaign=CAMPAIGN) as due:
        assert "ana@example.org" not in [person.key for person in due.fresh("", 9)]


def test_a_feed_gives_only_those(path: Path) -> None:
    """Also in two halves, and without those who pause."""
    _pause(path, "di", until="2026-12-24")
    feed = feed_of(path, today=TODAY, among=(PORTUGUESE,), page=2)
    assert names_of(feed.batches()) == ["ana", "bia", "cy", "eva"]
    assert feed.has(4)
    assert not feed.has(5)
    here, there = feed.split(3)
    assert names_of(here.batches()) == ["ana", "bia", "cy"]
    assert names_of(there.batches()) == ["eva"]


def test_the_ledger_notes_why_the_others_get_nothing(
    sender: Sender, path: Path
) -> None:
    """A pause before all else, then the first condition; but not whom it has tried."""
    _pause(path, "ana", "abe", until="2026-12-24")
    _pause(path, "bia", until="2026-11-30")
    sender.bring_to(State.ACCEPTED, [parcel("gus"), parcel("bia")])
    sender.ledger.skip_others(TODAY, (PORTUGUESE, NO_A))
    assert sender.ledger.skipped(CAMPAIGN) == {
        "paused until 2026-12-24": 2,
        "outside the segment lang:pt": 1,
    }
    assert states_in(sender.ledger)["bia"] is State.ACCEPTED


def test_the_ledger_notes_nobody_where_all_may_receive(sender: Sender) -> None:
    """Neither a segment nor a pause: nothing to write."""
    sender.ledger.skip_others(TODAY, EVERYBODY)
    assert sender.ledger.skipped(CAMPAIGN) == {}


@pytest.mark.sqlite_only("asks SQLite for its plan")
def test_a_campaign_for_everybody_costs_nothing_more(path: Path) -> None:
    """The same queries, answered from the same index alone; pauses are in it."""
    assert (narrowing(EVERYBODY), exclusion(EVERYBODY)) == ("", "0")
    with _due(path) as due:
        asked: list[str] = []
        assert isinstance(due._connection, sqlite3.Connection)
        due._connection.set_trace_callback(asked.append)
        due.count_fresh()
        list(due.everybody())
        due._connection.set_trace_callback(None)
        plans = [
            str(due._connection.execute(f"EXPLAIN QUERY PLAN {query}").fetchall())
            for query in asked
            if "FROM subscriber AS s" in query
        ]
    assert len(plans) == 2
    assert all("COVERING INDEX subscriber_standing" in plan for plan in plans)


def test_a_look_is_steady(path: Path) -> None:
    """Who joins or leaves meanwhile is seen by the next look."""
    with _due(path) as due:
        with due.steady():
            before: Sequence[Standing] = list(due.everybody())
            put_on_list(path, ["zoe"])
            assert list(due.everybody(addressed=True))[-1].key == before[-1].key
        assert list(due.everybody(addressed=True))[-1].address == "zoe@example.org"
