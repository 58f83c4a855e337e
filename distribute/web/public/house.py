"""All that the public side is made of, put together by whoever starts it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from urllib.parse import urlsplit

from distribute.audience.reception.token import Purpose, Signer
from distribute.campaign.returned.report import Returned
from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.render.public.pages import PublicPages
from distribute.web.public.network import Proxies
from distribute.web.public.registry import Books, Registry
from distribute.web.public.traps import Traps


@dataclass(frozen=True, slots=True)
class Hook:
    """Hears what one provider tells about mails."""

    read: Callable[[Mapping[str, str], bytes, datetime], tuple[Returned, ...]]
    """Give what a notification says, from its headers and its body.

    Raises `AudienceError` for what that provider has not signed or cannot have sent; its
    reason goes into the log, so it repeats nothing of the notification.
    """
    take: Callable[[Books, tuple[Returned, ...], datetime], object]
    """Judge it, within a transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """One newsletter, as its public side needs it."""

    pages: PublicPages
    publication: Publication
    signer: Signer
    traps: Traps
    registry: Registry
    site: Path
    """The folder with the pages and feeds, ``out/site``; need not exist."""
    public_url: str
    """Where all this answers, without a trailing slash."""
    clock: Callable[[], datetime]
    log: Callable[[str], object]
    """Note a line; neither tokens nor addresses are in it."""
    zone: tzinfo = UTC
    """Where the newsletter is at home; there a pause ends at midnight."""
    proxies: Proxies = field(default_factory=Proxies)
    wordings: Mapping[Language, str] = field(default_factory=dict)
    """Versions of the words that people agree to; see `audience.consent`."""
    hooks: Mapping[str, Hook] = field(default_factory=dict)
    """By the name of the provider."""
    wake: Callable[[], object] = lambda: None
    """Tell whoever sends letters that there is one."""
    is_described: bool = False
    """Whether ``/openapi.json`` answers."""

    @property
    def root(self) -> str:
        """The path of the public side: empty, or ``/news``, without a trailing slash."""
        return urlsplit(self.public_url).path

    def place(self, *steps: str) -> str:
        """Write a path below the root."""
        return "/".join((self.root, *steps))

    def token_place(self, key: str, purpose: Purpose) -> str:
        """Write the path of somebody's own page."""
        step = {Purpose.UNSUBSCRIBE: "u", Purpose.PREFERENCES: "p"}[purpose]
        return self.place(step, self.signer.sign(key, purpose))
