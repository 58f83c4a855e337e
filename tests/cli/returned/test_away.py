"""``bounces read`` when its database goes away in between: every message is judged once."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import open_database
from distribute.audience.database.place import PostgresUrl
from tests.campaign.mailings import put_on_list
from tests.cli.conftest import Run
from tests.cli.serving import write_newsletter
from tests.triggers import have_done, let_be

AT_ONCE = 200
"""So many are judged in one transaction."""
MESSAGES = AT_ONCE + 5
LETTER = (
    "From: reader{number}@example.org\nTo: news@example.org\nSubject: {subject}\n"
    "Message-ID: <{number}@example.org>\n\n"
)
_HANG_UP = (
    "PERFORM pg_terminate_backend(pg_backend_pid()) FROM judgement"
    f" HAVING count(*) > {AT_ONCE + 2}"
)


@pytest.fixture
def connection(postgres_url: str) -> Iterator[Connection]:
    """Open the database of a newsletter with as many readers as there are messages."""
    place = PostgresUrl(postgres_url)
    put_on_list(place, [f"reader{number}" for number in range(MESSAGES)])
    with closing(open_database(place)) as connection:
        yield connection


@pytest.fixture
def folder(postgres_url: str, tmp_path: Path) -> Path:
    """Give the newsletter, and the messages beside it."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for number in range(MESSAGES):
        subject = "unsubscribe" if number == MESSAGES - 1 else "good morning"
        text = LETTER.format(number=number, subject=subject)
        (inbox / f"{number:03}.eml").write_text(text, encoding="utf-8")
    settings = f'\n[store]\nurl = "{postgres_url}"\n'
    return write_newsletter(tmp_path / "news", settings)


def judged(connection: Connection) -> list[tuple[int, int]]:
    """Count the judgements, and the messages that they are about."""
    query = "SELECT count(*), count(DISTINCT message) FROM judgement"
    return [tuple(row) for row in connection.execute(query).fetchall()]


def test_the_rest_is_judged_by_the_next_run(
    run: Run, folder: Path, connection: Connection
) -> None:
    """What was judged stands; what was not yet, is as if nobody had looked at it."""
    inbox = folder.parent / "inbox"
    have_done(connection, "INSERT ON judgement", _HANG_UP)
    stopped = run("-C", folder, "bounces", "read", inbox)
    assert (stopped.status, "does not answer" in stopped.err) == (75, True)
    assert judged(connection) == [(AT_ONCE, AT_ONCE)]
    assert len(list(inbox.iterdir())) == MESSAGES
    let_be(connection, "judgement")
    done = run("-C", folder, "--json", "bounces", "read", inbox)
    assert done.status == 0
    assert judged(connection) == [(MESSAGES, MESSAGES)]
