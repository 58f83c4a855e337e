"""The account of one run of `send`: how each delivery ended; it adds up to the plan."""

from collections import Counter
from dataclasses import dataclass, field

import click

from distribute.campaign.campaign import Delivery, Outcome, Plan, Receipt
from distribute.campaign.plan import uncertain
from distribute.cli.invocation import (
    DONE,
    FAILED,
    INTERRUPTED,
    UNCERTAIN,
    Invocation,
    error_document,
    exit_status,
)
from distribute.cli.report import receipt_document, receipt_line
from distribute.errors import DeliveryError

_SHOWN = 20


@dataclass(slots=True)
class Tally:
    """Counts receipts against the plan they belong to."""

    plan: Plan
    policy: str = "ask"
    """What the settings say about uncertain deliveries: ``ask``, ``resend``, ``skip``."""
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    troubled: list[tuple[Delivery, Receipt]] = field(default_factory=list)
    broken: DeliveryError | None = None
    """What ended the run early, if the sink failed."""

    def add(self, delivery: Delivery, receipt: Receipt) -> None:
        """Count one delivery that has ended."""
        self.outcomes[receipt.outcome] += 1
        if receipt.outcome is not Outcome.ACCEPTED:
            self.troubled.append((delivery, receipt))

    @property
    def left(self) -> int:
        """How many of the plan were not reached."""
        return len(self.plan.deliveries) - self.outcomes.total()

    @property
    def waiting(self) -> int:
        """How many, of this run or an earlier one, wait for somebody's decision."""
        if self.policy != "ask":
            return 0
        return self.outcomes[Outcome.UNCERTAIN] + len(uncertain(self.plan))

    @property
    def exit_status(self) -> int:
        """What the process should end with; see the table in DESIGN and README."""
        if self.broken is not None:
            return exit_status(self.broken)
        if self.left or self.outcomes[Outcome.DEFERRED]:
            return INTERRUPTED
        if self.waiting:
            return UNCERTAIN
        return FAILED if self.outcomes[Outcome.REJECTED] else DONE

    def report(self, invocation: Invocation) -> None:
        """Say how it went, and how to go on."""
        invocation.answer(self._document())
        for delivery, receipt in self.troubled[:_SHOWN]:
            address = delivery.subscriber.mailbox.address
            invocation.say(f"{address}: {receipt_line(receipt)}")
        if len(self.troubled) > _SHOWN:
            invocation.say(f"… and {len(self.troubled) - _SHOWN} more")
        invocation.say(self.summary())
        if self.broken is not None:
            click.echo(f"distribute: {self.broken}", err=True)
        if self.left or self.outcomes[Outcome.DEFERRED]:
            invocation.say("Run it again to go on.")
        if self.waiting:
            invocation.say(
                f"{self.waiting} may or may not have arrived, and were not sent again."
            )

    def summary(self) -> str:
        """Say in one line how it went; the numbers add up to the plan."""
        planned = len(self.plan.deliveries)
        counted = [f"{self.outcomes[outcome]} {outcome}" for outcome in Outcome]
        if not planned:
            before = len(self.plan.skipped)
            return f"Nobody is due: nothing to send ({before} passed over)."
        return f"{planned} planned: {', '.join(counted)}, {self.left} not reached"

    def _document(self) -> dict[str, object]:
        return {
            "campaign": self.plan.campaign,
            "digest": self.plan.digest,
            "planned": len(self.plan.deliveries),
            "passed_over": len(self.plan.skipped),
            "outcomes": {str(o): self.outcomes[o] for o in Outcome},
            "not_reached": self.left,
            "uncertain_in_all": self.waiting,
            "error": error_document(self.broken) if self.broken else None,
            "troubled": [
                {"address": d.subscriber.mailbox.address, "language": d.language.tag}
                | receipt_document(receipt)
                for d, receipt in self.troubled
            ],
        }
