"""``distribute audience suppress``: who must never be written to."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict, Unpack

import click

from distribute.audience.suppression.suppression import Reason
from distribute.cli.audience.choosing import settings_of, store_to_join
from distribute.cli.audience.suppressed import Counted, Office
from distribute.cli.invocation import DONE, FAILED, Invocation, json_option
from distribute.cli.terminal.report import table
from distribute.cli.terminal.words import counted, many
from distribute.mailbox import Mailbox

_BY_HAND = (Reason.ASKED, Reason.COMPLAINED, Reason.BOUNCED, Reason.IMPORTED)
_REMARKS_SHOWN = 50
_LIST = "the list of suppressions"


class _Options(TypedDict):
    reason: str | None
    remove: bool
    source: str | None
    export: bool
    output: str | None


@click.command("suppress")
@click.argument("addresses", metavar="[ADDRESS]...", nargs=-1)
@click.option("--reason", type=click.Choice([str(r) for r in _BY_HAND]))
@click.option("--remove", is_flag=True, help="Take ADDRESS off the list again.")
@click.option("--import", "source", metavar="FILE", help="Take in a list; - is stdin.")
@click.option("--export", is_flag=True, help="Write the list to suppressions.txt.")
@click.option("-o", "--output", metavar="FILE", help="Or export to FILE; - is stdout.")
@json_option
@click.pass_context
def suppress(
    ctx: click.Context, /, addresses: tuple[str, ...], **options: Unpack[_Options]
) -> None:
    """Never write to ADDRESS, whoever adds it.

    The list holds keyed hashes and no address. `--export` writes it, and everybody who
    left, bounced or complained, to a file that may lie in a public repository;
    distribute reads that file before it plans, sends, imports or adds. `--import` takes
    in such a file of another list, or plain addresses: a CSV, or one on each line.
    Without any of these, it says how many are on the list.
    """
    invocation: Invocation = ctx.obj
    _refuse_mixtures(addresses, options)
    settings = settings_of(invocation)
    with store_to_join(invocation, settings) as store:
        desk = _Desk(invocation, Office(settings, store, invocation.now))
        ctx.exit(desk.serve(addresses, options))


class _Desk:
    """Carries out one request and answers it."""

    def __init__(self, invocation: Invocation, office: Office) -> None:
        self._invocation = invocation
        self._office = office

    def serve(self, addresses: Sequence[str], options: _Options) -> int:
        """Do what is asked for; gives the exit status."""
        mailboxes = [Mailbox.parse(address) for address in addresses]
        reason = Reason(options["reason"] or Reason.ASKED)
        if options["source"] is not None:
            return self._import(options["source"], options["reason"])
        if options["export"]:
            return self._export(options["output"])
        if options["remove"]:
            return self._remove(mailboxes)
        return self._add(mailboxes, reason) if mailboxes else self._show()

    def _add(self, mailboxes: Sequence[Mailbox], reason: Reason) -> int:
        answers = self._office.add(mailboxes, reason)
        self._invocation.answer({"reason": str(reason), "suppressed": answers})
        for answer in answers:
            was = f"; was {answer['was']}" if answer["was"] else ""
            news = (
                f"suppressed ({reason})" if answer["new"] else "is on the list already"
            )
            self._invocation.say(f"{answer['address']}: {news}{was}")
        self._invocation.say(self._how_to_export())
        return DONE

    def _remove(self, mailboxes: Sequence[Mailbox]) -> int:
        found, in_file = self._office.remove(mailboxes)
        self._invocation.answer({"removed": found, "file_changed": in_file})
        for mailbox in mailboxes:
            done = mailbox.address in found
            self._invocation.say(
                f"{mailbox.address}: {'off' if done else 'is not on'} {_LIST}"
            )
        if in_file:
            path = self._office.file
            self._invocation.say(f"{path}: rewritten without them; commit it")
        return DONE if len(found) == len(mailboxes) else FAILED

    def _import(self, source: str, reason: str | None) -> int:
        taken = self._office.take(source, Reason(reason or Reason.IMPORTED))
        self._invocation.answer(_document(taken))
        for line, why in taken.bad[:_REMARKS_SHOWN]:
            self._invocation.say(f"{source}:{line}: bad: {why}")
        if len(taken.bad) > _REMARKS_SHOWN:
            self._invocation.say(f"… and {len(taken.bad) - _REMARKS_SHOWN} more")
        self._invocation.say(
            f"{many(taken.added)} added, {many(taken.known)} known already, "
            f"{counted(len(taken.bad), 'bad line')}; {many(taken.taken_off)} of the "
            "subscribers get nothing any more"
        )
        return FAILED if taken.bad else DONE

    def _export(self, output: str | None) -> int:
        if output == "-":
            text = self._office.written().decode()
            self._invocation.answer({"list": text})
            self._invocation.say(text.removesuffix("\n"))
            return DONE
        path, entries = self._office.export(Path(output) if output else None)
        self._invocation.answer({"file": str(path), "entries": entries})
        self._invocation.say(f"{path}: {entries} must not be written to")
        if not self._office.can_be_shared:
            self._invocation.say(
                "Only this database can read it, for the key lies in there: name a key "
                "in [public] key_env to use the file elsewhere."
            )
        return DONE

    def _show(self) -> int:
        office = self._office
        counts = office.counts()
        file = str(office.file) if office.file else None
        self._invocation.answer(
            {
                "key": office.key_id,
                "suppressed": {str(reason): count for reason, count in counts.items()},
                "file": file,
                "file_is_up_to_date": office.is_exported(),
            }
        )
        rows = [[str(reason), str(count)] for reason, count in counts.items()]
        for line in table(rows, head=["reason", "suppressed"]) if rows else ():
            self._invocation.say(line)
        self._invocation.say(f"{sum(counts.values())} suppressed, key {office.key_id}")
        if not office.is_exported():
            self._invocation.say(self._how_to_export())
        return DONE

    def _how_to_export(self) -> str:
        export = self._invocation.command("audience suppress --export")
        return f"{export} writes the list to {self._office.file or 'a file (-o FILE)'}"


def _refuse_mixtures(addresses: Sequence[str], options: _Options) -> None:
    asked = [options["remove"], options["source"] is not None, options["export"]]
    if sum(asked) > 1:
        raise click.UsageError("Say one of --remove, --import and --export.")
    if options["remove"] and not addresses:
        raise click.UsageError("--remove goes with ADDRESS.")
    if addresses and any(asked[1:]):
        raise click.UsageError("--import and --export go without ADDRESS.")
    if options["output"] is not None and not options["export"]:
        raise click.UsageError("-o goes with --export.")
    if options["reason"] and (options["remove"] or options["export"]):
        raise click.UsageError("--reason goes with ADDRESS or --import.")


def _document(taken: Counted) -> dict[str, object]:
    return {
        "added": taken.added,
        "known": taken.known,
        "taken_off": taken.taken_off,
        "bad": [{"line": line, "reason": why} for line, why in taken.bad],
    }
