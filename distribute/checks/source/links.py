"""Links that work, but not as their author or their reader would want."""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from distribute.checks.proof import Proof
from distribute.checks.rule import Place, Rule
from distribute.checks.source.hosts import (
    FREE_HOSTS,
    SHORTENERS,
    host_of,
    is_among,
    is_inner,
)
from distribute.checks.source.report import at, report
from distribute.checks.survey import Spot
from distribute.finding import Finding, Severity
from distribute.render.tree import Kind, Node, plain_text, walk

HTTP = Rule(
    id="link-http",
    severity=Severity.WARNING,
    place=Place.MAIL,
    title="a link over http where https is meant",
    why="Everybody on the way can read and change what comes back, browsers warn of such "
    "pages, and filters count them against a mail.",
    fix="Write https:// if the site answers there, as nearly all do.",
    source="RFC 2818; Chrome marks http pages as not secure since version 68",
)
IMAGE_HTTP = Rule(
    id="image-http",
    severity=Severity.WARNING,
    place=Place.MAIL,
    title="a picture that is fetched over http",
    why="The archive is read over https, where browsers refuse such pictures or rewrite "
    "their address; mail programs that load pictures by a proxy may refuse them too.",
    fix="Write https:// if the site answers there, or keep the picture beside the post.",
    source="W3C Mixed Content, section 4",
)
INNER = Rule(
    id="link-inner",
    severity=Severity.ERROR,
    place=Place.MAIL,
    title="a link into a house network",
    why="It works for its author and for nobody else.",
    fix="Write the address under which everybody can reach it.",
    source="RFC 1918, RFC 6761, RFC 6762",
)
CREDENTIALS = Rule(
    id="link-credentials",
    severity=Severity.ERROR,
    place=Place.MAIL,
    title="a link with a user name or a password in it",
    why="Every reader gets the password, and browsers and filters take such an address "
    "for an attempt to deceive.",
    fix="Remove what stands before the @, and change the password if it was one.",
    source="RFC 3986 section 7.5",
)
TEMPLATE = Rule(
    id="template-left",
    severity=Severity.ERROR,
    place=Place.MAIL,
    title="a field of a mailing program that nobody fills in",
    why="Readers see the field itself, or a link that leads nowhere: a post is no "
    "template here, and other programs' fields mean nothing.",
    fix="Write what was to stand there, or remove it.",
)
SHORTENER = Rule(
    id="link-shortener",
    severity=Severity.WARNING,
    place=Place.MAIL,
    title="a shortened link",
    why="Readers cannot see where it leads, the service counts their clicks and may "
    "end any day, and filters distrust mails with such links.",
    fix="Write the address it leads to.",
    source="SpamAssassin, 25_url_shortener.cf; Spamhaus DBL",
)
FREE_HOST = Rule(
    id="link-free-host",
    severity=Severity.WARNING,
    place=Place.MAIL,
    title="a link to a host where anybody may put pages",
    why="Those who deceive use such hosts so much that filters count a link to them "
    "against the mail.",
    fix="Link to the project's own address or to its source, if there is one.",
    source="SpamAssassin, URI_FIREBASEAPP and the like",
)
TRACKING = Rule(
    id="link-tracking",
    severity=Severity.NOTE,
    place=Place.MAIL,
    title="a link with the marks of another campaign",
    why="What stands behind utm_ and the like tells the site that its reader came from "
    "somewhere else; it was copied with the address and is of no use to readers.",
    fix="Remove the marks from the address.",
)
RULES = (
    *(HTTP, IMAGE_HTTP, INNER, CREDENTIALS, TEMPLATE),
    *(SHORTENER, FREE_HOST, TRACKING),
)

_FIELD = re.compile(
    r"\{\{|\}\}|\{%|<%|\*\|[A-Z][A-Z0-9_:]*\|\*|%%[A-Za-z_][\w.]*%%|\$\{\w+\}"
    r"|%recipient[._]\w+%"
)
_PERCENT_FIELD = re.compile(r"%%[A-Za-z_][\w.]*%%|%recipient[._]\w+%")
_PIPE_FIELD = re.compile(r"\|[A-Z][A-Z0-9_:]*\|")
"""What Markdown's braces would be is reported where Liquid is resolved."""
_MARK = re.compile(
    r"(?<!\w)(?:utm_\w+|fbclid|gclid|dclid|msclkid|igshid|mc_[ce]id|yclid|_hs(?:enc|mi)"
    r"|hss_channel|mkt_tok)=[^&#]*",
    re.IGNORECASE,
)


