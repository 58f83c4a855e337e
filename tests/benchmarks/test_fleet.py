"""Workers measured side by side with others: the turns, the long list, the report."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytest.importorskip("psycopg", reason="psycopg is missing: the extra [postgres]")

from benchmarks import tools
from benchmarks.clients import Job
from benchmarks.fleet_report import markdown
from benchmarks.fleet_runs import Course, Run, Runs
from benchmarks.fleet_senders import Cpu, Race, Sender, Workers
from benchmarks.fleet_size import (
    COUNT,
    RECONCILE,
    UNCERTAIN,
    Growth,
    Phase,
    Step,
    Yard,
)
from benchmarks.material import Material
from benchmarks.newsletter import Newsletter, Size
from benchmarks.postgres import Counts, Fsync, Postgres
from benchmarks.processes import MeasurementError

NOTHING = Counts(0.0, 0, None)


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    """Run a server, or skip where there is none."""
    try:
        with Postgres.running() as server:
            yield server
    except MeasurementError as error:
        pytest.skip(f"no PostgreSQL to measure with: {error}")


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compile the sink, or skip where there is no compiler."""
    try:
        return tools.fast_sink(tmp_path_factory.mktemp("sink"))
    except MeasurementError as error:
        pytest.skip(f"the fast sink cannot be had: {error}")


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    """Have a newsletter with small messages."""
    folder = tmp_path_factory.mktemp("material")
    newsletter = Newsletter(folder / "small", Size.SMALL)
    newsletter.prepare()
    return Material({Size.SMALL: newsletter}, {}, {Size.SMALL: 1}, folder / "no.pem")


class Lazy(Sender):
    """A sender that sends nothing."""

    name = "lazy"

    @contextmanager
    def ready(self, job: Job) -> Iterator[Race]:
        """Do nothing, and let nothing go."""
        yield Race(job, "", lambda: Cpu(0.0, 0.0))


@pytest.mark.slow
def test_workers_are_measured_until_all_has_arrived(
    postgres: Postgres, program: Path, material: Material
) -> None:
    """What they send is counted by the sink, and what it costs is theirs and the server's."""
    course = _course(postgres, program)
    runs = Runs()
    senders = [Workers(material, postgres, Fsync.OFF, 1), Lazy()]
    course.take_turns(senders, runs, rounds=1)
    assert runs.failures == {"small: lazy": "0 messages arrived, 600 were to be sent"}
    (run,) = runs.made[Size.SMALL, "1 worker, fsync off"]
    assert run.messages == 600
    assert run.sender_cpu > 0
    assert run.server.wal > 600
    assert run.server.statements is None or run.server.statements > 10


@pytest.mark.slow
def test_a_list_is_planned_frozen_and_taken(
    postgres: Postgres, material: Material
) -> None:
    """Every step that a worker takes with the database is timed once for each batch."""
    yard = Yard(material=material, postgres=postgres, samples=2, say=_silent)
    growth = yard.measure(700)
    assert (growth.subscribers, growth.batches) == (700, 2)
    assert growth.after > growth.before
    assert {step: len(times) for step, times in growth.steps.items()} == dict.fromkeys(
        Step, 2
    )
    states = "SELECT state, count(*) FROM delivery GROUP BY state"
    assert postgres.ask(states, database="list_700") == [("accepted", 700)]
    assert postgres.ask("SELECT state FROM frozen", database="list_700") == [("done",)]


def test_the_report_compares_with_one_worker() -> None:
    """Ratios, processor time, and what goes to the server; or a dash."""
    runs = Runs(failures={"small: other": "gone\nlast words"}, missing={"peer": "away"})
    runs.made[Size.SMALL, "1 worker, fsync on"].append(_run(2.0, uses_server=True))
    runs.made[Size.SMALL, "send, SQLite"].append(_run(1.0, uses_server=False))
    text = markdown(
        runs, [_growth()], octets={Size.SMALL: 1900}, machine="a machine", rounds=1
    )
    assert (
        "| 1 worker, fsync on | 500 | 1.00 | 0.100 | 0.200 | 0.050 | 0.250 | 300 |"
        in text
    )
    assert "| send, SQLite | 1,000 | 2.00 | 0.100 | 0.200 | 0.050 |  |  |" in text
    assert "| claims/s: fetch, take, finish | 200 |" in text
    assert f"| {COUNT}, ms | 4.0 |" in text
    assert "| freeze, peak MB | 70 |" in text
    assert "Without peer: away." in text
    assert "**Failed:** small: other: last words." in text


def _course(postgres: Postgres, program: Path) -> Course:
    return Course(
        sink=program,
        postgres=postgres,
        messages={Size.SMALL: 600},
        patience=0,
        say=_silent,
    )


def _run(seconds: float, *, uses_server: bool) -> Run:
    return Run(
        messages=1000,
        seconds=seconds,
        sender_cpu=0.1,
        sink_cpu=0.05,
        server=Counts(0.2, 300_000, 250),
        uses_server=uses_server,
        others=0.02,
    )


def _growth() -> Growth:
    phase = Phase(seconds=3.0, cpu=2.0, memory=70_000_000, server=NOTHING)
    times = {Step.FETCH: 0.001, Step.TAKE: 0.002, Step.FINISH: 0.002}
    steps = defaultdict(list, {step: [times.get(step, 0.01)] for step in Step})
    seldom = dict.fromkeys((RECONCILE, COUNT, UNCERTAIN), 0.004)
    return Growth(1000, phase, phase, 1_000_000, 2_000_000, 2, steps, seldom)


def _silent(_line: str) -> None:
    """Say nothing."""
