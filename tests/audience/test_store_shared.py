"""A store that several write to, or read meanwhile: all of a change or nothing."""

from contextlib import closing

import pytest

from distribute.audience.database.database import open_database
from distribute.audience.store import Store
from distribute.audience.subscriber import Subscriber
from distribute.errors import AudienceError
from distribute.mailbox import Mailbox
from tests.audience.people import ADA, fill


def test_a_store_can_share_a_connection(store: Store) -> None:
    """What it does is part of the transaction that somebody else has begun."""
    with closing(open_database(store.place)) as connection:
        shared = Store.sharing(store.place, connection)
        connection.execute("BEGIN IMMEDIATE")
        fill(shared, ADA)
        assert store.get(ADA.mailbox.key) is None
        connection.execute("COMMIT")
        assert store.get(ADA.mailbox.key) == ADA
        assert connection.execute("SELECT 1").fetchone() == (1,)


def _fill_and_fail(store: Store) -> None:
    with store.transaction():
        fill(store, ADA)
        raise RuntimeError


def test_a_transaction_that_fails_changes_nothing(store: Store) -> None:
    """Of what happens in a transaction, all stays or nothing does."""
    with pytest.raises(RuntimeError):
        _fill_and_fail(store)
    assert store.count() == {}


def test_reading_goes_on_while_somebody_writes(store: Store) -> None:
    """Who reads the list sees it as it was when they began, and stops no writer."""
    people = [Subscriber(mailbox=Mailbox(f"u{n}@example.org")) for n in range(300)]
    fill(store, *people[:200])
    reading = store.subscribers()
    next(reading)
    with Store.open(store.place, patience=0.1) as writer:
        fill(writer, *people[200:])
    assert len(list(reading)) == 199
    assert len(list(store.subscribers())) == 300


def test_a_locked_store_is_an_error_that_says_so(store: Store) -> None:
    """Two writers at once: the second is told to wait, and nothing is lost."""
    with (
        Store.open(store.place, patience=0.05) as other,
        store.transaction(),
        pytest.raises(AudienceError, match="Another distribute is writing"),
    ):
        fill(other, ADA)
