"""The pages of the site, and which of them an address was meant to lead to."""

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from functools import cached_property
from urllib.parse import unquote, urlsplit

_WORD = re.compile(r"[^\W_]+")
_LONG_WORD = 5
_ALIKE = 0.8

_Shape = tuple[str, ...]


class SiteMap:
    """The addresses of a newsletter's pages, to be asked about any other."""

    def __init__(self, addresses: Iterable[str] = ()) -> None:
        self._pages = {_page(address): address for address in addresses}

    def meant(self, url: str) -> str:
        """Give the page that an address misses narrowly: misspelt, or in punctuation.

        Empty if it leads to a page, or comes near none. Short words have to agree, for
        they tell languages and numbers of issues apart.
        """
        page = _page(url)
        if page in self._pages:
            return ""
        words = _words(page)
        alike = self._by_shape.get(_shape(site_of(url), words), ())
        return next((known for other, known in alike if _same(words, other)), "")

    @cached_property
    def _by_shape(self) -> Mapping[_Shape, Sequence[tuple[list[str], str]]]:
        found: dict[_Shape, list[tuple[list[str], str]]] = {}
        for page, address in self._pages.items():
            words = _words(page)
            shape = _shape(site_of(address), words)
            found.setdefault(shape, []).append((words, address))
        return found


def site_of(url: str) -> str:
    """Reduce an address to what tells one site from another."""
    return (urlsplit(url).hostname or "").removeprefix("www.") + "/"


def _page(url: str) -> str:
    """Reduce an address to what tells one page from another."""
    path = unquote(urlsplit(url).path).removesuffix("index.html").removesuffix(".html")
    return site_of(url) + path.strip("/")


def _words(page: str) -> list[str]:
    return _WORD.findall(page.casefold())


def _shape(site: str, words: Iterable[str]) -> _Shape:
    """Write what has to agree: the short words, and where the long ones stand."""
    return (site, *(word if len(word) < _LONG_WORD else "" for word in words))


def _same(words: Iterable[str], others: Iterable[str]) -> bool:
    return all(map(_same_word, words, others))


def _same_word(word: str, other: str) -> bool:
    if word == other:
        return True
    matcher = SequenceMatcher(None, word, other, autojunk=False)
    measures = matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio
    return all(measure() > _ALIKE for measure in measures)
