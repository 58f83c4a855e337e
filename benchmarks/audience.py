"""Measure ``distribute audience import`` side by side with a script and sqlite-utils.

Run it as ``python benchmarks/audience.py``, with the Python that distribute is installed
for. It writes a table of subscribers and lets all (`benchmarks.importers`) read it in turns
(`benchmarks.imports`): into an empty list, and once more; then it measures what only we do,
and a longer list. sqlite-utils is installed into a folder of its own.
"""

import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # when run as a script

import click

from benchmarks.audience_report import markdown
from benchmarks.importers import Importer, Ours, Plain, SqliteUtils, write_table
from benchmarks.imports import Imports, People, import_in_turns, measure_ours
from benchmarks.machine import describe
from benchmarks.options import folder_option, write_readme_option
from benchmarks.ours import ROOT
from benchmarks.processes import MeasurementError
from benchmarks.tables import put_into_readme


@click.command()
@click.option(
    "--people", type=click.IntRange(min=2), default=200_000, show_default=True
)
@click.option(
    "--many", type=click.IntRange(min=2), default=1_000_000, show_default=True
)
@click.option("--rounds", type=click.IntRange(min=1), default=3, show_default=True)
@write_readme_option
@folder_option
def main(
    *, people: int, many: int, rounds: int, write_readme: bool, folder: Path
) -> None:
    """Measure, and print tables in Markdown; what is going on goes to standard error.

    Exits with 1 if an import failed.
    """
    place = folder.resolve() / "audience"
    imports = Imports()
    ours = Ours(place / "distribute")
    ours.prepare()
    short = People(place / "list.csv", people)
    longer = People(place / "longer.csv", many)
    for each in (short, longer):
        write_table(each.table, each.count)
    importers = [ours, *_others(place, imports, _say)]
    import_in_turns(importers, short, imports, rounds=rounds, say=_say)
    measure_ours(ours, short, imports, longer=longer, say=_say)
    text = markdown(
        imports, people=people, many=many, machine=describe(folder), rounds=rounds
    )
    click.echo(text)
    if write_readme:
        put_into_readme(ROOT / "README.md", "audience", text)
    sys.exit(bool(imports.failures))


def _others(
    folder: Path, imports: Imports, say: Callable[[str], None]
) -> list[Importer]:
    """Gather those that can be had here."""
    found: list[Importer] = []
    for importer in (Plain(folder / "plain"), SqliteUtils(folder / "sqlite-utils")):
        try:
            importer.prepare()
        except MeasurementError as error:
            imports.missing[importer.name] = str(error)
            say(f"Going without {importer.name}: {error}")
        else:
            found.append(importer)
    return found


def _say(line: str) -> None:
    click.echo(line, err=True)


if __name__ == "__main__":
    main()
