"""What the name of a post's file says, read Jekyll's way."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from distribute.posts.post import FileName

MARKDOWN_SUFFIXES = frozenset(
    {".md", ".markdown", ".mkd", ".mkdn", ".mkdown", ".mdown"}
)
"""Suffixes of a post, in lower case; Jekyll's ``markdown_ext`` and a common sister."""

_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[-_ ]+|$)", re.ASCII)
_SPARE_SUFFIX = re.compile(
    rf"(?:(?:{'|'.join(map(re.escape, sorted(MARKDOWN_SUFFIXES)))}) *)+$", re.I
)
"""Suffixes that stand before the last one: ``x.md`` of ``x.md .md``."""

_TAG = (
    r"[A-Za-z]{2,3}(?:[-_](?:hans|hant|latn|cyrl|arab))?"
    r"(?:[-_](?:[A-Za-z]{2}|[0-9]{3}))?"
)
_TAG_FORMS = (
    re.compile(rf"[\[(【（［]\s*({_TAG})\s*[\])】）］]", re.I),
    re.compile(rf"\.({_TAG})(?=\.|$)", re.I),
    re.compile(rf"(?:^|[_\- ])({_TAG})$", re.I),
    re.compile(r"(?:^|[_\- ])([A-Za-z]{2,3})$"),
)
"""From the most explicit to the least: ``[PT-BR]``, ``.fr.``, ``_pt_BR``, ``-en``."""

_PRETTY = frozenset("._~!$&'()+,;=@")
_ODD_RUN = {
    kept: re.compile(f"[^0-9A-Za-z{re.escape(''.join(kept))}]+")
    for kept in (_PRETTY, frozenset[str]())
}
"""What becomes a hyphen in a title of ASCII alone, by what is also kept."""


def parse_file_name(name: str) -> FileName:
    """Read the name of a file, with its last suffix.

    >>> found = parse_file_name("2020-4-6-Some name, twice[PT-BR].md.md")
    >>> found.date, found.slug, found.tags
    (datetime.date(2020, 4, 6), 'Some-name,-twice-PT-BR-.md', ('PT-BR',))

    Never fails: where there is no date, or one that no calendar has, `date` is `None`.
    """
    stem = unicodedata.normalize("NFC", _without_suffix(name))
    day, title = _split_date(stem)
    return FileName(
        name=name,
        date=day,
        title=title,
        slug=jekyll_slug(title),
        tags=_language_tags(title),
    )


def suffix_of(name: str) -> str:
    """Give the last suffix in lower case, also of ``x.md .md`` and ``x.Md``."""
    stem, dot, suffix = name.rpartition(".")
    return f".{suffix.strip().lower()}" if dot and stem else ""


def jekyll_slug(title: str) -> str:
    """Make the slug of Jekyll's ``:title``: mode "pretty", upper case kept.

    >>> jekyll_slug("Any_news #1 [FR]")
    'Any_news-1-FR'
    """
    return _hyphenated(title, _PRETTY)


def plain_slug(title: str) -> str:
    """Make the slug of Jekyll's ``:slug``: letters and digits only, in lower case.

    >>> plain_slug("Any_news #1, été")
    'any-news-1-été'
    """
    return unicodedata.normalize("NFC", _hyphenated(title, frozenset()).lower())


def without_tags(title: str, tags: Iterable[str]) -> str:
    """Take language tags, and Markdown suffixes written twice, out of a title.

    >>> without_tags("Any_news[PT-BR]_8.md", ["PT-BR"])
    'Any_news_8'
    """
    bare = _SPARE_SUFFIX.sub("", title)
    for tag in tags:
        bare = _form_of(tag).sub("", bare)
    return bare.strip(" _-.")


def is_bracketed(title: str, tag: str) -> bool:
    """Whether the tag stands in brackets or between dots, not just at the end."""
    bare = _SPARE_SUFFIX.sub("", title)
    return any(tag in form.findall(bare) for form in _TAG_FORMS[:2])


@lru_cache(maxsize=256)
def _form_of(tag: str) -> re.Pattern[str]:
    word = re.escape(tag)
    return re.compile(
        rf"[\[(【（［]\s*{word}\s*[\])】）］]|(?:^|[._\- ]){word}(?=\.|$)"
    )


def _without_suffix(name: str) -> str:
    stem, dot, _ = name.rpartition(".")
    return stem if dot and stem else name


def _split_date(stem: str) -> tuple[date | None, str]:
    match = _DATE.match(stem)
    if match is None:
        return None, stem.strip()
    title = stem[match.end() :].strip() or match[0].strip(" -_")
    try:
        return date(int(match[1]), int(match[2]), int(match[3])), title
    except ValueError:
        return None, stem.strip()


def _language_tags(title: str) -> tuple[str, ...]:
    bare = _SPARE_SUFFIX.sub("", title)
    found = [tag for form in _TAG_FORMS for tag in form.findall(bare)]
    return tuple(dict.fromkeys(found))


def _hyphenated(title: str, also_kept: frozenset[str]) -> str:
    if title.isascii():
        return _ODD_RUN[also_kept].sub("-", title).strip("-")
    kept = (c if _is_letter(c) or c in also_kept else "-" for c in title)
    return re.sub("-+", "-", "".join(kept)).strip("-")


def _is_letter(character: str) -> bool:
    """Whether it is a letter, a mark or a digit to Ruby: ``L``, ``M`` and ``Nd``."""
    category = unicodedata.category(character)
    return category[0] in "LM" or category == "Nd"
