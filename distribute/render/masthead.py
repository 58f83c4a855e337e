"""The picture in the masthead of mails and pages, which is published as others are."""

from dataclasses import dataclass
from pathlib import PurePath
from urllib.parse import quote

from distribute.editions.files import asset_of, published_url
from distribute.editions.publication import Publication
from distribute.render.theme.style import Logo


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """A logo as readers' programs get it."""

    src: str
    """Its address, absolute."""
    dark: str
    """The same for readers in the dark; empty where it is one for all."""
    alt: str
    """What it says; empty where the newsletter's name stands beside it."""
    width: int
    height: int
    """In pixels; 0 where it is not known."""


def sign_of(logo: Logo | None, publication: Publication) -> Sign | None:
    """Find out where a logo is published; `None` without one, or if it is no more."""
    src = _address(logo.name, publication) if logo else ""
    if logo is None or not src:
        return None
    asset = asset_of(src, publication)
    known = asset is not None and asset.width > 0
    return Sign(
        src=src,
        dark=_address(logo.dark, publication),
        alt=logo.alt,
        width=logo.width,
        height=round(asset.height * logo.width / asset.width) if asset and known else 0,
    )


def addresses_of(logo: Logo | None, publication: Publication) -> frozenset[str]:
    """List where the pictures of a logo are published."""
    sign = sign_of(logo, publication)
    return frozenset({sign.src, sign.dark} - {""}) if sign else frozenset()


def _address(name: str, publication: Publication) -> str:
    if not name or name.startswith("https://"):
        return name
    return published_url(f"/{quote(name)}", PurePath(), publication)
