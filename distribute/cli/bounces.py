"""``distribute bounces``: what came back by mail, judged."""

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import click

from distribute.audience.database.database import from_milliseconds, rehearsal
from distribute.audience.reception.letters import Letters
from distribute.audience.reception.reception import Reception
from distribute.audience.reception.token import Signer
from distribute.audience.store import Store
from distribute.campaign.returned.notices import read_anything
from distribute.campaign.returned.report import Returned
from distribute.campaign.returned.returns import Returns
from distribute.campaign.returned.verp import Ours
from distribute.cli.invocation import (
    DONE,
    FAILED,
    Invocation,
    complain_aside,
    json_option,
)
from distribute.cli.mailing.mailing import open_store
from distribute.cli.newsletter.credentials import link_signer
from distribute.cli.newsletter.front import Front
from distribute.cli.newsletter.outlets import SINKS
from distribute.cli.newsletter.ownership import take_possession
from distribute.cli.process.clock import running_clock
from distribute.cli.public.postage import Postage, Posted
from distribute.cli.returned.judged import Account
from distribute.cli.returned.postbox import Found, Mark, everything_at, everything_new
from distribute.cli.returned.returning import ours_of, returns_over, wording_by_mail
from distribute.cli.terminal.words import counted
from distribute.errors import AudienceError
from distribute.sinks.inbox.item import Item, Unread

_AT_ONCE = 200
"""Messages judged in one transaction."""
_OCTETS = 16 * 2**20
"""So much of them is held at once, or one that is larger."""

Named = list[tuple[str, Returned]]
"""What was read, each with where it lies."""
Read = tuple[Named, Mark | None]


@click.group("bounces")
def command() -> None:
    """Deal with mail that comes back: bounces, complaints, letters of readers."""


@command.command("read")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--imap", is_flag=True, help="Read the mailbox of [bounces.imap].")
@click.option("--dry-run", is_flag=True, help="Judge, and change nothing.")
@click.option(
    "--sink", type=click.Choice(SINKS), help="Send the letters this causes there."
)
@click.option("--all", "everything", is_flag=True, help="Show what was judged before.")
@json_option
@click.pass_context
def read(
    ctx: click.Context,
    /,
    paths: tuple[Path, ...],
    *,
    imap: bool,
    dry_run: bool,
    sink: str | None,
    everything: bool,
) -> None:
    """Judge what has come back by mail, and act on it.

    PATH is a Maildir, a mbox, a message, or a folder of them; - is standard input.

    Whose mailbox is gone gets nothing any more; what may pass is counted until it is too
    much. Whoever complains is never written to again. Who wrote to leave, join or confirm
    gets their way. Each message is judged once, and left where it lies.

    The status is 1 if something is refused that is about you, or cannot be read.
    """
    if not paths and not imap:
        raise click.UsageError("Name a PATH, or say --imap.")
    if dry_run and sink:
        raise click.UsageError("--dry-run sends no letters, so there is no --sink.")
    invocation: Invocation = ctx.obj
    front = Front(invocation.folder)
    heed_at = None if dry_run else invocation.now
    with open_store(front.settings, heed_at=heed_at) as store:
        office = _Office(invocation, front, store, is_rehearsal=dry_run)
        found = everything_new(front.settings, store) if imap else iter(())
        account = office.judge(chain(everything_at(paths), found))
        posted = office.send_letters(sink) if sink else None
    _answer(invocation, account, posted, everything=everything, dry_run=dry_run)
    ctx.exit(FAILED if account.needs_somebody or _failed(posted) else DONE)


