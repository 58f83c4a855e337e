"""Whoever is forgotten leaves nothing in the database that could be read."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from distribute.audience.consent import Act, Consent
from distribute.audience.database.database import engine_of, open_database
from distribute.audience.store import Store
from distribute.audience.subscriber import Status, Subscriber
from distribute.audience.suppression.suppression import Hasher, Reason, Suppressions
from distribute.campaign.campaign import State
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.campaign.person.forgetting import Forgetting
from distribute.errors import LockedError
from distribute.mailbox import Mailbox
from tests.databases import reach_into

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
ADA = Mailbox("Ada.Lovelace@bücher.example", "Ada Augusta")
BO = Mailbox("bo@example.org", "Bo")
WORDS = (b"lovelace", b"augusta", "bücher".encode(), b"xn--bcher")
"""What of Ada must not be in the file, in lower case."""

FILLED = {
    "application": """
        INSERT INTO application VALUES (:key, :address, :name, 'en', 0, :at, 'form', '', '')
    """,
    "letter": """
        INSERT INTO letter (kind, key, address, name, language, asked, due, attempt,
                            outcome, text)
        VALUES ('confirm', :key, :address, :name, 'en', 1, NULL, 1, 'rejected', :said)
    """,
    "judgement": """
        INSERT INTO judgement VALUES (:id, 0, 1, 'mbox', 'bounce', :key, 'issue-5', 'd',
                                      '5.1.1', :said, 'bounced', :said)
    """,
    "strike": "INSERT INTO strike VALUES (:key, 1, :said)",
    "delivery": """
        INSERT INTO delivery (number, campaign, key, state, attempt, opened, closed, due, choice,
                              since, id, address, code, enhanced, text, stage)
        VALUES ((SELECT coalesce(max(number), 0) + 1 FROM delivery),
                :campaign, :key, 'deferred', 2, 1, 2, 3, 1, 1, 'later' || :id, :address,
                450, '4.2.0', :said, 'rcpt')
    """,
    "earlier_attempt": """
        INSERT INTO earlier_attempt
        SELECT number, 1, 'deferred', 1, 2, 3, 1, 'sooner' || :id, 450, '4.2.0', :said, ''
        FROM delivery WHERE key = :key
    """,
    "passed_over": "INSERT INTO passed_over VALUES (:campaign, :key, :address, 1)",
    "invited": "INSERT INTO invited (campaign, key, language) VALUES (:campaign, :key, 'en')",
    "recent_bounce": """
        INSERT INTO recent_bounce (campaign, key, status)
        VALUES (:campaign, :key, 'confirmed')
    """,
    "told_gone": """
        INSERT INTO told_gone VALUES ('issue-5', :key, 'example.org', '', 1, 'confirmed')
    """,
}
"""How each table but that of the subscribers gets a row about somebody."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Name a database that does not exist yet."""
    return tmp_path / "distribute.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    """Open a list with two people, of whom much is known."""
    with Store.open(path, patience=0.05) as store:
        if engine_of(store.connection) == "sqlite":
            store.connection.execute("PRAGMA secure_delete = OFF").fetchall()
        for mailbox in (ADA, BO):
            _come(store, mailbox)
            for number in range(60):
                store.connection.execute(FILLED["letter"], _values(mailbox, number))
        store.connection.execute("DELETE FROM letter WHERE number % 61 <> 1")
        yield store


def _come(store: Store, mailbox: Mailbox) -> None:
    """Have somebody join, choose, change their mind, and get mail."""
    subscriber = Subscriber(mailbox=mailbox, source=f"card of {mailbox.name}")
    store.put(subscriber, by="test", now=NOW)
    consent = Consent(at=NOW, act=Act.CONFIRMED, source=mailbox.address)
    store.note_consent(mailbox.key, consent)
    for name in ("short", f"{mailbox.name} {'and so on ' * 40}", mailbox.name):
        named = replace(subscriber, mailbox=Mailbox(mailbox.address, name))
        store.put(named, by=mailbox.address, now=NOW)
    values = _values(mailbox, 5)
    for statement in FILLED.values():
        store.connection.execute(statement, values)


def _values(mailbox: Mailbox, campaign: int) -> dict[str, object]:
    """Give what the statements of `FILLED` say about somebody."""
    return {
        "key": mailbox.key,
        "address": mailbox.address,
        "name": mailbox.name,
        "at": NOW.isoformat(),
        "said": f"<{mailbox.wire_address}> of {mailbox.address}: unknown",
        "campaign": campaign,
        "id": mailbox.key.encode()[:2] + bytes([campaign]),
    }


@pytest.fixture
def suppressions(store: Store) -> Suppressions:
    """Take up the list of suppressions."""
    return store.suppressions(Hasher([b"k" * 32]))


@pytest.fixture
def forgetting(suppressions: Suppressions) -> Forgetting:
    """Be ready to forget."""
    return Forgetting(suppressions)


def _found(path: Path) -> list[bytes]:
    """List the words about Ada that can be read in the files, as bytes."""
    files = [path, *path.parent.glob(f"{path.name}-*")]
    data = b"".join(file.read_bytes() for file in files).lower()
    return [word for word in WORDS if word in data]


@pytest.mark.sqlite_only("asks SQLite for its tables")
def test_every_table_that_knows_people_is_thought_of(path: Path) -> None:
    """Whatever has a mailbox in it is filled in these tests, so it must be erased."""
    with closing(open_database(path)) as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table'"
        )
        knowing = {
            table
            for (table,) in tables.fetchall()
            for _, column, *_ in connection.execute(f"PRAGMA table_info({table})")
            if column in {"key", "address", "delivery"} and table != "meta"
        }
    assert knowing == {"subscriber", *FILLED}


@pytest.mark.sqlite_only("reads the file")
def test_nothing_readable_is_left(
    path: Path, store: Store, forgetting: Forgetting
) -> None:
    """Not in the tables, nor in room that is free, nor in the write-ahead log."""
    assert _found(path) == list(WORDS)
    forgotten = forgetting.forget(ADA, NOW)
    assert forgotten is not None
    assert forgotten.counts == {
        "subscriber": 1,
        "application": 1,
        "letter": 1,
        "delivery": 1,
        "judgement": 1,
    }
    assert forgetting.wipe()
    assert _found(path) == []
    store.close()
    assert _found(path) == []


def test_nobody_else_is_forgotten(store: Store, forgetting: Forgetting) -> None:
    """Every table says of the others what it said before."""
    before = _about(store, BO)
    forgetting.forget(ADA, NOW)
    forgetting.wipe()
    assert _about(store, BO) == before
    assert len(before) == len(FILLED) - 1


def _about(store: Store, mailbox: Mailbox) -> dict[str, object]:
    known = set(FILLED) - {"earlier_attempt"}
    return {
        table: store.connection.execute(
            f"SELECT * FROM {table} WHERE key = ?",  # noqa: S608 - names of tables
            (mailbox.key,),
        ).fetchall()
        for table in known
    }


def test_the_account_still_adds_up(
    path: Path, store: Store, forgetting: Forgetting
) -> None:
    """The delivery is there, of somebody without a name, and is never tried again."""
    forgetting.forget(ADA, NOW)
    columns = "key, address, state, code, text, due"
    (row,) = store.connection.execute(
        f"SELECT {columns} FROM delivery WHERE key <> ?",  # noqa: S608 - as above
        (BO.key,),
    )
    key, address, *rest = row
    assert key == address
    assert key.startswith("forgotten:")
    assert rest == [State.DEFERRED, 450, "", None]


def test_imports_do_not_bring_them_back(
    store: Store, forgetting: Forgetting, suppressions: Suppressions
) -> None:
    """A keyed hash keeps them out; only they can come back."""
    forgetting.forget(ADA, NOW)
    assert suppressions.reason(ADA.key) is Reason.FORGOTTEN
    admission = store.add(Subscriber(mailbox=ADA), by="import", now=NOW)
    assert admission.reason == "forgotten: only they can come back"


def test_reports_that_nobody_could_place_forget_them_too(
    store: Store, forgetting: Forgetting
) -> None:
    """A server may have named them in any form of their address."""
    for number, name in enumerate((ADA.key, ADA.address, ADA.wire_address, BO.key)):
        said = {"key": "", "said": f"550 <{name}>", "id": bytes([number])}
        store.connection.execute(FILLED["judgement"], said)
    forgetting.forget(ADA, NOW)
    unplaced = store.connection.execute("SELECT text FROM judgement WHERE key = ''")
    said_now = [text for (text,) in unplaced]
    assert sorted(said_now) == ["", "", "", "", f"550 <{BO.key}>"]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (Status.COMPLAINED, Reason.COMPLAINED),
        (Status.SUPPRESSED, Reason.ASKED),
        (Status.UNSUBSCRIBED, Reason.FORGOTTEN),
    ],
)
def test_who_must_not_even_be_asked_stays_so(
    store: Store, forgetting: Forgetting, status: Status, reason: Reason
) -> None:
    """Being forgotten is no way around that."""
    store.set_status(ADA.key, status, by="test", now=NOW)
    forgotten = forgetting.forget(ADA, NOW)
    assert forgotten is not None
    assert forgotten.reason is reason


def test_who_came_back_can_be_forgotten_again(
    store: Store, forgetting: Forgetting, suppressions: Suppressions
) -> None:
    """Also if they have had the same issue twice."""
    forgetting.forget(ADA, NOW)
    suppressions.remove(ADA.key, now=NOW)
    _come_again(store)
    again = forgetting.forget(ADA, NOW)
    assert again is not None
    (count,) = store.connection.execute("SELECT count(*) FROM delivery").fetchone()
    assert count == 2


def _come_again(store: Store) -> None:
    store.connection.execute("DELETE FROM judgement")
    _come(store, ADA)


def test_of_a_stranger_there_is_nothing_to_forget(
    forgetting: Forgetting, suppressions: Suppressions
) -> None:
    """They are not put on the list either: it may be a slip."""
    assert forgetting.forget(Mailbox("who@example.org"), NOW) is None
    assert suppressions.is_empty()


def test_nobody_is_forgotten_while_somebody_sends(
    path: Path, store: Store, forgetting: Forgetting
) -> None:
    """The sender may have them in hand, and would write them down again."""
    with (
        SqliteLedger(path, "smtp") as ledger,
        ledger.lock("issue-5", NOW),
        pytest.raises(LockedError, match="issue-5 is being sent"),
    ):
        forgetting.forget(ADA, NOW + timedelta(seconds=1))
    assert store.get(ADA.key) is not None
    assert forgetting.forget(ADA, NOW) is not None


@pytest.mark.sqlite_only("reads the file")
def test_who_reads_on_keeps_traces_alive_and_it_is_told(
    path: Path, forgetting: Forgetting
) -> None:
    """Once they have let go, the file can be wiped."""
    with reach_into(path) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM subscriber").fetchall()
        forgetting.forget(ADA, NOW)
        assert not forgetting.wipe()
        reader.execute("COMMIT")
        assert forgetting.wipe()
    assert _found(path) == []


@pytest.mark.sqlite_only("reads the file")
def test_who_only_has_the_file_open_is_no_hindrance(
    path: Path, forgetting: Forgetting
) -> None:
    """As a server has, that waits for people."""
    with reach_into(path) as server:
        server.execute("SELECT count(*) FROM subscriber").fetchall()
        forgetting.forget(ADA, NOW)
        assert forgetting.wipe()
        assert _found(path) == []
        assert server.execute("SELECT count(*) FROM subscriber").fetchone() == (1,)


@pytest.mark.sqlite_only("writes the file anew")
def test_who_writes_holds_the_wiping_up(path: Path, forgetting: Forgetting) -> None:
    """That is told as well, and what was erased stays erased."""
    forgetting.forget(ADA, NOW)
    with reach_into(path) as writer:
        writer.execute("BEGIN IMMEDIATE")
        assert not forgetting.wipe()
    assert forgetting.wipe()
