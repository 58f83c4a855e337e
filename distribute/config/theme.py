"""The table about how everything looks."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path, PurePosixPath

from distribute.config.feeds import parse_hub
from distribute.config.interpreter import Interpreter
from distribute.config.tables import ThemeTable
from distribute.errors import RenderError
from distribute.render.theme.colours import parse_colour
from distribute.render.theme.contrast import LEAST, Flaw, contrast_flaws
from distribute.render.theme.files import ThemeFile, read_presets
from distribute.render.theme.fonts import FONT_TOKENS, parse_families
from distribute.render.theme.meant import did_you_mean
from distribute.render.theme.palette import COLOUR_TOKENS, DERIVED
from distribute.render.theme.preset import DEFAULT, parse_measure
from distribute.render.theme.style import Choices, Logo, Style
from distribute.render.theme.theme import style_of

NARROWEST_LOGO, WIDEST_LOGO = 16, 400
USUAL_LOGO = 120

_SHOWN_IN_MAIL = frozenset({".png", ".jpg", ".jpeg", ".gif"})
_NOT_PUBLISHED = frozenset({"out", "templates", "node_modules"})


def read_style(table: ThemeTable, reader: Interpreter) -> Style | None:
    """Make the style of a newsletter; notes every mistake, also what nobody could read.

    Gives `None` if there is no such preset or it cannot be read.
    """
    choices = Choices(
        light=_chosen("theme.light", table.light, COLOUR_TOKENS, _colour, reader),
        dark=_chosen("theme.dark", table.dark, COLOUR_TOKENS, _colour, reader),
        fonts=_chosen("theme.fonts", table.fonts, FONT_TOKENS, _families, reader),
        width=_measure("width", table.width, reader),
        radius=_measure("radius", table.radius, reader),
        logo=_logo(table, reader),
    )
    known_so_far = len(reader.problems.found)
    presets = read_presets(reader.folder / "templates")
    style = reader.take(
        "theme.preset",
        lambda name: _styled(presets, name, choices),
        table.preset or DEFAULT,
    )
    if style and len(reader.problems.found) == known_so_far:
        unreadable = [flaw for flaw in contrast_flaws(style) if flaw.ratio < LEAST]
        worst = {_key_of(flaw, table): flaw for flaw in reversed(unreadable)}
        for key, flaw in worst.items():
            reader.problems.add(key, _unreadable(flaw))
    return style


def _styled(presets: Mapping[str, ThemeFile], name: str, choices: Choices) -> Style:
    """Make the style; what is wrong in the preset's own file is told with its lines."""
    try:
        return style_of(presets, name, choices)
    except RenderError as error:
        if error.path is None:
            raise
        raise ValueError(str(error)) from error


def parse_logo(written: str, reader: Interpreter) -> str:
    """Read the address of a picture, or the name of one below the newsletter's folder.

    Raises `ValueError` for one that mails cannot show, or that is not published.
    """
    if "://" in written:
        if not written.startswith("https://"):
            raise ValueError(
                f"{written!r}: mail programs show pictures from https alone"
            )
        return parse_hub(written)
    path = PurePosixPath(written.strip().lstrip("/"))
    if path.suffix.lower() not in _SHOWN_IN_MAIL:
        raise ValueError(f"{written!r}: mail programs show PNG, JPEG and GIF alone")
    hidden = any(part.startswith(".") for part in path.parts)
    if hidden or not _NOT_PUBLISHED.isdisjoint(path.parts[:-1]):
        raise ValueError(
            f"{written!r} is in a folder that is not published; put it into images/"
        )
    if not _is_file(reader.folder / path):
        raise ValueError(f"there is no file {written!r} in the newsletter's folder")
    if any((reader.folder / each).is_symlink() for each in (path, *path.parents[:-1])):
        raise ValueError(
            f"{written!r} is reached by a link, and links are not published"
        )
    return str(path)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # such as for a name that no disk can hold
        return False


def parse_logo_width(number: int) -> int:
    """Read how many pixels wide a logo is."""
    if not NARROWEST_LOGO <= number <= WIDEST_LOGO:
        raise ValueError(
            f"{number} pixels: write a number from {NARROWEST_LOGO} to {WIDEST_LOGO}"
        )
    return number


def _chosen(
    prefix: str,
    table: Mapping[str, str | list[str]],
    known: tuple[str, ...],
    parse: Callable[[str, str], str],
    reader: Interpreter,
) -> Mapping[str, str]:
    """Read a table of tokens."""
    found = {}
    for token, written in table.items():
        if token not in known:
            guess = did_you_mean(token, known)
            reader.problems.add(f"{prefix}.{token}", f"unknown key{guess}")
            continue
        text = written if isinstance(written, str) else ", ".join(written)
        value = reader.take(f"{prefix}.{token}", partial(parse, token), text)
        if value is not None:
            found[token] = value
    return found


def _colour(token: str, written: str) -> str:
    del token  # a colour is one wherever it stands
    return parse_colour(written)


def _families(token: str, written: str) -> str:
    return parse_families(written, token)


def _measure(key: str, written: int | None, reader: Interpreter) -> int | None:
    return reader.take(f"theme.{key}", partial(parse_measure, key), written)


def _logo(table: ThemeTable, reader: Interpreter) -> Logo | None:
    if not table.logo:
        for key in ("logo_alt", "logo_dark", "logo_width"):
            if getattr(table, key):
                reader.problems.add(f"theme.{key}", "there is no logo; add theme.logo")
        return None
    width = reader.take("theme.logo_width", parse_logo_width, table.logo_width)
    name = reader.take("theme.logo", partial(parse_logo, reader=reader), table.logo)
    dark = reader.take(
        "theme.logo_dark", partial(parse_logo, reader=reader), table.logo_dark or None
    )
    return Logo(
        name=name or "",
        dark=dark or "",
        alt=" ".join(table.logo_alt.split()),
        width=width or USUAL_LOGO,
    )


def _key_of(flaw: Flaw, table: ThemeTable) -> str:
    """Name the key whose value should change: one that was chosen, if there is one."""
    chosen = table.light if flaw.mode == "light" else table.dark
    pair = (flaw.text, flaw.ground)
    sources = (*pair, *(DERIVED.get(each, "") for each in pair))
    token = next((each for each in sources if each in chosen), "")
    if token:
        return f"theme.{flaw.mode}.{token}"
    return f"theme.{flaw.mode}" if chosen else "theme.preset"


def _unreadable(flaw: Flaw) -> str:
    return (
        f"{flaw.text} on {flaw.ground} has a contrast of {flaw.ratio:.2f}:1, which few "
        "can read; text needs 4.5:1"
    )
