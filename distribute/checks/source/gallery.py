"""Pictures of a translation that are nearly those of its original, or fewer."""

import re
from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter

from distribute.checks.proof import Proof
from distribute.checks.rule import Place, Rule
from distribute.checks.source.drift import original_of
from distribute.checks.source.hosts import host_of
from distribute.checks.source.report import at, report
from distribute.checks.source.targets import ALIKE, likeness, page_of
from distribute.checks.survey import Spot
from distribute.finding import Finding, Severity
from distribute.language import Language

FEWER = Rule(
    id="image-drift",
    severity=Severity.NOTE,
    place=Place.SOURCE,
    title="a translation with fewer pictures than its original",
    why="A sentence that speaks of a picture is hard to understand without it.",
    fix="Add the pictures, unless they were left out on purpose.",
)
CHANGED = Rule(
    id="image-drift-changed",
    severity=Severity.WARNING,
    place=Place.SOURCE,
    title="a picture of a translation whose address is nearly the one of the original",
    why="One of the two is wrong: a character was lost while the text was translated, "
    "or the name of the file was translated with it. Readers would see a hole.",
    fix="Copy the address from the edition where the picture shows.",
)
RULES = (FEWER, CHANGED)

Gallery = Mapping[str, Spot]
"""Pictures by what tells one from another."""

_MOST_PAIRS = 400
"""Beyond that many an edition has pictures of its own."""
_LISTED = 3
_TOKENS = re.compile(r"[^\W_]+")


def compare(proofs: Sequence[Proof]) -> Iterator[Finding]:
    """Find pictures of the original that a translation lacks or misspells."""
    original = original_of(proofs)
    for proof in proofs:
        if original is not None and proof is not original:
            yield from _fewer(original, proof)
            yield from _changed(original, proof)


def _fewer(original: Proof, proof: Proof) -> Iterator[Finding]:
    """Compare by number first: many translators keep copies of the pictures elsewhere."""
    theirs, ours = original.survey.images, proof.survey.images
    lost = [*_without(theirs, ours).values()]
    if len(ours) >= len(theirs) or not lost:
        return
    named = ", ".join(f"{s.node.url} (line {s.line})" for s in lost[:_LISTED])
    more = "" if len(lost) <= _LISTED else f" and {len(lost) - _LISTED} more"
    count = "one picture" if len(theirs) == 1 else f"{len(theirs)} pictures"
    yield report(
        proof,
        FEWER,
        f"the original ({original.language}) shows {count}, this edition {len(ours)}; "
        f"not here: {named}{more}",
    )


def _changed(original: Proof, proof: Proof) -> Iterator[Finding]:
    lost = _without(original.survey.images, proof.survey.images)
    added = _without(proof.survey.images, original.survey.images)
    if not lost or len(lost) * len(added) > _MOST_PAIRS:
        return
    languages = original.language, proof.language
    for here in added.values():
        alike = [(_likeness(spot, here, languages), spot) for spot in lost.values()]
        most, there = max(alike, key=itemgetter(0))
        if most >= ALIKE:
            url = there.node.url
            message = "this picture's address differs from the one of the original "
            message += f"({original.language}, line {there.line}), which is {url}"
            hint = f"Write {url}, if that is the one that shows."
            yield report(proof, CHANGED, message, at(proof, here), hint=hint)


def _without(spots: Sequence[Spot], others: Sequence[Spot]) -> Gallery:
    there = {page_of(spot.node.url) for spot in others}
    pages = {page_of(spot.node.url): spot for spot in reversed(spots)}
    return {page: pages[page] for page in reversed(pages) if page not in there}


def _likeness(there: Spot, here: Spot, languages: Sequence[Language]) -> float:
    """Compare two addresses; a copy on another host, or made for a language, is meant."""
    one, other = there.node.url, here.node.url
    is_meant = host_of(one) != host_of(other) or (
        _outside_languages(one, languages) == _outside_languages(other, languages)
    )
    return 0.0 if is_meant else likeness(one, other)


def _outside_languages(url: str, languages: Sequence[Language]) -> Sequence[str]:
    """Take an address apart, and leave out what names a language: ``chart-fr.png``."""
    named = {part for tag in languages for part in tag.tag.lower().split("-")}
    return [part for part in _TOKENS.findall(url.lower()) if part not in named]
