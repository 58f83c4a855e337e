"""Decide about editions that appear after their issue was sent.

A translation may be weeks late. Who wanted that language only has got nothing yet; others
have got another edition, though this one would have suited them better. The newsletter
says which of these are written to. Nobody ever gets the same edition twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from math import inf

from distribute.campaign.plan.choices import Choices, why_wished
from distribute.language import Language, best_match


class LatePolicy(StrEnum):
    """Who gets an edition that came after the issue was sent."""

    NOBODY = "nobody"
    """It is on the web and in the feeds."""
    MISSED = "missed"
    """Those who got nothing, for they wanted that language only."""
    FALLBACK = "fallback"
    """Besides those who got another edition, and whose wish this one meets better."""


def come_after(
    editions: Iterable[Language], printed: Mapping[str, int], finished: int | None
) -> Sequence[Language]:
    """List the editions that were not there when nobody was owed the issue any more.

    `printed` says by language tag since when an edition was there to be sent, and
    `finished` when the issue had been sent, in milliseconds since 1970; `None` while it
    has not, and then nothing is late. Nor is it if nobody noted what was there: an earlier
    version sent the issue.
    """
    if finished is None or not printed:
        return ()
    return tuple(e for e in editions if printed.get(e.tag, inf) > finished)


def come_later(
    editions: Iterable[Language], printed: Mapping[str, int]
) -> Sequence[Language]:
    """List the editions that were not there yet when the first ones were sent."""
    first = min(printed.values(), default=inf)
    return tuple(e for e in editions if printed.get(e.tag, inf) > first)


class LateChoices(Choices):
    """Gives one late edition, and only to those whose wishes it meets best."""

    def __init__(self, editions: Iterable[Language], late: Language) -> None:
        super().__init__(editions, (), late)
        self._late = late

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self._editions, self._late)

    def _decide(
        self, wishes: tuple[Language, ...], *, only_these: bool
    ) -> tuple[Language | None, str]:
        del only_these  # there is one edition, which is wished for or is not
        match = best_match(wishes, self._editions) if wishes else None
        if match and match[1] == self._late:
            return self._late, f"{why_wished(wishes, *match)}, and it came later"
        return None, f"{self._late} is not what suits them best"


class RepeatedChoices(Choices):
    """Gives everybody the edition they had: their only wish is its very language."""

    def __init__(self, editions: Iterable[Language], default: Language) -> None:
        super().__init__(editions, (), default)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self._editions, self._default)

    def _decide(
        self, wishes: tuple[Language, ...], *, only_these: bool
    ) -> tuple[Language | None, str]:
        del only_these  # so it is
        if wishes and wishes[0] in self._editions:
            return wishes[0], "had it before it was corrected"
        return None, "had an edition of which there is no correction"
