"""What is done with each decision of an import: written, or only told."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from distribute.audience.admission import Admission, Verdict
from distribute.audience.bulk import Bulk
from distribute.audience.consent import Act, Consent
from distribute.audience.evidence import ActRow, act_row
from distribute.audience.intake.report import Account, Difference, Foremost
from distribute.audience.intake.staging import Staged
from distribute.audience.rows import tracked
from distribute.audience.store import Store
from distribute.audience.subscriber import Subscriber


class Decision(NamedTuple):
    """What becomes of one person."""

    applied: Staged
    """As they applied; a newcomer stands so on the list."""
    admission: Admission
    known: Subscriber | None
    """As they stood on the list."""

    @property
    def verdict(self) -> Verdict:
        """What becomes of them."""
        return self.admission.verdict


class Outcome(Protocol):
    """Takes the decisions of an import, some hundreds at a time."""

    def take(self, decisions: Sequence[Decision]) -> None:
        """Do what is to be done; none of them is about anybody kept out."""


class Writing:
    """Writes what was decided to the list, within the caller's transaction."""

    def __init__(self, store: Store, bulk: Bulk, by: str, now: datetime) -> None:
        self._store = store
        self._bulk = bulk
        self._by = by
        self._now = now

    def take(self, decisions: Sequence[Decision]) -> None:
        """Add newcomers, change the others, and keep the evidence of everybody."""
        newcomers = [d.applied for d in decisions if d.verdict is Verdict.ADDED]
        self._bulk.insert((each.key, each.row) for each in newcomers)
        self._note_arrival(newcomers)
        for decision in decisions:
            if decision.verdict is Verdict.UPDATED:
                self._store.carry_out(decision.admission, by=self._by, now=self._now)
        self._bulk.note(self._further_evidence(decisions))

    def _note_arrival(self, newcomers: Sequence[Staged]) -> None:
        """Record what is known of the consent of newcomers, if only that they came so."""
        came = act_row(Consent(at=self._now, act=Act.IMPORTED, source=self._by))
        self._bulk.note_of_all([n.key for n in newcomers if not n.evidence], came)
        self._bulk.note((n.key, act) for n in newcomers for act in n.acts())

    def _further_evidence(
        self, decisions: Sequence[Decision]
    ) -> Iterator[tuple[str, ActRow]]:
        """Give what the file knows of the consent of others, and we do not."""
        telling = [
            decision
            for decision in decisions
            if decision.applied.evidence and decision.verdict is not Verdict.ADDED
        ]
        if not telling:
            return
        on_record = self._bulk.consents([decision.applied.key for decision in telling])
        for decision in telling:
            key = decision.applied.key
            known = {act_row(consent) for consent in on_record.get(key, ())}
            yield from ((key, a) for a in decision.applied.acts() if a not in known)


class Telling:
    """Writes nothing, and keeps what would change: field by field, the foremost lines."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._found: Foremost[Difference] = Foremost()

    def take(self, decisions: Sequence[Decision]) -> None:
        """Note what would change."""
        for decision in decisions:
            if decision.verdict is not Verdict.UNCHANGED:
                self._found.add(decision.applied.place, self._difference(decision))

    @property
    def differences(self) -> tuple[Difference, ...]:
        """What would change, by line."""
        return tuple(self._found)

    def _difference(self, decision: Decision) -> Difference:
        new = tracked(decision.admission.subscriber)
        old = tracked(decision.known) if decision.known else dict.fromkeys(new, "")
        return Difference(
            decision.applied.place.line,
            decision.admission.subscriber.mailbox.address,
            [(f, old[f], new[f]) for f in new if old[f] != new[f]],
            decision.known is None,
            self._account.files[decision.applied.place.file],
        )
