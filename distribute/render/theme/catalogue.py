"""What the house itself says to readers, in one language.

A catalogue is a TOML file of short texts under dotted keys. A text may hold placeholders,
``{title}``; where something is counted it is a table with one text per plural category of
CLDR (``zero one two few many other``), chosen by the value of ``{count}``.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import PurePath

from distribute.errors import RenderError
from distribute.language import Language, plural_category
from distribute.render.theme.meant import did_you_mean
from distribute.render.theme.toml import (
    line_of,
    lines_of_keys,
    raise_together,
    read_toml,
)

REFERENCE = Language("en")
"""The catalogue that the others are measured against."""

_CATEGORIES = frozenset({"zero", "one", "two", "few", "many", "other"})
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_EVERYDAY_COUNTS = range(201)


@dataclass(frozen=True, slots=True)
class Text:
    """One text, in as many forms as its language counts in."""

    forms: Mapping[str, str]
    """Plural category to wording; a text without a count has ``other`` alone."""
    counted: bool
    line: int
    """Where it stands in its file, from 1; 0 where unknown."""

    @property
    def placeholders(self) -> frozenset[str]:
        """The names that its fullest form asks for."""
        return _placeholders(self.forms["other"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All texts of one language."""

    language: Language
    path: PurePath
    texts: Mapping[str, Text]
    """Dotted key to text: ``email.unsubscribe``."""

    def say(
        self,
        key: str,
        values: Mapping[str, object],
        *,
        escape: Callable[[object], str] = str,
    ) -> str:
        """Word a text with its placeholders filled; values pass through `escape`.

        Raises `RenderError` for a key or a value that is not there.
        """
        text = self.texts.get(key)
        if text is None:
            guess = did_you_mean(key, self.texts)
            raise RenderError(f"there is no text {key!r}{guess}", path=self.path)
        missing = text.placeholders - values.keys()
        if missing:
            raise RenderError(
                f"{key}: no value for {_listed(missing)}",
                path=self.path,
                line=text.line,
            )
        wording = escape(self._form(text, values))
        return _PLACEHOLDER.sub(lambda match: escape(values[match[1]]), wording)

    def _form(self, text: Text, values: Mapping[str, object]) -> str:
        count = values.get("count")
        if not text.counted or not isinstance(count, int):
            return text.forms["other"]
        category = plural_category(count, self.language)
        return text.forms.get(category, text.forms["other"])


def parse_catalogue(toml: str, *, language: Language, path: PurePath) -> Catalogue:
    """Read one catalogue; raises `RenderError` naming file, line and key."""
    tables = read_toml(toml, path=path, hint="Mend this catalogue.")
    lines = lines_of_keys(toml)
    texts: dict[str, Text] = {}
    problems: list[RenderError] = []
    for key, value in _flatten(tables):
        line = line_of(key, lines)
        reason = _objection(value)
        if reason:
            problems.append(RenderError(f"{key}: {reason}", path=path, line=line))
        else:
            counted = isinstance(value, dict)
            forms = value if isinstance(value, dict) else {"other": str(value)}
            texts[key] = Text(forms, counted, line)
    raise_together(problems)
    return Catalogue(language=language, path=path, texts=texts)


def check_catalogues(catalogues: Mapping[Language, Catalogue]) -> None:
    """Measure every catalogue against the English one.

    Raises one `RenderError` with all that is missing, unknown or asks for other
    placeholders, each with file and key.
    """
    reference = catalogues.get(REFERENCE)
    if reference is None:
        raise RenderError(
            "there is no English catalogue", hint="Add catalogues/en.toml to the theme."
        )
    raise_together(
        [
            problem
            for catalogue in catalogues.values()
            for problem in _differences(catalogue, reference)
        ]
    )


def _differences(catalogue: Catalogue, reference: Catalogue) -> Iterator[RenderError]:
    for key in reference.texts.keys() - catalogue.texts.keys():
        yield RenderError(
            f"{key}: missing", path=catalogue.path, hint=_model(reference, key)
        )
    for key in catalogue.texts.keys() - reference.texts.keys():
        line = catalogue.texts[key].line
        yield RenderError(
            f"{key}: {reference.path} knows no such key", path=catalogue.path, line=line
        )
    for key in catalogue.texts.keys() & reference.texts.keys():
        reason = _mismatch(
            catalogue.texts[key], reference.texts[key], catalogue.language
        )
        if reason:
            line = catalogue.texts[key].line
            yield RenderError(
                f"{key}: {reason}",
                path=catalogue.path,
                line=line,
                hint=_model(reference, key),
            )


def _mismatch(text: Text, model: Text, language: Language) -> str:
    """Say what keeps a text from standing for its English model, or nothing."""
    if text.counted != model.counted:
        return "must be a table of plural forms" if model.counted else "counts nothing"
    if text.placeholders != model.placeholders:
        return f"has {_listed(text.placeholders)}, needs {_listed(model.placeholders)}"
    if text.counted and (missing := _categories(language) - text.forms.keys()):
        return f"{language} also needs the plural forms {', '.join(sorted(missing))}"
    return ""


@cache
def _categories(language: Language) -> frozenset[str]:
    """Name the plural categories that everyday counts fall into."""
    return frozenset(plural_category(count, language) for count in _EVERYDAY_COUNTS)


def _flatten(
    table: Mapping[str, object], prefix: str = ""
) -> Iterator[tuple[str, object]]:
    for name, value in table.items():
        key = f"{prefix}{name}"
        if isinstance(value, dict) and not (value.keys() <= _CATEGORIES):
            yield from _flatten(value, f"{key}.")
        else:
            yield key, value


def _objection(value: object) -> str:
    """Say why a value is no text, or nothing."""
    forms = value if isinstance(value, dict) else {"other": value}
    if "other" not in forms:
        return "the plural form `other` is missing"
    for wording in forms.values():
        if not isinstance(wording, str) or not wording.strip():
            return "must be a text, and not an empty one"
        if set("{}") & set(_PLACEHOLDER.sub("", wording)):
            return "a brace that belongs to no placeholder such as {title}"
        if unknown := _placeholders(wording) - _placeholders(str(forms["other"])):
            return f"only the form `other` may introduce {_listed(unknown)}"
    return ""


def _placeholders(wording: str) -> frozenset[str]:
    return frozenset(_PLACEHOLDER.findall(wording))


def _listed(names: frozenset[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names)) or "no placeholder"


def _model(reference: Catalogue, key: str) -> str:
    return f"In English it reads {reference.texts[key].forms['other']!r}."
