"""The preheader: what an inbox shows behind the subject."""

import re
from collections.abc import Iterator

from distribute.checks.letters import letters_of
from distribute.checks.mail.spot import Spot, in_front_matter
from distribute.checks.mail.subject import columns, cut
from distribute.checks.proof import Proof
from distribute.checks.rule import Place, Rule
from distribute.finding import Finding, Severity

LEAST, MOST = 40, 110
"""Columns; a Chinese character takes two."""
_SHOWN = 60
_MARKUP = re.compile(
    r"(?<!\w)</?[a-zA-Z][^<>]*>?|&(?:[a-zA-Z]{2,8}|#\d{2,6});|!?\[[^\]]*\]\(\S*|\]\("
    r"|(?<!\w)\*\*\w|\w\*\*(?!\w)|\{[{%]"
)
"""What is left of markup once all that is well-formed has been taken out."""

MISSING = Rule(
    id="preheader-missing",
    severity=Severity.WARNING,
    place=Place.INBOX,
    title="a post without excerpt and preheader",
    why="Inboxes show a line behind the subject, and it decides with it whether a mail is "
    "opened. Without one of yours it is the first sentence of the post.",
    fix="Write `excerpt:` or `preheader:` into the front matter, 40 to 110 characters, "
    "half as many in Chinese, Japanese or Korean.",
)
SHORT = Rule(
    id="preheader-short",
    severity=Severity.WARNING,
    place=Place.INBOX,
    title="a preheader that leaves room for other words",
    why="An inbox fills what is left of its line with the first words of the mail, which "
    "are the newsletter's name and a date.",
    fix="Write 40 to 110 characters, half as many in Chinese, Japanese or Korean.",
)
LONG = Rule(
    id="preheader-long",
    severity=Severity.WARNING,
    place=Place.INBOX,
    title="a preheader that is cut",
    why="No inbox shows more than about 110 characters, 55 in Chinese, Japanese or Korean; "
    "the mail carries no more of it.",
    fix="Shorten `preheader:` in the front matter.",
)
REPEATS = Rule(
    id="preheader-repeats",
    severity=Severity.WARNING,
    place=Place.INBOX,
    title="a preheader that repeats the subject",
    why="The inbox shows the same words twice, and nothing of what is in the mail.",
    fix="Say in it what the subject does not.",
)
MARKUP = Rule(
    id="preheader-markup",
    severity=Severity.ERROR,
    place=Place.INBOX,
    title="a preheader with broken Markdown or HTML in it",
    why="An inbox shows plain text. Markup that is whole is taken out; what is left of "
    "markup that is not, readers see as it stands.",
    fix="Write the excerpt or preheader in plain words.",
)
RULES = (MISSING, SHORT, LONG, REPEATS, MARKUP)


def find(proof: Proof) -> Iterator[Finding]:
    """Find what is wrong with the preheader, at the line that it is made of."""
    head, shown = proof.edition.post.front_matter, proof.content.preheader
    spot = in_front_matter(proof, "preheader", "excerpt")
    if not (head.preheader or head.excerpt):
        instead = f"the inbox shows “{cut(shown, _SHOWN)}”" if shown else "it is empty"
        yield spot.report(MISSING, f"there is no excerpt and no preheader; {instead}")
        return
    spot = Spot(spot.path, spot.line, head.preheader or head.excerpt)
    if markup := _MARKUP.search(shown):
        yield Spot(spot.path, spot.line, markup[0]).report(
            MARKUP, f"the preheader holds {markup[0]!r}"
        )
    yield from _lengths(spot, head.preheader, shown)
    words = letters_of(shown)
    if words and letters_of(proof.edition.title).startswith(words):
        yield spot.report(REPEATS, "the preheader repeats the subject")


def _lengths(spot: Spot, given: str, shown: str) -> Iterator[Finding]:
    if columns(shown) < LEAST:
        yield spot.report(
            SHORT, f"the preheader has {len(shown)} characters: “{shown}”"
        )
    if columns(given) > MOST:
        yield spot.report(
            LONG,
            f"the preheader has {len(given)} characters; it ends with “{shown[-20:]}”",
        )
