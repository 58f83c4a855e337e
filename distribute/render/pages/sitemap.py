"""The list of all pages for search engines, each with its translations (sitemaps.org)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

from distribute.editions.edition import Edition, Issue
from distribute.editions.publication import Publication
from distribute.render.document import Page
from distribute.render.pages.frame import Alternate, edition_alternates, home_alternates

MOST = 10_000
"""Pages in one file. The protocol allows 50,000 and 50 MiB; each names its translations."""
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


@dataclass(frozen=True, slots=True)
class _Entry:
    url: str
    changed: datetime
    alternates: tuple[Alternate, ...]


def sitemap_paths(
    issues: Iterable[Issue], publication: Publication, *, most: int = MOST
) -> Sequence[str]:
    """Name the files of `render_sitemap` in their order, without making them."""
    found = [language for issue in issues for language in issue.editions]
    homes = len(set(found).intersection(publication.languages))
    root = 1 if found and home_alternates(publication) else 0
    return _paths(len(found) + homes + root, most)


def render_sitemap(
    issues: Iterable[Issue], publication: Publication, *, most: int = MOST
) -> Sequence[Page]:
    """Make ``sitemap.xml``; with more pages than `most`, the list of several such files.

    `issues` are the public ones, `publication.languages` those that have an index.
    """
    entries = list(_entries(tuple(issues), publication))
    path, *others = _paths(len(entries), most)
    if not others:
        return (Page(path, _urls(entries)),)
    parts = [entries[start : start + most] for start in range(0, len(entries), most)]
    pages = [Page(name, _urls(part)) for name, part in zip(others, parts, strict=True)]
    listed = "".join(
        f"<sitemap><loc>{escape(publication.url)}/{page.path}</loc>"
        f"<lastmod>{_instant(max(e.changed for e in part))}</lastmod></sitemap>\n"
        for page, part in zip(pages, parts, strict=True)
    )
    index = f'{_HEAD}<sitemapindex xmlns="{_NAMESPACE}">\n{listed}</sitemapindex>\n'
    return (Page(path, index), *pages)


def _paths(count: int, most: int) -> Sequence[str]:
    """Name the files for so many pages: one, or a list of the others, and these."""
    files = range(1, 1 - (-count // most)) if count > most else ()
    return ("sitemap.xml", *(f"sitemap-{number}.xml" for number in files))


def _entries(issues: Sequence[Issue], publication: Publication) -> Iterator[_Entry]:
    """List the root, the indexes, and every edition; what changes most comes first."""
    editions = [edition for issue in issues for edition in issue.editions.values()]
    if not editions:
        return
    homes = home_alternates(publication)
    if homes:
        yield _Entry(f"{publication.url}/", _newest(editions), homes)
    for language in publication.languages:
        own = [edition for edition in editions if edition.language == language]
        if own:
            yield _Entry(publication.home_url(language), _newest(own), homes)
    for issue in issues:
        translations = edition_alternates(issue.editions.values(), publication)
        for edition in issue.editions.values():
            yield _Entry(edition.url, edition.updated, translations)


def _newest(editions: Sequence[Edition]) -> datetime:
    return max(edition.updated for edition in editions)


def _urls(entries: Iterable[_Entry]) -> str:
    return (
        f'{_HEAD}<urlset xmlns="{_NAMESPACE}" '
        'xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
        f"{''.join(map(_url, entries))}</urlset>\n"
    )


def _url(entry: _Entry) -> str:
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{each.hreflang}" '
        f'href="{escape(each.url)}"/>\n'
        for each in entry.alternates
    )
    return (
        f"<url>\n<loc>{escape(entry.url)}</loc>\n"
        f"<lastmod>{_instant(entry.changed)}</lastmod>\n{links}</url>\n"
    )


def _instant(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
