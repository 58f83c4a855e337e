"""What is wrong with a newsletter as its feeds show it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import PurePath

from distribute.editions.edition import Edition
from distribute.editions.publication import Publication
from distribute.editions.remarks import warn
from distribute.errors import SourceError
from distribute.feeds.build import is_syndicated
from distribute.feeds.enclosure import enclosure_of, written_enclosure
from distribute.feeds.options import MOST_OCTETS, FeedOptions
from distribute.feeds.pages import room_for_entries
from distribute.feeds.tag_uri import entry_ids
from distribute.finding import Finding, Severity


def feed_findings(
    editions: Sequence[Edition],
    *,
    weigh: Callable[[Edition], int],
    publication: Publication,
    options: FeedOptions,
) -> Iterator[Finding]:
    """Find what readers would stumble over; `editions` are those of all languages.

    `weigh` gives the `distribute.feeds.pages.content_weight` of what an edition says.
    """
    yield from _shared_ids(editions, publication, options)
    yield from _empty(editions, publication)
    for edition in filter(is_syndicated, editions):
        yield from _missing_enclosure(edition, publication)
        octets = weigh(edition)
        if octets > room_for_entries(options.size):
            path = edition.post.path
            yield too_long_for(options.size, post=path, octets=octets)


def _shared_ids(
    editions: Iterable[Edition], publication: Publication, options: FeedOptions
) -> Iterator[Finding]:
    """Find ids that two posts have, in one language or in two: readers show only one."""
    shelves: dict[str, list[Edition]] = {}
    for edition in editions:
        shelves.setdefault(edition.language.tag, []).append(edition)
    owners: dict[str, Edition] = {}
    for shelf in shelves.values():
        try:
            ids = entry_ids(shelf, publication, style=options.ids)
        except SourceError as error:
            yield _shared(error.path, error.line, error.reason, error.hint)
            continue
        for edition in filter(is_syndicated, shelf):
            owner = owners.setdefault(ids[edition.url], edition)
            if owner is not edition:
                yield _shared_with(owner, edition, ids[edition.url])


def _shared_with(owner: Edition, edition: Edition, name: str) -> Finding:
    line = edition.post.front_matter.lines.get("guid", 0)
    return _shared(
        edition.post.path,
        line,
        f"its id in the feeds, {name!r}, is that of {owner.post.path} too",
        "Take the guid out of the front matter of the translation.",
        edition.post.front_matter.guid,
    )


def _shared(
    path: PurePath, line: int, message: str, hint: str, words: str = ""
) -> Finding:
    return Finding(
        rule="feed-id-taken",
        severity=Severity.ERROR,
        path=path,
        line=line,
        message=message,
        hint=hint,
        words=words,
    )


def _empty(editions: Iterable[Edition], publication: Publication) -> Iterator[Finding]:
    """Find languages of which every post stays out of the feeds: there is none then."""
    everything = list(editions)
    fed = {edition.language for edition in filter(is_syndicated, everything)}
    written = dict.fromkeys(edition.language for edition in everything)
    empty = [str(language) for language in written if language not in fed]
    if empty:
        yield Finding(
            rule="feed-empty",
            severity=Severity.WARNING,
            path=publication.folder / "distribute.toml",
            message=f"every post in {', '.join(empty)} says feed: false, so there is no "
            "feed",
            hint="Take feed: false out of one of them.",
        )


def _missing_enclosure(edition: Edition, publication: Publication) -> Iterator[Finding]:
    """Find a file that shall come with the post and is nowhere."""
    written = written_enclosure(edition)
    if written and enclosure_of(edition, publication) is None:
        yield warn(
            edition.post,
            "enclosure",
            rule="enclosure-missing",
            message=f"the enclosure {written!r} is no file of the newsletter's; "
            "the feeds go without it",
            hint="Put it into the newsletter's folder; feeds need its exact length.",
            words=written,
        )


def too_long_for(size: int, *, post: PurePath, octets: int) -> Finding:
    """Say that a post makes more octets in a feed than a whole document may have."""
    return Finding(
        rule="feed-entry-long",
        severity=Severity.ERROR if octets > MOST_OCTETS else Severity.WARNING,
        path=post,
        message=f"in a feed the post takes {octets // 1024} KiB, more than a document "
        f"of {size // 1024} KiB has room for; it gets one of its own",
        hint="Shorten it, set feed: false, or raise size in [feeds].",
    )
