"""Feeds of single languages, as tests want them: drafted and filled at once."""

from collections.abc import Callable, Collection, Sequence

from distribute.editions.edition import Edition, Issue
from distribute.editions.publication import Publication
from distribute.feeds.build import Syndication, draft_feeds
from distribute.feeds.feed import Feed
from distribute.feeds.options import FeedOptions, Words
from distribute.feeds.pages import content_weight
from distribute.language import Language
from distribute.render.document import Content

SILENT = Content(html="", excerpt="", preheader="")
Material = tuple[Edition, Content, Issue]


def documents_of(
    language: Language,
    entries: Sequence[Material],
    *,
    publication: Publication,
    options: FeedOptions | None = None,
    words: Callable[[Language], Words] = lambda _: Words(),
    languages: Collection[Language] = (),
) -> list[Feed]:
    """Make the documents of one language's feed: the current one, then the archive.

    `languages` have a feed as well, of the editions in the issues of the entries.
    """
    contents = {edition.url: content for edition, content, _ in entries}
    syndication = Syndication(
        publication=publication,
        options=options or FeedOptions(),
        words=words,
        weigh=lambda edition: content_weight(contents.get(edition.url, SILENT)),
    )
    issues = [issue for _, _, issue in entries]
    shelves = {
        other: [(i.editions[other], i) for i in issues if other in i.editions]
        for other in languages
    }
    shelves[language] = [(edition, issue) for edition, _, issue in entries]
    drafts = draft_feeds(shelves, syndication)[language.folder]
    return [draft.filled(lambda edition: contents[edition.url]) for draft in drafts]


def feed_of(
    language: Language,
    entries: Sequence[Material],
    *,
    limit: int = 20,
    also_in: Callable[[Language], str] = lambda _: "",
    **options: object,
) -> Feed:
    """Make the current document of one language's feed."""
    words: dict[str, object] = {"words": lambda spoken: Words(also_in=also_in(spoken))}
    chosen = words | {"options": FeedOptions(limit=limit)} | options
    return documents_of(language, entries, **chosen)[0]  # type: ignore[arg-type]  # a test says what it needs
