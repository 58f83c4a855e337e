"""Renderings that are kept: found by what went into them, and by nothing else.

Their name is made of all that rendering sees of an edition, and of the version of the
code. They are good if the questions that came up on the way still have the same answers.
"""

from dataclasses import dataclass

from distribute.render.content.manuscript import Manuscript
from distribute.render.content.surroundings import Surroundings
from distribute.render.document import Content
from distribute.web.cache.folder import Cache, Entry
from distribute.web.cache.format import (
    read_content,
    read_trace,
    write_content,
    write_trace,
)
from distribute.web.fingerprint import LENGTH, fingerprint_of
from distribute.web.version import rendering_version


@dataclass(frozen=True, slots=True)
class Made:
    """A content that was rendered just now."""

    content: Content
    digest: str
    is_kept: bool


class Renderings:
    """What posts say in their surroundings, as far as a cache keeps it."""

    def __init__(self, surroundings: Surroundings, cache: Cache) -> None:
        self._surroundings = surroundings
        self._cache = cache

    def digest_of(self, manuscript: Manuscript) -> str:
        """Digest what a text says without reading it; empty if it has to be rendered."""
        entry = self._cache.head(_name(manuscript))
        is_good = entry and self._is_good(entry, manuscript)
        return entry.digest[:LENGTH] if entry and is_good else ""

    def content_of(self, manuscript: Manuscript) -> Content | None:
        """Read what a text says, or nothing if it has to be rendered."""
        entry = self._cache.read(_name(manuscript))
        if entry is None or not self._is_good(entry, manuscript):
            return None
        return read_content(entry.body, manuscript.path)

    def make(self, manuscript: Manuscript) -> Made:
        """Render a text, and keep what it says if the cache can be written."""
        from distribute.render.content.content import (
            render,  # loads the parser of Markdown
        )

        rendering = render(manuscript, self._surroundings)
        entry = self._cache.write(
            _name(manuscript),
            head=write_trace(rendering.trace),
            body=write_content(rendering.content),
        )
        is_kept = not self._cache.trouble
        return Made(rendering.content, entry.digest[:LENGTH], is_kept)

    def _is_good(self, entry: Entry, manuscript: Manuscript) -> bool:
        trace = read_trace(entry.head)
        return self._surroundings.still_say(trace, manuscript.path)


def _name(manuscript: Manuscript) -> str:
    return fingerprint_of(rendering_version(), manuscript)
