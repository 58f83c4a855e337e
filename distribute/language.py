"""Language tags of BCP 47, and what follows from one: direction, name, the next best.

The one door to Babel, which knows how languages call themselves and write a date.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple, Self

from distribute.errors import LanguageError

if TYPE_CHECKING:
    from babel import Locale

_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})"  # five to eight letters are allowed, and never registered
    r"(?:-(?P<script>[a-z]{4}))?"
    r"(?:-(?P<region>[a-z]{2}|[0-9]{3}))?"
    r"(?P<rest>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)"
    r"(?P<private>(?:-x(?:-[a-z0-9]{1,8})+)?)",
    re.IGNORECASE,
)
_RENAMED = {"iw": "he", "in": "id", "ji": "yi", "mo": "ro"}
_RTL_LANGUAGES = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "glk", "he", "ks", "lrc", "mzn", "nqo"}
    | {"ps", "sd", "syr", "ug", "ur", "yi"}
)
_RTL_SCRIPTS = frozenset(
    {"Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Syrc", "Thaa"}
)
_SCRIPT_OF_REGION = {
    ("zh", "TW"): "Hant",
    ("zh", "HK"): "Hant",
    ("zh", "MO"): "Hant",
    ("sr", "ME"): "Latn",
}
_SCRIPT_OF_LANGUAGE = {"zh": "Hans", "sr": "Cyrl"}

AUTONYMS: Mapping[str, str] = {
    "ar": "العربية", "bn": "বাংলা", "cs": "Čeština", "da": "Dansk", "de": "Deutsch",
    "el": "Ελληνικά", "en": "English", "es": "Español", "fa": "فارسی", "fi": "Suomi",
    "fr": "Français", "he": "עברית", "hi": "हिन्दी", "hu": "Magyar", "id": "Indonesia",
    "it": "Italiano", "ja": "日本語", "ko": "한국어", "nb": "Norsk bokmål",
    "nl": "Nederlands", "pl": "Polski", "pt": "Português",
    "pt-BR": "Português (Brasil)", "pt-PT": "Português (Portugal)", "ro": "Română",
    "ru": "Русский", "sv": "Svenska", "th": "ไทย", "tr": "Türkçe", "uk": "Українська",
    "ur": "اردو", "vi": "Tiếng Việt", "zh": "中文", "zh-Hans": "中文 (简体)",
    "zh-Hant": "中文 (繁體)",
}  # fmt: skip
"""Names that CLDR gives, at hand so that Babel need not be loaded for them."""

_MONTHS: Mapping[str, tuple[str, str]] = {
    "ar": ("{0.day} {1} {0.year}", "يناير فبراير مارس أبريل مايو يونيو "
           "يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر"),
    "de": ("{0.day}. {1} {0.year}", "Januar Februar März April Mai Juni "
           "Juli August September Oktober November Dezember"),
    "en": ("{1} {0.day}, {0.year}", "January February March April May June "
           "July August September October November December"),
    "es": ("{0.day} de {1} de {0.year}", "enero febrero marzo abril mayo junio "
           "julio agosto septiembre octubre noviembre diciembre"),
    "fr": ("{0.day} {1} {0.year}", "janvier février mars avril mai juin "
           "juillet août septembre octobre novembre décembre"),
    "pt-BR": ("{0.day} de {1} de {0.year}", "janeiro fevereiro março abril maio junho "
              "julho agosto setembro outubro novembro dezembro"),
    "tr": ("{0.day} {1} {0.year}", "Ocak Şubat Mart Nisan Mayıs Haziran "
           "Temmuz Ağustos Eylül Ekim Kasım Aralık"),
    "zh": ("{0.year}年{0.month}月{0.day}日", ""),
}  # fmt: skip
"""How CLDR writes a date in the languages of our catalogues, at hand as the names are."""

_FIRST = {"fr": "1er", "pt-BR": "1º"}
"""How the first day of a month is written, where it is no plain number as with CLDR."""

_DAY = {"d": "{0.day}", "dd": "{0.day:02}", "y": "{0.year}"}
"""CLDR's fields of a date that its month does not decide."""

Direction = Literal["ltr", "rtl"]


@dataclass(frozen=True, slots=True, order=True)
class Language:
    """One language, known by its canonical BCP 47 tag.

    The constructor trusts; use `Language.parse` for anything from outside.
    """

    tag: str
    """Canonical form: ``pt-BR``, ``zh-Hans``, ``es-419``."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a tag in any case, with hyphens or underscores (RFC 5646 section 2.1).

        >>> Language.parse("pt_br"), Language.parse("ZH-hans")
        (Language(tag='pt-BR'), Language(tag='zh-Hans'))

        Raises `LanguageError` for anything else.
        """
        match = _TAG.fullmatch(text.strip().replace("_", "-"))
        if match is None:
            raise LanguageError(
                f"{text!r} is not a language tag",
                hint="Write a BCP 47 tag such as en, pt-BR or zh-Hans.",
            )
        language = match["language"].lower()
        subtags = [_RENAMED.get(language, language)]
        if match["script"]:
            subtags.append(match["script"].title())
        if match["region"]:
            subtags.append(match["region"].upper())
        rest = (match["rest"] + match["private"]).lower()
        return cls("-".join(subtags) + rest)

    @property
    def primary(self) -> str:
        """The language subtag alone: ``pt`` of ``pt-BR``."""
        return self.tag.partition("-")[0]

    @property
    def script(self) -> str:
        """The script subtag, or the one its region implies where scripts compete."""
        subtags = self.tag.split("-")
        if len(subtags) > 1 and len(subtags[1]) == 4 and subtags[1].isalpha():
            return subtags[1]
        region = next((s for s in subtags[1:] if len(s) == 2), "")
        implied = _SCRIPT_OF_LANGUAGE.get(self.primary, "")
        return _SCRIPT_OF_REGION.get((self.primary, region), implied)

    @property
    def direction(self) -> Direction:
        """Which way its text runs, the value of HTML's ``dir``."""
        return _direction(self)

    @property
    def folder(self) -> str:
        """Its folder under ``out/``: the tag in lower case."""
        return self.tag.lower()

    @property
    def autonym(self) -> str:
        """Its name in itself, as a menu shows it: ``Français``, ``中文``.

        Else its English name, or its tag, where CLDR does not know better.
        """
        return _autonym(self.tag)

    def __str__(self) -> str:
        return self.tag


