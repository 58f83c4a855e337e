"""Measure ``distribute send`` side by side with other senders, on loopback.

Run it as ``python benchmarks/sending.py``, with the Python that distribute is installed
for. It installs the others into a folder of its own (`benchmarks.tools`), writes a
newsletter in four languages (`benchmarks.newsletter`), and lets all senders
(`benchmarks.clients`) take turns in every scene (`benchmarks.scenes`), each with a sink
just started (`benchmarks.sinks`). A run in which not every message arrives has failed.
"""

import re
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # when run as a script

import click

from benchmarks.options import folder_option, write_readme_option
from benchmarks.ours import ROOT
from benchmarks.session import FULL, QUICK, Session
from benchmarks.tables import put_into_readme


@click.command()
@click.option(
    "--quick", is_flag=True, help="One round of short runs, for a first look."
)
@click.option("--rounds", type=click.IntRange(min=1), help="How many; 5 unless quick.")
@click.option(
    "--only",
    metavar="PATTERN",
    default="",
    help="Measure what matches, as 'small.*distribute' or 'memory' do.",
)
@write_readme_option
@folder_option
def main(
    *, quick: bool, rounds: int | None, only: str, write_readme: bool, folder: Path
) -> None:
    """Measure, and print tables in Markdown; what is going on goes to standard error.

    Exits with 1 if a run failed.
    """
    effort = QUICK if quick else FULL
    if rounds is not None:
        effort = replace(effort, rounds=rounds)
    folder.mkdir(parents=True, exist_ok=True)
    text, results = Session(folder, effort, re.compile(only), _say).hold()
    click.echo(text)
    if write_readme:
        put_into_readme(ROOT / "README.md", "benchmark", text)
    sys.exit(bool(results.failures))


def _say(line: str) -> None:
    click.echo(line, err=True)


if __name__ == "__main__":
    main()
