"""How everything looks and what it says: templates, style sheets and catalogues.

Templates are the house's own or the newsletter's, never a post: content comes in as
finished HTML, and every other value is escaped.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from distribute.errors import LanguageError, RenderError
from distribute.language import Language, best_match, format_date
from distribute.render.theme.catalogue import (
    REFERENCE,
    Catalogue,
    check_catalogues,
)
from distribute.render.theme.files import (
    CATALOGUES,
    PRESETS,
    ThemeFile,
    read_theme_files,
    templates_folder,
)
from distribute.render.theme.meant import did_you_mean
from distribute.render.theme.preset import DEFAULT, parse_preset, presets_among
from distribute.render.theme.properties import variables
from distribute.render.theme.shelf import CatalogueShelf
from distribute.render.theme.style import UNCHANGED, Choices, Style, styled
from distribute.render.theme.toml import raise_together

if TYPE_CHECKING:
    from distribute.render.theme.template.environment import Templates

_MAILS = "email/"
_BROWSERS = ("page/", "feed/")
_FORMS = "public/"
"""What follows the style sheet of pages, and is written with its tokens."""


@lru_cache(maxsize=1)
def usual_style() -> Style:
    """Read the style of a newsletter that has chosen none."""
    path = templates_folder() / PRESETS / f"{DEFAULT}.toml"
    toml = path.read_text("utf-8")
    return styled(parse_preset(toml, name=DEFAULT, path=path))


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Theme:
    """Templates and catalogues, read and checked; `theme_of` makes one."""

    files: Mapping[str, ThemeFile]
    """Templates and style sheets by name: ``email/email.html``."""
    catalogues: Mapping[Language, Catalogue]
    style: Style = field(default_factory=usual_style)

    def catalogue(self, language: Language) -> Catalogue:
        """Choose the catalogue that speaks to readers of this language.

        Raises `RenderError` if none does: English words in a page that says it is
        Finnish would be wrong for every reader.
        """
        match = best_match([language], self.catalogues.keys())
        if match is None:
            raise RenderError(
                f"no catalogue speaks {language}",
                hint=f"Add {CATALOGUES}{language}.toml to your templates folder, "
                f"with every key of {CATALOGUES}en.toml.",
            )
        return self.catalogues[match[1]]

    def source(self, name: str) -> str:
        """Give a file as it is of use to readers; raises `RenderError` without one.

        In a style sheet for mails the tokens are resolved; in front of one for browsers
        they are declared. All else is as it stands.
        """
        if name not in self.files:
            guess = did_you_mean(name, self.files)
            raise RenderError(f"the theme has no file {name!r}{guess}")
        return _dressed(self, name) if name.endswith(".css") else self.files[name].text

    def render(
        self, name: str, language: Language, values: Mapping[str, object]
    ) -> str:
        """Fill a template. Names that end in ``.html`` escape what they are given.

        Beside `values` a template can use ``t("key", title=…)`` for a text of the
        catalogue, ``date(day)``, ``language``, ``style`` and
        ``source("email/inlined.css")``. Raises `RenderError` with the template's file
        and line.
        """
        from distribute.render.theme.template.run import run

        self.source(name)
        given = {
            **values,
            "t": _translator(self, language, html=name.endswith(".html")),
            "date": lambda day: format_date(day, language),
            "language": language,
        }
        return run(name, given, self.files, _environment(self))

    def compile(self) -> None:
        """Look through every template and every style sheet.

        Raises one `RenderError` with all that is wrong with them, file by file.
        """
        raise_together(tuple(self.flaws()))

    def flaws(self) -> Iterator[RenderError]:
        """Yield what is wrong with the templates and style sheets."""
        from distribute.render.theme.template.review import review
        from distribute.render.theme.tokens import unknown_tokens

        yield from review(self.files, self.catalogue(REFERENCE), _environment(self))
        for name, file in self.files.items():
            try:
                self.source(name)
            except RenderError as error:
                yield error
            if name.startswith((*_BROWSERS, _FORMS)) and name.endswith(".css"):
                yield from unknown_tokens(file.text, self.style, path=file.path)


def theme_of(files: Mapping[str, ThemeFile], style: Style | None = None) -> Theme:
    """Make a theme of named files; ``catalogues/<tag>.toml`` are its catalogues.

    Without a style it has the usual one, in the words of its own file for it. Raises
    `RenderError` for catalogues that are broken or do not agree with English; whether
    those do that we ship was seen to before we shipped them.
    """
    written = [file for name, file in files.items() if name.startswith(CATALOGUES)]
    catalogues = CatalogueShelf({_language_of(file.path): file for file in written})
    if not all(map(_is_shipped, written)):
        check_catalogues(catalogues)
    if style is None and f"{PRESETS}{DEFAULT}.toml" in files:
        style = style_of(files)
    return Theme(
        files={n: f for n, f in files.items() if not n.startswith(CATALOGUES)},
        catalogues=catalogues,
        style=style or usual_style(),
    )


def style_of(
    files: Mapping[str, ThemeFile], preset: str = DEFAULT, choices: Choices = UNCHANGED
) -> Style:
    """Make a style of a preset among these files, and of what is chosen differently.

    Raises `RenderError` if there is no such preset, or with all that is wrong in it.
    """
    name = f"{PRESETS}{preset}.toml"
    if name not in files:
        known = presets_among(files)
        guess = did_you_mean(preset, known) or f"; there are {', '.join(known)}"
        reason = f"there is no preset {preset!r}{guess}"
        raise RenderError(reason, hint=f"There are {', '.join(known)}.")
    file = files[name]
    return styled(parse_preset(file.text, name=preset, path=file.path), choices)


def read_theme(*folders: Path) -> Theme:
    """Read the shipped theme, then `folders`; a later file replaces one of its name.

    Raises `RenderError` for a folder or file that cannot be read.
    """
    return theme_of(read_theme_files(*folders))


def _is_shipped(file: ThemeFile) -> bool:
    return file.path.is_relative_to(templates_folder())


def _language_of(path: PurePath) -> Language:
    try:
        return Language.parse(path.stem)
    except LanguageError as error:
        raise RenderError(
            f"the file name: {error.reason}", path=path, hint=error.hint
        ) from error


@lru_cache(maxsize=64)
def _dressed(theme: Theme, name: str) -> str:
    """Give a style sheet the theme's style."""
    from distribute.render.theme.tokens import resolve

    file = theme.files[name]
    if name.startswith(_MAILS):
        return resolve(file.text, theme.style, path=file.path)
    if name.startswith(_BROWSERS):
        return f"{variables(theme.style)}{file.text}"
    return file.text


class _Translator:
    """The ``t`` of templates: says texts of one catalogue, escaped where HTML is made."""

    def __init__(self, catalogue: Catalogue, *, html: bool) -> None:
        self._catalogue = catalogue
        self._html = html
        self._said: dict[str, str] = {}
        """What is the same for every page."""

    def __call__(self, key: str, **values: object) -> str:
        if values:
            return self._say(key, values)
        if key not in self._said:
            self._said[key] = self._say(key, values)
        return self._said[key]

    def _say(self, key: str, values: Mapping[str, object]) -> str:
        from markupsafe import Markup, escape

        if not self._html:
            return self._catalogue.say(key, values)
        return Markup(self._catalogue.say(key, values, escape=escape))  # noqa: S704 - escaped on this line


@lru_cache(maxsize=64)
def _translator(theme: Theme, language: Language, *, html: bool) -> _Translator:
    return _Translator(theme.catalogue(language), html=html)


@lru_cache(maxsize=8)
def _environment(theme: Theme) -> "Templates":
    from distribute.render.theme.template.environment import environment_of

    environment = environment_of(theme.files)
    environment.globals["source"] = theme.source
    environment.globals["style"] = theme.style
    return environment
