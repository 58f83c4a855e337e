"""What editions say: rendered once, and kept for the next run."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache

from distribute.editions.edition import Edition, Issue
from distribute.editions.publication import Publication
from distribute.render.document import Content
from distribute.render.manuscript import Manuscript, manuscript_of
from distribute.render.surroundings import surroundings_of
from distribute.web.cache.folder import Cache
from distribute.web.cache.renderings import Made, Renderings

WORTH_IT = 400_000
"""Characters; for fewer, another process is hardly ready before it is all over."""

_AT_HAND = 32
"""Contents that stay in memory: page, feeds and mail of an edition come close together."""


class Contents:
    """What each edition says, by the lights of one publication."""

    def __init__(
        self,
        publication: Publication,
        issues: Iterable[Issue],
        cache: Cache,
        *,
        worth_it: int = WORTH_IT,
        warn: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Take all issues, for posts can link to any other's page.

        `worth_it` is the size of posts, in characters, from which on two processes render.
        `warn` is told by `ahead` if nothing can be kept.
        """
        self._publication = publication
        self._surroundings = surroundings_of(publication, issues)
        self._cache = cache
        self._worth_it = worth_it
        self._warn = warn
        self._renderings = Renderings(self._surroundings, cache)
        self._digests: dict[str, str] = {}
        self._held: dict[str, Content] = {}
        """What could not be kept elsewhere, by the address of the edition."""
        self._at_hand = lru_cache(maxsize=_AT_HAND)(self._content)

    def digest(self, edition: Edition) -> str:
        """Digest what it says: equal for equal contents only, as hexadecimal digits.

        It takes no time after `ahead`; without, it may mean to render. The path in
        findings does not count, for it is the post's.
        """
        if known := self._digests.get(edition.url):
            return known
        manuscript = self._manuscript(edition)
        return self._known(manuscript) or self._make(manuscript).digest

    def of(self, edition: Edition) -> Content:
        """Give what it says."""
        return self._at_hand(self._manuscript(edition))

    def ahead(
        self, editions: Iterable[Edition], *, advance: Callable[[], None] = lambda: None
    ) -> None:
        """Render all that is not kept, in two processes where that is worth it.

        Call it with all that will be asked for, before it is; it calls `advance` for each.
        """
        manuscripts = [self._manuscript(edition) for edition in editions]
        wanted = []
        for manuscript in manuscripts:
            if self._known(manuscript):
                advance()
            else:
                wanted.append(manuscript)
        if wanted:
            self._make_all(wanted, advance)
            self._cache.sweep()
        if self._cache.trouble:
            self._warn(self._cache.trouble)

    def _manuscript(self, edition: Edition) -> Manuscript:
        return manuscript_of(edition, self._publication)

    def _known(self, manuscript: Manuscript) -> str:
        """Give the digest of what need not be rendered."""
        if manuscript.url not in self._digests:
            if not (kept := self._renderings.digest_of(manuscript)):
                return ""
            self._digests[manuscript.url] = kept
        return self._digests[manuscript.url]

    def _content(self, manuscript: Manuscript) -> Content:
        held = self._held.get(manuscript.url)
        kept = held or self._renderings.content_of(manuscript)
        return kept or self._make(manuscript).content

    def _make(self, manuscript: Manuscript) -> Made:
        made = self._renderings.make(manuscript)
        self._digests[manuscript.url] = made.digest
        if not made.is_kept:
            self._held[manuscript.url] = made.content
        return made

    def _make_all(
        self, wanted: Sequence[Manuscript], advance: Callable[[], None]
    ) -> None:
        with self._help(wanted):
            for manuscript in wanted:
                if not self._known(manuscript):
                    self._make(manuscript)
                advance()

    def _help(self, wanted: Sequence[Manuscript]) -> AbstractContextManager[None]:
        size = sum(len(manuscript.body) for manuscript in wanted)
        if size < self._worth_it or self._cache.trouble:
            return nullcontext()
        from distribute.web.helper import helped, is_possible

        if not is_possible():
            return nullcontext()
        return helped(wanted, self._surroundings, self._cache.folder)
