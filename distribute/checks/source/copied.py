"""Addresses that were copied with too much or too little, and still lead somewhere."""

import re
from collections.abc import Iterator

from distribute.checks.proof import Proof
from distribute.checks.rule import Place, Rule
from distribute.checks.source.report import at, report
from distribute.finding import Finding, Severity

ENCODED_END = Rule(
    id="link-encoded-end",
    severity=Severity.WARNING,
    place=Place.MAIL,
    title="an address that ends in an encoded quotation mark",
    why="It was copied with the quotation mark around it, which a program has written as "
    "%27: most sites have no such page.",
    fix="Remove the mark from the end of the address.",
)
SHORTENED = Rule(
    id="link-ellipsis",
    severity=Severity.WARNING,
    place=Place.MAIL,
    title="an address that ends in dots",
    why="It was copied from where it was shortened to be shown: the rest of it is missing.",
    fix="Copy the whole address, from the address bar.",
)
TWO = Rule(
    id="link-two-addresses",
    severity=Severity.WARNING,
    place=Place.MAIL,
    title="two addresses in one link",
    why="Both together lead nowhere.",
    fix="Make a link of each, or remove one.",
)
RULES = (ENCODED_END, SHORTENED, TWO)

_ENCODED_END = re.compile(r"(?:%(?:22|27|5D|E2%80%9[89CD]))+/?$", re.IGNORECASE)
"""What belongs to the sentence around an address; in a query it may belong to it."""
_TWO = re.compile(r"%20https?:", re.IGNORECASE)


def find(proof: Proof) -> Iterator[Finding]:
    """Find addresses that are hardly what their author has seen."""
    for spot in proof.survey.links:
        if told := _told(spot.node.url):
            rule, message, hint = told
            yield report(proof, rule, message, at(proof, spot), hint=hint)


def _told(url: str) -> tuple[Rule, str, str] | None:
    """Tell what is wrong with an address, by rule, message and hint."""
    if not url.startswith(("http://", "https://")):
        return None
    if url.endswith("...") and len(url) > len("https://..."):
        return SHORTENED, "the address ends in dots, the rest of it is missing", ""
    if _TWO.search(url):
        return TWO, "two addresses stand in this link", ""
    mark = _ENCODED_END.search(url) if "%" in url and "?" not in url else None
    if mark is None:
        return None
    hint = f"Write {url[: mark.start()]}."
    return ENCODED_END, f"the address ends in {mark[0]}", hint