def find(proof: Proof) -> Iterator[Finding]:
    """Find what is odd about the addresses of a post."""
    site = host_of(proof.publication.url)
    for spot in proof.survey.links:
        yield from _link(proof, spot, site)
    for spot in proof.survey.images:
        yield from _image(proof, spot)
    for spot in proof.survey.blocks:
        yield from _fields(proof, spot)


def _link(proof: Proof, spot: Spot, site: str) -> Iterator[Finding]:
    url = spot.node.url
    if not url.startswith(("http://", "https://")):
        return
    host = host_of(url)
    yield from _host(proof, spot, host)
    if user := urlsplit(url).netloc.rpartition("@")[0]:
        what = "a password" if ":" in user else "a user name"
        message = f"{what} stands in the address of a link"
        yield _about(proof, spot, CREDENTIALS, message)
    if host != site and _MARK.search(url.partition("?")[2]):
        yield _marked(proof, spot)
    if _FIELD.search(unquote(url)):
        yield _about(proof, spot, TEMPLATE, "a field is left in the address of a link")


def _host(proof: Proof, spot: Spot, host: str) -> Iterator[Finding]:
    if is_inner(host):
        yield _about(proof, spot, INNER, f"{host} can be reached from nowhere else")
    elif spot.node.url.startswith("http://"):
        yield _about(proof, spot, HTTP, f"the link to {host} is not encrypted")
    if is_among(host, SHORTENERS):
        yield _about(proof, spot, SHORTENER, f"{host} hides where this link leads")
    elif is_among(host, FREE_HOSTS):
        yield _about(proof, spot, FREE_HOST, f"filters distrust links to {host}")


def _image(proof: Proof, spot: Spot) -> Iterator[Finding]:
    url = spot.node.url
    host = host_of(url)
    if is_inner(host):
        message = f"the picture lies on {host}, which readers cannot reach"
        yield _about(proof, spot, INNER, message)
    elif url.startswith("http://"):
        message = f"the picture from {host} is not encrypted"
        yield _about(proof, spot, IMAGE_HTTP, message)
    if _FIELD.search(unquote(url)):
        message = "a field is left in the address of a picture"
        yield _about(proof, spot, TEMPLATE, message)


def _marked(proof: Proof, spot: Spot) -> Finding:
    url = spot.node.url
    marks = ", ".join(mark[0].partition("=")[0] for mark in _MARK.finditer(url))
    return _about(
        proof,
        spot,
        TRACKING,
        f"the address carries {marks}",
        hint=f"Write {unmarked(url)}.",
    )


def unmarked(url: str) -> str:
    """Take the marks of campaigns out of an address.

    >>> unmarked("https://a.example/?utm_source=b&page=2#top")
    'https://a.example/?page=2#top'
    """
    head, question, query = url.partition("?")
    query, number, fragment = query.partition("#")
    kept = "&".join(part for part in query.split("&") if not _MARK.fullmatch(part))
    return head + (question if kept else "") + kept + number + fragment


def _fields(proof: Proof, spot: Spot) -> Iterator[Finding]:
    for node in walk(spot.node.children):
        for field in _fields_in(node):
            message = f"the field {field} is left in the text"
            yield report(proof, TEMPLATE, message, (spot.line, field))


def _fields_in(node: Node) -> list[str]:
    if node.kind is Kind.TEXT and "%" in node.text:
        return _PERCENT_FIELD.findall(node.text)
    if node.kind is Kind.EMPHASIS:  # what its asterisks are taken for
        words = plain_text(node.children)
        return [f"*{words}*"] if _PIPE_FIELD.fullmatch(words) else []
    return []


def _about(
    proof: Proof, spot: Spot, rule: Rule, message: str, *, hint: str = ""
) -> Finding:
    line, words = at(proof, spot)
    if spot.node.url in words:
        words = spot.node.url
    return report(proof, rule, message, (line, words), hint=hint)
