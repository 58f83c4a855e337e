"""Editions become feeds: which documents there are, and which entries each holds.

Nothing is rendered for it but what cannot be known otherwise: how long the entries are,
as no document may be too long.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from distribute.editions.edition import Edition, Issue
from distribute.editions.order import newest_first
from distribute.editions.publication import Publication
from distribute.errors import DistributeError
from distribute.feeds.entries import blank_entry, filled, one_line
from distribute.feeds.feed import Entry, Feed
from distribute.feeds.options import FeedOptions, Words
from distribute.feeds.pages import entry_weight, paginate
from distribute.feeds.tag_uri import category_scheme, entry_ids, feed_id
from distribute.language import Language
from distribute.render.document import Content

COMBINED = "all"
"""Folder and name of the feed that has the entries of all languages."""

Member = tuple[Edition, Issue]
Shelves = Mapping[Language, Sequence[Member]]
"""What is public in each language; no language without an edition."""


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """A document whose entries say nothing yet, and the edition behind each.

    Drafts are told apart as things, not by all that they hold: it is quick to look up
    whether one was filled before.
    """

    feed: Feed
    editions: tuple[Edition, ...]

    def filled(self, content_of: Callable[[Edition], Content]) -> Feed:
        """Let the entries say what the editions do."""
        pairs = zip(self.feed.entries, self.editions, strict=True)
        entries = tuple(filled(entry, content_of(edition)) for entry, edition in pairs)
        return replace(self.feed, entries=entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Syndication:
    """What all feeds of a newsletter have in common."""

    publication: Publication
    """Its languages are those that have a feed."""
    options: FeedOptions
    words: Callable[[Language], Words]
    weigh: Callable[[Edition], int]
    """Give the `distribute.feeds.pages.content_weight` of what an edition says."""


def draft_feeds(
    shelves: Shelves, syndication: Syndication
) -> Mapping[str, Sequence[Draft]]:
    """Draft all documents, by the folder they lie in: the current one, then the archive.

    A language of which no post is to be syndicated has no feed. Raises `DistributeError`
    where two editions have the same id, `SourceError` where their front matter says so.
    """
    entries = {
        language: found
        for language, members in shelves.items()
        if (found := list(_entries(language, members, syndication)))
    }
    _refuse_shared_ids(entry for found in entries.values() for entry, _ in found)
    others = tuple(entries)
    drafts = {
        language.folder: _drafts(
            _head(language, found, others, syndication), found, syndication
        )
        for language, found in entries.items()
    }
    if syndication.options.combined and entries:
        everything = [pair for found in entries.values() for pair in found]
        everything.sort(key=lambda pair: newest_first(pair[1]))
        head = _combined(everything, others, syndication)
        drafts[COMBINED] = _drafts(head, everything, syndication)
    return drafts


def is_syndicated(edition: Edition) -> bool:
    """Whether it goes into feeds; ``feed: false`` keeps a post out."""
    choice = edition.post.front_matter.extra.get("feed", True)
    return str(choice).strip().lower() not in {"false", "no", "off"}


def _entries(
    language: Language, members: Sequence[Member], syndication: Syndication
) -> Iterator[tuple[Entry, Edition]]:
    """Make the blank entries of one language, newest first.

    Raises `DistributeError` where there is no edition: an empty feed tells nobody
    anything.
    """
    if not members:
        raise DistributeError(
            f"there is no edition in {language} to put into its feed",
            hint="Publish one, or take the language out of the configuration.",
        )
    also_in = syndication.words(language).also_in
    publication, options = syndication.publication, syndication.options
    ids = entry_ids((e for e, _ in members), publication, style=options.ids)
    for edition, issue in sorted(members, key=lambda pair: newest_first(pair[0])):
        if is_syndicated(edition):
            entry = blank_entry(
                edition,
                issue,
                name=ids[edition.url],
                publication=publication,
                also_in=also_in,
            )
            if entry.rights and entry.rights == options.rights:
                entry = replace(entry, rights="")
            yield entry, edition


def _head(
    language: Language,
    entries: Sequence[tuple[Entry, Edition]],
    languages: Iterable[Language],
    syndication: Syndication,
) -> Feed:
    """Say about a feed what all its documents do."""
    publication, options = syndication.publication, syndication.options
    words, home = syndication.words(language), publication.home_url(language)
    return Feed(
        id=feed_id(language.folder, publication),
        title=one_line(publication.title_in(language)),
        subtitle=one_line(publication.descriptions.get(language, "")),
        language=language,
        link=home,
        folder_url=home,
        published=max(entry.published for entry, _ in entries),
        updated=max(entry.updated for entry, _ in entries),
        entries=(),
        category_scheme=category_scheme(publication),
        translations={
            other: publication.home_url(other)
            for other in languages
            if other != language
        },
        hub=options.hub,
        editor=options.editor,
        rights=one_line(options.rights),
        icon=options.icon,
        logo=options.logo,
        explanation=one_line(words.explanation),
        home=one_line(words.home),
    )


def _combined(
    entries: Sequence[tuple[Entry, Edition]],
    languages: Iterable[Language],
    syndication: Syndication,
) -> Feed:
    """Say about the feed of all languages what its documents do."""
    publication = syndication.publication
    head = _head(publication.default_language, entries, languages, syndication)
    return replace(
        head,
        id=feed_id(COMBINED, publication),
        link=f"{publication.url}/",
        folder_url=f"{publication.url}/{COMBINED}/",
        translations={},
        mixed=True,
    )


def _drafts(
    head: Feed, entries: Sequence[tuple[Entry, Edition]], syndication: Syndication
) -> Sequence[Draft]:
    options = syndication.options
    weights = [
        entry_weight(entry) + syndication.weigh(edition) for entry, edition in entries
    ]
    pages = paginate(weights, limit=options.limit, size=options.size)
    drafts = [_draft(head, entries, pages.current)]
    drafts += [
        _draft(_as_page(head, number), entries, places)
        for number, places in enumerate(pages.archive, 1)
    ]
    current = replace(drafts[0].feed, older=len(pages.archive))
    return [Draft(current, drafts[0].editions), *drafts[1:]]


def _as_page(head: Feed, number: int) -> Feed:
    """Make a head that of an archive page, which is to stay as it is.

    So it says nothing about other feeds, nor what follows it: a reader finds its way
    back from the current document (RFC 5005 section 4.2).
    """
    return replace(head, page=number, older=number - 1, translations={}, hub="")


def _draft(
    head: Feed, entries: Sequence[tuple[Entry, Edition]], places: range
) -> Draft:
    chosen = [entries[place] for place in places]
    feed = replace(
        head,
        entries=tuple(entry for entry, _ in chosen),
        published=max(entry.published for entry, _ in chosen),
        updated=max(entry.updated for entry, _ in chosen),
    )
    return Draft(feed, tuple(edition for _, edition in chosen))


def _refuse_shared_ids(entries: Iterable[Entry]) -> None:
    """Insist on different ids in all feeds: some readers know entries by nothing else."""
    owners: dict[str, str] = {}
    for entry in entries:
        owner = owners.setdefault(entry.id, entry.link)
        if owner != entry.link:
            raise DistributeError(
                f"{owner} and {entry.link} have the same feed id {entry.id!r}",
                hint="Take the guid out of the front matter of the translation.",
            )
