"""In which language a post is: what it says itself, else what its text looks like."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from distribute.editions.language.detect import Guess
from distribute.editions.language.labels import (
    kin,
    known_language,
    languages_for,
    stated_language,
)
from distribute.editions.remarks import warn
from distribute.finding import Finding
from distribute.language import Language
from distribute.posts.filename import is_bracketed
from distribute.posts.post import Post

_TITLE_TAG = re.compile(r"[\[【［]\s*([^\[\]【】［］\d]{2,24}?)\s*[\]】］]")
_TITLE_ASIDE = re.compile(r"[(（]\s*([^()（）\d]{2,24}?)\s*[)）]\s*(?:$|[:：|—–-])")


@dataclass(frozen=True, slots=True)
class LanguageDecision:
    """The language of a post and why; `None` where it is not one of the newsletter's."""

    language: Language | None
    reason: str
    findings: tuple[Finding, ...] = ()


class _Weight(IntEnum):
    """How much a label counts against the text."""

    HINT = 1
    """Yields to a text that is surely in another language: ``how-to-do-it.md``."""
    SAID = 2
    """Stands, whatever the text looks like."""
    STATED = 3
    """Stands where nothing but a language can stand: in front matter ``lang``."""


@dataclass(frozen=True, slots=True)
class _Label:
    text: str
    reason: str
    weight: _Weight


def decide_language(
    post: Post, configured: Sequence[Language], guess: Guess | None
) -> LanguageDecision:
    """Decide the language of a post among the configured ones.

    In this order: front matter ``lang``, a tag in the title, the file name, the folder,
    then the `guess` by script and small words of the text; never the words of the title.
    """
    findings: list[Finding] = []
    for label in _labels(post):
        decision = _by_label(label, post, configured, guess)
        if decision is not None:
            break
        if label.weight is _Weight.STATED:
            findings.append(_unknown_label(post, label))
    else:
        decision = _by_text(post, configured, guess)
    return replace(decision, findings=(*findings, *decision.findings))


def _labels(post: Post) -> Iterator[_Label]:
    front_matter, file_name = post.front_matter, post.file_name
    if front_matter.lang:
        yield _Label(front_matter.lang, "front matter lang", _Weight.STATED)
    for tag in _TITLE_TAG.findall(front_matter.title):
        yield _Label(tag, f"title tag [{tag}]", _Weight.SAID)
    for tag in _TITLE_ASIDE.findall(front_matter.title):
        yield _Label(tag, f"title tag ({tag})", _Weight.HINT)
    for tag in file_name.tags:
        said = is_bracketed(file_name.title, tag)
        weight = _Weight.SAID if said else _Weight.HINT
        yield _Label(tag, f"file name tag {tag}", weight)
    if folder := post.path.parent.name:
        yield _Label(folder, f"folder {folder}", _Weight.HINT)


def _by_label(
    label: _Label, post: Post, configured: Sequence[Language], guess: Guess | None
) -> LanguageDecision | None:
    found = languages_for(label.text, configured)
    if found:
        language = _choose(found, guess)
        contradicted = _contradicts(guess, language)
        if contradicted and label.weight is _Weight.HINT:
            return None
        findings = (_mismatch(post, language, guess),) if contradicted and guess else ()
        return LanguageDecision(language, label.reason, findings)
    is_stated = label.weight is _Weight.STATED
    known = stated_language(label.text) if is_stated else known_language(label.text)
    if known is None or label.weight is _Weight.HINT:
        return None
    return _not_configured(post, known, label.reason)


def _by_text(
    post: Post, configured: Sequence[Language], guess: Guess | None
) -> LanguageDecision:
    found = languages_for(guess.primary, configured) if guess else ()
    if guess and not found:  # a script that the configured tag does not say
        found = tuple(c for c in configured if kin(c.primary) == kin(guess.primary))
    if guess and guess.is_sure and not found:
        return _not_configured(post, Language(guess.primary), "words of the text")
    if len(configured) == 1:
        return LanguageDecision(configured[0], "the only language configured")
    if guess and guess.is_sure:
        return LanguageDecision(_choose(found, guess), "words of the text")
    language = _choose(found, guess) if found else configured[0]
    reason = "words of the text, unsure" if found else "the default language"
    return LanguageDecision(language, reason, (_guessed(post, language),))


def _choose(found: Sequence[Language], guess: Guess | None) -> Language:
    """Choose among languages that one label means, by the script of the text."""
    script = guess.script if guess else ""
    return next((language for language in found if language.script == script), found[0])


def _contradicts(guess: Guess | None, language: Language) -> bool:
    return bool(guess and guess.is_sure and kin(guess.primary) != kin(language.primary))


def _not_configured(post: Post, language: Language, reason: str) -> LanguageDecision:
    finding = _finding(
        post,
        "language-not-configured",
        f"the post is in {language} ({reason}), which is not a language of the "
        "newsletter; it is left out",
        f'Add "{language}" to newsletter.languages, or set lang in the front matter.',
    )
    return LanguageDecision(
        None, f"in {language}, not configured ({reason})", (finding,)
    )


def _mismatch(post: Post, language: Language, guess: Guess) -> Finding:
    return _finding(
        post,
        "language-mismatch",
        f"the post says that it is in {language}, but it reads like {guess.primary}",
        "Correct lang, the title tag or the file name, or translate the text.",
    )


def _guessed(post: Post, language: Language) -> Finding:
    return _finding(
        post,
        "language-guessed",
        f"nothing says for certain in which language the post is; {language} is assumed",
        f"Write lang: {language} in the front matter.",
    )


def _unknown_label(post: Post, label: _Label) -> Finding:
    return _finding(
        post,
        "language-unknown",
        f"lang is {label.text!r}, which is not a language that can be used",
        "Write a BCP 47 tag such as en, pt-BR or zh-Hans.",
        label.text,
    )


def _finding(
    post: Post, rule: str, message: str, hint: str, words: str = ""
) -> Finding:
    return warn(post, "lang", rule=rule, message=message, hint=hint, words=words)
