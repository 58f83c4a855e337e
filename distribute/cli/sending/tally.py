"""Count how deliveries end while a run goes on; the memory of it does not grow."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from distribute.campaign.campaign import Entry, Outcome

SHOWN = 20
"""How many people in trouble are named at the end of a run."""


@dataclass(slots=True)
class Tally:
    """How many attempts ended how, and some of those that did not end well."""

    began: int
    """When the run began, in milliseconds since 1970."""
    attempts: int = 0
    accepted: int = 0
    deferred: int = 0
    """Who was told to wait, and waits still."""
    rejected: int = 0
    uncertain: int = 0
    troubled: dict[str, Entry] = field(default_factory=dict)
    """By `Mailbox.key`; at most `SHOWN`."""

    @property
    def ended(self) -> int:
        """How many have an answer, be it that they are to wait."""
        return self.accepted + self.deferred + self.rejected + self.uncertain

    def add(self, entries: Sequence[Entry]) -> None:
        """Count what one turn brought; most of it is good news."""
        self.attempts += len(entries)
        rest = [
            entry
            for entry in entries
            if entry.receipt.outcome is not Outcome.ACCEPTED or entry.parcel.attempt
        ]
        self.accepted += len(entries) - len(rest)
        for entry in rest:
            self._add(entry)

    def take_back(self, keys: Collection[str]) -> None:
        """Count those as put off whose refusal is not believed, by `Mailbox.key`."""
        self.rejected -= len(keys)
        self.deferred += len(keys)
        for key in self.troubled.keys() & keys:
            entry = self.troubled[key]
            receipt = entry.receipt._replace(outcome=Outcome.DEFERRED)
            self.troubled[key] = entry._replace(receipt=receipt)

    def _add(self, entry: Entry) -> None:
        """Count somebody who is in trouble, or was before."""
        parcel, outcome = entry.parcel, entry.receipt.outcome
        if parcel.attempt and parcel.since >= self.began and self.deferred:
            self.deferred -= 1  # waited in this very run
        match outcome:
            case Outcome.ACCEPTED:
                self.accepted += 1
                self.troubled.pop(parcel.key, None)
                return
            case Outcome.DEFERRED:
                self.deferred += 1
            case Outcome.REJECTED:
                self.rejected += 1
            case Outcome.UNCERTAIN:
                self.uncertain += 1
        if len(self.troubled) < SHOWN or parcel.key in self.troubled:
            self.troubled[parcel.key] = entry
