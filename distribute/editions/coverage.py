"""Which translations exist, are missing, or lag behind their original."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from distribute.editions.edition import Edition, Issue
from distribute.language import Language


class State(StrEnum):
    """How an issue stands in one language."""

    PRESENT = "present"
    MISSING = "missing"
    STALE = "stale"
    """Older than a change of the original, as its ``modified`` says."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """One issue in one language."""

    issue: Issue
    language: Language
    state: State
    edition: Edition | None


def coverage(
    issues: Iterable[Issue], languages: Sequence[Language]
) -> tuple[Coverage, ...]:
    """Say for each issue and language, in their order, whether the edition is there."""
    return tuple(
        Coverage(issue, language, _state(issue, language), issue.editions.get(language))
        for issue in issues
        for language in languages
    )


def _state(issue: Issue, language: Language) -> State:
    edition = issue.editions.get(language)
    if edition is None:
        return State.MISSING
    original = next((e for e in issue.editions.values() if e.original), None)
    if original is None or edition is original:
        return State.PRESENT
    was_changed = original.updated > original.published
    is_stale = was_changed and edition.updated < original.updated
    return State.STALE if is_stale else State.PRESENT