class _Office:
    """Reads, judges, and answers letters."""

    def __init__(
        self, invocation: Invocation, front: Front, store: Store, *, is_rehearsal: bool
    ) -> None:
        self._invocation, self._front, self._store = invocation, front, store
        self._signer: Signer = link_signer(front.settings, store)
        self._ours: Ours = ours_of(front.settings)
        self._is_rehearsal = is_rehearsal

    def judge(self, everything: Iterator[Found]) -> Account:
        """Judge all there is, some at a time."""
        store, account = self._store, Account()
        returns = returns_over(
            store.place,
            store.connection,
            self._signer,
            self._front.settings,
            wording_by_mail(self._front),
        )
        batches = (self._read_all(each, account) for each in batches_of(everything))
        if self._is_rehearsal:
            self._rehearse([*batches], returns, account)
        else:
            for named, mark in batches:
                self._judge_some(named, mark, returns, account)
        account.know_of(returns.waves)
        return account

    def _rehearse(
        self, batches: list[Read], returns: Returns, account: Account
    ) -> None:
        """Judge everything in one transaction, so that strikes add up, and undo it.

        All has been read by then: the list is locked no longer than it takes to judge.
        """
        with rehearsal(self._store.connection):
            for named, mark in batches:
                self._judge_some(named, mark, returns, account)

    def send_letters(self, sink: str) -> Posted:
        """Send what readers wait for, of now or of before."""
        store, settings = self._store, self._front.settings
        if sink == "smtp":
            take_possession(store, settings)
        reception = Reception.sharing(store.place, store.connection, self._signer)
        letters = Letters(store.place, store.connection)
        milliseconds = running_clock(self._invocation.now)
        postage = Postage(
            self._front,
            reception,
            letters,
            self._signer,
            sink=sink,
            clock=lambda: from_milliseconds(milliseconds()),
        )
        return postage.send_due()

    def _judge_some(
        self, named: Named, mark: Mark | None, returns: Returns, account: Account
    ) -> None:
        """Judge in one transaction, together with how far the server's mailbox is read."""
        names = [name for name, returned in named for _ in returned.reports]
        messages, now = [returned for _, returned in named], self._invocation.now
        with self._store.transaction():
            judged = returns.take(messages, source="bounces read", now=now)
            if mark:
                mark.keep(self._store)
        account.rows += zip(names, judged, strict=True)

    def _read_all(self, batch: list[Found], account: Account) -> Read:
        """Read some messages; gives how far the server's mailbox is read with them."""
        named: Named = []
        for found, _ in batch:
            named += self._read(found, account)
        return named, next((mark for _, mark in reversed(batch) if mark), None)

    def _read(self, found: Item | Unread, account: Account) -> Named:
        if isinstance(found, Unread):
            account.unread.append(found)
            return []
        account.messages += 1
        try:
            read = read_anything(found.data, ours=self._ours, is_mail=found.is_mail)
        except AudienceError as error:
            account.unread.append(_unread(found, error))
            return []
        return [(found.name, returned) for returned in read]


def batches_of(
    everything: Iterable[Found], *, most: int = _AT_ONCE, octets: int = _OCTETS
) -> Iterator[list[Found]]:
    """Take some messages at a time, by their number and by their size."""
    batch: list[Found] = []
    size = 0
    for found in everything:
        item = found[0]
        weight = len(item.data) if isinstance(item, Item) else 0
        if batch and (len(batch) >= most or size + weight > octets):
            yield batch
            batch, size = [], 0
        batch.append(found)
        size += weight
    if batch:
        yield batch


def _unread(item: Item, error: AudienceError) -> Unread:
    return Unread(path=Path(item.name), reason=error.reason, hint=error.hint)


def _answer(
    invocation: Invocation,
    account: Account,
    posted: Posted | None,
    *,
    everything: bool,
    dry_run: bool,
) -> None:
    """Print what was decided, and what becomes of the letters."""
    letters = None
    if posted:
        letters = {
            "accepted": posted.accepted,
            "put_off": posted.put_off,
            "refused": posted.refused,
            "uncertain": posted.uncertain,
            "none": posted.none,
        }
    invocation.answer(account.document() | {"letters": letters, "dry_run": dry_run})
    for line in account.lines(everything=everything):
        invocation.say(line)
    if dry_run:
        invocation.say("Nothing was changed: this was a dry run.")
    elif account.asks_for_letters and not posted:
        invocation.say(
            "The letters to those who asked wait: `distribute serve` sends them, or "
            f"{invocation.command('bounces read … --sink smtp')}."
        )
    if posted:
        invocation.say(_posted_words(posted))
        if posted.failure:
            complain_aside(posted.failure)


def _posted_words(posted: Posted) -> str:
    counts = {
        "accepted": posted.accepted,
        "put off": posted.put_off,
        "refused": posted.refused,
        "uncertain": posted.uncertain,
    }
    said = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    total = sum(counts.values())
    return f"{counted(total, 'letter')}: {said}" if total else "No letters were due."


def _failed(posted: Posted | None) -> bool:
    return posted is not None and posted.failure is not None
