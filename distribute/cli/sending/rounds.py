"""``distribute send new``: send what is due, though nobody calls for it issue by issue.

Made to be called every few minutes, by cron, a timer or a workflow, also while the call
before is still at work.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace

from distribute.audience.segment.segment import parse_segment
from distribute.audience.store import Store
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.campaign.plan.among import within
from distribute.campaign.plan.turn import Deed, Turn
from distribute.cli.invocation import (
    DONE,
    FAILED,
    INTERRUPTED,
    UNCERTAIN,
    Invocation,
    complain_aside,
    error_document,
    exit_status,
    say_aside,
)
from distribute.cli.mailing.begun import begun_mailing
from distribute.cli.mailing.belated import Belated
from distribute.cli.mailing.mailing import Mailing, open_store
from distribute.cli.mailing.turns import (
    Called,
    besides_at,
    lost_appointments,
    lost_line,
    nothing_due,
    overdue_line,
    turn_document,
    turn_line,
    turns_at,
)
from distribute.cli.newsletter.newsletter import Newsletter
from distribute.cli.newsletter.outlets import servers_of
from distribute.cli.sending.account import Account
from distribute.cli.sending.appointing import Appointing
from distribute.cli.sending.demands import Options
from distribute.cli.sending.handed import (
    HandedOver,
    HandOver,
    report_handed_over,
    status_of_handed,
)
from distribute.cli.sending.orders import Orders
from distribute.cli.sending.sending import Sending
from distribute.cli.terminal.asking import insist_on_yes
from distribute.cli.terminal.report import list_out, mention
from distribute.errors import DistributeError, LockedError

_LATER = frozenset({Deed.WAIT, Deed.LEAVE})
_GRAVITY = (DONE, UNCERTAIN, FAILED, INTERRUPTED)
"""Exit statuses, the graver the later; all others are graver still."""


def send_new(
    invocation: Invocation,
    newsletter: Newsletter,
    options: Options,
    orders: Orders,
    hand_over: HandOver,
) -> int:
    """Send whatever is due, or only say what that is; gives the exit status."""
    mention(newsletter.obstacles)
    sink = options["sink"]
    with open_store(newsletter.settings, heed_at=invocation.now) as store:
        called = [
            *turns_at(newsletter, sink, invocation),
            *besides_at(newsletter, store, sink, invocation),
        ]
        if options["dry_run"]:
            _show(invocation, called)
            return DONE
        due = [turn_line(each) for each in called if each.is_due]
        if due and sink == "smtp" and not options["yes"]:
            by = servers_of(newsletter.settings)
            insist_on_yes(f"Send this by {by}?", due)
        this = Round(invocation, newsletter, store, sink, orders, hand_over)
        return this.go(called)


@dataclass(slots=True)
class Round:
    """One look at all issues, and what came of it."""

    invocation: Invocation
    newsletter: Newsletter
    store: Store
    sink: str
    orders: Orders
    """For all issues; whom alone, and what is forced, is up to each appointment."""
    hand_over: HandOver
    accounts: list[Account] = field(default_factory=list)
    handed_over: list[HandedOver] = field(default_factory=list)
    """What workers are to send."""
    left: list[dict[str, object]] = field(default_factory=list)
    """Issues that were due and not sent, with the reason, for programs."""
    statuses: list[int] = field(default_factory=list)

    def go(self, called: Sequence[Called]) -> int:
        """Do what is to be done about each issue; gives the exit status."""
        self._heed_unreadable()
        self._heed_lost()
        due = [each for each in called if each.is_due]
        overdue = [each for each in called if each.turn.deed is Deed.OVERDUE]
        for each in overdue:
            words = overdue_line(self.invocation, each, self.sink)
            self._leave(turn_document(each), words)
        for each in due:
            if not self._serve(each):
                break  # somebody wants it to end
        if not due and not self.left:
            self.invocation.say(nothing_due(called))
        self.invocation.answer(self.document(called))
        return max(self.statuses, key=_gravity, default=DONE)

    def document(self, called: Sequence[Called]) -> dict[str, object]:
        """Tell programs what was sent, what was left, and what is yet to come."""
        return {
            "sent": [account.document() for account in self.accounts],
            "handed_over": [asdict(handed) for handed in self.handed_over],
            "left": self.left,
            "waiting": [
                turn_document(each) for each in called if each.turn.deed in _LATER
            ],
        }

    def _heed_unreadable(self) -> None:
        """Say it of every issue that would never be sent, for its time cannot be read."""
        unreadable = [
            finding
            for finding in self.newsletter.resolution.findings
            if finding.rule in {"send-invalid", "send-disagrees"}
        ]
        list_out(unreadable)
        self.statuses += [FAILED] * bool(unreadable)

    def _heed_lost(self) -> None:
        """Say it of every appointment that nobody would keep, for its issue is gone."""
        for issue, appointment in lost_appointments(self.newsletter, self.sink).items():
            words = lost_line(self.invocation, issue, appointment, self.sink)
            self._leave({"issue": issue, "at": appointment.time.at.isoformat()}, words)

    def _leave(self, what: dict[str, object], words: str) -> None:
        """Leave something to a person, who is told."""
        say_aside(f"distribute: {words}")
        self.left.append(what | {"reason": words})
        self.statuses.append(FAILED)

    def _serve(self, called: Called) -> bool:
        """Send one issue; what goes wrong with it keeps no other from being sent.

        Tells whether to go on with others.
        """
        self.invocation.say(turn_line(called))
        self.invocation.catch_up()  # the one before may have taken hours
        try:
            with SqliteLedger(self.newsletter.settings.database, self.sink) as ledger:
                return self._carried_out(called, ledger)
        except LockedError as error:
            self.invocation.say(f"Issue {called.issue.id} is left to {error.holder}.")
            self.left.append(turn_document(called) | {"reason": error.reason})
        except DistributeError as error:
            complain_aside(error)
            self.left.append(turn_document(called) | error_document(error))
            self.statuses.append(exit_status(error))
        return True

    def _carried_out(self, called: Called, ledger: SqliteLedger) -> bool:
        """Send it, or hand it over; tells whether to go on with others."""
        orders, mailing = self._orders_for(called.turn), self._mailing(called, ledger)
        if orders.for_workers:
            return self._handed(called, mailing, ledger, orders)
        account = Sending(self.invocation, mailing, ledger, orders).carry_out()
        self._keep(called, is_through=account.is_through)
        self.accounts.append(account)
        self.statuses.append(status_of(account))
        if not self.invocation.as_json:
            account.report(self.invocation)
        return not account.not_reached or account.broken is not None

    def _handed(
        self, called: Called, mailing: Mailing, ledger: SqliteLedger, orders: Orders
    ) -> bool:
        done = self.hand_over(self.invocation, [mailing], ledger, orders)
        status = status_of_handed(done, orders)
        self._keep(called, is_through=status != INTERRUPTED)
        self.handed_over += done
        self.statuses.append(status)
        report_handed_over(self.invocation, called.issue.id, done, orders)
        return status != INTERRUPTED

    def _mailing(self, called: Called, ledger: SqliteLedger) -> Mailing:
        belated = Belated(
            self.newsletter,
            called.issue,
            self.store,
            account=ledger,
            check_at=self.invocation.now,
        )
        if called.beside:
            return begun_mailing(belated, ledger, called.beside)
        return belated.main

    def _keep(self, called: Called, *, is_through: bool) -> None:
        """Take the appointment off the agenda that has been kept."""
        if called.beside or not is_through or called.turn.deed is Deed.TRY_AGAIN:
            return
        settings, issue = self.newsletter.settings, called.issue.id
        Appointing(self.invocation, settings, issue, self.sink).keep()

    def _orders_for(self, turn: Turn) -> Orders:
        zone = self.newsletter.settings.rules.zone
        segment = parse_segment(turn.segment, zone) if turn.segment else None
        return replace(
            self.orders,
            fresh=turn.deed is not Deed.TRY_AGAIN,
            among=(within(segment),) if segment else (),
            segment=turn.segment,
            forced=self.orders.forced | turn.forced,
            unfinished_only=turn.deed is not Deed.HAND_OVER,
            due_only=True,
            for_workers=self.orders.for_workers or turn.for_workers,
        )


def status_of(account: Account) -> int:
    """Give the exit status of a run that is called again in any case.

    That somebody was put off is no reason to call it a failure: their time comes.
    """
    return account.lasting_status if account.is_through else account.exit_status


def _show(invocation: Invocation, called: Sequence[Called]) -> None:
    """Say what would be done about each issue; nothing is done."""
    busy = [each for each in called if each.turn.deed is not Deed.NOTHING]
    invocation.answer({"turns": [turn_document(each) for each in busy]})
    for each in busy:
        invocation.say(turn_line(each))
    if not busy:
        invocation.say(nothing_due(called))


def _gravity(status: int) -> int:
    return _GRAVITY.index(status) if status in _GRAVITY else len(_GRAVITY)
