"""A campaign is handed over: who gets what is frozen, and cut into batches."""

from collections.abc import Iterator

import pytest

from distribute.audience.database.place import PostgresUrl
from distribute.campaign.campaign import Outcome
from distribute.campaign.fleet.freeze import Decider
from distribute.campaign.fleet.work import carry_out
from distribute.campaign.ledger.due import Due, Waiting
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.campaign.plan.choices import Choices
from distribute.errors import AudienceError, LockedError
from tests.campaign.fleet.handed import START, HandedOver, hand_over, handing_over
from tests.campaign.mailings import BEGAN, EN, IDS, PT, put_on_list
from tests.readers import CAMPAIGN

NAMES = ("ada", "bo", "cy", "di", "ed", "flo", "gus")


@pytest.fixture
def handed(postgres_url: str) -> Iterator[HandedOver]:
    """Hand seven people over, in batches of three."""
    with hand_over(postgres_url, NAMES) as handed:
        yield handed


def test_everybody_is_in_one_batch(handed: HandedOver) -> None:
    """The last one is smaller; each has a job."""
    stretches = handed.ask("SELECT first, last FROM batch ORDER BY number")
    assert [last - first + 1 for first, last in stretches] == [3, 3, 1]
    numbers = handed.ask("SELECT number FROM delivery ORDER BY key")
    covered = [n for first, last in stretches for n in range(first, last + 1)]
    assert [number for (number,) in numbers] == covered
    jobs = handed.ask("SELECT id FROM procrastinate_jobs ORDER BY id")
    assert jobs == handed.ask("SELECT job FROM batch ORDER BY number")


def test_what_was_decided_is_written_down(postgres_url: str) -> None:
    """Language, reason and id of the delivery, as a sending on one machine has them."""
    put_on_list(PostgresUrl(postgres_url), ["pia"], languages="pt")
    with hand_over(postgres_url, ["ada"]) as handed:
        rows = handed.ask("""
            SELECT d.key, c.language, c.reason, d.id FROM delivery AS d
            JOIN choice AS c ON c.number = d.choice ORDER BY d.key
        """)
    id_of = IDS.within(CAMPAIGN.id)
    ada, pia = "ada@example.org", "pia@example.org"
    assert rows == [
        (ada, "en", "no wish, en is the default", id_of(ada, "en")),
        (pia, "pt-BR", "asked for pt, pt-BR is nearest", id_of(pia, "pt-BR")),
    ]


def test_who_wants_another_language_alone_is_passed_over(postgres_url: str) -> None:
    """With the reason, and is in no batch."""
    place = PostgresUrl(postgres_url)
    put_on_list(place, ["zoe"], languages="tr", only_these=True)
    with hand_over(postgres_url, ["ada"]) as handed:
        assert list(handed.states()) == ["ada"]
        assert handed.ask("SELECT key FROM passed_over") == [("zoe@example.org",)]


def test_nobody_else_sends_it_meanwhile(handed: HandedOver) -> None:
    """Nor is anything settled that workers have open."""
    with SqliteLedger(handed.place, "smtp") as ledger:
        with (
            pytest.raises(LockedError, match="in the hands of workers"),
            ledger.lock(CAMPAIGN.id, BEGAN),
        ):
            pass
        with ledger.lock("issue-6", BEGAN):
            pass
    assert set(handed.states().values()) == {"claimed"}


def test_a_stretch_is_cut_all_or_not_at_all(postgres_url: str) -> None:
    """Where the lock of the sender is lost, there is neither batch nor job of it."""
    place = PostgresUrl(postgres_url)
    put_on_list(place, NAMES)
    with SqliteLedger(place, "smtp") as ledger, handing_over(place, ledger) as freezer:
        decider = Decider(CAMPAIGN.id, Choices((EN, PT), (EN,), EN), IDS)
        with Due(place, sink="smtp", campaign=CAMPAIGN.id) as due:
            decided = decider.decide(due.fresh("", 1000))
        ledger.connection.execute("UPDATE sender SET turn = turn + 1")
        with pytest.raises(LockedError):
            freezer.cut(decided, START)
        for table in ("delivery", "batch", "procrastinate_jobs"):
            (count,) = ledger.connection.execute(
                f"SELECT count(*) FROM {table}"  # noqa: S608 - one of three names
            ).fetchone()
            assert count == 0, table


def test_who_is_cut_twice_is_refused(handed: HandedOver) -> None:
    """The ledger knows each mailbox once per campaign."""
    decider = Decider(CAMPAIGN.id, Choices((EN,), (EN,), EN), IDS)
    ada = Waiting("ada@example.org", "ada@example.org", "", "", 0)
    with (
        SqliteLedger(handed.place, "smtp") as ledger,
        handing_over(handed.place, ledger) as freezer,
        pytest.raises(AudienceError, match="duplicate key"),
    ):
        freezer.cut(decider.decide([ada]), START)
    assert len(handed.jobs()) == 3


def test_a_freezing_that_was_killed_goes_on(postgres_url: str) -> None:
    """With what was frozen first; who joined since is served too, and nobody twice."""
    with hand_over(postgres_url, NAMES[:4], is_complete=False) as handed:
        carry_out(handed.bench(), lambda _: handed.shop(), handed.errand(1), bool)
        carry_out(handed.bench(), lambda _: handed.shop(), handed.errand(2), bool)
        assert handed.state() == "going", "the rest is still to come"
    with hand_over(postgres_url, NAMES) as handed:
        assert handed.batches() == ["done", "done", "waiting"]
        carry_out(handed.bench(), lambda _: handed.shop(), handed.errand(3), bool)
        assert set(handed.states().values()) == {Outcome.ACCEPTED.value}
        assert (len(handed.states()), handed.state()) == (7, "done")


def test_a_campaign_that_is_done_may_go_on_with_newcomers(postgres_url: str) -> None:
    """They get batches of their own."""
    with hand_over(postgres_url, NAMES[:1]) as handed:
        carry_out(handed.bench(), lambda _: handed.shop(), handed.errand(1), bool)
        assert handed.state() == "done"
    with hand_over(postgres_url, NAMES[:2]) as handed:
        assert (handed.state(), handed.batches()) == ("going", ["done", "waiting"])


def test_an_empty_campaign_is_done(postgres_url: str) -> None:
    """There is nothing to wait for."""
    with hand_over(postgres_url, ()) as handed:
        assert handed.state() == "done"
