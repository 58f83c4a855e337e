"""What a plan comes to: who gets what in counts, why the others get none, and its digest.

`distribute.campaign.plan.survey` goes through the people. The digest covers everybody who gets
the issue or has had it, with their edition, and what those editions say. So it changes with
the audience and with the texts, but not while an interrupted run goes on.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from distribute.campaign.campaign import State
from distribute.editions.edition import Issue
from distribute.language import Language

UNCERTAIN = "uncertain: may have arrived, not sent again without a decision"
"""Reason of those whose delivery was interrupted."""

SETTLED: Mapping[str, str] = {
    State.ACCEPTED: "accepted before",
    State.REJECTED: "rejected before",
    State.UNCERTAIN: UNCERTAIN,
    State.STARTED: UNCERTAIN,
}
"""Who is passed over for what the ledger has of them, and the words for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """A plan in numbers: `planned` and the values of `skipped` add up to everybody."""

    planned: int
    by_language: Mapping[Language, int]
    """How many get each edition, by language tag."""
    reasons: Mapping[Language, Mapping[str, int]]
    """And why, the commonest reason first."""
    skipped: Mapping[str, int]
    """Why the others get none, the commonest reason first."""
    uncertain: int
    """How many of these wait for a decision."""


class Digest:
    """Stands for who is served with which edition, and what these editions say."""

    def __init__(self, campaign: str) -> None:
        self._hash = hashlib.sha256(f"{campaign}\n".encode())
        self._served: set[str] = set()

    def add(self, key: str, tag: str) -> None:
        """Add somebody who gets the edition in a language, or has had it."""
        self._hash.update(f"{key}\0{tag}\n".encode())
        self._served.add(tag)

    def of(self, contents: Mapping[Language, str]) -> str:
        """Give the digest, given what the editions say, once everybody is added."""
        texts = sorted((language.tag, text) for language, text in contents.items())
        said = (f"{tag}\0{text}\n" for tag, text in texts if tag in self._served)
        digest = self._hash.copy()
        digest.update("".join(said).encode())
        return digest.hexdigest()[:24]


def sum_up(planned: Mapping[Language, Counter[str]], skipped: Counter[str]) -> Counts:
    """Sum up who gets which edition why, and why the others get none."""
    by_language = {language: planned[language].total() for language in sorted(planned)}
    return Counts(
        planned=sum(by_language.values()),
        by_language=by_language,
        reasons={
            language: dict(planned[language].most_common()) for language in by_language
        },
        skipped=dict(skipped.most_common()),
        uncertain=skipped[UNCERTAIN],
    )


def paused_until(day: str) -> str:
    """Word the reason of somebody who pauses: until which day, as a table has it."""
    return f"paused until {day}"


def campaign_id(issue: Issue) -> str:
    """Name the campaign that sends this issue: ``issue-5``."""
    return f"issue-{issue.id}"
