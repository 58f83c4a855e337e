"""``distribute audience import``: people out of files."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from distribute.audience.database.database import is_begun, rehearsal
from distribute.audience.intake.bringing import Order, bring_in, rehearse
from distribute.audience.intake.files import Source
from distribute.audience.intake.header import read_mapping
from distribute.audience.intake.report import ImportReport
from distribute.audience.store import Store
from distribute.audience.subscriber import Status
from distribute.audience.tags import parse_tags
from distribute.cli.audience.account import (
    answer_with,
    difference_lines,
    remark_lines,
    summary_of,
)
from distribute.cli.audience.choosing import settings_of, status_named
from distribute.cli.invocation import DONE, FAILED, Invocation, json_option
from distribute.cli.newsletter.heeding import heed_suppressions
from distribute.cli.newsletter.ownership import refuse_strangers
from distribute.config.settings import Settings
from distribute.errors import AudienceError

__all__ = ["import_", "import_file", "summary_of"]

_STANDARD_INPUT = Path("-")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be imported, and how."""

    files: Sequence[Path]
    mapping: Sequence[str] = ()
    tags: str = ""
    status: str | None = None

    @property
    def order(self) -> Order:
        """Say how to import."""
        names = ", ".join(file.name for file in self.files if file != _STANDARD_INPUT)
        return Order(
            by=f"import {names}".strip()[:200],
            mapped=read_mapping(self.mapping),
            at_best=status_named(self.status),
            tags=parse_tags(self.tags),
        )


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--map",
    "mapping",
    multiple=True,
    metavar="THEIRS=OURS",
    help="What a column is about: 'Mail of the reader=email'; '-' leaves it out.",
)
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="Tag everybody so.")
@click.option(
    "--status",
    type=click.Choice([str(s) for s in Status]),
    help="What everybody is at best, such as 'pending'.",
)
@click.option("--dry-run", is_flag=True, help="Say what would change; change nothing.")
@json_option
@click.pass_context
def import_(
    ctx: click.Context,
    files: tuple[Path, ...],
    mapping: tuple[str, ...],
    tags: tuple[str, ...],
    status: str | None,
    dry_run: bool,
) -> None:
    """Add the people in FILES: tables (CSV), JSON Lines, or archives (ZIP) of them.

    A table has a head such as email,name,languages,status. The exports of listmonk,
    Mailchimp, Buttondown, Substack and Ghost are known by theirs. '-' is standard input.

    Nobody who has left comes back by an import. Lines that make no sense are reported and
    do not stop the others; the exit status is then 1.
    """
    invocation: Invocation = ctx.obj
    wanted = Wanted(files, mapping, ",".join(tags), status)
    run = _rehearse if dry_run else _import
    report = run(invocation, wanted)
    if invocation.as_json:
        answer_with(invocation, report, rehearsed=dry_run)
    for line in (*difference_lines(report), *remark_lines(report)):
        invocation.say(line)
    if report.systems:
        invocation.say(f"recognised: {', '.join(report.systems)}")
    if report.unknown_columns:
        invocation.say(f"columns not used: {', '.join(report.unknown_columns)}")
    invocation.say(summary_of(report))
    if dry_run:
        invocation.say("Nothing has been changed: this was a dry run.")
    ctx.exit(FAILED if report.bad else DONE)


def import_file(invocation: Invocation, file: Path) -> ImportReport:
    """Import one file into the newsletter's database."""
    return _import(invocation, Wanted([file]))


def _import(invocation: Invocation, wanted: Wanted) -> ImportReport:
    settings, order = settings_of(invocation), wanted.order
    with _opened(wanted.files) as sources, Store.open(settings.database) as store:
        refuse_strangers(store, settings)
        heed_suppressions(settings, store, invocation.now)
        return bring_in(store, sources, order, now=invocation.now)


def _rehearse(invocation: Invocation, wanted: Wanted) -> ImportReport:
    """Do the same on a view of the database in which nothing stays."""
    settings, order = settings_of(invocation), wanted.order
    with (
        _opened(wanted.files) as sources,
        _view(settings) as store,
        rehearsal(store.connection),
    ):
        refuse_strangers(store, settings)
        heed_suppressions(settings, store, invocation.now)
        return rehearse(store, sources, order, now=invocation.now)


@contextmanager
def _view(settings: Settings) -> Iterator[Store]:
    """Open the database, or an empty one for the time being where there is none yet."""
    if is_begun(settings.database):
        with Store.open(settings.database) as store:
            yield store
        return
    with TemporaryDirectory() as folder, Store.open(Path(folder) / "none.db") as store:
        yield store


@contextmanager
def _opened(files: Sequence[Path]) -> Iterator[Sequence[Source]]:
    """Open all files before anything is done with the first."""
    with ExitStack() as stack:
        yield [_source(file, stack) for file in files]


def _source(file: Path, stack: ExitStack) -> Source:
    if file == _STANDARD_INPUT:
        return Source("standard input", sys.stdin.buffer)
    try:
        return Source(str(file), stack.enter_context(file.open("rb")))
    except OSError as error:
        raise AudienceError(
            f"{file} cannot be read: {error.strerror}",
            hint="Name a CSV file with the columns email,name,languages,status.",
        ) from error
