"""What is found while it is decided which post is which issue, in which language."""

from distribute.checks.rule import Place, Rule
from distribute.finding import Severity

_TITLES = (
    Rule(
        id="title-missing",
        severity=Severity.WARNING,
        place=Place.INBOX,
        title="a post without a title",
        why="The title is the subject of the mail and the headline everywhere. Another "
        "text stands in for it: the first heading, or the file's name.",
        fix="Write title: in the front matter.",
    ),
    Rule(
        id="title-direction",
        severity=Severity.WARNING,
        place=Place.INBOX,
        title="a title with a character that turns the direction of reading",
        why="U+202D and U+202E can make a subject read as what it is not, so spam filters "
        "distrust them. They are left out.",
        fix="Delete the character. Arabic and Hebrew need none: their letters know their "
        "direction.",
        source="Unicode Technical Report 36, section 2.5",
    ),
    Rule(
        id="title-liquid",
        severity=Severity.WARNING,
        place=Place.INBOX,
        title="Liquid markup in a title",
        why="It is not resolved there: the subject shows the braces.",
        fix="Write the words that it stands for.",
    ),
    Rule(
        id="excerpt-language",
        severity=Severity.WARNING,
        place=Place.INBOX,
        title="an excerpt in another language than its post",
        why="The excerpt is what readers see beside the subject in their inbox, and in "
        "feeds and search results. In a language they do not read it looks like "
        "somebody else's mail.",
        fix="Translate the excerpt, or leave it empty: then the text's beginning is shown.",
    ),
    Rule(
        id="author-unknown",
        severity=Severity.WARNING,
        place=Place.SOURCE,
        title="an author who is not in the file of authors",
        why="The name is shown as it is written, without a link; a handle means nothing "
        "to readers.",
        fix="Correct the name, or add the author to the file that `authors` names in "
        "distribute.toml.",
    ),
)
_LANGUAGES = (
    Rule(
        id="language-unknown",
        severity=Severity.WARNING,
        place=Place.SOURCE,
        title="lang is not a language",
        why="The language is guessed from the file's name and the text. Who gets the "
        "post, and in which feed it appears, depends on that guess.",
        fix="Write a tag such as en, pt-BR or zh-Hans.",
        source="BCP 47",
    ),
    Rule(
        id="language-not-configured",
        severity=Severity.WARNING,
        place=Place.SOURCE,
        title="a post in a language that the newsletter does not have",
        why="The post is left out: nobody can have asked for it.",
        fix="Add the language to newsletter.languages, or correct lang in the front "
        "matter.",
    ),
    Rule(
        id="language-mismatch",
        severity=Severity.WARNING,
        place=Place.SOURCE,
        title="a post that reads like another language than it says",
        why="Its readers would get a text they may not understand. Screen readers would "
        "pronounce it by the wrong rules.",
        fix="Correct lang, the title's tag or the file's name, or translate the text.",
        source="WCAG 2.2, 3.1.1",
    ),
    Rule(
        id="language-guessed",
        severity=Severity.WARNING,
        place=Place.SOURCE,
        title="a post whose language can only be guessed",
        why="If the guess is wrong, it goes to the wrong people.",
        fix="Write lang: in the front matter.",
    ),
)
_TIMES = (
    Rule(
        id="date-missing",
        severity=Severity.ERROR,
        place=Place.SOURCE,
        title="a post without a date",
        why="Feeds and the archive are sorted by it, so the post is left out.",
        fix="Write date: 2026-01-31 in the front matter, or begin the file's name with it.",
        firm=True,
    ),
    Rule(
        id="date-invalid",
        severity=Severity.WARNING,
        place=Place.SOURCE,
        title="a date that is none",
        why="It is ignored, and the date in the file's name counts, if there is one.",
        fix="Write it as 2026-01-31 or 2026-01-31 09:00:00 +0100.",
        source="ISO 8601",
    ),
    Rule(
        id="send-invalid",
        severity=Severity.ERROR,
        place=Place.SOURCE,
        title="a time to send that is none",
        why="The issue would never be sent by itself: `distribute send new` leaves it out.",
        fix="Write send: 2026-12-01 09:00, with a zone behind it if it is not the "
        "newsletter's; or take the line out and send the issue yourself.",
        source="ISO 8601; RFC 5545 section 3.3.5",
    ),
    Rule(
        id="send-disagrees",
        severity=Severity.ERROR,
        place=Place.SOURCE,
        title="translations that are to be sent at different times",
        why="All editions of an issue are sent together, and nobody can tell which time "
        "was meant: `distribute send new` leaves the issue out.",
        fix="Write send: in one of the posts, best in the original, or the same in all.",
    ),
    Rule(
        id="send-shifted",
        severity=Severity.WARNING,
        place=Place.SOURCE,
        title="a time to send that does not exist, or comes twice",
        why="Clocks are put forward or back just then. What is left out moves on by as "
        "much; of what comes twice the first is meant.",
        fix="Write another time, or the offset from UTC: send: 2026-10-25 02:30 +01:00.",
        source="RFC 5545 section 3.3.5",
    ),
    Rule(
        id="issue-duplicate",
        severity=Severity.ERROR,
        place=Place.SOURCE,
        title="two posts that are the same issue in the same language",
        why="Readers get one of them. The other is left out, since nobody can tell which "
        "was meant.",
        fix="Correct the number or the language of one of them, or make one a draft.",
        firm=True,
    ),
)
_ADDRESSES = (
    Rule(
        id="permalink-invalid",
        severity=Severity.WARNING,
        place=Place.FEED,
        title="a permalink that is no path below the site",
        why="The page gets another address than its author meant, and links to that one "
        "lead nowhere.",
        fix="Write a path such as /some-post/, without .. and without the site.",
    ),
    Rule(
        id="address-taken",
        severity=Severity.WARNING,
        place=Place.FEED,
        title="two posts that want the same address",
        why="The one published first keeps it, for its readers have it already. The other "
        "gets an address that nobody chose.",
        fix="Give one of the two its own slug or permalink.",
    ),
    Rule(
        id="redirect-taken",
        severity=Severity.WARNING,
        place=Place.FEED,
        title="an old address that is the address of another page",
        why="A page is never replaced by a redirect, so old links do not lead here.",
        fix="Take the address out of redirect_from.",
    ),
    Rule(
        id="redirect-invalid",
        severity=Severity.WARNING,
        place=Place.FEED,
        title="an old address that is no path below the site",
        why="No file of the site can stand for it, so old links do not lead here.",
        fix="Write a path such as /some-post/, without .. and without ? or #.",
    ),
)

RULES: tuple[Rule, ...] = (*_TITLES, *_LANGUAGES, *_TIMES, *_ADDRESSES)
