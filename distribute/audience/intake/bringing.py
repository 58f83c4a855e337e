"""Bring people into the store: read everything, then decide and write, all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from distribute.audience.admission import CHOICES, Verdict, admit, chosen_since, fold
from distribute.audience.bulk import MOST, Bulk
from distribute.audience.consent import Consent
from distribute.audience.database.database import from_text
from distribute.audience.intake.applicant import (
    Terms,
    UndecidedError,
    read_applicant,
)
from distribute.audience.intake.files import Entry, Source, listings
from distribute.audience.intake.header import Mapped
from distribute.audience.intake.outcome import Decision, Outcome, Telling, Writing
from distribute.audience.intake.report import Account, ImportReport, Kind
from distribute.audience.intake.staging import Place, Staged, Staging
from distribute.audience.intake.table import BadLine
from distribute.audience.rows import from_row, to_row
from distribute.audience.store import Store
from distribute.audience.subscriber import Status, Subscriber
from distribute.audience.suppression.suppression import Reason
from distribute.errors import AudienceError, LanguageError, MailboxError


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How people are to be imported."""

    by: str
    """What is recorded with everybody: ``import people.csv``."""
    mapped: Mapped = field(default_factory=dict)
    """What columns are about whose names do not say it."""
    at_best: Status | None = None
    """What nobody is to be nearer to receiving than."""
    tags: tuple[str, ...] = ()
    """What everybody gets."""

    def terms(self, file: str) -> Terms:
        """Say on what terms the people of a file come."""
        return Terms(self.by, self.at_best, self.tags, file)


def bring_in(
    store: Store, sources: Sequence[Source], order: Order, *, now: datetime
) -> ImportReport:
    """Add everybody in these files, of any kind that `files.Listing` reads.

    Bad lines are reported and do not stop the others. Where a mailbox occurs more than
    once, its first line counts, and the gravest status of all. What is already known is
    judged by `admission.admit`: nobody who left comes back. Raises `AudienceError`, and
    imports nothing at all, where a file is no list of people. The list is locked only
    once all has been read.
    """
    return _Import(store, order, now).carry_out(sources)


def rehearse(
    store: Store, sources: Sequence[Source], order: Order, *, now: datetime
) -> ImportReport:
    """Say what `bring_in` would do, with the same counts, and write nothing."""
    return _Import(store, order, now).rehearse(sources)


class Known(NamedTuple):
    """What is on record of one person."""

    subscriber: Subscriber | None
    suppressed: Reason | None
    choices: Sequence[Consent]
    """What they wished for themselves, and when."""


class _Import:
    """One import under way."""

    def __init__(self, store: Store, order: Order, now: datetime) -> None:
        self._store = store
        self._order = order
        self._now = now
        self._account = Account()
        self._unknown: dict[str, None] = {}
        self._systems: dict[str, None] = {}

    def carry_out(self, sources: Sequence[Source]) -> ImportReport:
        """Read everything, and write it."""
        with Staging(self._now) as staging:
            self._read(sources, staging)
            with self._store.transaction():
                bulk = Bulk(self._store.place, self._store.connection)
                by = self._order.by
                self._decide(staging, bulk, Writing(self._store, bulk, by, self._now))
                for each in staging.wordings():
                    self._store.keep_wording(each.language, each.words)
        return self._report()

    def rehearse(self, sources: Sequence[Source]) -> ImportReport:
        """Read everything, and tell what would be written."""
        telling = Telling(self._account)
        with Staging(self._now) as staging:
            self._read(sources, staging)
            bulk = Bulk(self._store.place, self._store.connection)
            self._decide(staging, bulk, telling)
        return replace(self._report(), differences=telling.differences)

    def _read(self, sources: Sequence[Source], staging: Staging) -> None:
        """Read all files to their end."""
        for source in sources:
            for listing in listings(source, self._order.mapped):
                file = self._account.begin(listing.name)
                terms = self._order.terms(listing.name)
                for entry in listing.entries:
                    self._take(entry, Place(file, entry.line), terms, staging)
                self._unknown.update(dict.fromkeys(listing.unknown_columns))
                self._systems.update(dict.fromkeys(listing.systems))
        staging.sort()

    def _take(
        self, entry: Entry | BadLine, place: Place, terms: Terms, staging: Staging
    ) -> None:
        """Keep whom a row is about until all has been read."""
        if isinstance(entry, BadLine):
            self._account.remark(place, Kind.BAD, "", entry.reason)
            return
        try:
            applicant = read_applicant(entry.cells, entry.system, terms)
        except UndecidedError:
            raise
        except (AudienceError, MailboxError, LanguageError) as error:
            self._account.remark(place, Kind.BAD, "", error.reason)
            return
        if applicant.refusal:
            address = applicant.subscriber.mailbox.address
            self._account.remark(place, Kind.KEPT_OUT, address, applicant.refusal)
        else:
            staging.add(place, applicant)

    def _decide(self, staging: Staging, bulk: Bulk, outcome: Outcome) -> None:
        """Decide about everybody who was read, and have it done."""
        for batch in staging.batches(MOST):
            keys = [lines[0].key for lines in batch]
            people, suppressed = bulk.known(keys), self._store.suppressed_among(keys)
            choices = bulk.acts(tuple(people), CHOICES) if people else {}
            decisions = []
            for key, lines in zip(keys, batch, strict=True):
                known = Known(
                    people.get(key), suppressed.get(key), choices.get(key, ())
                )
                decisions.append(self._decision(lines, known))
            outcome.take([d for d in decisions if d.verdict is not Verdict.KEPT_OUT])

    def _decision(self, lines: Sequence[Staged], known: Known) -> Decision:
        """Decide about one person, of whom one line or more were read."""
        first = lines[0] if len(lines) == 1 else self._folded(lines)
        heard = (from_text(at) for at, *_ in first.acts()) if known.choices else ()
        chose = chosen_since(known.choices, heard)
        applicant, person = from_row(first.row), known.subscriber
        admission = admit(applicant, person, known.suppressed, chose=chose)
        account, address = self._account, first.row[0]
        if admission.verdict is Verdict.KEPT_OUT:
            account.remark(first.place, Kind.KEPT_OUT, address, admission.reason)
        else:
            account.counts[admission.verdict] += 1
            if admission.reason:
                account.remark(first.place, Kind.CHOSEN, address, admission.reason)
        return Decision(first, admission, person)

    def _folded(self, lines: Sequence[Staged]) -> Staged:
        """Take the first line of somebody, with the gravest status of all."""
        first = lines[0]
        for line in lines[1:]:
            where = self._account.where(first.place, near=line.place)
            reason = f"stands on {where} already"
            self._account.remark(line.place, Kind.FOLDED, line.row[0], reason)
            admission = fold(from_row(line.row), from_row(first.row))
            if admission.verdict is Verdict.UPDATED:
                row = to_row(admission.subscriber, self._now)
                evidence = line.evidence or first.evidence
                first = first._replace(row=row, evidence=evidence)
        return first

    def _report(self) -> ImportReport:
        counts = self._account.counts
        return ImportReport(
            added=counts[Verdict.ADDED],
            updated=counts[Verdict.UPDATED],
            unchanged=counts[Verdict.UNCHANGED],
            kept_out=counts[Kind.KEPT_OUT],
            folded=counts[Kind.FOLDED],
            bad=counts[Kind.BAD],
            chosen=counts[Kind.CHOSEN],
            remarks=self._account.remarks,
            unknown_columns=tuple(self._unknown),
            systems=tuple(self._systems),
        )
