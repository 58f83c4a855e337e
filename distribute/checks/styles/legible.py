"""Whether all that is written can be read on what it is written on."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from distribute.checks.mail.markup import take_apart
from distribute.checks.mail.spot import TEMPLATE, Spot, in_settings, in_template
from distribute.checks.proof import Proof
from distribute.checks.rule import Place, Rule
from distribute.checks.styles.dark import in_the_dark
from distribute.editions.publication import Publication
from distribute.finding import Finding, Severity
from distribute.render.theme.contrast import (
    ENOUGH,
    LEAST,
    Flaw,
    contrast,
    contrast_flaws,
)
from distribute.render.theme.palette import DERIVED
from distribute.render.theme.theme import Theme

_KEPT = "email/kept.css"
_IN_THE_DARK = (
    "Give both a colour for the dark, under @media (prefers-color-scheme:dark) in "
    f"{_KEPT}."
)

LOW = Rule(
    id="contrast-low",
    severity=Severity.WARNING,
    place=Place.MAIL,
    title="text that is hard to read on its ground",
    why="Below 4.5 to 1 many people cannot read it on a phone in the sun, nor with eyes "
    "that are not young; below 3 to 1, which is an error, hardly anybody can. Filters "
    "take text in nearly the colour of its ground for a disguise.",
    fix="Choose a darker text or a lighter ground under [theme] in distribute.toml.",
    source="WCAG 2.2, success criterion 1.4.3; SpamAssassin, HTML_FONT_LOW_CONTRAST",
)
RULES = (LOW,)


def find_flaws(theme: Theme, publication: Publication) -> Iterator[Finding]:
    """Find what of the theme's colours does not go together, light and dark."""
    for flaw in contrast_flaws(theme.style):
        yield _in_theme(publication, flaw).report(
            LOW, str(flaw), weigh=_weight(flaw.ratio)
        )


def find(proof: Proof) -> Iterator[Finding]:
    """Find text that cannot be read in the finished mail, by daylight and in the dark.

    What is written with the theme's own colours is left to `find_flaws`.
    """
    html, style = proof.email.html, proof.theme.style
    by_day = _pale(html, style.light)
    at_night = _pale(in_the_dark(html), style.dark)
    for pale in by_day.values():
        spot = _place(proof, pale.colour) or in_template(proof.theme, TEMPLATE)
        yield _finding(
            spot, pale, str(pale), "Choose a darker text or a lighter ground."
        )
    for pale in (at_night[pair] for pair in at_night if pair not in by_day):
        spot = _place(proof, pale.colour) or in_template(proof.theme, _KEPT)
        yield _finding(spot, pale, f"in the dark {pale}", _IN_THE_DARK)


class _Pale(NamedTuple):
    """Words that hardly stand out."""

    text: str
    ground: str
    words: str
    ratio: float
    colour: str
    """The one of both that is none of the theme's."""

    def __str__(self) -> str:
        return (
            f"{self.text} on {self.ground} has a contrast of {self.ratio:.2f}:1, as in "
            f"“{self.words[:40]}”"
        )


def _pale(html: str, palette: Mapping[str, str]) -> dict[tuple[str, str], _Pale]:
    """Collect the pairs of colours that are not the theme's own and stand out too little."""
    known = set(palette.values())
    found = {}
    for pair, words in take_apart(html).colours.items():
        strange = [colour for colour in pair if colour not in known]
        if strange and (ratio := contrast(*pair)) < ENOUGH:
            found[pair] = _Pale(*pair, words, ratio, strange[0])
    return found


def _finding(spot: Spot, pale: _Pale, message: str, hint: str) -> Finding:
    text = f"{message}; text needs {ENOUGH}:1"
    return spot.report(LOW, text, hint=hint, weigh=_weight(pale.ratio))


def _place(proof: Proof, colour: str) -> Spot | None:
    """Point at the colour in the files of the theme, if it is written there."""
    sought = re.compile(re.escape(colour), re.IGNORECASE)
    names = [name for name in proof.theme.files if name.startswith("email/")]
    spots = (in_template(proof.theme, name, sought) for name in names)
    return next((spot for spot in spots if spot.line), None)


def _in_theme(publication: Publication, flaw: Flaw) -> Spot:
    """Point at what was chosen of the two colours, or of those they are derived from."""
    chosen = (flaw.text, flaw.ground)
    tokens = (*chosen, *(DERIVED[token] for token in chosen if token in DERIVED))
    keys = [f"theme.{flaw.mode}.{token}" for token in tokens]
    return in_settings(publication, max(keys, key=publication.line_of))


def _weight(ratio: float) -> Severity:
    return Severity.ERROR if ratio < LEAST else Severity.WARNING
