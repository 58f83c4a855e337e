"""The feeds of the site, as planned files: drafted, but not filled."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path, PurePath
from urllib.parse import quote

from distribute.editions.edition import Edition
from distribute.editions.files import published_url
from distribute.editions.publication import Publication
from distribute.errors import DistributeError
from distribute.feeds.build import Syndication, draft_feeds
from distribute.feeds.documents import feed_documents
from distribute.feeds.lint import too_long_for
from distribute.feeds.options import FeedOptions, Words
from distribute.feeds.xml import STYLE_SHEET
from distribute.finding import Finding
from distribute.language import Language
from distribute.web.file import SiteFile
from distribute.web.site.material import Material


def plan_feeds(material: Material, options: FeedOptions) -> Iterator[SiteFile]:
    """Plan every document of every feed, and what helps to find and to see them.

    Raises `DistributeError` where two editions have the same id.
    """
    contents, summaries = material.contents, material.summaries
    syndication = Syndication(
        publication=material.publication,
        options=options,
        words=cache(lambda language: _words(language, material)),
        weigh=lambda edition: summaries.of(edition).weight,
    )
    told = _teller(material)
    drafts = draft_feeds(material.shelves, syndication)
    for document in feed_documents(drafts, material.publication):
        texts = [told(edition) for edition in document.editions]
        make = partial(document.make, contents.of)
        alone = document.editions[0].post.path if len(document.editions) == 1 else None
        yield material.file(document.path, make, document.facts, texts, post=alone)
    if drafts:
        yield material.file(STYLE_SHEET, lambda: material.theme.source("feed/feed.css"))


def _teller(material: Material) -> Callable[[Edition], str]:
    """Fingerprint an edition with all that it says, once for all the documents."""
    known: dict[str, str] = {}

    def tell(edition: Edition) -> str:
        if edition.url not in known:
            digest = material.contents.digest(edition)
            known[edition.url] = f"{material.card(edition)} {digest}"
        return known[edition.url]

    return tell


def too_long(files: Iterable[SiteFile], folder: Path, size: int) -> Sequence[Finding]:
    """Find the posts that alone make a document longer than it should be.

    `folder` is where the files were published, `size` the most octets of a document.
    """
    documents = (file for file in files if file.path.endswith((".xml", ".json")))
    by_path = sorted(documents, key=lambda file: file.path)
    alone = {file.post: folder / file.path for file in by_path if file.post}
    lengths = {post: document.stat().st_size for post, document in alone.items()}
    return [
        too_long_for(size, post=post, octets=octets)
        for post, octets in lengths.items()
        if octets > size
    ]


def with_addresses(options: FeedOptions, publication: Publication) -> FeedOptions:
    """Give the feeds' own pictures their public addresses.

    Raises `DistributeError` for one that is not among the newsletter's files.
    """
    icon, logo = (_address(each, publication) for each in (options.icon, options.logo))
    return replace(options, icon=icon, logo=logo)


def _address(written: str, publication: Publication) -> str:
    if not written or written.startswith(("https://", "http://")):
        return written
    url = published_url(f"/{quote(written)}", PurePath(), publication)
    if not url:
        raise DistributeError(
            f"the feeds cannot show {written!r}: it is no file that gets published",
            hint="Name a picture in the newsletter's folder, in no hidden one.",
        )
    return url


def _words(language: Language, material: Material) -> Words:
    say = material.theme.catalogue(language).say
    return Words(
        also_in=say("feed.also_in", {}),
        explanation=say("feed.explanation", {}),
        home=say("feed.home", {}),
    )
