"""What a post can refer to outside itself: asked by questions that can be asked again.

A text that was rendered is good for as long as all its questions have the answers they
had then; whatever else changes in the newsletter is nothing to it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import PurePath
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from distribute.editions.edition import Issue
from distribute.editions.files import asset_of, published_url
from distribute.editions.publication import Publication
from distribute.render.links.addresses import is_plain
from distribute.render.links.sitemap import SiteMap


class Asked(StrEnum):
    """What is asked about a few words of a post."""

    POST = "post"
    """The address of the post whose file has this stem."""
    PAGE = "page"
    """The page that this address of our site misses narrowly."""
    FILE = "file"
    """The public address of the file that lies there, as seen from the post."""


class Question(NamedTuple):
    """What a text asks while it is rendered."""

    asked: Asked
    about: str


Trace = Mapping[Question, str]
"""Questions and their answers; empty ones count as much as others."""


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """Answers what posts ask; the same question has the same answer all the time."""

    publication: Publication
    addresses: Mapping[str, str] = field(default_factory=dict)
    """Stem of each post's file, as Jekyll's ``post_url`` names it, to its page's URL."""

    def answer(self, question: Question, post: PurePath) -> str:
        """Give the address asked for by the post at this path; empty if there is none."""
        match question.asked:
            case Asked.POST:
                return self.addresses.get(question.about, "")
            case Asked.PAGE:
                return self._site_map.meant(question.about)
            case Asked.FILE:
                return published_url(question.about, post, self.publication)

    def still_say(self, trace: Trace, post: PurePath) -> bool:
        """Tell whether all of a post's questions have the answers they had."""
        return all(self.answer(asked, post) == said for asked, said in trace.items())

    @cached_property
    def host(self) -> str:
        """Where our own files are published."""
        return urlsplit(self.publication.url).netloc.lower()

    @cached_property
    def _site_map(self) -> SiteMap:
        return SiteMap(self.addresses.values())


def surroundings_of(publication: Publication, issues: Iterable[Issue]) -> Surroundings:
    """Collect the addresses of all editions."""
    editions = (edition for issue in issues for edition in issue.editions.values())
    return Surroundings(
        publication=publication,
        addresses={edition.post.path.stem: edition.url for edition in editions},
    )


class Inquiry:
    """The questions of one post, which are noted down with their answers."""

    def __init__(self, surroundings: Surroundings, post: PurePath) -> None:
        self.trace: dict[Question, str] = {}
        self._surroundings = surroundings
        self._post = post
        self.page_of: Callable[[str], str] = self._asker(Asked.POST)
        self.page_meant: Callable[[str], str] = self._asker(Asked.PAGE)
        self._file: Callable[[str], str] = self._asker(Asked.FILE)

    def leads_elsewhere(self, written: str) -> bool:
        """Tell at a glance that none of our posts and files is meant, as by most links."""
        return is_plain(written) and _leads_away(written, self._surroundings.host)

    def file_beside(self, written: str) -> str:
        """Give the public address of a file; nobody is asked about other people's sites."""
        return (
            "" if _leads_away(written, self._surroundings.host) else self._file(written)
        )

    def flaw_of(self, url: str) -> str:
        """Say what is wrong with the picture at an address; its name vouches for its bytes.

        So this is no question of its own.
        """
        asset = asset_of(url, self._surroundings.publication)
        return asset.flaw if asset else ""

    def file_from(self, page: str, written: str) -> str:
        """Give the public address of a file that is written as seen from the page."""
        path = written.partition("#")[0]
        try:
            return self.file_beside(urljoin(page, written)) if path else ""
        except ValueError:  # what is no address leads to no file
            return ""

    def _asker(self, asked: Asked) -> Callable[[str], str]:
        def ask(about: str) -> str:
            question = Question(asked, about)
            if question not in self.trace:
                answer = self._surroundings.answer(question, self._post)
                self.trace[question] = answer
            return self.trace[question]

        return ask


def _leads_away(written: str, host: str) -> bool:
    """Tell whether it is the whole address of something on another site, for sure."""
    scheme, slashes, rest = written.partition("://")
    is_web = bool(slashes) and scheme.lower() in {"http", "https"}
    return is_web and not rest.lower().startswith(host)
