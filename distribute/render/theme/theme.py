"""How everything looks and what it says: templates, style sheets and catalogues.

The one door to Jinja2. It runs over the house's own templates, never over a post: content
comes in as finished HTML, and every other value is escaped.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePath
from types import TracebackType
from typing import TYPE_CHECKING

from distribute.errors import LanguageError, RenderError
from distribute.language import Language, best_match, format_date
from distribute.render.theme.catalogue import (
    Catalogue,
    check_catalogues,
    parse_catalogue,
)

if TYPE_CHECKING:
    from jinja2 import Environment

CATALOGUES = "catalogues/"
NOT_A_THEME = "newsletter"
"""The sample newsletter lies beside the templates but is none."""
_SUFFIXES = frozenset({".css", ".html", ".toml", ".txt"})
_MEND = "Mend this template; without a copy of yours, the one we ship is used."


@dataclass(frozen=True, slots=True)
class ThemeFile:
    """One file of a theme; `path` is where it lies, as errors shall print it."""

    path: PurePath
    text: str


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Theme:
    """Templates and catalogues, read and checked; `theme_of` makes one."""

    files: Mapping[str, ThemeFile]
    """Templates and style sheets by name: ``email/email.html``."""
    catalogues: Mapping[Language, Catalogue]

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
        """Give a file as it stands; raises `RenderError` if the theme has none such."""
        if name not in self.files:
            raise RenderError(f"the theme has no file {name!r}")
        return self.files[name].text

    def render(
        self, name: str, language: Language, values: Mapping[str, object]
    ) -> str:
        """Fill a template. Names that end in ``.html`` escape what they are given.

        Beside `values` a template can use ``t("key", title=…)`` for a text of the
        catalogue, ``date(day)``, ``language`` and ``source("page/style.css")``.
        Raises `RenderError` with the template's file and line.
        """
        from jinja2 import TemplateError

        self.source(name)
        try:
            template = _environment(self).get_template(name)
            return template.render(
                values,
                t=_translator(self, language, html=name.endswith(".html")),
                date=lambda day: format_date(day, language),
                language=language,
            )
        except (
            TemplateError, RenderError, ArithmeticError, AttributeError, LookupError,
            TypeError, ValueError,
        ) as error:  # fmt: skip
            raise self._located(error, name) from error

    def compile(self) -> None:
        """Compile every template; raises `RenderError` for one that cannot be."""
        from jinja2 import TemplateError

        for name in self.files:
            try:
                if name.endswith((".html", ".txt")):
                    _environment(self).get_template(name)
            except TemplateError as error:
                raise self._located(error, name) from error

    def _located(self, error: Exception, name: str) -> RenderError:
        """Name the file and line of the template in which an error arose."""
        from jinja2 import TemplateSyntaxError

        if isinstance(error, TemplateSyntaxError):
            path = self.files[error.name or name].path
            return RenderError(
                str(error.message), path=path, line=error.lineno, hint=_MEND
            )
        path, line = self._innermost(error.__traceback__, self.files[name].path)
        if isinstance(error, RenderError):
            of_catalogue = "" if error.path is None else f"{error.path}: "
            reason = f"{of_catalogue}{error.reason}"
            return RenderError(reason, path=path, line=line, hint=error.hint)
        return RenderError(str(error), path=path, line=line, hint=_MEND)

    def _innermost(
        self, traceback: TracebackType | None, path: PurePath
    ) -> tuple[PurePath, int]:
        """Find the last step of a traceback that stands in one of our templates."""
        paths = {str(file.path): file.path for file in self.files.values()}
        line = 0
        while traceback is not None:
            place = paths.get(traceback.tb_frame.f_code.co_filename)
            if place is not None:
                path, line = place, traceback.tb_lineno
            traceback = traceback.tb_next
        return path, line


def theme_of(files: Mapping[str, ThemeFile]) -> Theme:
    """Make a theme of named files; ``catalogues/<tag>.toml`` are its catalogues.

    Raises `RenderError` for catalogues that are broken or do not agree with English;
    whether those do that we ship was seen to before we shipped them.
    """
    catalogues = [
        parse_catalogue(file.text, language=_language_of(file.path), path=file.path)
        for name, file in files.items()
        if name.startswith(CATALOGUES)
    ]
    by_language = {catalogue.language: catalogue for catalogue in catalogues}
    if not all(map(_is_shipped, by_language.values())):
        check_catalogues(by_language)
    return Theme(
        files={n: f for n, f in files.items() if not n.startswith(CATALOGUES)},
        catalogues=by_language,
    )


def _is_shipped(catalogue: Catalogue) -> bool:
    return catalogue.path.is_relative_to(templates_folder())


def read_theme(*folders: Path) -> Theme:
    """Read the shipped theme, then `folders`; a later file replaces one of its name.

    Raises `RenderError` for a folder or file that cannot be read.
    """
    return theme_of(read_theme_files(*folders))


def read_theme_files(*folders: Path) -> Mapping[str, ThemeFile]:
    """Read what a theme is made of, without looking into it; as `read_theme`."""
    files: dict[str, ThemeFile] = {}
    for folder in (templates_folder(), *folders):
        files |= _read_folder(folder)
    return files


def templates_folder() -> Path:
    """Find the shipped templates: in a wheel inside the package, else beside it."""
    package = Path(__file__).parents[2]
    for folder in (package / "templates", package.parent / "templates"):
        if (folder / CATALOGUES).is_dir():
            return folder
    raise RenderError(
        "the templates that belong to this program are missing",
        hint="Install the package again.",
    )


def _read_folder(folder: Path) -> Mapping[str, ThemeFile]:
    if not folder.is_dir():
        raise RenderError(
            "no such folder of templates",
            path=folder,
            hint="Make it a folder, or remove it to use the templates we ship.",
        )
    files: dict[str, ThemeFile] = {}
    for path in _below(folder):
        name = path.relative_to(folder)
        if name.parts[0] != NOT_A_THEME and name.suffix in _SUFFIXES:
            files[name.as_posix()] = ThemeFile(path, _read(path))
    return files


def _below(folder: Path) -> Iterator[Path]:
    """Yield what lies in a folder and its folders; one with a file's suffix is a file."""
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise RenderError(
            f"the folder of templates cannot be read: {error.strerror}",
            path=folder,
            hint="See that you may read it.",
        ) from error
    for entry in entries:
        if entry.is_dir() and entry.suffix not in _SUFFIXES:
            yield from _below(entry)
        else:
            yield entry


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise RenderError(
            f"cannot be read: {error.strerror}",
            path=path,
            hint="See that it is a file and that you may read it.",
        ) from error
    except UnicodeDecodeError as error:
        raise RenderError(
            f"cannot be read: not UTF-8: {error}",
            path=path,
            hint="Save the file as UTF-8.",
        ) from error


def _language_of(path: PurePath) -> Language:
    try:
        return Language.parse(path.stem)
    except LanguageError as error:
        raise RenderError(
            f"the file name: {error.reason}", path=path, hint=error.hint
        ) from error


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
def _environment(theme: Theme) -> "Environment":
    from jinja2 import Environment, FunctionLoader, StrictUndefined, select_autoescape

    def load(name: str) -> tuple[str, str, None] | None:
        file = theme.files.get(name)
        return (file.text, str(file.path), None) if file else None

    environment = Environment(
        loader=FunctionLoader(load),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.globals["source"] = theme.source
    return environment
