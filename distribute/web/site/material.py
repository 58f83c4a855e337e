"""What the files of the site are made from, and how one is planned."""

from collections.abc import Callable, Sequence
from pathlib import PurePath

from distribute.editions.edition import Edition, Issue
from distribute.editions.publication import Publication
from distribute.render.masthead import sign_of
from distribute.render.theme.theme import Theme
from distribute.web.cache.summaries import Summaries, Texts
from distribute.web.file import SiteFile
from distribute.web.fingerprint import fingerprint_of
from distribute.web.site.card import card_of, masthead_of
from distribute.web.site.look import Look
from distribute.web.site.shelves import Shelves
from distribute.web.version import site_version


class Material:
    """What the site is made from, and the fingerprints of its parts."""

    def __init__(
        self,
        issues: Sequence[Issue],
        shelves: Shelves,
        *,
        publication: Publication,
        contents: Texts,
        summaries: Summaries,
        look: Look,
    ) -> None:
        self.issues = issues
        """Those that are public."""
        self.shelves = shelves
        self.publication = publication
        """Its languages are those that have an edition."""
        self.contents = contents
        self.summaries = summaries
        self.look = look
        self._cards: dict[str, str] = {}
        self._shared = fingerprint_of(
            site_version(),
            masthead_of(publication),
            look.fingerprint,
            sign_of(look.logo, publication),
        )

    @property
    def theme(self) -> Theme:
        """The theme, understood now if nobody needed it before."""
        return self.look.theme

    def card(self, edition: Edition | None) -> str:
        """Fingerprint what others tell about an edition: all but its text."""
        if edition is None:
            return ""
        if edition.url not in self._cards:
            self._cards[edition.url] = card_of(edition)
        return self._cards[edition.url]

    def file(
        self,
        path: str,
        make: Callable[[], str | bytes],
        *parts: object,
        post: PurePath | None = None,
    ) -> SiteFile:
        """Plan a file that depends on these parts, and on what all files share."""
        return SiteFile(
            path=path,
            fingerprint=fingerprint_of(self._shared, path, parts),
            make=lambda: _octets(make()),
            post=post,
        )


def _octets(made: str | bytes) -> bytes:
    return made if isinstance(made, bytes) else made.encode("utf-8", "replace")
