"""Measure how soon ``distribute preview --serve`` shows a change, beside Hugo and Jekyll.

Run it as ``python benchmarks/previewing.py``, with the Python that distribute is installed
for. It writes the same newsletter for all (`benchmarks.archive`), in folders of their own,
lets their servers (`benchmarks.previewers`) take turns (`benchmarks.reloads`), and measures
whole runs of ``distribute preview`` as well. Install Jekyll and Hugo as your system has them
(Debian: ``apt-get install jekyll ruby-jekyll-feed hugo``); who is missing is left out, and
the report says so.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # when run as a script

import click

from benchmarks.archive import Text, texts
from benchmarks.builders import Hugo, Jekyll, Ours
from benchmarks.machine import describe
from benchmarks.options import folder_option, write_readme_option
from benchmarks.ours import ROOT
from benchmarks.previewers import OurPreview, PolledPreview, Previewer
from benchmarks.previewing_report import markdown
from benchmarks.processes import MeasurementError
from benchmarks.reloads import Extent, Reloads, preview_in_turns, reload_in_turns
from benchmarks.tables import put_into_readme


@click.command()
@click.option("--issues", type=click.IntRange(min=2), default=20, show_default=True)
@click.option("--rounds", type=click.IntRange(min=1), default=3, show_default=True)
@click.option("--changes", type=click.IntRange(min=1), default=5, show_default=True)
@write_readme_option
@folder_option
def main(
    *, issues: int, rounds: int, changes: int, write_readme: bool, folder: Path
) -> None:
    """Measure, and print tables in Markdown; what is going on goes to standard error.

    Each issue is a post in five languages. Exits with 1 if a preview failed.
    """
    written = tuple(texts(issues))
    latest = max(written, key=lambda text: (text.issue, text.language == "en"))
    reloads = Reloads()
    extent = Extent(rounds, changes)
    place = folder.resolve() / "previewing"
    ours = Ours(place / "distribute")
    ours.prepare(written)
    preview_in_turns(ours, reloads, extent, say=_say)
    previewers: list[Previewer] = [OurPreview(ours)]
    previewers += _others(place, written, reloads)
    reload_in_turns(previewers, latest, reloads, extent, say=_say)
    text = markdown(
        reloads, posts=len(written), machine=describe(folder), rounds=rounds
    )
    click.echo(text)
    if write_readme:
        put_into_readme(ROOT / "README.md", "previewing", text)
    sys.exit(bool(reloads.failures))


def _others(folder: Path, written: Sequence[Text], reloads: Reloads) -> list[Previewer]:
    """Gather those that can be had here."""
    found: list[Previewer] = []
    kinds: Sequence[Callable[[Path], Hugo | Jekyll]] = (Jekyll, Hugo)
    for kind, name in zip(kinds, (Jekyll.name, Hugo.name), strict=True):
        try:
            builder = kind(folder / name.lower())
        except MeasurementError as error:
            reloads.missing[name] = str(error)
            _say(f"Going without {name}: {error}")
            continue
        builder.prepare(written)
        found.append(PolledPreview(builder))
    return found


def _say(line: str) -> None:
    click.echo(line, err=True)


if __name__ == "__main__":
    main()
