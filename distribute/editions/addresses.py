"""Where the page of an edition is published: permalinks as Jekyll writes them.

A pattern is a path with placeholders: ``:lang :slug :title :year :month :day :issue``.
``:title`` is Jekyll's own slug, so that a newsletter that moves keeps its addresses.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from urllib.parse import quote, unquote

from distribute.editions.places import Places
from distribute.editions.publication import Publication
from distribute.editions.remarks import warn
from distribute.editions.resolve import Candidate
from distribute.finding import Finding
from distribute.posts.filename import jekyll_slug

_PLACEHOLDER = re.compile(":(lang|slug|title|year|month|day|issue)")
_KEPT = "!$&'()*+,;=:@~-._"
_MAX_SEGMENT = 200
_ELSEWHERE = re.compile(r"\A\s*(?://|[A-Za-z][A-Za-z0-9+.-]*:)|://|\A/?[A-Za-z]:/")
"""Another site, another scheme, or a drive of Windows."""
_SITE_FILES = ("index.html", "feeds.opml", "404.html", "robots.txt", "sitemap.xml")
_FEED_FILES = ("", "rss.xml", "atom.xml", "feed.json")


@dataclass(frozen=True, slots=True)
class Address:
    """The part of an address below the site, percent-encoded, and what decided it."""

    path: str
    reason: str


def assign_addresses(
    candidates: Iterable[tuple[Candidate, str]],
    *,
    pattern: str,
    publication: Publication,
) -> tuple[Mapping[PurePath, Address], tuple[Finding, ...]]:
    """Give each candidate an address of its own, by the path of its post.

    The candidates come with the id of their issue, for ``:issue``. The front matter's ``permalink`` wins over the pattern. Where two want the same
    address, the one published first keeps it: its readers have it already. Addresses
    that differ only in case are the same, as on many disks.
    """
    places = Places()
    for path in _reserved(publication):
        places.take(path, "the site itself")
    addresses: dict[PurePath, Address] = {}
    findings: list[Finding] = []
    in_order = sorted(candidates, key=lambda c: (c[0].published, str(c[0].post.path)))
    for candidate, issue in in_order:
        wanted, oddity = _wanted(candidate, issue, pattern)
        if oddity is not None:
            findings.append(oddity)
        address = wanted
        if holder := places.holder(wanted.path):
            plain = f"{candidate.language.folder}/{candidate.slug}/"
            free = places.nearest(wanted.path, otherwise=plain)
            address = Address(free, f"{wanted.reason}, made distinct")
            findings.append(_collision(candidate, wanted, address, holder))
        places.take(address.path, str(candidate.post.path))
        addresses[candidate.post.path] = address
    return addresses, tuple(findings)


def pattern_problem(pattern: str) -> str:
    """Say what is wrong with a configured permalink pattern; empty if nothing is."""
    unknown = [
        name
        for name in re.findall(r":([a-z_]+)", pattern)
        if not _PLACEHOLDER.match(f":{name}")
    ]
    if unknown:
        return f"permalink has no placeholder :{unknown[0]}"
    if not _safe_path(_PLACEHOLDER.sub("x", pattern)):
        return f"permalink {pattern!r} is not a path below the site"
    if not re.search(":(slug|title|issue)", pattern):
        return "permalink needs :slug, :title or :issue, or all pages share one address"
    return ""


def _wanted(
    candidate: Candidate, issue: str, pattern: str
) -> tuple[Address, Finding | None]:
    values = _values(candidate, issue)
    written = candidate.post.front_matter.permalink
    if written and (path := _safe_path(_fill(unquote(written), values))):
        return Address(path, "front matter permalink"), None
    path = _safe_path(_fill(pattern, values)) or f"{values['lang']}/{candidate.slug}/"
    address = Address(path, f"permalink {pattern}")
    return address, _unusable(candidate, address) if written else None


def _values(candidate: Candidate, issue: str) -> dict[str, str]:
    day = candidate.published.date()
    post = candidate.post
    title = jekyll_slug(post.front_matter.slug) or post.file_name.slug
    return {
        "lang": candidate.language.folder,
        "slug": candidate.slug,
        "title": title.lstrip(".") or candidate.slug,
        "year": f"{day.year:04}",
        "month": f"{day.month:02}",
        "day": f"{day.day:02}",
        "issue": issue,
    }


def _fill(pattern: str, values: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda match: values[match[1]], pattern)


def _safe_path(written: str) -> str:
    """Encode a path below the site; empty if it leads elsewhere or names no file.

    A path that does not end in ``.html`` is a folder, and ends in a slash.
    """
    segments = [unicodedata.normalize("NFC", s.strip()) for s in written.split("/")]
    segments = [segment for segment in segments if segment]
    if _ELSEWHERE.search(written) or not all(map(_is_safe, segments)):
        return ""
    if segments and segments[-1].lower() == "index.html":
        segments.pop()
    path = "/".join(quote(segment, safe=_KEPT) for segment in segments)
    is_file = path.lower().endswith((".html", ".htm"))
    return path if is_file or not path else f"{path}/"


def _is_safe(segment: str) -> bool:
    """Whether a part of a path is one name on any disk: no ``..``, no hidden file."""
    return (
        not segment.startswith(".")
        and "\\" not in segment
        and segment.isprintable()
        and len(segment.encode()) <= _MAX_SEGMENT
    )


def _reserved(publication: Publication) -> Iterable[str]:
    yield from ("", *_SITE_FILES)
    yield from map(quote, publication.files)
    for language in publication.languages:
        yield from (f"{language.folder}/{name}" for name in _FEED_FILES)


def _unusable(candidate: Candidate, address: Address) -> Finding:
    return _warning(
        candidate,
        "permalink-invalid",
        f"the permalink {candidate.post.front_matter.permalink!r} is not a path "
        f"below the site; the page gets /{address.path}",
        "Write a path such as /some-post/, without .. and without the site.",
    )


def _collision(
    candidate: Candidate, wanted: Address, got: Address, holder: str
) -> Finding:
    return _warning(
        candidate,
        "address-taken",
        f"the address /{wanted.path} belongs to {holder}; the page gets /{got.path}",
        "Give one of the two posts its own slug or permalink.",
    )


def _warning(candidate: Candidate, rule: str, message: str, hint: str) -> Finding:
    return warn(candidate.post, "permalink", rule=rule, message=message, hint=hint)
