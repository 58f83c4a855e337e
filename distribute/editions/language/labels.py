"""What authors write to name a language, and which configured language that is."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from distribute.editions.language.stopwords import (
    CLOSE_KIN,
    SCRIPT_LANGUAGES,
    STOP_WORDS,
)
from distribute.errors import LanguageError
from distribute.language import Language

ALIASES: Mapping[str, str] = {
    "ch": "zh",  # as a country that is Switzerland, as a language Chamorro; here neither
    "cn": "zh-CN",
    "tw": "zh-TW",
    "hk": "zh-HK",
    "cht": "zh-Hant",
    "chs": "zh-Hans",
    "jp": "ja",
    "kr": "ko",
    "br": "pt-BR",
    "cz": "cs",
    "dk": "da",
    "gr": "el",
    "ua": "uk",
    "il": "he",
    "ir": "fa",
    "us": "en-US",
    "gb": "en-GB",
    "uk": "en-GB",
    "mx": "es-MX",
    "at": "de-AT",
    "eng": "en",
    "fra": "fr",
    "fre": "fr",
    "deu": "de",
    "ger": "de",
    "spa": "es",
    "esp": "es",
    "por": "pt",
    "ita": "it",
    "tur": "tr",
    "ara": "ar",
    "rus": "ru",
    "zho": "zh",
    "chi": "zh",
    "jpn": "ja",
    "kor": "ko",
    "nld": "nl",
    "dut": "nl",
    "pol": "pl",
    "ptbr": "pt-BR",
    "english": "en",
    "french": "fr",
    "français": "fr",
    "francais": "fr",
    "german": "de",
    "deutsch": "de",
    "spanish": "es",
    "español": "es",
    "espanol": "es",
    "castellano": "es",
    "portuguese": "pt",
    "português": "pt",
    "portugues": "pt",
    "italian": "it",
    "italiano": "it",
    "turkish": "tr",
    "türkçe": "tr",
    "turkce": "tr",
    "arabic": "ar",
    "العربية": "ar",
    "عربي": "ar",
    "russian": "ru",
    "русский": "ru",
    "ukrainian": "uk",
    "українська": "uk",
    "chinese": "zh",
    "中文": "zh",
    "简体中文": "zh-Hans",
    "簡體中文": "zh-Hans",
    "繁體中文": "zh-Hant",
    "繁体中文": "zh-Hant",
    "japanese": "ja",
    "日本語": "ja",
    "korean": "ko",
    "한국어": "ko",
    "dutch": "nl",
    "nederlands": "nl",
    "polish": "pl",
    "polski": "pl",
    "hindi": "hi",
    "हिन्दी": "hi",
    "persian": "fa",
    "فارسی": "fa",
    "vietnamese": "vi",
    "tiếng việt": "vi",
}
"""Country codes, ISO 639-2 codes and names, in lower case, to BCP 47 tags."""

AMBIGUOUS = frozenset(
    {"ai", "am", "as", "ca", "cv", "et", "he", "hi", "id", "io", "is", "it", "la", "ml"}
    | {"my", "no", "or", "os", "pa", "si", "so", "sq", "ta", "te", "to", "us", "at"}
)
"""Tags that are words or abbreviations more often than languages."""

_NORWEGIAN = ({"no", "nb"}, {"no", "nn"})
_WELL_KNOWN = {"no", *STOP_WORDS}.union(*SCRIPT_LANGUAGES.values())


def languages_for(label: str, configured: Sequence[Language]) -> tuple[Language, ...]:
    """Give the configured languages that a label can mean, in their order.

    ``zh`` may be ``zh-Hans``, ``en-US`` is ``en``; but ``pt-PT`` is not ``pt-BR``, and
    ``zh-TW`` not ``zh-Hans``. A code is a language before it is a country, unless that
    language is not configured: ``[CH]`` is Chinese.
    """
    for wish in _readings(label):
        exact = tuple(language for language in configured if language == wish)
        if found := exact or tuple(c for c in configured if _is_same(wish, c)):
            return found
    return ()


def known_language(label: str) -> Language | None:
    """Give the language that a label means, configured or not; `None` if it means none."""
    key = _key(label)
    known = [wish for wish in _readings(label) if wish.primary in _WELL_KNOWN]
    if key in AMBIGUOUS or not known:
        return None
    return known[-1] if key in ALIASES else known[0]


def stated_language(label: str) -> Language | None:
    """Give the language that a label means where nothing but a language can stand."""
    tags = [wish for wish in _readings(label) if len(wish.primary) <= 3]
    return known_language(label) or (tags[0] if tags else None)


def kin(primary: str) -> str:
    """Give the language that stands for this one where small words cannot tell them."""
    return CLOSE_KIN.get(primary, primary)


@lru_cache(maxsize=256)
def _readings(label: str) -> tuple[Language, ...]:
    """Read a label as a tag, then as an alias."""
    key = _key(label)
    found = []
    for text in (key, ALIASES.get(key, "")):
        try:
            found.append(Language.parse(text))
        except LanguageError:
            continue
    return tuple(found)


def _key(label: str) -> str:
    return " ".join(label.split()).casefold()


def _is_same(wish: Language, offer: Language) -> bool:
    """Whether one of two tags only says more than the other, in the same script."""
    pair = {wish.primary, offer.primary}
    if len(pair) > 1 and pair not in _NORWEGIAN:
        return False
    if "-" not in wish.tag:
        return True  # 'zh' says nothing about the script, though Hans is implied
    if _regions_differ(wish, offer):
        return False
    return not wish.script or not offer.script or wish.script == offer.script


def _regions_differ(one: Language, other: Language) -> bool:
    """Whether both name a region, and not the same; Chinese goes by script alone."""
    regions = [
        {s for s in language.tag.split("-")[1:] if re.fullmatch(r"[A-Z]{2}|\d{3}", s)}
        for language in (one, other)
    ]
    return one.primary != "zh" and all(regions) and regions[0] != regions[1]
