"""Who must never be written to: known by a keyed hash, and kept out by every door."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from distribute.audience.admission import Verdict
from distribute.audience.store import Store
from distribute.audience.subscriber import Status, Subscriber
from distribute.audience.suppression.suppression import (
    Entry,
    Hasher,
    Reason,
    Suppressions,
)
from distribute.errors import AudienceError
from distribute.mailbox import Mailbox

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
DAY = NOW.date()
ADA = Subscriber(mailbox=Mailbox("ada@example.org", "Ada"))
KEY = ADA.mailbox.key
OLD, NEW = b"o" * 32, b"n" * 32


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    """Open a list without anybody on it."""
    with Store.open(path) as store:
        yield store


@pytest.fixture
def suppressions(store: Store) -> Suppressions:
    """Take up its list of suppressions."""
    return store.suppressions(Hasher([NEW]))


def test_a_hash_is_keyed_and_has_no_case() -> None:
    """Another key gives another hash; the same mailbox in any case gives the same."""
    hasher = Hasher([NEW, OLD])
    assert hasher.of("ada@example.org") == hasher.of("ADA@Example.ORG")
    assert hasher.of("ada@example.org") != Hasher([OLD]).of("ada@example.org")
    assert hasher.all_of(KEY) == (Hasher([NEW]).of(KEY), Hasher([OLD]).of(KEY))
    assert hasher.key_ids == (Hasher([NEW]).key_id, Hasher([OLD]).key_id)


def test_what_a_key_is_called_says_nothing_about_it() -> None:
    """Not even when the hasher is printed."""
    hasher = Hasher([NEW])
    assert len(hasher.key_id) == 8
    assert repr(hasher) == f"Hasher({hasher.key_id})"


def test_nobody_is_on_a_new_list(suppressions: Suppressions) -> None:
    """It is empty, and says so."""
    assert suppressions.is_empty()
    assert suppressions.reason(KEY) is None
    assert suppressions.since(KEY) is None
    assert suppressions.count() == {}


def test_the_firmest_reason_stands(suppressions: Suppressions) -> None:
    """A lighter one changes nothing, not even the day."""
    assert suppressions.add(KEY, Reason.BOUNCED, date(2026, 1, 1))
    assert not suppressions.add(KEY, Reason.FORGOTTEN, DAY)
    assert suppressions.reason(KEY) is Reason.BOUNCED
    assert suppressions.since(KEY) == date(2026, 1, 1)
    assert suppressions.add(KEY, Reason.ASKED, DAY)
    assert suppressions.count() == {Reason.ASKED: 1}


@pytest.mark.parametrize("status", Status)
def test_a_subscriber_who_is_suppressed_gets_nothing(
    store: Store, suppressions: Suppressions, status: Status
) -> None:
    """Their status says so at once, their history by whom, and lifting it undoes it."""
    store.put(replace(ADA, status=status), by="test", now=NOW)
    suppressions.add(KEY, Reason.ASKED, DAY, by="audience suppress", now=NOW)
    assert _status(store) is Status.SUPPRESSED
    if status is not Status.SUPPRESSED:
        (change,) = store.history(KEY)
        assert (change.by, change.at, change.old) == ("audience suppress", NOW, status)
    assert suppressions.remove(KEY, now=NOW)
    lifted = Status.UNSUBSCRIBED if status is Status.SUPPRESSED else status
    assert _status(store) is lifted


def test_taking_a_stranger_off_says_that_they_were_not_on(
    suppressions: Suppressions,
) -> None:
    """Nothing was there to be removed."""
    assert not suppressions.remove(KEY, now=NOW)


def _status(store: Store) -> Status | None:
    somebody = store.get(KEY)
    return somebody.status if somebody else None


@pytest.mark.parametrize("reason", Reason)
def test_no_door_lets_the_suppressed_in(
    store: Store, suppressions: Suppressions, reason: Reason
) -> None:
    """Adding keeps them out with the reason; setting them is an error."""
    suppressions.add(KEY, reason, DAY)
    admission = store.add(ADA, by="command line", now=NOW)
    assert admission.verdict is Verdict.KEPT_OUT
    assert admission.subscriber.status is Status.SUPPRESSED
    assert str(reason) in admission.reason
    for status in set(Status) - {Status.SUPPRESSED}:
        with pytest.raises(AudienceError, match="must not be written to"):
            store.put(replace(ADA, status=status), by="form", now=NOW)
    assert store.get(KEY) is None


def test_nobody_stops_being_suppressed_by_another_status(
    store: Store, suppressions: Suppressions
) -> None:
    """Whatever comes: a bounce, a click, an operator, a bounce that is taken back."""
    store.put(ADA, by="test", now=NOW)
    suppressions.add(KEY, Reason.ASKED, DAY)
    known = store.get(KEY)
    assert known is not None
    for status in set(Status) - {Status.SUPPRESSED}:
        assert store.set_status(KEY, status, by="form", now=NOW)
        store.let_go([KEY], status, by="bounce", now=NOW)
        store.take_back(status, {KEY: Status.CONFIRMED}, by="bounce", now=NOW)
        with pytest.raises(AudienceError, match="must not be written to"):
            store.put(replace(known, status=status), by="form", now=NOW)
    assert _status(store) is Status.SUPPRESSED


def test_the_suppressed_can_still_be_described(
    store: Store, suppressions: Suppressions
) -> None:
    """Whatever leaves the status as it is may be set."""
    store.put(ADA, by="test", now=NOW)
    suppressions.add(KEY, Reason.ASKED, DAY)
    known = store.get(KEY)
    assert known is not None
    store.put(replace(known, tags=("press",)), by="test", now=NOW)
    assert _status(store) is Status.SUPPRESSED


def test_what_is_undone_suppresses_nobody(
    store: Store, suppressions: Suppressions
) -> None:
    """List and status are one transaction, with whatever else is in it."""
    store.put(ADA, by="test", now=NOW)
    with suppress(AudienceError), store.transaction():
        suppressions.add(KEY, Reason.ASKED, DAY)
        store.put(ADA, by="form", now=NOW)
    assert suppressions.is_empty()
    assert _status(store) is Status.CONFIRMED


def test_an_old_key_still_finds_whom_it_hashed(store: Store) -> None:
    """After a change of keys; removing removes what either key has written."""
    store.suppressions(Hasher([OLD])).add(KEY, Reason.BOUNCED, DAY)
    changed = store.suppressions(Hasher([NEW, OLD]))
    assert changed.reason(KEY) is Reason.BOUNCED
    changed.add(KEY, Reason.ASKED, DAY)
    assert [entry.key_id for entry in changed.entries()] == [Hasher([NEW]).key_id]
    changed.remove(KEY, now=NOW)
    assert changed.is_empty()


def test_a_list_with_a_lost_key_is_an_error(store: Store) -> None:
    """Nobody could tell who is on it; the error names the key and what to set."""
    store.suppressions(Hasher([OLD])).add(KEY, Reason.ASKED, DAY)
    with pytest.raises(AudienceError) as caught:
        store.suppressions(Hasher([NEW]))
    assert Hasher([OLD]).key_id in caught.value.reason
    assert "retired_key_envs" in caught.value.hint


def test_no_address_is_in_the_list(suppressions: Suppressions) -> None:
    """Neither in clear nor as a hash that anybody could make."""
    suppressions.add(KEY, Reason.ASKED, DAY)
    (entry,) = suppressions.entries()
    assert entry == (Hasher([NEW]).of(KEY), Hasher([NEW]).key_id, Reason.ASKED, DAY)


def test_many_are_asked_about_at_once(store: Store) -> None:
    """With the same answers as one after the other, and under every key that we have."""
    keys = [KEY, "bo@example.org"]
    assert store.suppressed_among(keys) == {}
    store.suppressions(Hasher([OLD])).add(KEY, Reason.BOUNCED, DAY)
    both = store.suppressions(Hasher([NEW, OLD]))
    assert both.reasons(keys) == {KEY: Reason.BOUNCED}
    hash_, key_id = both.hasher.of(KEY), both.hasher.key_id
    both.put([Entry(hash_, key_id, Reason.ASKED, DAY)])
    assert both.reasons(keys) == {KEY: Reason.ASKED}
    assert [both.reason(key) for key in keys] == [Reason.ASKED, None]
    assert store.suppressed_among(keys) == both.reasons(keys)
