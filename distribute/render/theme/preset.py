"""Looks to choose from: ``presets/<name>.toml`` of a theme."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import PurePath
from typing import Any

from distribute.errors import RenderError
from distribute.render.theme.colours import parse_colour
from distribute.render.theme.files import PRESETS
from distribute.render.theme.fonts import FONT_TOKENS, parse_families
from distribute.render.theme.meant import did_you_mean
from distribute.render.theme.palette import COLOUR_TOKENS, ESSENTIAL
from distribute.render.theme.style import NARROWEST, WIDEST, Preset, Shape
from distribute.render.theme.toml import (
    line_of,
    lines_of_keys,
    raise_together,
    read_toml,
)

DEFAULT = "letter"

RANGES: Mapping[str, tuple[int, int]] = {
    "width": (NARROWEST, WIDEST),
    "gutter": (0, 64),
    "radius": (0, 24),
    "band": (0, 8),
    "frame": (0, 8),
    "rule": (0, 8),
    "size": (15, 20),
    "leading": (140, 190),
    "gap": (10, 28),
    "name_size": (13, 40),
    "name_weight": (300, 800),
    "title_size": (22, 44),
    "title_weight": (300, 800),
    "heading_size": (18, 32),
    "heading_weight": (300, 800),
}
"""The least and the most of each measure of a `Shape`."""

Parse = Callable[[Any], Any]
_MEND = "Mend this preset, or choose another one under [theme]."


def parse_preset(toml: str, *, name: str, path: PurePath) -> Preset:
    """Read one preset; raises one `RenderError` with all its mistakes and their lines."""
    file = read_toml(toml, path=path, hint=_MEND)
    reader = _Reader(path, lines_of_keys(toml))
    tables = reader.read("", file, _FILE)
    read = {
        table: reader.read(f"{table}.", tables.get(table, {}), parsers)
        for table, parsers in _TABLES.items()
    }
    for mode in ("light", "dark"):
        reader.require(mode, tables.get(mode, {}))
    raise_together(reader.problems)
    return Preset(
        name=name,
        description=tables.get("description", ""),
        light=read["light"],
        dark=read["dark"],
        fonts=read["fonts"],
        shape=Shape(**read["shape"]),
    )


def parse_measure(key: str, value: object) -> int:
    """Read a measure of a `Shape`, in the range that it has; raises `RenderError`."""
    least, most = RANGES[key]
    if isinstance(value, bool) or not isinstance(value, int):
        raise RenderError(f"expected a whole number from {least} to {most}")
    if not least <= value <= most:
        raise RenderError(
            f"{value} is out of range: write a number from {least} to {most}"
        )
    return value


def presets_among(names: Iterable[str]) -> tuple[str, ...]:
    """List the names of presets among those of a theme's files, in their order."""
    files = (n for n in names if n.startswith(PRESETS) and n.endswith(".toml"))
    return tuple(sorted(n.removeprefix(PRESETS).removesuffix(".toml") for n in files))


class _Reader:
    """Reads the tables of one file, and goes on after a mistake to find them all."""

    def __init__(self, path: PurePath, lines: Mapping[str, int]) -> None:
        self.problems: list[RenderError] = []
        self._path = path
        self._lines = lines

    def read(
        self, prefix: str, table: Mapping[str, Any], parsers: Mapping[str, Parse]
    ) -> dict[str, Any]:
        """Parse the values of a table; notes those it cannot, and keys it does not know."""
        values = {}
        for key, written in table.items():
            if key not in parsers:
                guess = did_you_mean(key, parsers)
                self._add(f"{prefix}{key}", f"unknown key{guess}")
                continue
            try:
                values[key] = parsers[key](written)
            except RenderError as error:
                self._add(f"{prefix}{key}", error.reason)
        return values

    def require(self, mode: str, palette: Mapping[str, Any]) -> None:
        """Note which of the essential colours a palette lacks."""
        if missing := [token for token in ESSENTIAL if token not in palette]:
            self._add(mode, f"lacks {', '.join(missing)}")

    def _add(self, key: str, reason: str) -> None:
        line = line_of(key, self._lines)
        self.problems.append(
            RenderError(f"{key}: {reason}", path=self._path, line=line, hint=_MEND)
        )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise RenderError("expected a text in quotation marks")
    return value


def _table(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise RenderError("expected a table")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise RenderError("expected true or false")
    return value


def _alignment(value: object) -> str:
    if value not in ("start", "centre"):
        raise RenderError(f"{value!r} is none of start, centre")
    return str(value)


def _families(token: str, value: object) -> str:
    return parse_families(_text(value), token)


def _colour(value: object) -> str:
    return parse_colour(_text(value))


_PALETTE: Mapping[str, Parse] = dict.fromkeys(COLOUR_TOKENS, _colour)
_SHAPE: Mapping[str, Parse] = {
    **{key: partial(parse_measure, key) for key in RANGES},
    **dict.fromkeys(("double", "name_caps"), _flag),
    "align": _alignment,
}
_FONTS: Mapping[str, Parse] = {each: partial(_families, each) for each in FONT_TOKENS}
_TABLES = {"shape": _SHAPE, "fonts": _FONTS, "light": _PALETTE, "dark": _PALETTE}
_FILE: Mapping[str, Parse] = {"description": _text, **dict.fromkeys(_TABLES, _table)}
"""What a file holds, and how each key is read."""
