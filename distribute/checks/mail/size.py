"""How large a mail is: its HTML, its style sheets, and the message as a whole."""

from collections.abc import Iterator, Sequence

from distribute.checks.letters import letters_of
from distribute.checks.mail.message import message_of
from distribute.checks.mail.spot import TEMPLATE, Spot, in_template
from distribute.checks.proof import Proof
from distribute.checks.rule import Place, Rule
from distribute.checks.weight import (
    Section,
    sections_of,
    weight_of_html,
    weight_of_styles,
)
from distribute.finding import Finding, Severity
from distribute.render.tree import Kind, plain_text

MUCH_HTML = 80_000
MUCH_STYLE = 12_000
MUCH_MESSAGE = 500_000
_NAMED = 3
"""How many of the heaviest parts are named."""

HTML = Rule(
    id="html-size",
    severity=Severity.ERROR,
    place=Place.MAIL,
    title="a mail whose HTML is too long for Gmail",
    why='Behind 102,400 bytes of HTML Gmail shows "[Message clipped]": what follows is '
    "hidden, the unsubscribe link first of all. From 80,000 on it is near.",
    fix="Shorten the longest parts, or move them to a page and link to it.",
    source="Gmail; measured by many senders since 2010",
)
STYLE = Rule(
    id="style-size",
    severity=Severity.ERROR,
    place=Place.MAIL,
    title="style sheets that are too long for Gmail",
    why="Gmail reads 16,000 characters of <style> in all; it drops the sheet that goes "
    "beyond, and with it the layout for phones.",
    fix="Take out of the style sheets what no mail uses.",
    source="email-bugs issue 90",
)
MESSAGE = Rule(
    id="message-size",
    severity=Severity.WARNING,
    place=Place.HEADERS,
    title="a message that filters do not look at",
    why="Many spam filters pass over messages of more than 500,000 octets, which makes "
    "servers wary, and every reader has to fetch it all.",
    fix="Shorten the post, or move parts of it to a page and link to it.",
    source="SpamAssassin, spamc(1): the largest message it scans",
)
RULES = (HTML, STYLE, MESSAGE)


def find(proof: Proof) -> Iterator[Finding]:
    """Find mails that are too large, or nearly so."""
    yield from _html(proof)
    yield from _style(proof)
    if (octets := len(message_of(proof))) > MUCH_MESSAGE:
        yield Spot(proof.edition.post.path).report(
            MESSAGE, f"the whole message has {octets:,} octets"
        )


def _html(proof: Proof) -> Iterator[Finding]:
    weight = weight_of_html(proof.email, proof.public_url)
    if weight.size > MUCH_HTML:
        heaviest = sections_of(proof.email.html)[:_NAMED]
        yield _spot(proof, heaviest).report(
            HTML,
            f"the HTML of the mail has {weight.size:,} bytes; Gmail clips it at "
            f"{weight.limit:,}",
            hint=f"{_listed(heaviest)}{HTML.fix}",
            weigh=Severity.ERROR if weight.share > 1 else Severity.WARNING,
        )


def _spot(proof: Proof, heaviest: Sequence[Section]) -> Spot:
    """Point at the headline of the heaviest part, if it is one of the post's."""
    path = proof.edition.post.path
    sought = letters_of(heaviest[0].headline) if heaviest else ""
    headings = (spot for spot in proof.survey.blocks if spot.node.kind is Kind.HEADING)
    for spot in headings:
        words = plain_text(spot.node.children).strip()
        if letters_of(words) == sought:
            return Spot(path, spot.line, words)
    return Spot(path)


def _style(proof: Proof) -> Iterator[Finding]:
    weight = weight_of_styles(proof.email.html)
    if weight.size > MUCH_STYLE:
        yield in_template(proof.theme, TEMPLATE).report(
            STYLE,
            f"the <style> blocks have {weight.size:,} characters; Gmail reads "
            f"{weight.limit:,}",
            weigh=Severity.ERROR if weight.share > 1 else Severity.WARNING,
        )


def _listed(heaviest: Sequence[Section]) -> str:
    named = ", ".join(map(_named, heaviest))
    return f"The heaviest parts: {named}. " if named else ""


def _named(section: Section) -> str:
    return f"“{section.headline}” {-(-section.size // 1000)} KB"
