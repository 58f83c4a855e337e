"""The words of links: they should say where they lead, also when they are read alone."""

import re
from collections import defaultdict
from collections.abc import Iterator

from distribute.checks.proof import Proof
from distribute.checks.rule import Place, Rule
from distribute.checks.source.report import at, report
from distribute.checks.source.vague import VAGUE
from distribute.checks.source.words import folded
from distribute.checks.survey import Spot
from distribute.editions.language.labels import kin
from distribute.finding import Finding, Severity
from distribute.language import Language
from distribute.render.tree import Kind, plain_text, walk

VAGUE_WORDS = Rule(
    id="link-vague",
    severity=Severity.WARNING,
    place=Place.MAIL,
    title="a link whose words say nothing",
    why="Who listens to a mail, or looks over it for something, goes from link to link: "
    "twenty times “here” tells nothing, and a short word is a small target for a thumb.",
    fix="Link the words that say what is there: the name of the paper, of the project.",
    source="WCAG 2.2, success criterion 2.4.4 and failure F84",
)
SAME_WORDS = Rule(
    id="link-same-words",
    severity=Severity.NOTE,
    place=Place.MAIL,
    title="several links with the same words and different targets",
    why="In a list of links, which screen readers and many mail programs offer, nobody "
    "can tell them apart.",
    fix="Say with each what makes it different from the others.",
    source="WCAG 2.2, success criterion 2.4.9",
)
RULES = (VAGUE_WORDS, SAME_WORDS)

_TURKISH = frozenset({"tr", "az"})
_SMALL_I = str.maketrans("Iİ", "ıi")
"""What these capitals are in those languages."""
_SHOWN = frozenset({Kind.IMAGE, Kind.HTML, Kind.MATH})
_REFERENCE = re.compile(r"\d{1,3}")
_FEWEST = 3
"""Targets that the same words must have: two may well be told apart by their sentences."""


def find(proof: Proof) -> Iterator[Finding]:
    """Find links that cannot be told by their words."""
    said = defaultdict[str, list[Spot]](list)
    for spot in proof.survey.links:
        words = spoken(spot)
        if words is None:
            continue
        if is_vague(words, proof.language):
            message = f"“{words}” does not say where the link leads"
            yield report(proof, VAGUE_WORDS, message, at(proof, spot, words))
        else:
            said[folded(words)].append(spot)
    for spots in said.values():
        yield from _same(proof, spots)


def spoken(spot: Spot) -> str | None:
    """Give the words of a link; `None` where it shows anything else besides.

    An address that was merely written out has no words of its own.
    """
    node = spot.node
    if any(inner.kind in _SHOWN for inner in walk(node.children)):
        return None
    words = " ".join(plain_text(node.children).split())
    return None if not words or "://" in words else words


def is_vague(words: str, language: Language) -> bool:
    """Tell whether words say nothing in a language, or in English, which many mix in.

    >>> [is_vague(text, Language("fr")) for text in ("Ici !", "[2]", "→", "Ici-bas", "2.0")]
    [True, True, True, False, False]
    """
    said = folded(words)
    if not said or _REFERENCE.fullmatch(said):
        return True
    if said in VAGUE["en"]:
        return True
    if language.primary in _TURKISH:
        said = folded(words.translate(_SMALL_I))
    return said in VAGUE.get(kin(language.primary), ())


def _same(proof: Proof, spots: list[Spot]) -> Iterator[Finding]:
    targets = {spot.node.url: spot for spot in reversed(spots)}
    if len(targets) < _FEWEST:
        return
    line, whole = at(proof, spots[0])
    if not whole:
        return  # not what the author wrote
    others = sorted({spot.line for spot in targets.values()} - {line})
    message = f"“{spoken(spots[0])}” leads to {len(targets)} different pages"
    if others:
        message += f", also on {'line' if len(others) == 1 else 'lines'} "
        message += ", ".join(map(str, others))
    yield report(proof, SAME_WORDS, message, (line, whole))
