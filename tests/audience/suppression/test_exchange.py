"""Lists of suppressions from elsewhere, and ours for elsewhere."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from distribute.audience.consent import Act, Consent
from distribute.audience.store import Store
from distribute.audience.subscriber import Status, Subscriber
from distribute.audience.suppression.exchange import Merged, SuppressionExchange
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
EARLIER = NOW - timedelta(days=30)
ADA = Subscriber(mailbox=Mailbox("ada@example.org"), joined=EARLIER)
KEY = ADA.mailbox.key
HASHER = Hasher([b"k" * 32])


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    """Open a list without anybody on it."""
    with Store.open(path) as store:
        yield store


@pytest.fixture
def suppressions(store: Store) -> Suppressions:
    """Take up its list of suppressions."""
    return store.suppressions(HASHER)


@pytest.fixture
def exchange(suppressions: Suppressions) -> SuppressionExchange:
    """Exchange lists with others."""
    return SuppressionExchange(suppressions)


def _entry(reason: Reason, day: date = DAY, key: str = KEY) -> Entry:
    return Entry(HASHER.of(key), HASHER.key_id, reason, day)


def _take(exchange: SuppressionExchange, *entries: Entry) -> Merged:
    return exchange.take(entries, by="suppressions.txt", now=NOW, place="s.txt")


def _status(store: Store, key: str = KEY) -> Status | None:
    somebody = store.get(key)
    return somebody.status if somebody else None


@pytest.mark.parametrize("reason", Reason)
def test_a_stranger_is_known_from_then_on(
    exchange: SuppressionExchange, suppressions: Suppressions, reason: Reason
) -> None:
    """Whatever the reason; taking the same in again changes nothing."""
    assert _take(exchange, _entry(reason)) == Merged(1, 1, 0)
    assert suppressions.reason(KEY) is reason
    assert _take(exchange, _entry(reason)) == Merged(1, 0, 0)
    assert exchange.give() == [_entry(reason)]


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        (Reason.LEFT, Status.UNSUBSCRIBED),
        (Reason.FORGOTTEN, Status.SUPPRESSED),
        (Reason.BOUNCED, Status.BOUNCED),
        (Reason.IMPORTED, Status.SUPPRESSED),
        (Reason.COMPLAINED, Status.COMPLAINED),
        (Reason.ASKED, Status.SUPPRESSED),
    ],
)
def test_a_subscriber_gets_nothing_any_more(
    store: Store, exchange: SuppressionExchange, reason: Reason, status: Status
) -> None:
    """They stand as the reason says, and their history says how it came."""
    store.put(ADA, by="test", now=EARLIER)
    assert _take(exchange, _entry(reason)).taken_off == 1
    assert _status(store) is status
    assert store.history(KEY)[-1].by == "suppressions.txt"
    assert [entry.hash for entry in exchange.give()] == [HASHER.of(KEY)]


@pytest.mark.parametrize("reason", [Reason.LEFT, Reason.BOUNCED, Reason.COMPLAINED])
def test_our_own_list_says_nothing_new_to_us(
    store: Store,
    exchange: SuppressionExchange,
    suppressions: Suppressions,
    reason: Reason,
) -> None:
    """Whoever left can come back, and whoever bounced be put back, after a re-reading."""
    store.put(ADA, by="test", now=EARLIER)
    _take(exchange, _entry(reason))
    assert _take(exchange, *exchange.give()) == Merged(1, 0, 0)
    assert suppressions.reason(KEY) is None


@pytest.mark.parametrize("status", Status)
def test_everybody_who_must_get_nothing_is_exported(
    store: Store, exchange: SuppressionExchange, status: Status
) -> None:
    """Since the day on which it became so; nobody else is."""
    store.put(ADA, by="test", now=EARLIER)
    store.set_status(KEY, status, by="test", now=NOW)
    reasons = {
        Status.UNSUBSCRIBED: Reason.LEFT,
        Status.BOUNCED: Reason.BOUNCED,
        Status.COMPLAINED: Reason.COMPLAINED,
        Status.SUPPRESSED: Reason.ASKED,
    }
    expected = [_entry(reasons[status])] if status in reasons else []
    assert exchange.give() == expected


def test_who_came_in_as_gone_is_exported_since_they_came(
    store: Store, exchange: SuppressionExchange
) -> None:
    """There is no other day to name."""
    store.put(replace(ADA, status=Status.UNSUBSCRIBED), by="test", now=NOW)
    assert exchange.give() == [_entry(Reason.LEFT, EARLIER.date())]


@pytest.mark.parametrize(
    ("reason", "act"),
    [
        (Reason.LEFT, Act.CONFIRMED),
        (Reason.FORGOTTEN, Act.CONFIRMED),
        (Reason.BOUNCED, Act.CONFIRMED),
        (Reason.BOUNCED, Act.ADDED),
    ],
)
@pytest.mark.parametrize("days", [0, 1])
def test_who_came_back_on_a_later_day_stays(
    store: Store, exchange: SuppressionExchange, reason: Reason, act: Act, days: int
) -> None:
    """By themselves as a rule; of the same day, nobody knows what came first."""
    store.put(ADA, by="test", now=EARLIER)
    store.note_consent(KEY, Consent(at=NOW, act=act, source="form"))
    _take(exchange, _entry(reason, DAY - timedelta(days=days)))
    assert (_status(store) is Status.CONFIRMED) is (days == 1)
    if days:
        assert store.suppressed(KEY) is None


@pytest.mark.parametrize(
    ("reason", "act"),
    [
        (Reason.LEFT, Act.ADDED),
        (Reason.FORGOTTEN, Act.IMPORTED),
        (Reason.ASKED, Act.CONFIRMED),
        (Reason.COMPLAINED, Act.CONFIRMED),
    ],
)
def test_nobody_else_can_bring_them_back(
    store: Store, exchange: SuppressionExchange, reason: Reason, act: Act
) -> None:
    """Whatever an operator does later, and whoever asked never to be written to."""
    store.put(ADA, by="test", now=EARLIER)
    store.note_consent(KEY, Consent(at=NOW, act=act, source="test"))
    _take(exchange, _entry(reason, DAY - timedelta(days=1)))
    assert _status(store) is not Status.CONFIRMED


@pytest.mark.parametrize(
    ("reason", "status"),
    [(Reason.LEFT, Status.UNSUBSCRIBED), (Reason.BOUNCED, Status.BOUNCED)],
)
def test_who_left_us_and_came_back_on_one_day_stays(
    store: Store, exchange: SuppressionExchange, reason: Reason, status: Status
) -> None:
    """Our own history says what came first, so that our own file takes nobody off."""
    store.put(ADA, by="test", now=EARLIER)
    store.set_status(KEY, status, by="form", now=NOW)
    written = exchange.give()
    later = NOW + timedelta(hours=1)
    store.put(ADA, by="form", now=later)
    store.note_consent(KEY, Consent(at=later, act=Act.CONFIRMED, source="form"))
    _take(exchange, *written)
    assert _status(store) is Status.CONFIRMED
    store.set_status(KEY, status, by="form", now=later + timedelta(hours=1))
    _take(exchange, *written)
    assert _status(store) is status


def test_a_list_with_another_key_changes_nothing(
    store: Store, exchange: SuppressionExchange
) -> None:
    """The error names the list and the key; the rest of the list is not taken either."""
    store.put(ADA, by="test", now=EARLIER)
    other = Entry(b"o" * 32, "0badcafe", Reason.ASKED, DAY)
    with pytest.raises(
        AudienceError, match=r"s\.txt was written with the key 0badcafe"
    ):
        _take(exchange, _entry(Reason.ASKED), other)
    assert _status(store) is Status.CONFIRMED


def test_a_retired_key_is_read_and_exported_as_it_is(store: Store) -> None:
    """Nobody can hash anew whom they do not know; subscribers are found by either."""
    store.put(ADA, by="test", now=EARLIER)
    both = Hasher([b"n" * 32, b"k" * 32])
    exchange = SuppressionExchange(store.suppressions(both))
    stranger = _entry(Reason.ASKED, key="bo@example.org")
    taken = _take(exchange, _entry(Reason.ASKED), stranger)
    assert taken == Merged(2, 2, 1)
    assert set(exchange.give()) == {_entry(Reason.ASKED), stranger}
    assert store.suppressed("bo@example.org") is Reason.ASKED
