"""Deliveries written down on a server all at once: as in a file, one after the other."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from distribute.audience.database.place import Place, PostgresUrl
from distribute.campaign.campaign import Entry, Parcel, Receipt, State
from distribute.campaign.ledger.claims import writer_of
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.campaign.ledger.writing import Ended
from distribute.errors import LockedError, PlanError
from tests.campaign.actors import parcel
from tests.campaign.senders import (
    ACCEPTED,
    ADA,
    AT,
    BO,
    CAMPAIGN,
    CY,
    DEFERRED,
    GONE,
    LATER,
    LOST,
    NOW,
    REJECTED,
    states_in,
)

ODD = '\0 "\\u0000\\" {\'},\n\x01 é 🚲'
"""What a server might say."""


@pytest.fixture
def ledger(postgres_url: str) -> Iterator[SqliteLedger]:
    """Give the ledger of a sender on a server."""
    with ExitStack() as held:
        yield _begun(PostgresUrl(postgres_url), held)


def _begun(place: Place, held: ExitStack) -> SqliteLedger:
    ledger = held.enter_context(SqliteLedger(place, "smtp"))
    held.enter_context(ledger.lock(CAMPAIGN, NOW))
    ledger.started(CAMPAIGN, NOW)
    ledger.use(CAMPAIGN)
    return ledger


def _again(which: Parcel) -> Parcel:
    return which._replace(
        attempt=which.attempt + 1, since=AT, address="New@example.org"
    )


def _send(ledger: SqliteLedger) -> None:
    """Bring about whatever may happen to a delivery."""
    people = [parcel(f"u{number}") for number in range(9)]
    receipts = [
        *(ACCEPTED, DEFERRED, REJECTED, GONE, LOST),
        ACCEPTED._replace(text='of "two"\\ lines\n'),
        DEFERRED,
    ]
    ledger.claim(people, AT)
    ledger.record(people[:6], (), AT + 1)
    ended = list(map(Entry, people, receipts))
    ended[1] = ended[1]._replace(due=LATER)
    ledger.record([people[7]], ended[:4], AT + 2)
    ledger.record((), ended[4:], AT + 3)
    troubled = [people[number] for number in (1, 2, 6)]
    ledger.claim([*map(_again, troubled), parcel("late")], LATER)
    ledger.record([_again(troubled[0])], [Entry(_again(troubled[1]), LOST)], LATER + 1)
    ledger.record((), [Entry(_again(troubled[0]), ACCEPTED)], LATER + 2)


def _rows(ledger: SqliteLedger) -> list[list[object]]:
    queries = (
        "SELECT * FROM delivery ORDER BY number",
        "SELECT * FROM earlier_attempt ORDER BY delivery, attempt",
        "SELECT campaign, key FROM recent_bounce ORDER BY number",
    )
    return [
        [tuple(row) for row in ledger.connection.execute(query)] for query in queries
    ]


def test_both_engines_keep_the_same(ledger: SqliteLedger, tmp_path: Path) -> None:
    """Every column of every row, whatever became of somebody."""
    with ExitStack() as held:
        file = _begun(tmp_path / "distribute.db", held)
        for each in (file, ledger):
            _send(each)
        assert _rows(ledger) == _rows(file)


def test_a_usual_turn_is_one_statement(ledger: SqliteLedger) -> None:
    """For each of them the sender waits; whatever bounced has a transaction."""
    claims, writer = ledger._in_use(), writer_of(ledger.connection)
    ledger.claim([ADA, BO, CY], AT)
    assert writer.knows_short_way
    assert claims.record_at_once([ADA, BO], [Entry(CY, REJECTED)], AT)
    assert claims.record_at_once((), [Entry(ADA, ACCEPTED), Entry(BO, DEFERRED)], AT)
    assert states_in(ledger) == {
        "ada": State.ACCEPTED,
        "bo": State.DEFERRED,
        "cy": State.REJECTED,
    }
    assert not ledger.connection.in_transaction


@pytest.mark.parametrize(
    ("started", "ended"),
    [([ADA, BO], ()), ([BO], [CY, ADA]), ([BO, BO], ()), ([], [ADA, ADA])],
)
def test_an_unusual_turn_leaves_nothing(
    ledger: SqliteLedger, started: Sequence[Parcel], ended: Sequence[Parcel]
) -> None:
    """All of it or nothing: what cannot be is told by the longer way."""
    claims = ledger._in_use()
    ledger.claim([ADA, BO, CY], AT)
    ledger.record([ADA, CY], (), AT)
    if ended != [ADA, ADA]:
        ledger.connection.execute(
            "UPDATE delivery SET state = 'accepted' WHERE number = 1"
        )
    before = _rows(ledger)
    entries = [Entry(each, ACCEPTED) for each in ended]
    assert not claims.record_at_once(started, entries, AT)
    with pytest.raises(PlanError):
        ledger.record(started, entries, AT)
    assert _rows(ledger) == before


def test_nothing_is_recorded_for_whoever_lost_the_lock(ledger: SqliteLedger) -> None:
    """Another sender has it by now, and this one learns of it at once."""
    ledger.claim([ADA], AT)
    ledger.connection.execute("UPDATE sender SET turn = turn + 1")
    assert not ledger._in_use().record_at_once([ADA], (), AT)
    with pytest.raises(LockedError):
        ledger.record([ADA], (), AT)
    assert states_in(ledger) == {"ada": State.CLAIMED}


def test_a_server_may_say_anything(ledger: SqliteLedger) -> None:
    """Only U+0000, which PostgreSQL cannot hold, is written otherwise."""
    said: Receipt = DEFERRED._replace(text=ODD)
    ledger.claim([ADA], AT)
    assert ledger._in_use().record_at_once((), [Entry(ADA, said)], AT)
    (record,) = ledger.records(CAMPAIGN)
    assert record.receipt == said._replace(text=ODD.replace("\0", "\ufffd"))


def test_plans_are_good_for_a_table_that_grows(ledger: SqliteLedger) -> None:
    """They are made when it is nearly empty, and kept: no turn may go through all of it."""
    pages = [[parcel(f"{page}.{n}") for n in range(200)] for page in range(3)]
    for people in pages:
        ledger.claim(people, AT)
        for number in range(8):
            ledger.record([people[number]], (), AT)
            ledger.record((), [Entry(people[number], ACCEPTED)], AT)
    ledger.connection.execute("SELECT pg_stat_force_next_flush()").fetchone()
    (seen,) = ledger.connection.execute(
        "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_user_tables"
        " WHERE relname = 'delivery'"
    ).fetchone()
    assert 0 < seen < 200


def test_a_row_has_its_columns(ledger: SqliteLedger) -> None:
    """A row that lacks one is refused before anything is said."""
    odd: list[Ended] = [("accepted", 250, "", "", "end", None, 1)]  # type: ignore[list-item]  # on purpose
    with pytest.raises(ValueError, match="shorter"):
        writer_of(ledger.connection).end(odd)
