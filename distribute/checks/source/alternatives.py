"""What stands for a picture where nobody sees it: blocked, spoken, or in plain text."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import pairwise
from urllib.parse import unquote

from distribute.checks.proof import Proof
from distribute.checks.rule import Place, Rule
from distribute.checks.source.placeholders import PLACEHOLDERS
from distribute.checks.source.report import at, report
from distribute.checks.source.words import folded
from distribute.checks.survey import Spot
from distribute.finding import Finding, Severity
from distribute.render.tree import Kind, Node, plain_text, walk

MISSING = Rule(
    id="image-alt-missing",
    severity=Severity.WARNING,
    place=Place.MAIL,
    title="a picture without alternative text",
    why="Many inboxes block pictures until their reader asks for them, and who listens "
    "to a mail hears nothing at all, or the address of the file.",
    fix="Say between the brackets what the picture shows: ![A boat at night](boat.png). "
    'One that says nothing gets {: role="presentation"}.',
    source="WCAG 2.2, success criterion 1.1.1",
)
PLACEHOLDER = Rule(
    id="image-alt-placeholder",
    severity=Severity.WARNING,
    place=Place.MAIL,
    title="an alternative text that an editor put there",
    why="A file name or the words of an editor are read aloud, and tell nothing.",
    fix="Say between the brackets what the picture shows.",
    source="WCAG 2.2, failure F30",
)
REPEATED = Rule(
    id="image-alt-repeated",
    severity=Severity.NOTE,
    place=Place.MAIL,
    title="an alternative text that is the caption once more",
    why="Who listens hears the same words twice, and nothing about the picture.",
    fix="Say between the brackets what the picture shows, and leave the rest to the "
    "caption.",
    source="axe, image-redundant-alt",
)
LONG = Rule(
    id="image-alt-long",
    severity=Severity.NOTE,
    place=Place.MAIL,
    title="a very long alternative text",
    why="It is read aloud without a pause and cannot be gone back to; where pictures are "
    "blocked it stands in a box that is too small for it.",
    fix="Say what matters in a sentence or two, and the rest in the text.",
)
UNNAMED = Rule(
    id="image-link-unnamed",
    severity=Severity.ERROR,
    place=Place.MAIL,
    title="a link that is a picture without alternative text",
    why="A screen reader has no words for this link: it spells out its address.",
    fix="Say between the brackets of the picture where the link leads.",
    source="WCAG 2.2, success criteria 1.1.1 and 2.4.4; axe, link-name",
)
RULES = (MISSING, PLACEHOLDER, REPEATED, LONG, UNNAMED)

_LONGEST = 250
_LONGEST_CJK = 120
_FILE = re.compile(
    r"[\w\-. %()]*\.(?:png|jpe?g|gif|webp|svg|avif|bmp|tiff?|heic)"
    r"|screen[ _-]?shot[ _-]\d.*"
    r"|(?:img|dsc|dscn|dscf|pxl|mvimg|screen[ _-]?shot|image|picture|photo"
    r"|figure|fig|bild|capture|unnamed|pasted[ _-]?image|clipboard|untitled)"
    r"[ _\-.]*\(?\d[\d _\-.]*\)?",
    re.IGNORECASE,
)
_DECORATIVE_ROLES = frozenset({"presentation", "none"})
_EMPTY_ALT = re.compile(r"\balt\s*=\s*(?:\"\s*\"|'\s*')", re.IGNORECASE)


def find(proof: Proof) -> Iterator[Finding]:
    """Find pictures that say nothing, or the same twice, to who does not see them."""
    follower = _followers(proof.survey.blocks)
    for spot in proof.survey.images:
        alt = spot.node.alt.strip()
        if not alt:
            yield from _empty(proof, spot)
        elif is_placeholder(alt, spot.node.url):
            line, words = at(proof, spot, alt)
            message = f"“{alt}” does not say what the picture shows"
            yield report(proof, PLACEHOLDER, message, (line, words))
        else:
            yield from _said(proof, spot, alt, follower)


def _empty(proof: Proof, spot: Spot) -> Iterator[Finding]:
    line, words = at(proof, spot, "![](")
    if spot.link is not None and not _is_named(spot.link):
        message = f"nothing says where this picture leads: {spot.link.url}"
        yield report(proof, UNNAMED, message, (line, words))
    elif not _is_decorative(proof, spot, line):
        message = "the picture has no alternative text"
        yield report(proof, MISSING, message, (line, words))


def _is_named(link: Node) -> bool:
    """Tell whether a screen reader has words for a link."""
    given = dict(link.attributes).get("aria-label", "") or link.title
    return bool(given.strip() or plain_text(link.children).strip())


def _is_decorative(proof: Proof, spot: Spot, line: int) -> bool:
    """Tell whether the author has said that the picture says nothing.

    In Markdown by an attribute list, ``{: role="presentation"}`` or ``{: .decorative}``;
    in HTML by an ``alt=""`` that is written out.
    """
    given = dict(spot.node.attributes)
    if given.get("role") in _DECORATIVE_ROLES or given.get("aria-hidden") == "true":
        return True
    if "decorative" in spot.node.classes:
        return True
    index = line - proof.edition.post.body_line
    source = proof.lines[index] if 0 <= index < len(proof.lines) else ""
    return "<img" in source.lower() and bool(_EMPTY_ALT.search(source))


def is_placeholder(alt: str, url: str) -> bool:
    """Tell whether a text was put there by an editor, or is the name of the file.

    >>> [is_placeholder(alt, "a/boat-1.png") for alt in ("Alt text", "boat-1", "A boat")]
    [True, True, False]
    """
    said = folded(alt)
    if not said or said in PLACEHOLDERS or _FILE.fullmatch(alt.strip()):
        return True
    name = unquote(url).rpartition("/")[2].partition("?")[0]
    stem = name.rpartition(".")[0]
    is_name = any(not each.isalpha() for each in stem)
    return is_name and alt.strip().lower() in {name.lower(), stem.lower()}


def _said(
    proof: Proof, spot: Spot, alt: str, follower: Mapping[int, Spot]
) -> Iterator[Finding]:
    line, words = at(proof, spot, alt)
    if folded(alt) in _captions(spot, follower):
        message = "the alternative text is the caption once more"
        yield report(proof, REPEATED, message, (line, words))
    longest = _LONGEST if alt.isascii() or not _is_dense(alt) else _LONGEST_CJK
    if len(alt) > longest:
        message = f"the alternative text has {len(alt)} characters"
        yield report(proof, LONG, message, (line, words))


def _is_dense(alt: str) -> bool:
    """Tell a script that says as much in half as many characters."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in alt)
    return 3 * wide > len(alt)


def _captions(spot: Spot, follower: Mapping[int, Spot]) -> Iterator[str]:
    """Give what may be the caption: the text beside the picture, and what comes next."""
    yield folded(_words_of(spot.block))
    if id(spot.block) in follower:
        yield folded(_words_of(follower[id(spot.block)].node))


def _followers(blocks: tuple[Spot, ...]) -> Mapping[int, Spot]:
    return {id(spot.node): following for spot, following in pairwise(blocks)}


def _words_of(block: Node) -> str:
    """Collect the words of a block without those of its pictures."""
    inline = (Kind.TEXT, Kind.CODE)
    return " ".join(node.text for node in walk(block.children) if node.kind in inline)
