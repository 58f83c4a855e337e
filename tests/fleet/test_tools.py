"""The tools that make trouble for a fleet do what they say, and find what is wrong."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from distribute.audience.database.database import open_database, transaction
from distribute.audience.database.place import PostgresUrl
from tests.campaign.fleet.queued import begin, connected, freeze, set_up
from tests.faults.neighbour import Neighbour
from tests.faults.record import Kind, Record, Recorder
from tests.fleet.crew import Crew
from tests.fleet.lookout import Arrivals, Lookout, Sight
from tests.fleet.reckoning import Reckoning, reckon
from tests.fleet.scenario import Scenario
from tests.fleet.script import DEEDS, Act, script_of, siege_of
from tests.postgres import Server
from tests.processes import wait_until

EVERYBODY = {"ada@example.org", "bob@example.org", "eve@example.org"}
FINE = dict.fromkeys(EVERYBODY, "accepted")
TICKING = "import itertools, time\nfor n in itertools.count(): print(n, flush=True); time.sleep(0.01)"
PEOPLE = 100

STAND_IN = """
import smtplib, sys, time, psycopg
url, port = sys.argv[1:]
CLAIM = '''UPDATE delivery SET state = 'uncertain' WHERE number = (SELECT number FROM
    delivery WHERE state = 'claimed' LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING number, address'''
while True:
    try:
        with (
            smtplib.SMTP("127.0.0.1", int(port)) as mail,
            psycopg.connect(url, autocommit=True) as database,
        ):
            while row := database.execute(CLAIM).fetchone():
                mail.sendmail("a@example.org", row[1], "Subject: x\\r\\n\\r\\nx\\r\\n")
                database.execute("UPDATE delivery SET state = 'accepted' WHERE number = %s", row[:1])
                time.sleep(0.005)
    except (psycopg.Error, OSError, smtplib.SMTPException):
        pass
    time.sleep(0.05)
