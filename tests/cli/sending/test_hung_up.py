"""A connection to the database that breaks just once, wherever a sending has come to."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from distribute.audience.database.database import open_database
from distribute.audience.database.place import PostgresUrl
from distribute.campaign.ledger.ledger import SqliteLedger
from tests.commands import NOW, call
from tests.fleet.house import open_house
from tests.scenarios.office import ISSUE
from tests.triggers import have_done

PEOPLE = 12
_ONCE = (
    "IF {condition} THEN IF nextval('once') = 1 THEN"
    " PERFORM pg_terminate_backend(pg_backend_pid()); END IF; END IF"
)


@pytest.mark.parametrize(
    ("event", "condition"),
    [
        ("UPDATE ON sender", "new.held = 0"),
        pytest.param("INSERT ON sender", "true", marks=pytest.mark.slow),
        pytest.param("INSERT ON campaign", "true", marks=pytest.mark.slow),
        pytest.param("INSERT ON choice", "true", marks=pytest.mark.slow),
        pytest.param("INSERT ON delivery", "true", marks=pytest.mark.slow),
        pytest.param("UPDATE ON delivery", "true", marks=pytest.mark.slow),
        pytest.param(
            "UPDATE ON delivery", "new.state = 'accepted'", marks=pytest.mark.slow
        ),
        pytest.param(
            "UPDATE ON campaign", "new.finished IS NOT NULL", marks=pytest.mark.slow
        ),
    ],
)
def test_nobody_notices(
    empty_postgres_url: str, tmp_path: Path, event: str, condition: str
) -> None:
    """Everybody has it once, nothing is left open, and the lock is let go of."""
    house = open_house(tmp_path / "letter", PEOPLE, empty_postgres_url)
    with closing(open_database(PostgresUrl(house.url))) as connection:
        connection.execute("CREATE SEQUENCE once")
        have_done(connection, event, _ONCE.format(condition=condition))
    answer = call("-C", house.office.folder, "--json", "send", ISSUE)
    assert (answer.status, answer.err) == (0, "")
    assert answer.document["outcomes"]["accepted"] == PEOPLE
    assert len(list((house.office.folder / "out").rglob("*.eml"))) == PEOPLE
    with closing(open_database(PostgresUrl(house.url))) as connection:
        assert connection.execute("SELECT last_value FROM once").fetchone()[0] >= 1
        assert connection.execute("SELECT is_called FROM once").fetchone()[0]
        states = connection.execute("SELECT DISTINCT state FROM delivery").fetchall()
        assert [state for (state,) in states] == ["accepted"]
    with SqliteLedger(PostgresUrl(house.url), "file") as ledger:
        assert ledger.holder(f"issue-{ISSUE}") == ""
        assert ledger.finished(f"issue-{ISSUE}") is not None


@pytest.mark.slow
def test_an_appointment_is_kept_all_the_same(
    empty_postgres_url: str, tmp_path: Path
) -> None:
    """Else the issue would be looked at again at every call."""
    house = open_house(tmp_path / "letter", PEOPLE, empty_postgres_url)
    words = ("-C", house.office.folder, "send")
    when = datetime.fromtimestamp(int(NOW) + 3600, UTC)
    made = call(*words, ISSUE, "--at", f"{when:%Y-%m-%d %H:%M} UTC", "--no-wait")
    assert made.status == 0, made.err
    with closing(open_database(PostgresUrl(house.url))) as connection:
        connection.execute("CREATE SEQUENCE once")
        once = _ONCE.format(condition="true")
        have_done(connection, "DELETE ON appointment", once)
        answer = call(*words, "new", now=str(int(NOW) + 3700))
        assert (answer.status, answer.err) == (0, "")
        assert connection.execute("SELECT is_called FROM once").fetchone()[0]
        assert connection.execute("SELECT * FROM appointment").fetchall() == []
    assert len(list((house.office.folder / "out").rglob("*.eml"))) == PEOPLE
