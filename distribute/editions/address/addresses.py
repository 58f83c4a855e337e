"""Where the page of an edition is published, and which old addresses lead there.

A pattern says where (`distribute.editions.address.permalink`), or the post's own ``permalink``.
Where a pattern does not name the language, translations whose addresses would be the same
lie in a folder of their language, all but the first; so the addresses of a newsletter that
moves here from Jekyll stay.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePath
from urllib.parse import quote, unquote

from distribute.editions.address.paths import safe_path
from distribute.editions.address.permalink import (
    below,
    categories_of,
    fill,
    pattern_of,
    placeholders_in,
)
from distribute.editions.address.places import Places
from distribute.editions.language.labels import languages_for
from distribute.editions.publication import Publication
from distribute.editions.remarks import warn
from distribute.editions.resolve import Candidate
from distribute.finding import Finding
from distribute.language import Language

_OWN = "front matter permalink"
_SITE_FILES = ("index.html", "feeds.opml", "404.html", "robots.txt", "sitemap.xml")
_FEED_FILES = ("", "rss.xml", "atom.xml", "feed.json", "autodiscovery.html")


@dataclass(frozen=True, slots=True)
class Address:
    """The part of an address below the site, percent-encoded, and what decided it."""

    path: str
    reason: str
    former: tuple[str, ...] = ()
    """Old addresses that lead to it, written the same way."""


def assign_addresses(
    candidates: Iterable[tuple[Candidate, str]],
    *,
    pattern: str,
    publication: Publication,
) -> tuple[Mapping[PurePath, Address], tuple[Finding, ...]]:
    """Give each candidate an address of its own, by the path of its post.

    The candidates come with the id of their issue, for ``:issue``. The front matter's
    ``permalink`` wins over the pattern. Where two want the same address, the one
    published first keeps it: its readers have it already; on the same day, the one in the
    default language. Addresses that differ only in case are the same, as on many disks.

    An old address, ``redirect_from``, never takes the place of a page.
    """
    office = _Office(pattern_of(pattern), publication)
    ranked = sorted(candidates, key=lambda pair: _rank(pair[0], publication))
    addresses = {
        candidate.post.path: office.assign(candidate, issue)
        for candidate, issue in ranked
    }
    for candidate, _ in ranked:
        path = candidate.post.path
        if former := tuple(office.lead_here(candidate, addresses[path])):
            addresses[path] = replace(addresses[path], former=former)
    return addresses, tuple(office.findings)


class _Office:
    """Gives out addresses, each once."""

    def __init__(self, pattern: str, publication: Publication) -> None:
        self.findings: list[Finding] = []
        self._pattern = pattern
        self._publication = publication
        self._places = Places()
        self._housed: dict[str, tuple[Language, str]] = {}
        """Language and issue of each page that has its address, by its post's path."""
        for path in _reserved(publication):
            self._places.take(path, "the site itself")

    def assign(self, candidate: Candidate, issue: str) -> Address:
        """Give a page the address it wants, or the nearest that is free."""
        address = wanted = self._wanted(candidate, issue)
        if holder := self._places.holder(wanted.path):
            free, among_translations = self._free(wanted, candidate, issue)
            address = Address(free, f"{wanted.reason}, made distinct")
            if not among_translations:
                self._collision(candidate, wanted, address, holder)
        self._places.take(address.path, str(candidate.post.path))
        self._housed[str(candidate.post.path)] = candidate.language, issue
        return address

    def lead_here(self, candidate: Candidate, address: Address) -> Iterator[str]:
        """Take the old addresses of a page that nothing else has."""
        for written in candidate.post.front_matter.redirect_from:
            path = former_path(written, self._publication.url)
            holder = self._places.holder(path) if path else ""
            if path == address.path:
                holder = "this page, which has it still"
            if path and not holder:
                self._places.take(path, f"a redirect to {candidate.post.path}")
                yield path
            else:
                self._no_redirect(candidate, written, holder)

    def _wanted(self, candidate: Candidate, issue: str) -> Address:
        written = candidate.post.front_matter.permalink
        if written and (
            own := safe_path(self._fill(unquote(written), candidate, issue))
        ):
            return Address(own, _OWN)
        filled = self._fill(self._pattern, candidate, issue)
        if self._needs_folder(candidate):
            filled = f"/{candidate.language.folder}/{filled}"
        path = safe_path(filled)
        address = Address(path or _plain(candidate), f"permalink {self._pattern}")
        if written or not path:
            self._unusable(candidate, written or filled, address)
        return address

    def _needs_folder(self, candidate: Candidate) -> bool:
        """Tell whether nothing in the pattern says which language this is.

        The default language needs no saying. A file has its name to itself, so Jekyll's
        ``:title`` does without, unless its language is that of its folder; and there a
        category may have said it.
        """
        language, post = candidate.language, candidate.post
        names = placeholders_in(self._pattern)
        if language == self._publication.default_language or "lang" in names:
            return False
        if names.isdisjoint({"title", "name"}):
            return True
        parents = below(post.path, self._publication.folder).parent.parts
        by_folder = any(languages_for(part, [language]) for part in parents)
        by_name = any(languages_for(tag, [language]) for tag in post.file_name.tags)
        in_path = names & {"categories", "slugified_categories"}
        categories = categories_of(post, self._publication.folder) if in_path else ()
        by_category = language.folder in map(str.lower, categories)
        return by_folder and not by_name and not by_category

    def _fill(self, pattern: str, candidate: Candidate, issue: str) -> str:
        return fill(pattern, candidate, issue=issue, folder=self._publication.folder)

    def _free(
        self, wanted: Address, candidate: Candidate, issue: str
    ) -> tuple[str, bool]:
        """Find an address near one that is taken: in the folder of the language first.

        Tells whether that is all there is to it, among translations whose author left the
        address to us.
        """
        holder = self._places.holder(wanted.path)
        folder = f"{candidate.language.folder}/"
        language, number = self._housed.get(holder, (candidate.language, ""))
        is_translation = number == issue and language != candidate.language
        can_move = is_translation and not wanted.path.startswith(folder)
        if can_move and not self._places.holder(folder + wanted.path):
            return folder + wanted.path, wanted.reason != _OWN
        return self._places.nearest(wanted.path, otherwise=_plain(candidate)), False

    def _unusable(self, candidate: Candidate, written: str, got: Address) -> None:
        self._warn(
            candidate,
            "permalink-invalid",
            f"the permalink {written!r} is not a path below the site; "
            f"the page gets /{got.path}",
            "Write a path such as /some-post/, without .. and without the site.",
        )

    def _collision(
        self, candidate: Candidate, wanted: Address, got: Address, holder: str
    ) -> None:
        self._warn(
            candidate,
            "address-taken",
            f"the address /{wanted.path} belongs to {holder}; the page gets /{got.path}",
            "Give one of the two posts its own slug or permalink.",
        )

    def _no_redirect(self, candidate: Candidate, written: str, holder: str) -> None:
        finding = warn(
            candidate.post,
            "redirect_from",
            rule="redirect-taken" if holder else "redirect-invalid",
            message=f"the old address {written!r} belongs to {holder}"
            if holder
            else f"the old address {written!r} is not a path below the site",
            hint="Take it out of redirect_from."
            if holder
            else "Write a path such as /some-post/, without .. and without ? or #.",
            words=written,
        )
        self.findings.append(finding)

    def _warn(self, candidate: Candidate, rule: str, message: str, hint: str) -> None:
        self.findings.append(
            warn(
                candidate.post,
                "permalink",
                rule=rule,
                message=message,
                hint=hint,
                words=candidate.post.front_matter.permalink,
            )
        )


def former_path(written: str, site: str) -> str:
    """Read an old address of this site; empty if no file below it could stand for it.

    As jekyll-redirect-from has them: a path, whose slash in front may be missing.

    >>> former_path("/2019/old.html", "https://news.example.org")
    '2019/old.html'
    """
    if "?" in written or "#" in written:
        return ""
    return safe_path(unquote(written.strip().removeprefix(f"{site}/")))


def _rank(candidate: Candidate, publication: Publication) -> tuple[datetime, bool, str]:
    is_translation = candidate.language != publication.default_language
    return candidate.published, is_translation, str(candidate.post.path)


def _plain(candidate: Candidate) -> str:
    return f"{candidate.language.folder}/{candidate.slug}/"


def _reserved(publication: Publication) -> Iterator[str]:
    yield from ("", *_SITE_FILES)
    yield from map(quote, publication.files)
    for language in publication.languages:
        yield from (f"{language.folder}/{name}" for name in _FEED_FILES)
        if publication.has_by_mail:
            yield publication.by_mail_path(language)
