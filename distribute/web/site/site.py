"""Which files make the site: feeds, pages, what they show. Planned, and not yet made."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path, PurePath

from distribute.editions.edition import Issue
from distribute.editions.publication import Publication
from distribute.errors import DistributeError, SourceError
from distribute.feeds.enclosure import enclosure_of
from distribute.feeds.options import FeedOptions
from distribute.render.masthead import addresses_of
from distribute.web.cache.summaries import Summaries, Texts
from distribute.web.file import SiteFile
from distribute.web.site.assets import plan_assets
from distribute.web.site.look import Look
from distribute.web.site.material import Material
from distribute.web.site.pages import plan_pages
from distribute.web.site.redirects import plan_redirects
from distribute.web.site.shelves import published_issues, shelves_of
from distribute.web.site.syndication import plan_feeds, with_addresses


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteOptions:
    """What may be chosen about the site as a whole."""

    feeds: FeedOptions = field(default_factory=FeedOptions)
    redirects: bool = False
    """Whether old addresses are listed in a ``_redirects`` file too, for the host."""
    memory: Path | None = None
    """File in which planning remembers what contents come to; or nowhere."""


def plan_site(
    issues: Sequence[Issue],
    contents: Texts,
    *,
    publication: Publication,
    look: Look,
    now: datetime,
    options: SiteOptions,
) -> Sequence[SiteFile]:
    """Plan every file below ``out/site``, in the order that is the best to make them in.

    Editions published after `now` are left out everywhere, also as translations of
    others. A language without any edition gets neither feed nor page and is not offered.

    Raises `DistributeError` if nothing is public yet, and `SourceError` if a post wants
    an address that another file of the site has.
    """
    public = published_issues(issues, now)
    shelves = shelves_of(public, publication.languages)
    if not shelves:
        raise DistributeError(
            "nothing is published yet, so there is no site to build",
            hint="Check the dates of the posts, and that they are no drafts.",
        )
    summaries = Summaries(contents, publication.url, options.memory)
    feeds = with_addresses(options.feeds, publication)
    material = Material(
        public,
        shelves,
        publication=replace(publication, languages=tuple(shelves)),
        contents=contents,
        summaries=summaries,
        look=look,
    )
    shared = {feeds.icon, feeds.logo} | addresses_of(look.logo, publication)
    files = [
        *plan_feeds(material, feeds),
        *plan_pages(material),
        *plan_redirects(material, listed=options.redirects),
        *_assets(issues, summaries, publication, shared),
    ]
    summaries.keep()
    return one_of_each(files)


def _assets(
    issues: Iterable[Issue],
    summaries: Summaries,
    publication: Publication,
    shared: Collection[str],
) -> Iterable[SiteFile]:
    """Plan the files that editions show; of those too that are only mailed so far.

    `shared` are addresses that belong to no edition.
    """
    editions = [edition for issue in issues for edition in issue.editions.values()]
    addresses = {
        address
        for edition in editions
        for address in (edition.image, *summaries.of(edition).refers_to)
    }
    files = (enclosure_of(edition, publication) for edition in editions)
    enclosed = {file.url for file in files if file}
    return plan_assets(
        addresses | enclosed | set(shared),
        folder=Path(publication.folder),
        publication=publication,
    )


def one_of_each(files: Iterable[SiteFile]) -> Sequence[SiteFile]:
    """Insist on different paths: where two files want one, say whose posts they are."""
    taken: dict[str, SiteFile] = {}
    for file in files:
        other = taken.setdefault(file.path, file)
        if other is not file:
            raise SourceError(
                f"its page {file.path} is already {other.post or 'part of the site'}",
                path=file.post or PurePath(file.path),
                hint="Give one of the two another slug or permalink.",
            )
    return list(taken.values())
