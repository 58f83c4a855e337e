"""A database of before is brought up to date, and nothing in it is lost."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from distribute.audience.database import sqlite
from distribute.audience.database.database import open_database, to_milliseconds
from distribute.audience.database.sqlite import APPLICATION_ID
from distribute.campaign.campaign import Outcome, Receipt, State
from distribute.campaign.ledger.account import Account
from distribute.campaign.ledger.due import Due
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.errors import AudienceError
from tests.campaign.actors import parcel

pytestmark = pytest.mark.sqlite_only("no PostgreSQL was ever older")


def _as_of(path: Path, version: int) -> sqlite3.Connection:
    """Make a database as an earlier version of us did."""
    scripts = files("distribute.audience.database") / "migrations"
    names = sorted(entry.name for entry in scripts.iterdir())[:version]
    connection = sqlite3.connect(path, isolation_level=None)
    for name in names:
        connection.executescript((scripts / name).read_text("utf-8"))
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {version}")
    return connection


def test_an_older_file_is_brought_up_to_date(path: Path) -> None:
    """A file that has seen only the first script gets the tables of the others."""
    with closing(_as_of(path, 1)) as connection:
        connection.execute("INSERT INTO meta VALUES ('a', x'01')")
    with closing(open_database(path)) as connection:
        assert connection.execute("SELECT count(*) FROM delivery").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM meta").fetchone() == (1,)
        assert connection.execute("PRAGMA user_version").fetchone() == (6,)


OLD_DELIVERIES = """
key  language sent      attempt opened   closed   outcome
ada  en       issue-5   1       09:00:00 09:00:01 accepted
bo   en       issue-5   1       09:00:00 -        uncertain
cy   en       issue-5   2       09:10:00 09:10:01 deferred
di   en       issue-5   1       09:00:00 09:00:01 accepted
di   fr       issue-5   1       09:05:00 09:05:01 rejected
eve  en       issue-5   2       09:10:00 09:10:01 rejected
eve  fr       issue-5   1       09:05:00 -        uncertain
fay  en       issue-5   1       09:00:00 09:00:01 deferred
fay  fr       issue-5   1       09:05:00 09:05:01 deferred
ada  en       issue-4   1       09:00:00 09:00:01 uncertain
"""


OLD_ATTEMPTS = """
key  language attempt opened   closed   outcome
cy   en       1       09:00:00 09:00:01 deferred
eve  en       1       09:00:00 09:00:01 deferred
"""


def _rows(table: str) -> list[dict[str, str | None]]:
    head, *rows = (line.split() for line in table.strip().splitlines())
    return [
        {
            name: None if value == "-" else value
            for name, value in zip(head, row, strict=True)
        }
        for row in rows
    ]


@pytest.fixture
def sent(path: Path) -> Iterator[Account]:
    """Bring a file of the second version up to date, with what it has sent."""
    day = "2026-11-20T{}.250000+00:00"
    with closing(_as_of(path, 2)) as old:
        old.execute(
            "INSERT INTO campaign VALUES ('smtp', 'issue-5', ?)",
            (day.format("08:00:00"),),
        )
        old.execute(
            "INSERT INTO sender VALUES ('smtp', 'issue-5', 3, 0, 'h', 'b', 's', 1, '1', ?, ?)",
            [day.format("09:00:00")] * 2,
        )
        for row in _rows(OLD_DELIVERIES):
            old.execute(
                "INSERT INTO delivery VALUES ('smtp', :id, :sent, :key, :address, :language,"
                " 'asked for it', :attempt, :opened, :closed, :outcome, 250, '2.0.0', :id)",
                {
                    **row,
                    "id": f"{row['key']}-{row['language']}-{row['sent']}",
                    "address": f"{row['key']}@example.org",
                    "opened": day.format(row["opened"]),
                    "closed": row["closed"] and day.format(row["closed"]),
                },
            )
        for row in _rows(OLD_ATTEMPTS):
            old.execute(
                "INSERT INTO earlier_attempt VALUES ('smtp', :id, :attempt, :opened, :closed,"
                " :outcome, 451, '4.7.1', 'later')",
                {
                    **row,
                    "id": f"{row['key']}-{row['language']}-issue-5",
                    "opened": day.format(row["opened"]),
                    "closed": row["closed"] and day.format(row["closed"]),
                },
            )
    with Account(path, "smtp") as account:
        yield account


def test_what_was_sent_before_stays_on_record(sent: Account) -> None:
    """Of several deliveries to somebody the one stands that says most; none is lost."""
    shown = {
        record.key: (
            record.language and record.language.tag,
            str(record.state),
            [f"{a.language.tag} {a.receipt.outcome}" for a in record.attempts],
        )
        for record in sent.records("issue-5")
    }
    assert shown == {
        "ada": ("en", "accepted", ["en accepted"]),
        "bo": ("en", "started", ["en uncertain"]),
        "cy": ("en", "deferred", ["en deferred", "en deferred"]),
        "di": ("en", "accepted", ["fr rejected", "en accepted"]),
        "eve": ("fr", "started", ["en deferred", "en rejected", "fr uncertain"]),
        "fay": ("fr", "deferred", ["en deferred", "fr deferred"]),
    }


def test_what_was_sent_before_keeps_its_words_and_times(sent: Account) -> None:
    """To the millisecond, with the reason and the id."""
    _, _, _, di, eve, _ = sent.records("issue-5")
    assert (di.id, di.address, di.reason) == (
        "di-en-issue-5",
        "di@example.org",
        "asked for it",
    )
    assert di.receipt == Receipt(Outcome.ACCEPTED, 250, "2.0.0", "di-en-issue-5")
    at = datetime(2026, 11, 20, 9, 0, 0, 250_000, tzinfo=UTC)
    assert di.attempts[1].opened == at
    assert di.attempts[1].closed == at + timedelta(seconds=1)
    assert [attempt.receipt.code for attempt in eve.attempts] == [451, 250, 250]


def test_what_was_begun_before_can_be_gone_on_with(sent: Account, path: Path) -> None:
    """The open ones become uncertain, the deferred are due, the first Date stands."""
    now = datetime(2026, 11, 21, tzinfo=UTC)
    with SqliteLedger(path, "smtp") as ledger, ledger.lock("issue-5", now):
        began = ledger.started("issue-5", now)
        assert began == datetime(2026, 11, 20, 8, 0, 0, 250_000, tzinfo=UTC)
        ledger.use("issue-5")
        assert ledger.recover(0) == 2
        (one, two) = ledger.records("issue-5", states=[State.UNCERTAIN])
        assert (one.key, two.key) == ("bo", "eve")
        ledger.claim([parcel("cy", domain="")._replace(key="cy", attempt=2)], 1)
    with Due(path, sink="smtp", campaign="issue-5") as due:
        assert due.next_due() == to_milliseconds(
            datetime(2026, 11, 20, 9, 5, 1, 250_000, tzinfo=UTC)
        )
    (four,) = sent.records("issue-4")
    assert (four.key, four.state) == ("ada", State.UNCERTAIN)


def test_bringing_much_along_takes_no_longer_per_delivery(path: Path) -> None:
    """Five thousand are done in a moment: nothing is looked for again and again."""
    now = "2026-11-20T09:00:00+00:00"
    with closing(_as_of(path, 2)) as old:
        old.execute("BEGIN")
        old.executemany(
            "INSERT INTO delivery VALUES ('smtp', ?, 'issue-5', ?, ?, 'en', 'asked', 1,"
            " ?, ?, 'accepted', 250, '', '')",
            [(f"{n}", f"u{n}@x.org", "", now, now) for n in range(5000)],
        )
        old.execute("COMMIT")
    begun = time.process_time()
    with closing(open_database(path)) as connection:
        assert connection.execute("SELECT count(*) FROM delivery").fetchone() == (5000,)
    assert time.process_time() - begun < 1


def test_a_list_of_before_keeps_its_people(path: Path) -> None:
    """Bringing a file up to date changes nothing about a subscriber."""
    row = (1, "ada@x.org", "Ada@x.org", "Ada", "en", 0, "confirmed", None, "form")
    with closing(_as_of(path, 2)) as old:
        old.execute("INSERT INTO subscriber VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    with closing(open_database(path)) as connection:
        assert connection.execute("SELECT * FROM subscriber").fetchall() == [
            (*row, "", "")
        ]


@pytest.mark.parametrize("end", ["", ";", "; -- and no more", ";\n\n-- and no more\n"])
def test_a_script_is_run_to_its_end(
    path: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    """However it ends."""
    known = sqlite._migrations()
    newer = f"CREATE TABLE first (x INT);\nCREATE TABLE second (x TEXT){end}"
    monkeypatch.setattr(sqlite, "_migrations", lambda: [*known, newer])
    with closing(open_database(path)) as connection:
        connection.execute("INSERT INTO second SELECT 'a' FROM first")


def test_a_script_that_fails_leaves_the_file_as_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also what came before it in the same update; the next start tries all of it again."""
    open_database(path).close()
    known = sqlite._migrations()
    newer = [*known, "CREATE TABLE first (x INT);", "INSERT INTO nowhere VALUES (1);"]
    monkeypatch.setattr(sqlite, "_migrations", lambda: newer)
    with pytest.raises(AudienceError, match="nowhere"):
        open_database(path)
    newer[-1] = "CREATE TABLE second (x INT);"
    with closing(open_database(path)) as connection:
        connection.execute("INSERT INTO second SELECT x FROM first")
        assert connection.execute("PRAGMA user_version").fetchone() == (len(newer),)
