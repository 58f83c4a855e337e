"""Importing side by side: the turns, the checks, the report."""

import csv
import sys
from pathlib import Path

import pytest

from benchmarks.audience_report import audience_targets, markdown
from benchmarks.importers import OURS, Importer, Ours, Plain, write_table
from benchmarks.imports import (
    Imports,
    People,
    Run,
    Scene,
    import_in_turns,
    measure_ours,
)
from benchmarks.processes import Command


class Forgetful(Importer):
    """An importer that makes a list with nobody on it."""

    name = "forgetful"

    def command(self, table: Path) -> Command:
        """Make an empty table."""
        script = (
            f"import sqlite3; sqlite3.connect({str(self.database)!r})"
            ".execute('CREATE TABLE IF NOT EXISTS subscriber (email)')"
        )
        return Command((sys.executable, "-c", script))


def test_a_table_names_as_many_people_as_it_shall(tmp_path: Path) -> None:
    """Each once, in no order."""
    path = tmp_path / "list.csv"
    write_table(path, 50)
    with path.open(encoding="utf-8", newline="") as lines:
        addresses = [row["email"] for row in csv.DictReader(lines)]
    assert len(set(addresses)) == 50
    assert addresses != sorted(addresses)


def test_all_take_turns_and_who_loses_people_is_out(tmp_path: Path) -> None:
    """A program that is fast since it does nothing is not compared."""
    people = People(tmp_path / "list.csv", 20)
    write_table(people.table, people.count)
    importers: list[Importer] = [Plain(tmp_path / "a"), Forgetful(tmp_path / "b")]
    for importer in importers:
        importer.prepare()
    imports = Imports()
    lines: list[str] = []
    import_in_turns(importers, people, imports, rounds=1, say=lines.append, patience=0)
    assert imports.failures == {"forgetful": "0 of 20 people are on the list"}
    assert imports.median(Scene.AGAIN, Plain.name, lambda run: run.seconds)
    assert imports.median(Scene.NEW, "forgetful", lambda run: run.seconds) is None


@pytest.mark.slow
def test_ours_is_measured_in_all_that_it_does(tmp_path: Path) -> None:
    """A dry run, JSON Lines both ways, a plan and a longer list."""
    short = People(tmp_path / "list.csv", 20)
    longer = People(tmp_path / "longer.csv", 30)
    for people in (short, longer):
        write_table(people.table, people.count)
    ours = Ours(tmp_path / "ours")
    ours.prepare()
    imports = Imports()
    measure_ours(ours, short, imports, longer=longer, say=lambda _line: None)
    assert imports.failures == {}
    assert {scene for scene, _ in imports.runs} == set(Scene) - {Scene.NEW, Scene.AGAIN}


def test_the_report_has_the_figures_and_what_was_asked() -> None:
    """Seconds, megabytes, and the ratios to the others."""
    imports = Imports(failures={"other": "gone\nlast words"}, missing={"peer": "away"})
    imports.runs[Scene.NEW, OURS].append(Run(6.0, 40_000_000, 0.01))
    imports.runs[Scene.MANY, OURS].append(Run(30.0, 42_000_000, 0.02))
    imports.runs[Scene.NEW, Plain.name].append(Run(2.0, 20_000_000, 0.0))
    targets = {
        target.what: target.reached
        for target in audience_targets(imports, people=200_000, many=1_000_000)
    }
    assert targets["import of 200,000"] == 6.0
    assert targets["memory, 1,000,000 to 200,000"] == 1.05
    assert targets[f"import: time to that of {Plain.name}"] == 3.0
    text = markdown(
        imports, people=200_000, many=1_000_000, machine="a machine", rounds=1
    )
    assert "| **distribute** | 6.00 | – | 40 |" in text
    assert "Without peer: away." in text
    assert "**Failed:** other: last words." in text
