"""What editions say: rendered once, and kept for the next run."""

from collections.abc import Callable, Iterable, Sequence

from distribute.editions.edition import Edition, Issue
from distribute.editions.publication import Publication
from distribute.render.content.manuscript import Manuscript, manuscript_of
from distribute.render.content.surroundings import surroundings_of
from distribute.render.document import Content
from distribute.web.at_hand import AtHand
from distribute.web.cache.folder import Cache
from distribute.web.cache.renderings import Made, Renderings
from distribute.web.twin import with_twin


class Contents:
    """What each edition says, by the lights of one publication."""

    def __init__(
        self,
        publication: Publication,
        issues: Iterable[Issue],
        cache: Cache,
        *,
        warn: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Take all issues, for posts can link to any other's page.

        `warn` is told by `ahead` if nothing can be kept.
        """
        self._publication = publication
        self._surroundings = surroundings_of(publication, issues)
        self._cache = cache
        self._warn = warn
        self._renderings = Renderings(self._surroundings, cache)
        self._digests: dict[str, str] = {}
        self._held: dict[Manuscript, Content] = {}
        """What could not be kept elsewhere."""
        self._at_hand = AtHand()

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
        manuscript = self._manuscript(edition)
        return self._at_hand.get(manuscript) or self._content(manuscript)

    def text_of(self, edition: Edition) -> str:
        """Give it in plain text; this is made anew each time, for mails ask only once."""
        from distribute.render.content.plain import (
            render_text,  # loads the parser of Markdown
        )

        return render_text(edition, self._surroundings)

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
        held = self._held.get(manuscript)
        kept = held or self._renderings.content_of(manuscript)
        content = kept or self._make(manuscript).content
        return self._at_hand.put(manuscript, content)

    def _make(self, manuscript: Manuscript) -> Made:
        made = self._renderings.make(manuscript)
        self._digests[manuscript.url] = made.digest
        if not made.is_kept:
            self._held[manuscript] = made.content
        self._at_hand.put(manuscript, made.content)
        return made

    def _make_all(
        self, wanted: Sequence[Manuscript], advance: Callable[[], None]
    ) -> None:
        """Render them; what another process has rendered is found in the cache."""

        def settle(manuscript: Manuscript) -> None:
            if manuscript.url not in self._digests:
                if not self._known(manuscript):
                    self._make(manuscript)
                advance()

        if not self._cache.trouble:
            with_twin(settle, wanted)
        for manuscript in wanted:
            settle(manuscript)
