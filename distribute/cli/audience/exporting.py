"""``distribute audience export``: the subscribers into a file or a pipe."""

import sys
from collections.abc import Callable
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

import click

from distribute.audience.bulk import Bulk
from distribute.audience.exchange import export_csv, export_jsonl, in_full
from distribute.audience.subscriber import Status
from distribute.cli.audience.choosing import (
    language_named,
    settings_of,
    status_named,
)
from distribute.cli.audience.writing import replacing
from distribute.cli.invocation import Invocation, json_option
from distribute.cli.mailing.mailing import open_store
from distribute.cli.mailing.segments import segment_named, segment_option
from distribute.cli.terminal.words import counted

_STANDARD_OUTPUT = (Path("-"), Path("/dev/stdout"))


@click.command("export")
@click.option("--format", "form", type=click.Choice(["csv", "jsonl"]), default="csv")
@click.option("--status", type=click.Choice([str(s) for s in Status]))
@click.option("--lang", metavar="TAG", help="Only those who wish for this language.")
@segment_option
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Not to stdout.")
@json_option
@click.pass_obj
def export(
    invocation: Invocation,
    form: str,
    status: str | None,
    lang: str | None,
    segment: str | None,
    output: Path | None,
) -> None:
    """Write the subscribers as CSV, the way `import` reads it, or as JSON Lines.

    JSON Lines hold the evidence of consent as well, with the words that people agreed
    to, and all an import needs to restore everybody as they are. Nobody but the owner of
    a file may read it, and what it held before stays until all is written.
    """
    settings = settings_of(invocation)
    with open_store(settings) as store:
        people = store.subscribers(
            status=status_named(status),
            language=language_named(lang),
            segment=segment_named(settings, segment),
        )
        evidence = Bulk(store.place, store.connection)
        write = export_csv
        if form == "jsonl":
            write = partial(export_jsonl, evidence=evidence)
        if output and output not in _STANDARD_OUTPUT:
            count = _write_file(output, lambda out: write(people, out))
            invocation.answer({"file": str(output), "subscribers": count})
            invocation.say(f"{output}: {counted(count, 'subscriber')}")
        elif invocation.as_json:
            invocation.answer_many({}, subscribers=in_full(people, evidence))
        else:
            write(people, sys.stdout)


def _write_file(path: Path, write: Callable[[TextIO], int]) -> int:
    """Write a file instead of stdout; gives what `write` counts."""
    with replacing(path, is_private=True) as out:
        text = TextIOWrapper(out, encoding="utf-8", newline="")
        count = write(text)
        text.flush()
        text.detach()
    return count