"""
"""A worker that is easy to understand: whom it has begun with is uncertain till the end."""


def test_the_same_seed_is_the_same_script() -> None:
    """What went wrong once can be played again; another seed is another script."""
    one, two = (script_of("a", acts=200) for _ in range(2))
    assert one == two != script_of("b", acts=200)
    assert {act.deed for act in one} == set(DEEDS)
    assert [act.at for act in one] == sorted(act.at for act in one)
    assert {act.choose(3) for act in one} == {0, 1, 2}
    assert {act.deed for act in script_of("c", acts=50, deeds=("kill",))} == {"kill"}


def test_a_siege_has_each_deed_so_often() -> None:
    """And each while is as long as it is to be."""
    script = siege_of("a", {"kill": 3, "freeze": 40}, {"freeze": (2.0, 3.0)})
    assert Counter(act.deed for act in script) == {"kill": 3, "freeze": 40}
    assert [act.at for act in script] == sorted(act.at for act in script)
    frozen = {act.seconds for act in script if act.deed == "freeze"}
    assert len(frozen) == 40
    assert 2.0 <= min(frozen) < 2.2 < 2.8 < max(frozen) <= 3.0
    assert {act.seconds for act in script if act.deed == "kill"} == {0.0}


def test_arrivals_are_counted_while_they_come(tmp_path: Path) -> None:
    """Each line once, when it is there whole; the same as by reading all of it."""
    path = tmp_path / "record"
    path.write_bytes(b"")
    arrivals, recorder = Arrivals(path), Recorder(path)
    counts = []
    kinds: tuple[Kind, ...] = ("connected", "kept", "cut", "swallowed", "kept")
    for number, kind in enumerate(kinds):
        recorder.note(kind, number, "ada@example.org", b"x")
        counts.append(arrivals.count)
    assert counts == [0, 1, 1, 2, 3]
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:-1])
    assert arrivals.count == 5 == Record(path).count
    path.write_bytes(whole + whole)
    assert arrivals.count == 6 == Record(path).count
    recorder.close()


def test_a_look_sees_what_is_left_and_who_has_it(postgres_url: str) -> None:
    """And fails where a batch has no job, or a job has no batch."""
    _fill(postgres_url)
    with (
        connected(postgres_url) as connection,
        closing(Lookout(postgres_url)) as lookout,
    ):
        begin(connection)
        freeze(connection, 2)
        assert lookout.look() == Sight("going", PEOPLE, 0, 2, 2, set(), set())
        connection.execute(
            "UPDATE batch SET state = 'held', holder = 'a:7' WHERE number = 1"
        )
        connection.execute("UPDATE delivery SET state = 'uncertain' WHERE number < 10")
        sight = lookout.look()
        assert sight == Sight("going", PEOPLE - 10, 10, 2, 2, {7}, set())
        connection.execute("UPDATE batch SET job = NULL WHERE number = 2")
        with pytest.raises(AssertionError, match="no live job"):
            lookout.look()
        connection.execute("UPDATE batch SET state = 'done'")
        with pytest.raises(AssertionError, match="idle job"):
            lookout.look()
        connection.execute("DELETE FROM procrastinate_jobs")
        connection.execute("UPDATE delivery SET state = 'accepted'")
        connection.execute("UPDATE frozen SET state = 'done'")
        sight = lookout.look()
        assert sight is not None
        assert sight.is_over


def test_one_message_for_everybody_is_right() -> None:
    """And so is one that is listed as uncertain, seen or not, if so many may be."""
    reckon(EVERYBODY, Counter(EVERYBODY), FINE).check(unclear=0)
    doubtful = FINE | {"eve@example.org": "uncertain"}
    for arrived in (EVERYBODY, EVERYBODY - {"eve@example.org"}):
        found = reckon(EVERYBODY, Counter(arrived), doubtful)
        found.check(unclear=1)
        with pytest.raises(AssertionError, match=r"uncertain: .*eve"):
            found.check(unclear=0)


@pytest.mark.parametrize(
    ("arrived", "states", "wrong"),
    [
        ([*EVERYBODY, "eve@example.org"], FINE, "twice"),
        (EVERYBODY - {"eve@example.org"}, FINE, "unseen"),
        (EVERYBODY, FINE | {"eve@example.org": "started"}, "untold"),
        (EVERYBODY, FINE | {"eve@example.org": "rejected"}, "untold"),
        (EVERYBODY - {"eve@example.org"}, FINE | {"eve@example.org": "claimed"}, "left"),
        ([*EVERYBODY, "mallory@example.org"], FINE, "strange"),
    ],
)  # fmt: skip
def test_whatever_is_wrong_is_found(
    arrived: list[str], states: dict[str, str], wrong: str
) -> None:
    """Nobody is served twice, unseen, unsaid, or out of nowhere, nor left."""
    found = reckon(EVERYBODY, Counter(arrived), states)
    assert getattr(found, wrong) == {
        "mallory@example.org" if wrong == "strange" else "eve@example.org"
    }
    with pytest.raises(AssertionError, match=wrong):
        found.check(unclear=3)


def test_the_lost_are_found() -> None:
    """Who is in no row at all is missing most."""
    some = {"ada@example.org": "accepted"}
    found = reckon(EVERYBODY, {"ada@example.org": 1}, some)
    assert found == Reckoning(lost=EVERYBODY - some.keys())


@pytest.fixture
def ticking(tmp_path: Path) -> Iterator[Crew]:
    """Give workers that count aloud."""
    with Crew.of_program(TICKING, tmp_path) as crew:
        yield crew


def test_who_is_frozen_goes_on_later(ticking: Crew) -> None:
    """It does nothing meanwhile, while the other one goes on."""
    frozen, other = ticking.start(), ticking.start()
    wait_until(lambda: bool(frozen.words))
    frozen.freeze()
    assert ticking.awake == [other]
    before, size = frozen.words, len(other.words)
    wait_until(lambda: len(other.words) > size + 20)
    assert frozen.words == before
    frozen.thaw()
    wait_until(lambda: len(frozen.words) > len(before))


def test_who_is_killed_is_gone_at_once(ticking: Crew) -> None:
    """Also while it is frozen; the others stay."""
    one, two = ticking.start(), ticking.start()
    one.freeze()
    one.kill()
    assert one.process.returncode == -9
    assert ticking.running == [two]
    one.kill()  # nobody else is hit


def test_whoever_ends_by_himself_is_replaced(tmp_path: Path) -> None:
    """Once; who was killed or asked to end is not."""
    with Crew.of_program("import sys; sys.exit(3)", tmp_path) as crew:
        worker = crew.start()
        worker.wait()
        assert crew.replace_ended() == [worker]
        assert len(crew.workers) == 2
        crew.workers[1].kill()
        assert crew.replace_ended() == []


def test_all_can_be_asked_to_end(ticking: Crew) -> None:
    """The frozen too."""
    ticking.start().freeze()
    ticking.start()
    assert ticking.end() == [-15, -15]
    assert not ticking.running


def _fill(url: str) -> dict[str, str]:
    """Have a campaign in the database, whose deliveries are to be made."""
    people = {f"reader{n}@example.org": f"reader{n}@example.org" for n in range(PEOPLE)}
    with closing(open_database(PostgresUrl(url))), connected(url) as connection:
        set_up(connection)
    with closing(open_database(PostgresUrl(url))) as database, transaction(database):
        database.execute(
            "INSERT INTO campaign (number, sink, id, started) VALUES (1, 'smtp', 'issue-4', '')"
        )
        database.executemany(
            "INSERT INTO delivery VALUES (?, 1, ?, 'claimed', 1, 0, NULL, NULL, 1, 0, ?, ?, 0, '', '', '')",
            [(number, who, who, who) for number, who in enumerate(people)],
        )
    return people


def _is_served(sight: Sight) -> bool:
    """Whether nobody is left."""
    return not sight.left


def _is_settled(sight: Sight) -> bool:
    """Whether nobody is left, nor just being served."""
    return not (sight.left or sight.uncertain)


def _stand_ins(url: str, port: int, folder: Path) -> Crew:
    program = f"import sys; sys.argv[1:] = {[url, str(port)]!r}\n{STAND_IN}"
    return Crew.of_program(program, folder)


def test_a_scenario_is_played_to_its_end(
    own_postgres: Server, mail: Neighbour, tmp_path: Path
) -> None:
    """All that can happen happens, and then everybody is served or listed."""
    url = own_postgres.new_database()
    states = _fill(url)
    deeds = [*DEEDS, "kill"]
    script = tuple(
        Act(at=n / (len(deeds) + 2), deed=deed, whom=n % 3 / 2, seconds=0.2)
        for n, deed in enumerate(deeds)
    )
    with _stand_ins(url, mail.port, tmp_path) as crew:
        for _ in range(3):
            crew.start()
        scenario = Scenario(own_postgres, url, mail, crew, states, _is_served)
        scenario.play(script, seconds=120).check(unclear=20)
        assert len(crew.workers) == 3 + 3  # two were killed and one left
        assert not crew.running
    told = "\n".join(scenario.told)
    for word in ("kill", "freeze for", "restart", "crash", "away for", "hold for",
                 "silence for", "leave", "cut: nobody", "database is back"):  # fmt: skip
        assert word in told


def test_a_scenario_finds_a_worker_that_serves_twice(
    own_postgres: Server, mail: Neighbour, tmp_path: Path
) -> None:
    """What the workers say of themselves counts for nothing."""
    url = own_postgres.new_database()
    states = _fill(url)
    with _stand_ins(url, mail.port, tmp_path) as crew:
        crew.start()
        scenario = Scenario(own_postgres, url, mail, crew, states, _is_settled)
        scenario.play((), seconds=120).check(unclear=0)
        own_postgres.ask(
            "UPDATE delivery SET state = 'claimed' WHERE number = 7",
            database=url.rpartition("/")[2],
        )
        crew.start()
        found = scenario.play((), seconds=120)
    with pytest.raises(AssertionError, match=r"twice: \['reader7@"):
        found.check(unclear=0)
