"""The entry of an edition in the feeds, as readers show it and as it is written."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from distribute.checks.proof import Proof
from distribute.editions.publication import Publication
from distribute.feeds.build import Syndication, draft_feeds, is_syndicated
from distribute.feeds.feed import Entry
from distribute.feeds.json import to_json_feed
from distribute.feeds.options import FeedOptions, Words
from distribute.feeds.xml import to_atom, to_rss
from distribute.web.preview.pictures import at_hand
from distribute.web.preview.tool import ENGLISH, tool
from distribute.web.preview.variants import Mode, variant_of

_ITEM = re.compile(r"[ \t]*<(item|entry)\b.*</\1>", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One entry, in all formats."""

    entry: Entry
    variants: Mapping[Mode, str]
    """As a reader shows it, in a style of its own."""
    rss: str
    atom: str
    json: str


def feed_entry(proof: Proof, options: FeedOptions) -> FeedEntry | None:
    """Write the entry of an edition; `None` if its front matter keeps it out of feeds.

    Raises `DistributeError` for what a feed cannot say.
    """
    edition, publication = proof.edition, proof.publication
    if not is_syndicated(edition):
        return None
    say = proof.theme.catalogue(edition.language).say
    syndication = Syndication(
        publication=replace(publication, languages=(edition.language,)),
        options=replace(options, combined=False),
        words=lambda _: Words(also_in=say("feed.also_in", {})),
        weigh=lambda _: 0,
    )
    drafts = draft_feeds({edition.language: [(edition, proof.issue)]}, syndication)
    feed = drafts[edition.language.folder][0].filled(lambda _: proof.content)
    item = json.loads(to_json_feed(feed))["items"][0]
    return FeedEntry(
        entry=feed.entries[0],
        variants=_shown(feed.entries[0], publication),
        rss=_item_of(to_rss(feed)),
        atom=_item_of(to_atom(feed)),
        json=json.dumps(item, ensure_ascii=False, indent=1),
    )


def _shown(entry: Entry, publication: Publication) -> Mapping[Mode, str]:
    title = publication.title_in(entry.language)
    values = {"entry": entry, "feed": title}
    html = at_hand(tool().render("preview/entry.html", ENGLISH, values), publication)
    return {mode: variant_of(html, mode) for mode in (Mode.LIGHT, Mode.DARK)}


def _item_of(document: bytes) -> str:
    text = document.decode("utf-8")
    item = _ITEM.search(text)
    return item[0] if item else text
