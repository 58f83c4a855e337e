"""How well text stands out from what it stands on (WCAG 2.2, success criterion 1.4.3)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from distribute.render.theme.style import Style

ENOUGH = 4.5
"""To one: the least for text of any size, level AA."""
LEAST = 3.0
"""To one: below this nobody should have to read anything, not even large letters."""

PAIRS: tuple[tuple[str, str], ...] = (
    *((text, ground)
      for text in ("ink", "strong", "quiet", "link")
      for ground in ("paper", "tint", "tip", "warning")),
    ("soft", "paper"),
    ("soft", "tint"),
    ("ink", "mark"),
    ("link", "mark"),
    ("on-link", "link"),
    ("masthead-ink", "masthead"),
    ("masthead-quiet", "masthead"),
)  # fmt: skip
"""Every text, by its token, and what the style sheets let it stand on."""

Mode = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class Flaw:
    """A text that is hard to read on its ground."""

    mode: Mode
    text: str
    """Token of the text's colour."""
    ground: str
    """Token of the colour that it stands on."""
    ratio: float
    """To one; less than `ENOUGH`."""

    def __str__(self) -> str:
        return (
            f"{self.text} on {self.ground} has a contrast of {self.ratio:.2f}:1 "
            f"in {self.mode} mode; text needs {ENOUGH}:1"
        )


def contrast(one: str, other: str) -> float:
    """Compare two colours, ``#rrggbb``: 1 for equal ones, 21 for black and white.

    >>> round(contrast("#000000", "#ffffff"), 2), round(contrast("#777777", "#ffffff"), 2)
    (21.0, 4.48)
    """
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def contrast_flaws(style: Style) -> list[Flaw]:
    """List all pairs below `ENOUGH`, the worst of each mode first."""
    found = [*_flaws("light", style.light), *_flaws("dark", style.dark)]
    return sorted(found, key=lambda flaw: (flaw.mode != "light", flaw.ratio))


def _flaws(mode: Mode, palette: Mapping[str, str]) -> Iterator[Flaw]:
    for text, ground in PAIRS:
        ratio = contrast(palette[text], palette[ground])
        if ratio < ENOUGH:
            yield Flaw(mode, text, ground, ratio)


def _luminance(colour: str) -> float:
    """Weigh what the eye sees of a colour, from 0 to 1 (WCAG 2.2, relative luminance)."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    if channel <= 0.04045:
        return channel / 12.92
    return float(((channel + 0.055) / 1.055) ** 2.4)
