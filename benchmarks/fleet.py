"""Measure workers that share a PostgreSQL, beside ``distribute send`` and others.

Run it as ``python benchmarks/fleet.py``, with the Python that distribute and its tests are
installed for. It starts a PostgreSQL of its own (`benchmarks.postgres`) and lets 1, 2 and 4
workers and others (`benchmarks.fleet_senders`) take turns at a sink that limits nobody
(`benchmarks.fleet_runs`). Then it plans, freezes and claims with a long list, and with a
short one (`benchmarks.fleet_size`).
"""

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # when run as a script

import click

from benchmarks import tools
from benchmarks.clients import smtp_source
from benchmarks.fleet_report import markdown
from benchmarks.fleet_runs import Course, Runs
from benchmarks.fleet_senders import (
    EngineAlone,
    OnPostgres,
    OnSqlite,
    Other,
    Sender,
    TaskQueue,
    Workers,
)
from benchmarks.fleet_size import Growth, Yard
from benchmarks.machine import describe
from benchmarks.material import Material, make_material
from benchmarks.newsletter import Size
from benchmarks.options import folder_option, write_readme_option
from benchmarks.ours import ROOT
from benchmarks.postgres import Fsync, Postgres
from benchmarks.processes import MeasurementError
from benchmarks.tables import put_into_readme

CREWS = (1, 2, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How much is done to find out."""

    rounds: int = 3
    messages: dict[Size, int] = field(
        default_factory=lambda: {Size.SMALL: 40_000, Size.LARGE: 20_000}
    )
    jobs: int = 4_000
    """Of the task queue with one job per message."""
    few: int = 100_000
    """Subscribers on the short list."""
    many: int = 1_000_000
    """On the long one."""
    samples: int = 200
    """How many batches are taken from each."""
    patience: float = 60.0
    """Seconds to wait for a quiet machine."""


@dataclass(frozen=True, slots=True)
class Session:
    """Measures everything once."""

    folder: Path
    effort: Effort
    only: re.Pattern[str]
    say: Callable[[str], None]
    runs: Runs = field(default_factory=Runs)
    growths: list[Growth] = field(default_factory=list)

    def hold(self) -> str:
        """Measure, and write it down in Markdown."""
        material = make_material(self.folder)
        with Postgres.running() as postgres:
            self._race(material, postgres)
            self._grow(material, postgres)
            return markdown(
                self.runs,
                self.growths,
                octets=material.octets,
                machine=f"{postgres.version} ({postgres.setup}), {describe(self.folder)}",
                rounds=self.effort.rounds,
            )

    def _race(self, material: Material, postgres: Postgres) -> None:
        course = Course(
            sink=tools.fast_sink(self.folder),
            postgres=postgres,
            messages=self.effort.messages,
            patience=self.effort.patience,
            say=self.say,
        )
        senders = [
            sender
            for sender in self._senders(material, postgres)
            if self.only.search(sender.name)
        ]
        course.take_turns(senders, self.runs, rounds=self.effort.rounds)

    def _senders(self, material: Material, postgres: Postgres) -> Sequence[Sender]:
        senders: list[Sender] = [OnSqlite(material)]
        for fsync in Fsync:
            senders += [
                OnPostgres(material, postgres, fsync),
                *(Workers(material, postgres, fsync, count) for count in CREWS),
                TaskQueue(material, postgres, fsync, self.effort.jobs),
            ]
        senders.append(EngineAlone(material, postgres, Fsync.ON))
        try:
            senders += map(Other, smtp_source(material, self.folder))
        except MeasurementError as error:
            self.runs.missing["smtp-source"] = str(error)
        return senders

    def _grow(self, material: Material, postgres: Postgres) -> None:
        effort = self.effort
        yard = Yard(
            material=material, postgres=postgres, samples=effort.samples, say=self.say
        )
        for subscribers in (
            (effort.few, effort.many) if self.only.search("growth") else ()
        ):
            try:
                self.growths.append(yard.measure(subscribers))
            except MeasurementError as error:
                self.runs.failures[f"{subscribers:,} subscribers"] = str(error)
                self.say(f"  {subscribers:,}: FAILED: {error}")


def _counts(
    _context: click.Context, _option: click.Parameter, said: tuple[int, int] | None
) -> dict[Size, int] | None:
    return dict(zip((Size.SMALL, Size.LARGE), said, strict=True)) if said else None


@click.command()
@click.option("--rounds", type=click.IntRange(min=1), default=3, show_default=True)
@click.option(
    "--messages",
    type=(click.IntRange(min=1), click.IntRange(min=1)),
    callback=_counts,
    metavar="SMALL LARGE",
    help="How many to send in each run.  [default: 40000 20000]",
)
@click.option("--people", type=click.IntRange(min=500), default=1_000_000,
              show_default=True, help="Subscribers on the long list.")  # fmt: skip
@click.option("--large", is_flag=True, help="10,000,000 of them: 20 GB, half an hour.")
@click.option(
    "--only",
    metavar="PATTERN",
    default="",
    help="Measure what matches, as '2 workers', 'engine' or 'growth' do.",
)
@write_readme_option
@folder_option
def main(  # noqa: PLR0913 - one for each option
    *,
    rounds: int,
    messages: dict[Size, int] | None,
    people: int,
    large: bool,
    only: str,
    write_readme: bool,
    folder: Path,
) -> None:
    """Measure, and print tables in Markdown; what is going on goes to standard error.

    Exits with 1 if a run failed.
    """
    effort = Effort(rounds=rounds, many=10_000_000 if large else people)
    if messages:
        effort = replace(effort, messages=messages)
    place = folder.resolve() / "fleet"
    place.mkdir(parents=True, exist_ok=True)
    session = Session(place, effort, re.compile(only), _say)
    text = session.hold()
    click.echo(text)
    if write_readme:
        put_into_readme(ROOT / "README.md", "fleet", text)
    sys.exit(bool(session.runs.failures))


def _say(line: str) -> None:
    click.echo(line, err=True)


if __name__ == "__main__":
    main()
