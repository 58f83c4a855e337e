"""What is public, by language: editions newest first, each with its issue."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from distribute.editions.edition import Edition, Issue
from distribute.editions.order import newest_first
from distribute.language import Language

Shelf = Sequence[tuple[Edition, Issue]]
"""The editions in one language, newest first."""

Shelves = Mapping[Language, Shelf]
"""No language without an edition."""


def published_issues(issues: Iterable[Issue], now: datetime) -> tuple[Issue, ...]:
    """Keep the editions that are public at `now`, and the issues that have any."""
    public = (
        replace(
            issue,
            editions={
                language: edition
                for language, edition in issue.editions.items()
                if edition.published <= now
            },
        )
        for issue in issues
    )
    return tuple(issue for issue in public if issue.editions)


def shelves_of(issues: Iterable[Issue], languages: Iterable[Language]) -> Shelves:
    """Put the editions of public issues onto shelves, in the order of the languages."""
    shelves: dict[Language, list[tuple[Edition, Issue]]] = {
        language: [] for language in languages
    }
    for issue in issues:
        for language, edition in issue.editions.items():
            shelves.setdefault(language, []).append((edition, issue))
    return {
        language: sorted(shelf, key=lambda pair: newest_first(pair[0]))
        for language, shelf in shelves.items()
        if shelf
    }
