"""How a newsletter looks: its colours, fonts and measures, decided once for all.

A preset is a style as the house, or a newsletter's ``templates/presets/``, has it;
``[theme]`` in ``distribute.toml`` chooses one and changes what it likes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from distribute.render.theme.fonts import with_defaults
from distribute.render.theme.palette import completed

NARROWEST, WIDEST = 480, 720
"""Pixels that a mail may be wide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Measures of a style, in pixels unless they say otherwise."""

    width: int = 640
    """Of the card at most; the widest picture follows from it."""
    gutter: int = 40
    """Between the card's edge and its text, where there is room."""
    radius: int = 6
    """Of the card's corners; small things have up to 4 of it."""
    band: int = 4
    """Of the line in the accent's colour on top."""
    frame: int = 0
    """Of the line around the card."""
    rule: int = 1
    """Of the line below the masthead."""
    double: bool = False
    """Whether that is a double one."""
    align: Literal["start", "centre"] = "start"
    """Where masthead and title stand."""
    size: int = 17
    """Of text."""
    leading: int = 160
    """From line to line of text in Latin and its like, in percent of the size."""
    gap: int = 18
    """Between paragraphs."""
    name_size: int = 20
    """Of the newsletter's name in the masthead."""
    name_weight: int = 700
    name_caps: bool = False
    """Whether it is set in capitals, where a script has such."""
    title_size: int = 32
    """Of an issue's title; a long one is set a fifth smaller."""
    title_weight: int = 700
    heading_size: int = 24
    """Of the first headings in the text; the others follow."""
    heading_weight: int = 700
    """Of the same, as the title's: in Latin and its like; other scripts have 700."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Logo:
    """A picture in the masthead."""

    name: str
    """Of its file below the newsletter's folder, or its address."""
    dark: str = ""
    """The same for readers in the dark; empty: it is seen there as well."""
    alt: str = ""
    """What it says, if it takes the place of the newsletter's name."""
    width: int = 120
    """In pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """A preset with all that the newsletter has changed in it."""

    preset: str
    light: Mapping[str, str]
    """Every colour token to six digits: ``paper`` to ``#fffefc``."""
    dark: Mapping[str, str]
    """The same, for readers in the dark."""
    fonts: Mapping[str, str]
    """Every font token to a list of families, as CSS has it."""
    shape: Shape
    logo: Logo | None = None

    @property
    def image_width(self) -> int:
        """The widest picture in a mail, in pixels."""
        return self.shape.width - 2 * self.shape.gutter


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A look to choose, as its file has it: what is derived is not worked out yet."""

    name: str
    description: str
    light: Mapping[str, str]
    dark: Mapping[str, str]
    fonts: Mapping[str, str] = field(default_factory=dict)
    shape: Shape = field(default_factory=Shape)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a newsletter changes in a preset; parsed, not yet judged."""

    light: Mapping[str, str] = field(default_factory=dict)
    dark: Mapping[str, str] = field(default_factory=dict)
    fonts: Mapping[str, str] = field(default_factory=dict)
    width: int | None = None
    radius: int | None = None
    logo: Logo | None = None


UNCHANGED = Choices()


def styled(preset: Preset, choices: Choices = UNCHANGED) -> Style:
    """Change a preset as its newsletter likes; what is derived follows what is chosen."""
    return Style(
        preset=preset.name,
        light=completed({**preset.light, **choices.light}),
        dark=completed({**preset.dark, **choices.dark}),
        fonts=with_defaults({**preset.fonts, **choices.fonts}),
        shape=_reshaped(preset.shape, choices),
        logo=choices.logo,
    )


def _reshaped(shape: Shape, choices: Choices) -> Shape:
    width, radius = choices.width, choices.radius
    return replace(
        shape,
        width=shape.width if width is None else width,
        radius=shape.radius if radius is None else radius,
    )