def best_match(
    wanted: Sequence[Language], available: Collection[Language]
) -> tuple[Language, Language] | None:
    """Choose one available language along the reader's order of preference.

    Per wish: the tag itself, then the tag with subtags cut off from the right (RFC 4647
    section 3.4, "lookup"), then a sister of the same primary language and script, so
    that ``pt-PT`` is served by ``pt-BR`` but ``zh-Hant`` never by ``zh-Hans``.
    Returns the wish that was met and the language that meets it, or `None`.
    """
    offered = sorted(available)
    for wish in wanted:
        for candidate in (_lookup(wish, offered), _sister(wish, offered)):
            if candidate is not None:
                return wish, candidate
    return None


def format_date(day: date, language: Language) -> str:
    """Write a date in words, the way the language does: ``20 novembre 2026``.

    Where nobody has told CLDR how, it is written in English.
    """
    if language.tag in _MONTHS:
        pattern, months = _MONTHS[language.tag]
        written = pattern.format(day, *months.split()[day.month - 1 : day.month])
    else:
        written = _habits(_locale_tag(language.tag)).dates[day.month - 1].format(day)
    first = _FIRST.get(language.tag) or _FIRST.get(language.primary)
    return f"{first}{written[1:]}" if first and day.day == 1 else written


def plural_category(count: int, language: Language) -> str:
    """Name the CLDR plural category of a count: ``zero one two few many other``."""
    return _habits(_locale_tag(language.tag)).plural(count)


def _lookup(wish: Language, offered: Sequence[Language]) -> Language | None:
    tag = wish.tag
    while tag:
        if (found := Language(tag)) in offered and _same_script(wish, found):
            return found
        tag = tag.rpartition("-")[0]
    return None


def _sister(wish: Language, offered: Sequence[Language]) -> Language | None:
    for candidate in offered:
        if candidate.primary == wish.primary and _same_script(wish, candidate):
            return candidate
    return None


def _same_script(one: Language, other: Language) -> bool:
    return not one.script or not other.script or one.script == other.script


@cache
def _direction(language: Language) -> Direction:
    if language.script in _RTL_SCRIPTS or (
        not language.script and language.primary in _RTL_LANGUAGES
    ):
        return "rtl"
    return "ltr"


@cache
def _autonym(tag: str) -> str:
    if tag in AUTONYMS:
        return AUTONYMS[tag]
    return _name_by_babel(tag)


def _name_by_babel(tag: str) -> str:
    known = _known_locale(tag)
    name = _habits(known).name if known else _english_name(tag.partition("-")[0])
    return name[:1].upper() + name[1:] if name else tag


class _Habits(NamedTuple):
    """What is asked of CLDR about a language."""

    name: str
    """Its name in itself."""
    plural: Callable[[int], str]
    dates: Sequence[str]
    """A format for the days of each month: ``{0.day} novembre {0.year}``."""


@cache
def _habits(tag: str) -> _Habits:
    """Ask Babel all at once, for its own data takes a megabyte of memory a language."""
    from babel import Locale

    locale = Locale.parse(tag)
    name = locale.get_display_name() or _english_name(locale.language)
    dates = tuple(_dates_of(month, locale) for month in range(1, 13))
    habits = _Habits(name, locale.plural_form, dates)
    _forget_locales()
    return habits


def _dates_of(month: int, locale: "Locale") -> str:
    """Write out all of CLDR's long form but for the day and the year."""
    from babel.dates import DateTimeFormat

    names = DateTimeFormat(date(2000, month, 1), locale)
    pattern = locale.date_formats["long"].format
    fields = re.findall(r"%\((\w+)\)s", pattern)
    return str(pattern % {field: _DAY.get(field) or names[field] for field in fields})


@cache
def _english_name(code: str) -> str:
    from babel import Locale

    name: str = Locale.parse("en").languages.get(code, "")
    _forget_locales()
    return name


def _forget_locales() -> None:
    """Empty Babel's cache, which only ever grows."""
    from babel import localedata

    localedata._cache.clear()


def _locale_tag(tag: str) -> str:
    return _known_locale(tag) or "en"


@cache
def _known_locale(tag: str) -> str:
    """Find the longest prefix of the tag that Babel has data for; empty if none has."""
    from babel import Locale, UnknownLocaleError

    subtags = tag.split("-x-")[0].split("-")
    while subtags:
        try:
            Locale.parse("_".join(subtags))
        except (UnknownLocaleError, ValueError):
            subtags.pop()
        else:
            return "_".join(subtags)
    return ""
