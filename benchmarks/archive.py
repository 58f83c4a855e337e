"""A newsletter with years of issues, to build a site of: the same texts for every tool."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil

from benchmarks.prose import ALL_LANGUAGES, post

OCTETS = 30_000
"""Of the text of a post, about."""
_FIRST_DAY = date(2022, 1, 3)
_TRIED = 10
"""Sections by which the length of a section is measured."""


@dataclass(frozen=True, slots=True)
class Text:
    """One issue in one language."""

    issue: int
    language: str
    body: str

    @property
    def day(self) -> date:
        """The day of publication: an issue comes out every week."""
        return _FIRST_DAY + timedelta(weeks=self.issue)

    @property
    def slug(self) -> str:
        """The name in its address, the same in all languages."""
        return f"slow-rivers-{self.issue}"

    @property
    def title(self) -> str:
        """Its title."""
        return f"Slow Rivers #{self.issue}"

    def with_news(self, words: str) -> "Text":
        """Add a sentence at the end."""
        return replace(self, body=f"{self.body}\n\n{words}")


def texts(issues: int) -> Iterator[Text]:
    """Write so many issues in five languages; no two texts are the same."""
    for language in ALL_LANGUAGES:
        sample = len(post(language, _TRIED).encode()) / _TRIED
        sections = ceil(OCTETS / sample)
        for issue in range(1, issues + 1):
            yield Text(issue, language, post(language, sections, issue))
