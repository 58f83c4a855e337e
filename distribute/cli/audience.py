"""``distribute audience``: the subscribers in and out."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

import click

from distribute.audience.columns import format_languages, parse_languages
from distribute.audience.exchange import (
    ImportReport,
    as_json,
    export_csv,
    export_jsonl,
    import_csv,
)
from distribute.audience.store import Store
from distribute.audience.subscriber import Status, Subscriber
from distribute.cli.invocation import DONE, FAILED, Invocation, json_option
from distribute.cli.mailing import not_on_the_list, open_store
from distribute.cli.report import table
from distribute.config.settings import FILE_NAME, Settings, read_settings
from distribute.errors import AudienceError
from distribute.language import Language
from distribute.mailbox import Mailbox

_REMARKS_SHOWN = 50


@click.group("audience")
def command() -> None:
    """Import, export and list the subscribers."""


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@json_option
@click.pass_context
def import_(ctx: click.Context, file: Path) -> None:
    """Add the people in FILE, a CSV with the columns email,name,languages,status.

    Nobody who has left comes back by an import. Lines that make no sense are reported and
    do not stop the others; the exit status is then 1.
    """
    invocation: Invocation = ctx.obj
    report = import_file(invocation, file)
    invocation.answer(_import_document(report))
    for remark in report.remarks[:_REMARKS_SHOWN]:
        address = f" {remark.address}:" if remark.address else ""
        invocation.say(f"{file}:{remark.line}: {remark.kind}:{address} {remark.reason}")
    if len(report.remarks) > _REMARKS_SHOWN:
        invocation.say(f"… and {len(report.remarks) - _REMARKS_SHOWN} more remarks")
    if report.unknown_columns:
        invocation.say(f"columns not used: {', '.join(report.unknown_columns)}")
    invocation.say(summary_of(report))
    ctx.exit(FAILED if report.bad else DONE)


def import_file(invocation: Invocation, file: Path) -> ImportReport:
    """Import one CSV file into the newsletter's database."""
    settings = _settings(invocation)
    try:
        stream = file.open("rb")
    except OSError as error:
        raise AudienceError(
            f"{file} cannot be read: {error.strerror}",
            hint="Name a CSV file with the columns email,name,languages,status.",
        ) from error
    with stream, Store.open(settings.database) as store:
        return import_csv(
            store, stream, source=f"import {file.name}", now=invocation.now
        )


def summary_of(report: ImportReport) -> str:
    """Say in one line what an import did."""
    return (
        f"{report.added} added, {report.updated} updated, "
        f"{report.unchanged} unchanged, {report.kept_out} kept out, "
        f"{report.folded} duplicates, {report.bad} bad lines"
    )


@command.command("export")
@click.option("--format", "form", type=click.Choice(["csv", "jsonl"]), default="csv")
@click.option("--status", type=click.Choice([str(s) for s in Status]))
@click.option("--lang", metavar="TAG", help="Only those who wish for this language.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Not to stdout.")
@json_option
@click.pass_obj
def export(
    invocation: Invocation,
    form: str,
    status: str | None,
    lang: str | None,
    output: Path | None,
) -> None:
    """Write the subscribers as CSV, the way `import` reads it, or as JSON Lines."""
    write = export_jsonl if form == "jsonl" else export_csv
    with open_store(_settings(invocation)) as store:
        people = store.subscribers(status=_status(status), language=_language(lang))
        if output:
            count = _write_file(output, lambda out: write(people, out))
            invocation.answer({"file": str(output), "subscribers": count})
            invocation.say(f"{output}: {count} subscribers")
        elif invocation.as_json:
            invocation.answer({"subscribers": [as_json(person) for person in people]})
        else:
            write(people, sys.stdout)


def _write_file(path: Path, write: Callable[[TextIO], int]) -> int:
    """Write a file instead of stdout; gives what `write` counts."""
    try:
        with path.open("w", encoding="utf-8", newline="") as out:
            return write(out)
    except OSError as error:
        raise AudienceError(
            f"{path} cannot be written: {error.strerror}",
            hint="Name a file in a folder in which you may write.",
        ) from error


@command.command("list")
@click.option("--status", type=click.Choice([str(s) for s in Status]))
@click.option("--lang", metavar="TAG", help="Only those who wish for this language.")
@json_option
@click.pass_obj
def list_(invocation: Invocation, status: str | None, lang: str | None) -> None:
    """Show the subscribers."""
    with open_store(_settings(invocation)) as store:
        people = list(
            store.subscribers(status=_status(status), language=_language(lang))
        )
    invocation.answer({"subscribers": [as_json(person) for person in people]})
    rows = [
        [
            person.mailbox.address,
            format_languages(person.languages, only_these=person.only_these) or "-",
            str(person.status),
            person.mailbox.name,
        ]
        for person in people
    ]
    for line in table(rows, head=["address", "languages", "status", "name"]):
        invocation.say(line)
    invocation.say(f"{len(people)} subscribers")


@command.command("add")
@click.argument("address")
@click.option("--name", default="", help="Display name.")
@click.option("--languages", default="", metavar="TAGS", help="'pt-BR; en', or 'fr!'.")
@json_option
@click.pass_obj
def add(invocation: Invocation, address: str, name: str, languages: str) -> None:
    """Add ADDRESS, or bring its name and languages up to date.

    Whoever has left stays away, but somebody who bounced is put back on the list: say so
    if their mailbox exists after all.
    """
    wishes, only_these = parse_languages(languages)
    person = Subscriber(
        mailbox=Mailbox.parse(address, name=name),
        languages=wishes,
        only_these=only_these,
        source="command line",
    )
    with Store.open(_settings(invocation).database) as store:
        admission = store.add(person, by="command line", now=invocation.now)
    document = {"verdict": str(admission.verdict), "reason": admission.reason}
    invocation.answer(document | as_json(admission.subscriber))
    why = f" ({admission.reason})" if admission.reason else ""
    invocation.say(f"{admission.subscriber.mailbox}: {admission.verdict}{why}")


@command.command("remove")
@click.argument("address")
@json_option
@click.pass_obj
def remove(invocation: Invocation, address: str) -> None:
    """Unsubscribe ADDRESS for good: no import brings it back."""
    key = Mailbox.parse(address).key
    with open_store(_settings(invocation)) as store:
        found = store.set_status(
            key, Status.UNSUBSCRIBED, by="command line", now=invocation.now
        )
    if not found:
        raise not_on_the_list(address)
    invocation.answer({"address": address, "status": str(Status.UNSUBSCRIBED)})
    invocation.say(f"{address}: unsubscribed")


def _settings(invocation: Invocation) -> Settings:
    return read_settings(invocation.folder, shown=invocation.folder / FILE_NAME)


def _status(text: str | None) -> Status | None:
    return None if text is None else Status(text)


def _language(tag: str | None) -> Language | None:
    return None if tag is None else Language.parse(tag)


def _import_document(report: ImportReport) -> dict[str, object]:
    return {
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "kept_out": report.kept_out,
        "folded": report.folded,
        "bad": report.bad,
        "unknown_columns": list(report.unknown_columns),
        "remarks": [
            {
                "line": remark.line,
                "kind": str(remark.kind),
                "address": remark.address,
                "reason": remark.reason,
            }
            for remark in report.remarks
        ],
    }
