"""Measure ``distribute build`` side by side with Jekyll and Hugo.

Run it as ``python benchmarks/building.py``, with the Python that distribute is installed
for. It writes the same newsletter for all (`benchmarks.archive`), in folders of their
own, and lets them (`benchmarks.builders`) take turns (`benchmarks.builds`): a cold build,
one without a change, and one with a changed post. Install Jekyll and Hugo as your system
has them (Debian: ``apt-get install jekyll ruby-jekyll-feed hugo``); who is missing is
left out, and the report says so.
"""

import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # when run as a script

import click

from benchmarks.archive import texts
from benchmarks.builders import Builder, Hugo, Jekyll, Ours
from benchmarks.building_report import markdown
from benchmarks.builds import Builds, build_in_turns
from benchmarks.machine import describe
from benchmarks.options import folder_option, write_readme_option
from benchmarks.ours import ROOT
from benchmarks.processes import MeasurementError
from benchmarks.tables import put_into_readme


@click.command()
@click.option("--issues", type=click.IntRange(min=2), default=200, show_default=True)
@click.option("--rounds", type=click.IntRange(min=1), default=3, show_default=True)
@write_readme_option
@folder_option
def main(*, issues: int, rounds: int, write_readme: bool, folder: Path) -> None:
    """Measure, and print tables in Markdown; what is going on goes to standard error.

    Each issue is a post in five languages. Exits with 1 if a build failed.
    """
    written = tuple(texts(issues))
    builds = Builds()
    builders = _builders(folder.resolve() / "building", builds, _say)
    for builder in builders:
        builder.prepare(written)
    build_in_turns(builders, written, builds, rounds=rounds, say=_say)
    text = markdown(
        builds,
        posts=len(written),
        octets=sum(len(text.body.encode()) for text in written) // len(written),
        machine=describe(folder),
        rounds=rounds,
    )
    click.echo(text)
    if write_readme:
        put_into_readme(ROOT / "README.md", "building", text)
    sys.exit(bool(builds.failures))


def _builders(
    folder: Path, builds: Builds, say: Callable[[str], None]
) -> list[Builder]:
    """Gather the builders that can be had here."""
    found: list[Builder] = []
    for kind in (Ours, Jekyll, Hugo):
        try:
            found.append(kind(folder / kind.name.lower()))
        except MeasurementError as error:
            builds.missing[kind.name] = str(error)
            say(f"Going without {kind.name}: {error}")
    return found


def _say(line: str) -> None:
    click.echo(line, err=True)


if __name__ == "__main__":
    main()
