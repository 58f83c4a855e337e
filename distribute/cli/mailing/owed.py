"""Who is still owed the issue, in numbers; no person is looked at."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from distribute.campaign.campaign import State
from distribute.campaign.ledger.due import Due
from distribute.campaign.plan.choices import Choices
from distribute.language import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """How many confirmed people are due at one moment."""

    never_tried: int
    tried: Mapping[State, int]
    """How many of those whose last attempt ended so are to be tried again."""
    by_language: Mapping[Language, int]
    """All of them, by the edition that they get."""

    @property
    def total(self) -> int:
        """How many there are in all."""
        return self.never_tried + sum(self.tried.values())


def count_owed(
    due: Due, choices: Choices, *, fresh: bool, again: Collection[State]
) -> Owed:
    """Count whoever has an edition: the untried if `fresh`, and the states of `again`."""
    languages: Counter[Language] = Counter()
    groups = due.count_fresh() if fresh else []
    never_tried = _served(groups, choices, languages)
    tried = {
        state: _served(due.count_again([state]), choices, languages) for state in again
    }
    return Owed(never_tried=never_tried, tried=tried, by_language=languages)


def total_of(counts: Mapping[Language, Mapping[State, int]]) -> Counter[State]:
    """Add up over all languages what the ledger has counted."""
    total: Counter[State] = Counter()
    for states in counts.values():
        total.update(states)
    return total


def _served(
    groups: Collection[tuple[str, int, int]],
    choices: Choices,
    languages: Counter[Language],
) -> int:
    """Count those who get an edition, here and by language."""
    served = 0
    for wishes, only_these, count in groups:
        language = choices.of(wishes, only_these).language
        if language is not None:
            languages[language] += count
            served += count
    return served
