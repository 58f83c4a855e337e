"""Language tags: read in any spelling, matched along a reader's wishes."""

import subprocess
import sys
from datetime import date

import pytest
from babel import Locale, localedata
from babel.dates import format_date as babel_format_date
from hypothesis import given
from hypothesis import strategies as st

from distribute.errors import LanguageError
from distribute.language import (
    AUTONYMS,
    Language,
    best_match,
    format_date,
    plural_category,
)

CATALOGUES = ("ar", "de", "en", "es", "fr", "pt-BR", "tr", "zh")


def languages(tags: str) -> list[Language]:
    """Read tags divided by spaces."""
    return [Language.parse(tag) for tag in tags.split()]


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("en", "en"),
        ("PT_br", "pt-BR"),
        ("zh-HANS", "zh-Hans"),
        (" zh-hant-tw ", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("no", "no"),
        ("iw", "he"),
        ("de-1996", "de-1996"),
        ("en-x-Pirate", "en-x-pirate"),
    ],
)
def test_a_tag_is_read_in_any_spelling(written: str, tag: str) -> None:
    """Case and underscores do not matter; withdrawn codes become today's."""
    assert Language.parse(written).tag == tag


@pytest.mark.parametrize("text", ["", "e", "english", "pt--BR", "../en", "e\nn", "é"])
def test_anything_else_is_an_error(text: str) -> None:
    """What is no BCP 47 tag is refused, so that a tag is safe in paths and headers."""
    with pytest.raises(LanguageError):
        Language.parse(text)


@given(st.text(max_size=20))
def test_parsing_never_fails_but_with_a_language_error(text: str) -> None:
    """Whatever comes from outside is a language, once and for all, or a `LanguageError`."""
    try:
        language = Language.parse(text)
    except LanguageError:
        return
    assert Language.parse(language.tag) == language
    assert language.tag.isascii()
    assert not set(language.tag) & set("/.\\ \n")


@pytest.mark.parametrize(
    ("tag", "direction"),
    [
        ("ar", "rtl"),
        ("he", "rtl"),
        ("fa-IR", "rtl"),
        ("az-Arab", "rtl"),
        ("ur", "rtl"),
        ("ku", "ltr"),
        ("en", "ltr"),
        ("zh-Hans", "ltr"),
        ("ar-Latn", "ltr"),
    ],
)
def test_direction_follows_script_before_language(tag: str, direction: str) -> None:
    """Arabic runs to the left, but not when it is written in Latin letters."""
    assert Language.parse(tag).direction == direction


@pytest.mark.parametrize(
    ("wanted", "available", "found"),
    [
        ("fr", "en fr", "fr"),
        ("pt-PT", "en pt-BR", "pt-BR"),
        ("pt-BR", "en pt", "pt"),
        ("de fr", "en fr", "fr"),
        ("zh-Hant", "en zh-Hans", None),
        ("zh-TW", "en zh", None),
        ("zh-TW", "en zh-Hant", "zh-Hant"),
        ("zh", "zh-Hans zh-Hant", "zh-Hans"),
        ("sr-Latn", "sr", None),
        ("", "en", None),
        ("de", "", None),
    ],
)
def test_the_best_match_is_the_nearest_one_in_a_script_they_read(
    wanted: str, available: str, found: str | None
) -> None:
    """Wishes are met in order: exactly, by the wider language, by a sister."""
    match = best_match(languages(wanted), languages(available))
    assert (match and match[1].tag) == found


@pytest.mark.parametrize(
    ("tag", "name"),
    [("fr", "Français"), ("zh", "中文"), ("ar", "العربية"), ("tr", "Türkçe")],
)
def test_a_language_is_called_by_its_own_name(tag: str, name: str) -> None:
    """Menus show each language in its own words."""
    assert Language.parse(tag).autonym == name


@pytest.mark.parametrize("tag", AUTONYMS)
def test_a_name_at_hand_is_what_cldr_gives(tag: str) -> None:
    """What is written down here so that Babel need not be asked, Babel says as well."""
    name = Locale.parse(tag.replace("-", "_")).get_display_name() or ""
    assert AUTONYMS[tag] == name[:1].upper() + name[1:]


@pytest.mark.parametrize(("tag", "name"), [("akk", "Akkadian"), ("qaa", "qaa")])
def test_an_unheard_of_language_is_called_by_its_english_name_or_tag(
    tag: str, name: str
) -> None:
    """No data for a language is no reason to fail, nor to call it English."""
    assert Language.parse(tag).autonym == name


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("en", "November 20, 2026"),
        ("pt-BR", "20 de novembro de 2026"),
        ("zh", "2026年11月20日"),
        ("de-x-lokal", "20. November 2026"),
    ],
)
def test_dates_are_written_the_way_the_language_does(tag: str, text: str) -> None:
    """CLDR's long form."""
    assert format_date(date(2026, 11, 20), Language.parse(tag)) == text


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("fr", "1er février 2027"),
        ("fr-CA", "1er février 2027"),
        ("pt-BR", "1º de fevereiro de 2027"),
        ("pt-PT", "1 de fevereiro de 2027"),
        ("es", "1 de febrero de 2027"),
        ("de", "1. Februar 2027"),
    ],
)
def test_the_first_of_a_month_is_written_as_it_is_read(tag: str, text: str) -> None:
    """Which CLDR leaves to others."""
    assert format_date(date(2027, 2, 1), Language.parse(tag)) == text


@pytest.mark.parametrize("tag", CATALOGUES)
def test_a_date_at_hand_is_what_cldr_gives(tag: str) -> None:
    """In every month; a page in such a language is made without Babel."""
    locale = Locale.parse(tag.replace("-", "_"))
    for month in range(1, 13):
        day = date(2026, month, month + 1)
        written = babel_format_date(day, format="long", locale=locale)
        assert format_date(day, Language(tag)) == written


def test_arabic_has_six_plurals() -> None:
    """Plural categories are CLDR's."""
    arabic = Language.parse("ar")
    categories = {plural_category(n, arabic) for n in (0, 1, 2, 3, 11, 100)}
    assert categories == {"zero", "one", "two", "few", "many", "other"}


def test_dates_and_plurals_are_those_of_babel() -> None:
    """What is kept of Babel's data says the same as the whole of it, in any language."""
    for identifier in {"th", "ksh", *localedata.locale_identifiers()[::8]}:
        locale = Locale.parse(identifier)
        language = Language.parse(identifier)
        for day in (date(2026, 2, 3), date(987, 11, 28)):
            written = babel_format_date(day, format="long", locale=locale)
            assert format_date(day, language) == written
        for count in (0, 1, 2, 3, 5, 11, 21, 100):
            assert plural_category(count, language) == locale.plural_form(count)


def test_babel_keeps_nothing() -> None:
    """A megabyte for each language is not kept for a name and a date."""
    program = (
        "from datetime import date\n"
        "from babel import localedata\n"
        "from distribute.language import Language, format_date\n"
        "for tag in ('de', 'pt-BR', 'akk', 'qaa'):\n"
        "    language = Language(tag)\n"
        "    language.autonym, format_date(date(2026, 1, 2), language)\n"
        "print(len(localedata._cache))\n"
    )
    printed = subprocess.check_output([sys.executable, "-c", program], timeout=60)  # noqa: S603 - ours
    assert printed == b"0\n"
