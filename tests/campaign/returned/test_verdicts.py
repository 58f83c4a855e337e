"""What is decided about every message of the corpus, and that nobody is lost by mistake."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from distribute.audience.database.database import rehearsal
from distribute.audience.store import Store
from distribute.audience.subscriber import Status, Subscriber
from distribute.campaign.returned.notices import read_anything
from distribute.campaign.returned.provider import Provider
from distribute.campaign.returned.read import read_returned
from distribute.campaign.returned.returns import Customs, Returns
from distribute.language import Language
from distribute.mailbox import Mailbox
from tests.campaign.mailings import SIGNER
from tests.campaign.returned.corpus import corpus
from tests.campaign.returned.made import OURS, delivery
from tests.campaign.returned.provider_notices import notice_messages

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
CORPUS = corpus()
ADA = "ada@example.net"
HARMLESS = ("answer-", "trap-", "arf-not", "arf-dmarc", "ses-json-vacation")
"""Of what begins so, nothing must ever come."""


def expected() -> dict[str, list[str]]:
    """Read the table: a name, then a decision for each report."""
    path = Path(__file__).parent / "decisions.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = (line.split() for line in lines if line and not line.startswith("#"))
    return {name: decisions for name, *decisions in rows}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Keep a list with Ada on it, who has had a delivery for each message."""
    path = tmp_path_factory.mktemp("verdicts") / "distribute.db"
    with Store.open(path) as store, store.transaction():
        mailbox, by = Mailbox(ADA, "Ada"), "test"
        store.put(Subscriber(mailbox=mailbox), by=by, now=NOW)
        for name in CORPUS:
            store.connection.execute(
                "INSERT INTO campaign (sink, id, started) VALUES ('smtp', ?, ?)",
                (name, NOW.isoformat()),
            )
            store.connection.execute(
                "INSERT INTO delivery (number, campaign, key, state, attempt, opened,"
                " choice, since, id, address, code, enhanced, text, stage)"
                " SELECT number, number, ?, 'accepted', 1, 0, 0, 0, ?, ?, 250, '', '', ''"
                " FROM campaign WHERE id = ?",
                (ADA, delivery(name), ADA, name),
            )
    with Store.open(path) as store:
        yield store


def test_the_table_is_about_the_corpus() -> None:
    """In the order in which the messages are made."""
    assert list(expected()) == list(CORPUS)


@pytest.mark.parametrize("name", CORPUS)
def test_only_a_notification_counts_as_signed(name: str) -> None:
    """A provider is believed without an id, so no message may pass for its word."""
    if name not in notice_messages():
        returned = read_returned(CORPUS[name], ours=OURS)
        assert not {report.source for report in returned.reports} & set(Provider)


@pytest.mark.parametrize("name", CORPUS)
def test_each_message_is_judged_as_the_table_says(store: Store, name: str) -> None:
    """And whoever is not meant gets the newsletter as before."""
    customs = Customs(languages=(Language("en"), Language("pt-BR")))
    with rehearsal(store.connection):
        returns = Returns(store.place, store.connection, SIGNER, customs)
        found = read_anything(CORPUS[name], ours=OURS)
        judged = returns.take(found, source="test", now=NOW)
        decisions = [each.decision.replace(" ", "-") for each in judged]
        person = store.get(ADA)
    assert decisions == expected()[name]
    assert person is not None
    if name.startswith(HARMLESS):
        assert person.status is Status.CONFIRMED
