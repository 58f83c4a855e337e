"""Which files make the site: feeds, pages, the list of feeds; their bytes, and no disk."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePath

from distribute.editions.edition import Edition, Issue
from distribute.editions.publication import Publication
from distribute.errors import DistributeError, SourceError
from distribute.feeds.build import Material, feed_of, has_feed, in_order
from distribute.feeds.feed import Feed
from distribute.feeds.json import to_json_feed
from distribute.feeds.opml import to_opml
from distribute.feeds.xml import to_atom, to_rss
from distribute.language import Language
from distribute.render.document import Content, Page
from distribute.render.page import render_index, render_page, render_root, stylesheet
from distribute.render.theme.theme import Theme

Shelves = Mapping[Language, Sequence[Material]]
"""What is public in each language, newest first; no language without an edition."""


@dataclass(frozen=True, slots=True)
class _File:
    """A file of the site and the post it comes from, if it comes from one."""

    path: str
    content: bytes
    post: PurePath | None = None


def build_site(
    issues: Iterable[Issue],
    contents: Mapping[str, Content],
    *,
    publication: Publication,
    theme: Theme,
    now: datetime,
    limit: int = 20,
) -> Mapping[str, bytes]:
    """Make every file below ``out/site``, by its path with slashes.

    `contents` holds what each edition says, by `Edition.url`. Editions published after
    `now` are left out everywhere, also as translations of others. A language without any
    edition gets neither feed nor page and is not offered. `limit` is the number of entries
    in a feed.

    Raises `DistributeError` if nothing is public yet, and `SourceError` if a post wants
    an address that another file of the site has.
    """
    shelves = _shelves(published_issues(issues, now), contents, publication)
    if not shelves:
        raise DistributeError(
            "nothing is published yet, so there is no site to build",
            hint="Check the dates of the posts, and that they are no drafts.",
        )
    spoken = replace(publication, languages=tuple(shelves))
    feeds = _feeds(shelves, spoken, theme, limit)
    _refuse_shared_ids(feeds)
    files = [*_feed_files(feeds, spoken), *_pages(shelves, spoken, theme)]
    return _by_path(files)


def published_issues(issues: Iterable[Issue], now: datetime) -> tuple[Issue, ...]:
    """Keep the editions that are public at `now`, and the issues that have any."""
    public = (
        replace(
            issue,
            editions={
                language: edition
                for language, edition in issue.editions.items()
                if edition.published <= now
            },
        )
        for issue in issues
    )
    return tuple(issue for issue in public if issue.editions)


def _shelves(
    issues: Sequence[Issue], contents: Mapping[str, Content], publication: Publication
) -> Shelves:
    shelves: dict[Language, list[Material]] = {
        language: [] for language in publication.languages
    }
    for issue in issues:
        for language, edition in issue.editions.items():
            material = (edition, contents[edition.url], issue)
            shelves.setdefault(language, []).append(material)
    return {each: in_order(found) for each, found in shelves.items() if found}


def _feeds(
    shelves: Shelves, publication: Publication, theme: Theme, limit: int
) -> Sequence[Feed]:
    languages = [language for language in shelves if has_feed(shelves[language])]
    return [
        feed_of(
            language,
            shelves[language],
            publication=publication,
            limit=limit,
            also_in=lambda spoken: _also_in(theme, spoken),
            languages=languages,
        )
        for language in languages
    ]


def _refuse_shared_ids(feeds: Sequence[Feed]) -> None:
    """Insist on different ids in all feeds: some readers know entries by nothing else."""
    owners: dict[str, str] = {}
    for entry in (entry for feed in feeds for entry in feed.entries):
        owner = owners.setdefault(entry.id, entry.link)
        if owner != entry.link:
            raise DistributeError(
                f"{owner} and {entry.link} have the same feed id {entry.id!r}",
                hint="Take the guid out of the front matter of the translation.",
            )


def _also_in(theme: Theme, language: Language) -> str:
    return theme.catalogue(language).say("feed.also_in", {})


def _feed_files(feeds: Sequence[Feed], publication: Publication) -> Iterator[_File]:
    for feed in feeds:
        folder = feed.language.folder
        yield _File(f"{folder}/rss.xml", to_rss(feed))
        yield _File(f"{folder}/atom.xml", to_atom(feed))
        yield _File(f"{folder}/feed.json", to_json_feed(feed))
    if feeds:
        yield _File("feeds.opml", to_opml(publication, feeds))


def _pages(shelves: Shelves, publication: Publication, theme: Theme) -> Iterator[_File]:
    yield _page(stylesheet(theme))
    yield _page(render_root(publication, theme))
    for language, shelf in shelves.items():
        shown = [(edition, content) for edition, content, _ in shelf]
        index = render_index(language, shown, publication=publication, theme=theme)
        yield _page(index)
        editions = [edition for edition, _, _ in shelf]
        around = zip([*editions[1:], None], [None, *editions[:-1]], strict=True)
        for (edition, content, issue), neighbours in zip(shelf, around, strict=True):
            page = render_page(
                edition,
                content,
                issue,
                neighbours=neighbours,
                publication=publication,
                theme=theme,
            )
            yield _page(page, edition)


def _page(page: Page, edition: Edition | None = None) -> _File:
    post = edition.post.path if edition else None
    return _File(page.path, page.html.encode("utf-8", "replace"), post)


def _by_path(files: Iterable[_File]) -> Mapping[str, bytes]:
    """Sort by path; where two files want the same one, say whose posts they are."""
    taken: dict[str, _File] = {}
    for file in files:
        other = taken.setdefault(file.path, file)
        if other is not file:
            raise SourceError(
                f"its page {file.path} is already {other.post or 'part of the site'}",
                path=file.post or PurePath(file.path),
                hint="Give one of the two another slug or permalink.",
            )
    return {path: taken[path].content for path in sorted(taken)}
