"""What feed readers and validators would object to, beyond what feeds refuse themselves."""

import re
from collections.abc import Iterator

from distribute.checks.mail.spot import Spot, in_front_matter, in_settings
from distribute.checks.proof import Proof
from distribute.checks.rule import Place, Rule
from distribute.editions.publication import Publication
from distribute.feeds.build import is_syndicated
from distribute.finding import Finding, Severity
from distribute.render.theme.theme import Theme

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_MARKUP = re.compile(
    r"</?(?:a|b|br|code|em|h[1-6]|i|p|span|strong|sub|sup|u)(?:\s[^<>]*)?/?>"
    r"|&(?:amp|lt|gt|quot|nbsp|#\d{2,6}|#x[\da-fA-F]{2,6});"
    r"|(?<!\w)\*\*(?=\S)[^*]+(?<=\S)\*\*(?!\w)|\[[^\[\]]+\]\(https?://[^)]*\)",
    re.IGNORECASE,
)

GUID = Rule(
    id="feed-guid-odd",
    severity=Severity.WARNING,
    place=Place.FEED,
    title="a guid that is no address",
    why="Atom wants an absolute URI as the id of an entry; validators refuse others, and "
    "some readers make one of it by putting the site in front.",
    fix="Write a tag: or https: URI without spaces, or take the guid out; but one that "
    "readers know already should stay.",
    source="RFC 4287 section 4.2.6",
)
TITLE = Rule(
    id="title-markup",
    severity=Severity.WARNING,
    place=Place.SOURCE,
    title="a title with Markdown or HTML in it",
    why="A title is plain text: subjects, feeds and tabs show the signs themselves, and "
    "feed validators warn of it.",
    fix="Write the title in plain words, & as it is.",
    source="W3C feed validator, ContainsHTML",
)
DESCRIPTION = Rule(
    id="feed-description-missing",
    severity=Severity.NOTE,
    place=Place.FEED,
    title="a feed without a description",
    why="Feed readers and directories show one sentence about a feed; without it they "
    "show its title twice.",
    fix="Add the language under [newsletter.descriptions] in distribute.toml.",
    source="RSS 2.0, description",
)
RULES = (GUID, TITLE, DESCRIPTION)


def find(proof: Proof) -> Iterator[Finding]:
    """Find what is wrong with an edition as an entry of a feed."""
    guid = proof.edition.post.front_matter.guid.strip()
    if guid and is_syndicated(proof.edition) and not _URI.fullmatch(guid):
        spot = in_front_matter(proof, "guid")
        yield Spot(spot.path, spot.line, guid).report(
            GUID, f"the guid {guid!r} is no absolute URI"
        )
    if markup := _MARKUP.search(proof.edition.title):
        spot = in_front_matter(proof, "title")
        yield Spot(spot.path, spot.line, markup[0]).report(
            TITLE, f"the title holds {markup[0]!r}"
        )


def find_undescribed(theme: Theme, publication: Publication) -> Iterator[Finding]:
    """Find the languages of which no sentence says what their feed is about."""
    del theme
    missing = [
        str(language)
        for language in publication.languages
        if not publication.descriptions.get(language, "").strip()
    ]
    if missing:
        yield in_settings(publication, "newsletter.descriptions").report(
            DESCRIPTION, f"no description of the feeds in {', '.join(missing)}"
        )
