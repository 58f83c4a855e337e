"""Send an issue with what goes out besides, as one: one plan, one question, one answer."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256

from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.cli.invocation import (
    DONE,
    FAILED,
    INTERRUPTED,
    UNCERTAIN,
    Invocation,
)
from distribute.cli.mailing.mailing import Mailing
from distribute.cli.mailing.owed import Owed
from distribute.cli.sending.account import Account
from distribute.cli.sending.orders import Orders
from distribute.cli.sending.sending import Sending
from distribute.cli.terminal.asking import insist_on_yes
from distribute.cli.terminal.report import table
from distribute.cli.terminal.words import many

_GRAVEST_FIRST = (INTERRUPTED, UNCERTAIN, FAILED)
"""Where nothing broke, for then what broke is graver."""


def joint_digest(digests: Sequence[str]) -> str:
    """Stand for several plans; for one by itself."""
    if len(digests) == 1:
        return digests[0]
    return sha256("\n".join(digests).encode()).hexdigest()[:24]


class Dispatch:
    """Several mailings of one issue by one sink, one after the other."""

    def __init__(
        self,
        invocation: Invocation,
        mailings: Sequence[Mailing],
        ledger: SqliteLedger,
        orders: Orders,
    ) -> None:
        self._invocation = invocation
        self._mailings = mailings
        self._ledger = ledger
        self._orders = orders

    def digest(self) -> str:
        """Digest the plans as they are now, without naming anybody."""
        return joint_digest([sending.digest() for sending in self._sendings()])

    def owed(self) -> Sequence[Owed]:
        """Count who is due of each, once it is clear what a dead sender has left open."""
        return [sending.owed() for sending in self._sendings()]

    def make_ready(self) -> None:
        """See that nothing is missing, and that the issue has no errors."""
        for sending in self._sendings():
            sending.make_ready()

    def ask(self, server: str) -> None:
        """Show how many get which edition, and ask whether they shall."""
        owed = self.owed()
        total = sum(each.total for each in owed)
        if not total:
            return
        self.make_ready()
        rows = [
            [language.autonym, many(count)]
            for each in owed
            for language, count in each.by_language.items()
        ]
        question = f"Send {many(total)} messages by {server}?"
        insist_on_yes(question, table(rows, head=["edition", "messages"]))

    def carry_out(self) -> "Accounts":
        """Send to everybody who is due; the next mailing only once one went to its end."""
        accounts: list[Account] = []
        left = self._orders.limit
        for mailing in self._mailings:
            orders = replace(self._orders, limit=left)
            self._invocation.catch_up()  # after a question, or the mailing before
            account = self._sending(mailing, orders).carry_out()
            accounts.append(account)
            left = None if left is None else left - account.attempted
            if not account.is_through or left == 0:
                break
        return Accounts(accounts)

    def _sendings(self) -> Iterator[Sending]:
        return (self._sending(mailing, self._orders) for mailing in self._mailings)

    def _sending(self, mailing: Mailing, orders: Orders) -> Sending:
        return Sending(self._invocation, mailing, self._ledger, orders)


class Accounts:
    """How everybody fared, mailing by mailing; the first one is the issue itself."""

    def __init__(self, accounts: Sequence[Account]) -> None:
        self._accounts = accounts

    @property
    def accepted(self) -> int:
        """How many messages were taken."""
        return sum(account.accepted for account in self._accounts)

    @property
    def is_through(self) -> bool:
        """Whether everybody who was due has been tried."""
        return all(account.is_through for account in self._accounts)

    @property
    def exit_status(self) -> int:
        """The gravest of all; see the table in DESIGN and README."""
        statuses = [account.exit_status for account in self._accounts]
        broken = [s for s in statuses if s not in {DONE, *_GRAVEST_FIRST}]
        graver = [s for s in _GRAVEST_FIRST if s in statuses]
        return next(iter((*broken, *graver)), DONE)

    def report(self, invocation: Invocation) -> None:
        """Say how it went, and how to go on."""
        first, *others = self._accounts
        also = {"also": [each.document() for each in others]} if others else {}
        invocation.answer(first.document() | also)
        for account in self._accounts:
            if others:
                invocation.say(f"{account.campaign}:")
            account.tell(invocation)
