"""Guess the language of a text from its script and its small words."""

import math
import re
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

from distribute.editions.language.stopwords import (
    SCRIPT_LANGUAGES,
    SCRIPT_RANGES,
    SIMPLIFIED,
    STOP_WORDS,
    TRADITIONAL,
)

_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]+")
_WORD = re.compile(r"[^\W\d_]+")
_BEYOND_LATIN = re.compile("[^\x00-\u036f]+")
"""All that any other script is written with, from Greek on."""
_CHARACTERS_PER_WORD = {"Hani": 2.0, "Kana": 2.0, "Thai": 4.0, "Laoo": 4.0, "Khmr": 4.0}
"""Where no spaces tell; all other scripts have about five."""

_MIN_SHARE = 0.15
"""Share of the words in another script from which a text is not taken for Latin."""
_MIN_WORDS = 3.0
"""Small words, shared ones counted in part, below which nothing is certain."""
_MIN_DENSITY = 0.08
"""Share of a text's words that small words make up at least, in any language here."""
_MIN_LEAD = 1.25
"""How far ahead of the next language the guess must be."""


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest language of a text; `is_sure` where nothing else comes near."""

    primary: str
    """Primary language subtag, such as ``pt``; never a region."""
    script: str
    """``Latn``, ``Hans``, ``Hant``, or the script that gave it away."""
    is_sure: bool


def guess_language(text: str, *, among: Collection[str] = ()) -> Guess | None:
    """Guess the language of running text, or `None` where there is nothing to go by.

    `among` are primary subtags that win against a close relative outside.
    """
    if not text:
        return None
    letters = Counter("".join(_BEYOND_LATIN.findall(text)))
    script = _script(text, letters)
    if script == "Latn":
        return _by_small_words(text, _latin_languages(), script, among)
    languages = SCRIPT_LANGUAGES[script]
    if len(languages) == 1:
        written = _han_script(letters) if script == "Hani" else script
        return Guess(languages[0], written, is_sure=True)
    guess = _by_small_words(text, languages, script, among)
    if guess is not None:
        return guess
    preferred = [language for language in languages if language in among]
    return Guess((preferred or languages)[0], script, is_sure=False)


def _script(text: str, letters: Counter[str]) -> str:
    if not letters:
        return "Latn"
    counts = Counter[str]()
    for letter, count in letters.items():
        counts[_script_of(letter)] += count
    weights = {
        script: counts[script] / _CHARACTERS_PER_WORD.get(script, 5.0)
        for script in SCRIPT_RANGES
        if script in counts
    }
    if not weights:
        return "Latn"
    han = weights.get("Hani", 0.0)
    if weights.get("Kana", 0.0) > han / 8:  # Japanese is written with both
        weights["Kana"] += han
    best = max(weights, key=weights.__getitem__)
    words = len(_LATIN_WORD.findall(text)) + weights[best]
    return best if weights[best] >= _MIN_SHARE * words else "Latn"


def _by_small_words(
    text: str, languages: tuple[str, ...], script: str, among: Collection[str]
) -> Guess | None:
    words = Counter(map(str.lower, _WORD.findall(text)))
    scores = _scores(words, languages)
    best = max(scores, key=scores.__getitem__)
    if not scores[best]:
        return None
    near = [k for k in scores if k in among and scores[k] * _MIN_LEAD >= scores[best]]
    winner = max(near, key=scores.__getitem__, default=best)
    others = [scores[k] for k in scores if k not in (winner, best)]
    enough = max(_MIN_WORDS, _MIN_DENSITY * words.total())
    ahead = _MIN_LEAD * max(others, default=0.0)
    return Guess(winner, script, is_sure=scores[winner] >= max(enough, ahead))


def _scores(words: Counter[str], languages: tuple[str, ...]) -> Mapping[str, float]:
    """Weigh the small words of each language; one that many share counts less."""
    found = defaultdict[str, list[float]](list)
    speakers = _speakers(languages)
    for word in words.keys() & speakers.keys():
        sharers, theirs = speakers[word]
        weight = words[word] / math.sqrt(sharers)
        for language in theirs:
            found[language].append(weight)
    scores = dict.fromkeys(languages, 0.0)
    scores.update((language, math.fsum(found[language])) for language in found)
    return scores


def _han_script(letters: Counter[str]) -> str:
    simplified = sum(letters[each] for each in letters.keys() & SIMPLIFIED)
    traditional = sum(letters[each] for each in letters.keys() & TRADITIONAL)
    return "Hant" if traditional > simplified else "Hans"


@cache
def _speakers(languages: tuple[str, ...]) -> Mapping[str, tuple[int, list[str]]]:
    """Tell of each small word how many languages share it, and which of these do."""
    sharers = Counter(word for words in STOP_WORDS.values() for word in words)
    speakers: dict[str, tuple[int, list[str]]] = {}
    for language in languages:
        for word in STOP_WORDS.get(language, ()):
            speakers.setdefault(word, (sharers[word], []))[1].append(language)
    return speakers


@cache
def _latin_languages() -> tuple[str, ...]:
    others = frozenset[str]().union(*SCRIPT_LANGUAGES.values())
    return tuple(language for language in STOP_WORDS if language not in others)


@cache
def _script_of(letter: str) -> str:
    """Name the script of a letter; empty if it is none of those that are told apart."""
    starts, scripts = _script_starts()
    return scripts[bisect(starts, letter)]


@cache
def _script_starts() -> tuple[list[str], list[str]]:
    """Give where runs of letters begin, and the script from the one before each on."""
    runs = sorted(
        (*run, script)
        for script, letters in SCRIPT_RANGES.items()
        for run in re.findall("(.)-(.)", letters)
    )
    starts: list[str] = []
    scripts = [""]
    for first, last, script in runs:
        starts += [first, chr(ord(last) + 1)]
        scripts += [script, ""]
    return starts, scripts
