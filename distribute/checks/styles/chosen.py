"""What was chosen under ``[theme]``, and does not reach readers."""

import re
from collections.abc import Iterator

from distribute.checks.mail.spot import Spot, in_settings
from distribute.checks.rule import Place, Rule
from distribute.checks.styles.sheet import Declaration, parse_sheet
from distribute.editions.publication import Publication
from distribute.finding import Finding, Severity
from distribute.render.theme.files import templates_folder
from distribute.render.theme.theme import Theme

_SHOWN_IN_MAIL = frozenset({"image/png", "image/jpeg", "image/gif"})
_PAGES = "page/"
_ROOT = (":root", "html")
_ELSEWHERE = re.compile(r"\bprint\b|forced-colors")
_TABLES = ("theme", "theme.light", "theme.dark", "theme.fonts")

UNREADABLE = Rule(
    id="logo-unreadable",
    severity=Severity.WARNING,
    place=Place.NEWSLETTER,
    title="a logo that readers may not see",
    why="It stands on top of every mail and every page; where a program cannot read its "
    "bytes, there is a broken picture instead of the newsletter's name.",
    fix="Export it again as PNG, JPEG or GIF.",
)
OVERRIDDEN = Rule(
    id="theme-overridden",
    severity=Severity.NOTE,
    place=Place.NEWSLETTER,
    title="a style sheet that declares colours or fonts which [theme] chooses",
    why="What a sheet for pages declares in :root beats what is chosen under [theme], "
    "so that pages look different from mails.",
    fix="Take these lines out of the style sheet, and choose under [theme] in "
    "distribute.toml.",
)
RULES = (UNREADABLE, OVERRIDDEN)


def find(theme: Theme, publication: Publication) -> Iterator[Finding]:
    """Find logos that cannot be shown, and sheets that win against the settings."""
    yield from _unreadable(theme, publication)
    if any(map(publication.line_of, _TABLES)):
        yield from _overridden(theme)


def _unreadable(theme: Theme, publication: Publication) -> Iterator[Finding]:
    logo = theme.style.logo
    names = {"theme.logo": logo.name, "theme.logo_dark": logo.dark} if logo else {}
    for key, name in names.items():
        asset = publication.assets.get(name)
        if asset is None:
            continue
        flaw = asset.flaw
        if asset.media_type and asset.media_type not in _SHOWN_IN_MAIL:
            flaw = f"it is {asset.media_type}, whatever its name says"
        if flaw:
            spot = in_settings(publication, key, words=name)
            yield spot.report(
                UNREADABLE, f"readers may not see the logo {name}: {flaw}"
            )


def _overridden(theme: Theme) -> Iterator[Finding]:
    """Report each own sheet for pages once, where it declares the first."""
    tokens = {f"--{token}" for token in (*theme.style.light, *theme.style.fonts)}
    for name, file in theme.files.items():
        is_own = not file.path.is_relative_to(templates_folder())
        if not (is_own and name.startswith(_PAGES) and name.endswith(".css")):
            continue
        if found := [each for each in _in_root(file.text) if each.name in tokens]:
            named = ", ".join(dict.fromkeys(each.name for each in found))
            message = f"{named} declared here beats what [theme] has for it, on pages"
            yield Spot(file.path, found[0].line, found[0].words).report(
                OVERRIDDEN, message
            )


def _in_root(css: str) -> Iterator[Declaration]:
    """Give what is declared for the whole page, but for paper and for forced colours."""
    for block in parse_sheet(css).blocks:
        on_screen = not any(map(_ELSEWHERE.search, block.within))
        if on_screen and any(each.startswith(_ROOT) for each in block.selectors):
            yield from block.declarations
