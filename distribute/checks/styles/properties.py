"""The properties and values of CSS that mails get along with, and those they do not."""

import re
from collections.abc import Collection

_SIDES = ("top", "right", "bottom", "left")
_CORNERS = ("top-left", "top-right", "bottom-right", "bottom-left")
_PARTS = ("width", "style", "color")
_BORDERS = (
    *(f"border-{side}-{part}" for side in _SIDES for part in _PARTS),
    *(f"border-{side}" for side in _SIDES),
    *(f"border-{part}" for part in _PARTS),
)

_LONGHANDS: dict[str, tuple[str, ...]] = {
    "background": ("background-color",),
    "border": _BORDERS,
    **{f"border-{s}": tuple(f"border-{s}-{p}" for p in _PARTS) for s in _SIDES},
    **{f"border-{p}": tuple(f"border-{s}-{p}" for s in _SIDES) for p in _PARTS},
    "border-radius": tuple(f"border-{corner}-radius" for corner in _CORNERS),
    "font": ("font-family", "font-size", "font-style", "font-weight", "line-height"),
    "list-style": ("list-style-position", "list-style-type"),
    "margin": tuple(f"margin-{side}" for side in _SIDES),
    "overflow": ("overflow-x", "overflow-y"),
    "padding": tuple(f"padding-{side}" for side in _SIDES),
    "text-decoration": ("text-decoration-color", "text-decoration-line"),
}

KNOWN: Collection[str] = frozenset(
    (
        *_LONGHANDS,
        *(name for names in _LONGHANDS.values() for name in names),
        *("border-collapse", "border-spacing", "caption-side", "clear", "color"),
        *("direction", "display", "empty-cells", "font-variant", "height"),
        *("letter-spacing", "max-height", "max-width", "min-height", "min-width"),
        *("object-fit", "opacity", "overflow-wrap", "table-layout", "text-align"),
        *("text-decoration-style", "text-decoration-thickness", "text-indent"),
        *("text-transform", "text-underline-offset", "unicode-bidi"),
        *("vertical-align", "white-space", "width", "word-break", "word-spacing"),
        *("word-wrap", "hyphens", "tab-size", "-webkit-text-size-adjust"),
        *("-ms-text-size-adjust", "-webkit-font-smoothing", "color-scheme", "float"),
        *(
            "supported-color-schemes",
            "-premailer-width",
            "line-break",
            "page-break-inside",
        ),
    )
)
"""What is no surprise in a mail; ``mso-`` properties beside them."""

LOGICAL = re.compile(
    r"(?:margin|padding|border|inset|scroll-margin)-(?:block|inline)(?:-.+)?"
    r"|(?:min-|max-)?(?:block|inline)-size|inset"
    r"|border-(?:start|end)-(?:start|end)-radius"
)
"""Properties that follow the direction of the text."""

NO_LAYOUT: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), reason)
    for pattern, reason in (
        (r"position: (?!static).*", "Gmail and Outlook know no position"),
        (r"display: (?:inline-)?(?:flex|grid).*", "Outlook on Windows lays out tables only"),
        (r"(?:flex|grid|align-|justify-|place-)[\w-]*: .*", "Outlook lays out tables only"),
        (r"(?:row-|column-)?gap: .*", "Gmail, Outlook and Yahoo know no gap"),
        (r"(?:animation|transition|transform|filter|clip-path|mask)[\w-]*: .*",
         "nearly all mail programs drop it"),
        (r"background(?:-image)?: .*(?:url|gradient)\(.*", "Outlook shows no such picture"),
        (r"text-align: (?:start|end)", "Gmail and Outlook know left and right only"),
        (r"content: .*", "what is not in the HTML is not in the mail"),
        (r"margin[\w-]*: (?:.* )?-[\d.].*", "Gmail and Outlook drop negative margins"),
    )
)  # fmt: skip
"""Declarations, written as ``name: value``, and why they do not hold."""

MODERN: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), reason)
    for pattern, reason in (
        (r"#(?:[0-9a-f]{3,5}|[0-9a-f]{7,8})\b", "old programs read six digits only"),
        (r"(?:rgb|hsl)a?\(|(?:hwb|lab|lch|oklab|oklch|color|color-mix|light-dark)\(",
         "Outlook reads colours of six digits only"),
        (r"(?:calc|clamp|min|max|env|attr|var)\(", "Outlook and others do not calculate"),
        (r"\d(?:rem|vh|vw|vmin|vmax|ch|dvh|svh|lvh|cq\w)\b",
         "Outlook and Yahoo do not know this unit"),
        (r"(?:^|\s)(?:unset|revert|revert-layer)(?:\s|$)", "the inliner drops it"),
        (r"@", "it is no value"),
    )
)  # fmt: skip
"""Parts of values, and why they do not hold."""


def longhands_of(name: str) -> tuple[str, ...]:
    """List what a shorthand sets; nothing for other properties.

    >>> longhands_of("padding")[:2], longhands_of("color")
    (('padding-top', 'padding-right'), ())
    """
    return _LONGHANDS.get(name, ())
