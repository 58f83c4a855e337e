"""Style sheets as the contract for mail sees them: rules, and what breaks it."""

import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import NamedTuple

SIDES = ("top", "right", "bottom", "left")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_STYLE = re.compile(r"style=(?:\"([^\"]*)\"|'([^']*)')")
_PART = re.compile(r"""(?:[^;"']|"[^"]*"|'[^']*')+""")
_FIRST_SHEET = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_FOR_OUTLOOK = re.compile(r"<!--\[if.*?<!\[endif\]-->", re.DOTALL)


class Rule(NamedTuple):
    """One rule of a flat sheet."""

    selector: str
    declarations: tuple[tuple[str, str], ...]


def first_sheet(html: str) -> str:
    """Take the sheet that is to be inlined out of a document."""
    found = _FIRST_SHEET.search(_FOR_OUTLOOK.sub("", html))
    assert found, "there is no sheet to inline"
    return found[1]


def rules_of(css: str) -> Iterator[Rule]:
    """Read a sheet; one rule for each of its selectors."""
    for selectors, body in _RULE.findall(_COMMENT.sub("", css)):
        for selector in selectors.split(","):
            yield Rule(" ".join(selector.split()), declarations_of(body))


def declarations_of(body: str) -> tuple[tuple[str, str], ...]:
    """Read declarations in their order, whatever their spacing and quotes."""
    pairs = (each.split(":", 1) for each in _PART.findall(body) if ":" in each)
    return tuple((name.strip().lower(), _plain(value.strip())) for name, value in pairs)


def styles_of(html: str) -> list[tuple[tuple[str, str], ...]]:
    """List the styles of all elements of a body, in their order."""
    body = html.partition("<body")[2].replace("&quot;", "'")
    return [
        declarations_of(double or single) for double, single in _STYLE.findall(body)
    ]


def disagreements(mine: str, other: str) -> list[tuple[object, object]]:
    """Compare two inlined documents: which elements end up with other styles."""
    pairs = zip_longest(styles_of(mine), styles_of(other), fillvalue=())
    return [(one, two) for one, two in pairs if longhands(one) != longhands(two)]


def longhands(style: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Say what a style comes to: every shorthand that our sheets use, taken apart."""
    found: dict[str, str] = {}
    for name, value in style:
        for longhand, part in _parts(name, value):
            if "!" in value or "!" not in found.get(longhand, ""):
                found[longhand] = part
    return found


def _parts(name: str, value: str) -> Iterator[tuple[str, str]]:
    family, _, rest = name.partition("-")
    if name in {"margin", "padding"}:
        yield from _four(f"{name}-{{}}", value)
    elif family == "border" and rest in {"width", "style", "color"}:
        yield from _four(f"border-{{}}-{rest}", value)
    elif name == "border" or (rest in SIDES and family == "border"):
        for side in SIDES if name == "border" else (rest,):
            for kind, part in zip(
                ("width", "style", "color"), value.split(), strict=True
            ):
                yield f"border-{side}-{kind}", part
    else:
        yield name, value


def _four(pattern: str, value: str) -> Iterator[tuple[str, str]]:
    """Give one to four values to the four sides (CSS Box Model section 3.3)."""
    values = value.split()
    top, right = values[0], values[1 % len(values)]
    sides = (top, right, values[2] if len(values) > 2 else top, values[-1])
    left = sides[3] if len(values) == 4 else right
    for side, part in zip(SIDES, (*sides[:3], left), strict=True):
        yield pattern.format(side), part


def _plain(value: str) -> str:
    value = re.sub(r"\b0px\b", "0", value.replace('"', "'"))
    return re.sub(r"\s*,\s*", ",", value)
