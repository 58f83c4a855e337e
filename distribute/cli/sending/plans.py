"""The plan of an issue with what goes out besides, for people and for programs."""

from collections.abc import Iterator, Sequence

from distribute.campaign.plan.late import LatePolicy
from distribute.campaign.plan.survey import Survey
from distribute.cli.invocation import Invocation
from distribute.cli.mailing.belated import (
    Latecomer,
    latecomer_document,
    latecomer_lines,
)
from distribute.cli.mailing.outlook import Outlook
from distribute.cli.sending.dispatch import joint_digest
from distribute.cli.terminal.report import table
from distribute.cli.terminal.words import many


class Plans:
    """The plan of an issue, and of what goes out besides: a late edition, if any."""

    def __init__(
        self,
        seen: Sequence[Outlook],
        latecomers: Sequence[Latecomer] = (),
        policy: LatePolicy = LatePolicy.MISSED,
    ) -> None:
        self._seen = seen
        self._surveys = [each.survey() for each in seen]
        self._latecomers = latecomers
        self._policy = policy

    def lines(self) -> Iterator[str]:
        """Say who gets what, in counts with reasons."""
        yield from _plan_lines(self._surveys[0], self._seen[0].sink)
        yield from latecomer_lines(self._latecomers, self._policy)
        for seen, survey in zip(self._seen[1:], self._surveys[1:], strict=True):
            yield from ("", f"{seen.mailing.campaign_id}:")
            yield from _plan_lines(survey, seen.sink)
        yield from ("", f"digest {self._digest()}")

    def document(self) -> dict[str, object]:
        """Give the same to programs, all but the people."""
        first, *others = map(_head, self._surveys, self._seen)
        late = [latecomer_document(each) for each in self._latecomers]
        also = {"also": others} if others else {}
        return first | {"digest": self._digest(), "late": late} | also

    def _digest(self) -> str:
        return joint_digest([survey.digest for survey in self._surveys])


def _plan_lines(survey: Survey, sink: str) -> list[str]:
    summary = survey.counts
    lines = [f"{many(summary.planned)} to deliver by {sink}:"]
    rows = [
        [f"  {language.tag}", many(count), reason]
        for language, reasons in summary.reasons.items()
        for reason, count in reasons.items()
    ]
    if rows:
        lines += table(rows, head=["  edition", "people", "why"])
    lines += ["", f"{many(sum(summary.skipped.values()))} passed over:"]
    rows = [["", many(count), reason] for reason, count in summary.skipped.items()]
    if rows:
        lines += table(rows, head=["  ", "people", "why"])
    return lines


def _head(survey: Survey, seen: Outlook) -> dict[str, object]:
    summary = survey.counts
    return {
        "campaign": seen.mailing.campaign_id,
        "sink": seen.sink,
        "digest": survey.digest,
        "planned": summary.planned,
        "by_language": {tag.tag: n for tag, n in summary.by_language.items()},
        "skipped": summary.skipped,
        "uncertain": summary.uncertain,
    }


def answer_with(invocation: Invocation, seen: Outlook, head: dict[str, object]) -> None:
    """Print a document with everybody at its end, by key, one after the other."""
    invocation.answer_many(
        head, deliveries=_deliveries(seen), passed_over=_passed_over(seen)
    )


def _deliveries(seen: Outlook) -> Iterator[dict[str, object]]:
    id_of = seen.mailing.ids.within(seen.mailing.campaign_id)
    for key, address, language, reason in seen.fates():
        if language is not None:
            yield {
                "id": id_of(key, language.tag),
                "address": address,
                "language": language.tag,
                "reason": reason,
            }


def _passed_over(seen: Outlook) -> Iterator[dict[str, object]]:
    for _, address, language, reason in seen.fates():
        if language is None:
            yield {"address": address, "reason": reason}


def name_everybody(invocation: Invocation, seen: Outlook, *, also_others: bool) -> None:
    """Print a line about everybody; columns would have to wait for the last one.

    Whom a mailing besides is not for is named once, with the issue itself.
    """
    for _, address, language, reason in seen.fates():
        if language or also_others:
            invocation.say(f"{address}  {language or '-'}  {reason}")
