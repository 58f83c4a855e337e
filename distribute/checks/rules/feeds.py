"""What readers of the feeds would stumble over."""

from distribute.checks.rule import Place, Rule
from distribute.finding import Severity

RULES: tuple[Rule, ...] = (
    Rule(
        id="feed-id-taken",
        severity=Severity.ERROR,
        place=Place.FEED,
        title="two posts with the same id in the feeds",
        why="Feed readers tell entries apart by their ids alone: they show one of the "
        "two and hide the other.",
        fix="Take the guid out of the front matter of the copy.",
        source="RFC 4287 section 4.2.6",
        firm=True,
    ),
    Rule(
        id="enclosure-missing",
        severity=Severity.WARNING,
        place=Place.FEED,
        title="a file to go with the post that is not there",
        why="Feeds have to state the exact length of a file, so they go without it, and "
        "podcast programs show nothing.",
        fix="Put the file into the newsletter's folder.",
        source="RSS 2.0, enclosure",
    ),
    Rule(
        id="feed-empty",
        severity=Severity.WARNING,
        place=Place.FEED,
        title="a language without a feed",
        why="All its posts say feed: false, and readers refuse a feed that is empty: so "
        "there is none, and who subscribed to it gets an error.",
        fix="Take feed: false out of one of its posts.",
    ),
    Rule(
        id="feed-entry-long",
        severity=Severity.WARNING,
        place=Place.FEED,
        title="a post too long for a feed of the usual size",
        why="Some readers give up on documents that are larger. The post gets a document "
        "of its own, which they may not fetch.",
        fix="Shorten it, set feed: false in its front matter, or raise size in [feeds].",
    ),
)
