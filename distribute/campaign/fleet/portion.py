"""Write to the people of a batch: they were decided about when it was cut."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from distribute.audience.subscriber import Status
from distribute.campaign.campaign import Batch, State
from distribute.campaign.fleet.hold import Person
from distribute.campaign.ledger.due import Waiting
from distribute.campaign.plan.choices import Choice, choice_number
from distribute.campaign.plan.plan import paused_until
from distribute.campaign.run.page import Desk
from distribute.language import Language

_GONE = "left since"
"""Why somebody gets nothing who is not on the list any more."""


class DecidedChoices:
    """Stands in for `distribute.campaign.plan.choices.Choices` where all is decided.

    What stands for somebody's wishes is the tag of the edition that they get, and the
    number of the choice.
    """

    def of(self, languages: str, only_these: int) -> Choice:
        """Give back what was decided; the reason is in the ledger."""
        return Choice(Language(languages), "", only_these)


class Portion:
    """Implements `distribute.campaign.run.supply.Supply` for one batch."""

    def __init__(self, people: Sequence[Person], desk: Desk, today: date) -> None:
        self._desk = desk
        self._today = today.isoformat()
        self._served = [person for person in people if self._is_served(person)]
        self._others = [person for person in people if not self._is_served(person)]

    @property
    def numbers(self) -> Mapping[str, int]:
        """Give the numbers of the deliveries, by `Mailbox.key`."""
        return {person.key: person.number for person in (*self._served, *self._others)}

    def batches(self) -> Iterator[Batch]:
        """Give all of it."""
        page = self._desk.write([_waiting(person) for person in self._served])
        skipped = [self._skipped(person) for person in self._others]
        choices = {number: ("", reason) for _, _, number, reason in skipped}
        yield self._desk.batch(page)._replace(
            choices=choices,
            skipped=[(key, address, number) for key, address, number, _ in skipped],
        )

    def due(self, now: int, *, only_new: bool = False) -> Iterator[Batch]:  # noqa: ARG002
        """Give nobody: who is put off comes up again with the batch, later."""
        return iter(())

    def next_due(self) -> int | None:
        """Say that nobody is."""
        return None

    def _is_served(self, person: Person) -> bool:
        is_confirmed = person.status == Status.CONFIRMED
        return is_confirmed and (person.paused or "") <= self._today

    def _skipped(self, person: Person) -> tuple[str, str, int, str]:
        reason = _why_not(person)
        return person.key, person.frozen_address, choice_number("", reason), reason


def _why_not(person: Person) -> str:
    if person.status is None:
        return _GONE
    if person.status != Status.CONFIRMED:
        return person.status
    return paused_until(person.paused or "")


def _waiting(person: Person) -> Waiting:
    is_claimed = person.state == State.CLAIMED
    attempts = person.attempt - 1 if is_claimed else person.attempt
    return Waiting(
        key=person.key,
        address=person.address or person.frozen_address,
        name=person.name or "",
        languages=person.language,
        only_these=person.choice,
        attempt=attempts,
        since=person.since if attempts else 0,
    )
