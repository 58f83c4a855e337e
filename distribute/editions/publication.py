"""The newsletter itself: what it is called, where it lives, in which languages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

from distribute.editions.asset import Asset
from distribute.language import Language
from distribute.mailbox import Mailbox


def _unwritten(_key: str) -> int:
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What every page, feed and message says about the newsletter as a whole."""

    title: str
    """Its title in the default language."""
    titles: Mapping[Language, str] = field(default_factory=dict)
    """Its titles in the others, where they differ."""
    descriptions: Mapping[Language, str] = field(default_factory=dict)
    """One sentence about it, per language; may be empty."""
    url: str
    """Where ``out/site`` is published: absolute, without a trailing slash."""
    tag: str
    """Authority of the feed ids, ``example.org,2026`` (RFC 4151); never changed."""
    languages: tuple[Language, ...]
    """At least one; the first is the default."""
    fallbacks: tuple[Language, ...] = ()
    """What readers get whose own wishes have no edition, before the default; in order."""
    address: str = ""
    """Postal address, required to send."""
    subscribe: str = ""
    """Where people subscribe, if that is not our own doing: an http(s) or mailto URL."""
    joins_at: str = ""
    """Where our own form for joining answers, if it does; see `distribute.web.public`."""
    joins_by: Mailbox | None = None
    """Whom people write to who want to join, where nothing answers on the web."""
    privacy: str = ""
    """Address of the privacy policy; empty: forms do not say."""
    folder: PurePath = field(default_factory=PurePath)
    """Where it lies; the paths of its posts begin so."""
    files: frozenset[str] = frozenset()
    """What lies there for posts to show, below `folder`, with slashes."""
    assets: Mapping[str, Asset] = field(default_factory=dict, compare=False, repr=False)
    """What is known about each of `files`, found out when it is asked for.

    A file that is not among them is published under its plain name.
    """
    line_of: Callable[[str], int] = field(default=_unwritten, compare=False, repr=False)
    """Tells the line of its settings on which a key such as ``newsletter.address`` stands,
    or its table; 0 if neither does.
    """

    @property
    def default_language(self) -> Language:
        """The language of the originals, and the last resort of every reader."""
        return self.languages[0]

    def title_in(self, language: Language) -> str:
        """Its title in this language, or the default one."""
        return self.titles.get(language, self.title)

    @property
    def has_by_mail(self) -> bool:
        """Whether the site has pages that say how to join by mail."""
        return self.joins_by is not None and not self.subscribe

    def by_mail_path(self, language: Language) -> str:
        """Name the page for joining by mail, below the site: ``pt-br/subscribe/``."""
        return f"{language.folder}/subscribe/"

    def home_url(self, language: Language) -> str:
        """Address of the index page of this language."""
        return f"{self.url}/{language.folder}/"
