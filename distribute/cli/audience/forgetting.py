"""``distribute audience forget``: erase a person."""

from collections.abc import Sequence

import click

from distribute.audience.suppression.suppression import Reason
from distribute.campaign.person.forgetting import Forgetting, Forgotten
from distribute.cli.audience.choosing import settings_of
from distribute.cli.audience.traces import traces
from distribute.cli.invocation import DONE, INTERRUPTED, Invocation, json_option
from distribute.cli.mailing.mailing import not_on_the_list, open_store
from distribute.cli.newsletter.heeding import suppressions_of
from distribute.cli.terminal.asking import insist_on_yes
from distribute.mailbox import Mailbox

_WORDS = {
    "subscriber": ("subscriber with all history", "subscribers with all history"),
    "application": ("application", "applications"),
    "letter": ("letter", "letters"),
    "delivery": ("delivery, now nobody's", "deliveries, now nobody's"),
    "judgement": ("report of a bounce", "reports of bounces"),
}


@click.command("forget")
@click.argument("address")
@click.option("--yes", is_flag=True, help="Do not ask: it cannot be undone.")
@json_option
@click.pass_context
def forget(ctx: click.Context, address: str, yes: bool) -> None:
    """Erase a person: nothing stays in the database.

    A keyed hash is kept, so that no import and nobody but they themselves can bring them
    back. In the account of what was sent it stands for somebody. Files that still name
    them are listed; copies elsewhere, such as backups, are yours to find.
    """
    invocation: Invocation = ctx.obj
    mailbox = Mailbox.parse(address)
    settings = settings_of(invocation)
    with open_store(settings) as store:
        suppressions = suppressions_of(settings, store)
        forgetting = Forgetting(suppressions)
        if not yes:
            question = f"Erase all that is known about {mailbox.address}?"
            insist_on_yes(question, otherwise="nothing was erased")
        forgotten = forgetting.forget(mailbox, invocation.now)
        if forgotten is None and suppressions.reason(mailbox.key) is None:
            raise not_on_the_list(mailbox.address)
        clean = forgetting.wipe()
    found = traces(settings.folder, mailbox, but=settings.database)
    files = [str(path) for path in found]
    _answer(invocation, mailbox, forgotten, files, clean=clean)
    ctx.exit(DONE if clean else INTERRUPTED)


def _answer(
    invocation: Invocation,
    mailbox: Mailbox,
    forgotten: Forgotten | None,
    files: Sequence[str],
    *,
    clean: bool,
) -> None:
    """Say what is erased, what is not, and where to look for more."""
    counts = forgotten.counts if forgotten else {}
    invocation.answer(
        {
            "address": mailbox.address,
            "erased": dict(counts),
            "kept_away": str(forgotten.reason) if forgotten else None,
            "wiped": clean,
            "files": files,
        }
    )
    if forgotten is None:
        invocation.say(
            f"{mailbox.address}: nothing is known but that they must be kept away"
        )
    else:
        listed = ", ".join(_counted(name, count) for name, count in counts.items())
        invocation.say(f"{mailbox.address}: erased {listed}")
        invocation.say(_kept_away(forgotten.reason))
    for line in _what_is_left(files, clean=clean):
        invocation.say(line)


def _counted(table: str, count: int) -> str:
    one, many = _WORDS[table]
    return f"{count} {one if count == 1 else many}"


def _kept_away(reason: Reason) -> str:
    if reason.may_return:
        return "No import brings them back; they can join again themselves."
    return f"They stay on the list of suppressions ({reason}), as a keyed hash."


def _what_is_left(files: Sequence[str], *, clean: bool) -> Sequence[str]:
    lines = []
    if not clean:
        lines.append(
            "Another process has the database open, so traces may be left in it: run "
            "this again when that has ended."
        )
    if files:
        lines += ["These files still name them; delete them or edit them:"]
        lines += [f"  {file}" for file in files]
    lines.append("Backups and copies elsewhere may name them too.")
    return lines
