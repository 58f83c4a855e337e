"""Pictures and files that a post brings along: too large, unsuitable, or not there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import splitext
from urllib.parse import unquote, urlsplit

from distribute.checks.proof import Proof
from distribute.checks.rule import Place, Rule
from distribute.checks.source.report import at, report
from distribute.checks.styles.facts import known_facts
from distribute.checks.styles.refusal import refusal_of
from distribute.checks.survey import Spot
from distribute.editions.asset import Asset
from distribute.editions.files import asset_of
from distribute.finding import Finding, Severity
from distribute.render.content.surroundings import Inquiry
from distribute.render.glance import inventory
from distribute.render.tree import Kind, Node

HEAVY = Rule(
    id="image-heavy",
    severity=Severity.WARNING,
    place=Place.MAIL,
    title="a picture of more than a megabyte",
    why="Every reader fetches it, many of them over a phone's network and for money; "
    "until it is there, mail and page have a hole.",
    fix="Export it at twice the width in which it is shown, as JPEG for photographs and "
    "PNG for drawings; link to a video instead of a long GIF.",
)
WIDE = Rule(
    id="image-wide",
    severity=Severity.NOTE,
    place=Place.MAIL,
    title="a picture that is much wider than it is shown",
    why="Mails and pages show it smaller: what is beyond twice that width is fetched for "
    "nothing, even on the finest screens.",
    fix="Scale it down to twice the width in which it is shown.",
)
FORMAT = Rule(
    id="image-format",
    severity=Severity.WARNING,
    place=Place.MAIL,
    title="a picture in a format that not all mail programs show",
    why="Where it is not known there is an empty frame with the alternative text.",
    fix="Export it as PNG or JPEG; the archive may have any format.",
    source="caniemail.com: image-svg, image-webp, image-avif",
)
ABSENT = Rule(
    id="image-absent",
    severity=Severity.WARNING,
    place=Place.MAIL,
    title="a picture that is not in the newsletter's folder",
    why="Only files that are there are published with the posts: mails would show a hole "
    "unless something else puts it at that address.",
    fix="Put the file there, correct its name, or write the whole address of where it is.",
)
FILE_ABSENT = Rule(
    id="link-file-absent",
    severity=Severity.WARNING,
    place=Place.MAIL,
    title="a link to a file that is not in the newsletter's folder",
    why="Only files that are there are published with the posts: readers would get an "
    "error unless something else puts it at that address.",
    fix="Put the file there, correct its name, or write the whole address of where it is.",
)
RULES = (HEAVY, WIDE, FORMAT, ABSENT, FILE_ABSENT)

_WORTH_SCALING = 200_000
"""Bytes below which nobody would notice."""
_TOO_WIDE = 3
"""Times the width in which it is shown; two are of use on fine screens."""
_MEGABYTE = 1_000_000
_WIDTH = re.compile(r"(\d{1,5})(px|%)?", re.ASCII)
_NAMES = {"image/webp": "webp", "image/avif": "avif", "image/svg+xml": "svg"}
"""The formats that not all programs show, as facts are named after them."""
_FILES = frozenset(
    {".pdf", ".mp3", ".m4a", ".ogg", ".mp4", ".webm", ".csv", ".zip", ".epub", ".ico"}
    | {".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg"}
)


@dataclass(frozen=True, slots=True)
class _Picture:
    proof: Proof
    spot: Spot
    asset: Asset | None

    def about(self, rule: Rule, message: str) -> Finding:
        where = at(self.proof, self.spot, f"![{self.spot.node.alt}](")
        return report(self.proof, rule, message, where)


def find(proof: Proof) -> Iterator[Finding]:
    """Find pictures that are a burden or not there; other people's are not fetched."""
    for spot in proof.survey.images:
        asset = asset_of(spot.node.url, proof.publication)
        picture = _Picture(proof, spot, asset)
        yield from _format(picture)
        if asset is not None and not asset.flaw:
            yield from _weight(picture, asset)
    there = inventory(proof.reading.written)
    for node in there.get(Kind.IMAGE, ()):
        yield from _absent(proof, ABSENT, node)
    for node in there.get(Kind.LINK, ()):
        if _suffix(node.url) in _FILES:
            yield from _absent(proof, FILE_ABSENT, node)
    yield from _cover(proof)


def _format(picture: _Picture) -> Iterator[Finding]:
    fact = known_facts().named(f"image-{_name_of_format(picture)}")
    refusal = refusal_of(fact, picture.proof.clients) if fact else None
    if refusal:
        yield picture.about(FORMAT, str(refusal))


def _name_of_format(picture: _Picture) -> str:
    """Tell the format by what the file is, or else by the end of its address."""
    if picture.asset:
        return _NAMES.get(picture.asset.media_type, "")
    name = _suffix(picture.spot.node.url).removeprefix(".")
    return name if name in _NAMES.values() else ""


def _weight(picture: _Picture, asset: Asset) -> Iterator[Finding]:
    if asset.length > _MEGABYTE:
        kind = "GIF" if asset.media_type == "image/gif" else "picture"
        message = f"the {kind} has {asset.length / _MEGABYTE:.1f} MB"
        yield picture.about(HEAVY, message)
    shown = _shown_width(picture.spot.node, picture.proof.theme.style.image_width)
    is_scaled = asset.media_type not in {"image/svg+xml", "image/gif"}
    if is_scaled and asset.width > _TOO_WIDE * shown and asset.length > _WORTH_SCALING:
        message = f"the picture is {asset.width} pixels wide and shown in {shown}"
        yield picture.about(WIDE, message)


def _shown_width(node: Node, room: int) -> int:
    """Give the width in which mails show a picture, in CSS pixels; `room` is the widest."""
    given = _WIDTH.fullmatch(dict(node.attributes).get("width", "").strip())
    if given is None:
        return room
    pixels = int(given[1]) * (room if given[2] == "%" else 100) // 100
    return min(pixels, room) or room


def _absent(proof: Proof, rule: Rule, node: Node) -> Iterator[Finding]:
    if _is_absent(proof, node.url):
        name = unquote(node.url.partition("#")[0].partition("?")[0].strip())
        message = f"there is no file {name}"
        yield report(proof, rule, message, (node.line, node.url))


def _is_absent(proof: Proof, written: str) -> bool:
    """Tell whether an address means a file of ours, and there is none."""
    written = written.strip()
    try:
        parts = urlsplit(written)
    except ValueError:
        return False
    if parts.scheme or parts.netloc or not parts.path or "{" in written:
        return False
    inquiry = Inquiry(proof.surroundings, proof.edition.post.path)
    from_page = inquiry.file_from(proof.edition.url, written)
    return not (from_page or inquiry.file_beside(written))


def _cover(proof: Proof) -> Iterator[Finding]:
    """Look for the cover that the front matter names by its place in the folder."""
    head = proof.edition.post.front_matter
    named = next((name for name in (head.image, head.thumb) if "/" in name), "")
    if named and _is_absent(proof, named):
        line = head.lines.get("image", 0) or head.lines.get("thumb", 0)
        message = f"there is no file {named}, which the front matter names as cover"
        yield report(proof, ABSENT, message, (line, ""))


def _suffix(url: str) -> str:
    return splitext(url.partition("#")[0].partition("?")[0].strip())[1].lower()
