"""What planning needs to know of contents, so that it need not read them all again.

An earlier run may have written it down beside what it rendered; it is found by the digest
of a content, so it is never out of date, and it may vanish any time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from distribute.editions.edition import Edition
from distribute.feeds.pages import content_weight
from distribute.render.document import Content
from distribute.web.cache.file import recall, remember
from distribute.web.version import site_version


@dataclass(frozen=True, slots=True)
class Summary:
    """What one content comes to."""

    weight: int
    """See `distribute.feeds.pages.content_weight`."""
    excerpt: str
    refers_to: tuple[str, ...]
    """Where its images and links lead on the site itself."""


class Texts(Protocol):
    """What planning asks of `distribute.web.contents`."""

    def digest(self, edition: Edition) -> str:
        """Digest what an edition says; cheap, and different for different contents."""
        ...

    def of(self, edition: Edition) -> Content:
        """Give what it says."""
        ...


class Summaries:
    """The summary of every edition."""

    def __init__(self, contents: Texts, site: str, memory: Path | None) -> None:
        """Tell them from `contents`; `site` is its address, `memory` the file to keep."""
        self._contents = contents
        self._root = f"{site}/"
        self._memory = memory
        self._found: dict[str, Summary] = {}

    def of(self, edition: Edition) -> Summary:
        """Give the summary of what an edition says."""
        digest = self._contents.digest(edition)
        if digest not in self._found:
            known = self._remembered.get(digest)
            self._found[digest] = known or self._summary(self._contents.of(edition))
        return self._found[digest]

    def keep(self) -> None:
        """Write down what was asked for; where that cannot be, it is not remembered."""
        if self._memory is None or self._found == self._remembered:
            return
        summaries = {
            key: [each.weight, each.excerpt, *each.refers_to]
            for key, each in self._found.items()
        }
        remember(self._memory, self._version, summaries)

    @property
    def _version(self) -> str:
        return f"{site_version()} {self._root}"

    @cached_property
    def _remembered(self) -> Mapping[str, Summary]:
        known: Any = recall(self._memory, self._version) if self._memory else None
        return {
            key: Summary(weight, excerpt, tuple(addresses))
            for key, (weight, excerpt, *addresses) in (known or {}).items()
        }

    def _summary(self, content: Content) -> Summary:
        addresses = {*content.images, *content.links}
        own = sorted(each for each in addresses if each.startswith(self._root))
        return Summary(content_weight(content), content.excerpt, tuple(own))
