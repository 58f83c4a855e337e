"""A style as custom properties: the tokens that all style sheets are written with."""

from collections.abc import Mapping

from distribute.render.theme.contrast import ENOUGH, LEAST, contrast
from distribute.render.theme.fonts import SCRIPTS
from distribute.render.theme.style import Shape, Style

_NEAR = 4
"""Corners of small things are as round as the card's, up to this many pixels."""
_HEAVY, _LARGE = 700, 34
_SIDES = {"start": ("left", "right"), "centre": ("center", "center")}
_CASES = {False: "none", True: "uppercase"}


def tokens_of(style: Style, *, dark: bool = False) -> Mapping[str, str]:
    """Give every custom property of the style sheets its value, without the dashes."""
    palette = style.dark if dark else style.light
    return {**palette, **_edges(style, palette), **style.fonts, **_measures(style)}


def variables(style: Style) -> str:
    """Declare the tokens for browsers, which resolve them themselves: colours by mode."""
    light, dark = tokens_of(style), tokens_of(style, dark=True)
    changed = {name: value for name, value in dark.items() if light[name] != value}
    by_script = "\n".join(_by_script(script, style) for script in SCRIPTS)
    return (
        f":root {{\n  color-scheme: light dark;\n{_declared(light, '  ')}\n}}\n"
        "@media (prefers-color-scheme: dark) {\n"
        f"  :root {{\n{_declared(changed, '    ')}\n  }}\n}}\n{by_script}\n"
    )


def _by_script(script: str, style: Style) -> str:
    selector = ", ".join(f":lang({each})" for each in _LANGUAGES[script])
    text, display = style.fonts[f"text-{script}"], style.fonts[f"display-{script}"]
    return f"{selector} {{ --text: {text}; --display: {display}; }}"


def _declared(tokens: Mapping[str, str], indent: str) -> str:
    by_script = tuple(f"-{script}" for script in SCRIPTS)
    return "\n".join(
        f"{indent}--{name}: {value};"
        for name, value in tokens.items()
        if not name.endswith(by_script)
    )


def _edges(style: Style, palette: Mapping[str, str]) -> Mapping[str, str]:
    """Choose what stands on or beside the masthead, and around the card.

    Both may be filled with colour.
    """
    filled = palette["masthead"] != palette["paper"]
    header_line = palette["accent" if style.shape.rule > 1 else "line"]
    stands_out = contrast(palette["link"], palette["masthead"]) >= LEAST
    return {
        "top-line": palette["accent" if style.shape.band else "line"],
        "header-line": header_line,
        "masthead-line": palette["rule" if filled else "line"],
        "masthead-edge": palette["masthead"] if filled else header_line,
        "call": palette["link" if stands_out else "masthead-ink"],
        "on-call": palette["on-link" if stands_out else "masthead"],
        "around": _on_ground("quiet", palette),
        "around-link": _on_ground("link", palette),
    }


def _on_ground(wanted: str, palette: Mapping[str, str]) -> str:
    """Choose a colour for words around the card, where few themes have any."""
    ground = palette["ground"]
    if contrast(palette[wanted], ground) >= ENOUGH:
        return palette[wanted]
    return max(palette["strong"], palette["paper"], key=lambda c: contrast(c, ground))


def _measures(style: Style) -> Mapping[str, str]:
    """Word the measures, and what follows from them."""
    shape = style.shape
    start, end = _SIDES[shape.align]
    return {
        **{name: _in_pixels(value) for name, value in _pixels(style).items()},
        "leading": f"{shape.leading / 100:g}",
        "header-rule-style": "double" if shape.double else "solid",
        "start": start,
        "end": end,
        "name-weight": str(shape.name_weight),
        "name-case": _CASES[shape.name_caps],
        "name-spacing": "1px" if shape.name_caps else "normal",
        "title-spacing": "-0.5px" if _is_heavy(shape) else "normal",
        "title-weight": str(shape.title_weight),
        "heading-weight": str(shape.heading_weight),
    }


def _is_heavy(shape: Shape) -> bool:
    """Tell whether titles are so large and bold that their letters stand too far apart."""
    return shape.title_weight >= _HEAVY and shape.title_size >= _LARGE


def _in_pixels(value: float) -> str:
    """Write a length; one of nothing has no unit, as every inliner leaves it."""
    return f"{round(value)}px" if round(value) else "0"


def _pixels(style: Style) -> Mapping[str, float]:
    """Scale what is written from what is chosen."""
    shape = style.shape
    long = shape.title_size * 0.82
    return {
        "width": shape.width,
        "image-width": style.image_width,
        "gutter": shape.gutter,
        "radius": shape.radius,
        "inner-radius": max(shape.radius - max(shape.band, shape.frame), 0),
        "corner": min(shape.radius, _NEAR),
        "top": max(shape.band, shape.frame),
        "band": shape.band,
        "frame": shape.frame,
        "header-rule": shape.rule,
        "gap": shape.gap,
        "size": shape.size,
        "code-size": shape.size - 2,
        "small": max(shape.size - 3, 13),
        "lead-size": shape.size + 3,
        "name-size": shape.name_size,
        "title-size": shape.title_size,
        "title-cjk": shape.title_size * 0.88,
        "title-long": long,
        "title-small": min(shape.title_size * 0.85, 30),
        "title-least": min(long * 0.9, 24),
        "heading-size": shape.heading_size,
        "subheading-size": shape.size + (shape.heading_size - shape.size) * 0.4,
    }


_LANGUAGES = {
    "arabic": ("ar", "fa", "ur", "ps", "ckb", "ug"),
    "hebrew": ("he", "yi"),
    "hans": ("zh",),
    "hant": ("zh-Hant", "zh-TW", "zh-HK", "zh-MO"),
    "japanese": ("ja",),
    "korean": ("ko",),
}
"""Whom a script's fonts are for, as selectors of pages say it; later ones win."""
