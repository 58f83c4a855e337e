"""What a translation lacks as a whole: headings, paragraphs of the original."""

from collections.abc import Iterator, Sequence

from distribute.checks.proof import Proof
from distribute.checks.rule import Place, Rule
from distribute.checks.source.drift import original_of
from distribute.checks.source.report import report
from distribute.finding import Finding, Severity
from distribute.render.glance import inventory
from distribute.render.tree import Kind

SECTIONS = Rule(
    id="section-drift",
    severity=Severity.WARNING,
    place=Place.SOURCE,
    title="a translation with far fewer headings or paragraphs than its original",
    why="A section was not translated, was lost, or its headings are not marked as such: "
    "then neither the table of contents nor a screen reader finds them.",
    fix="Compare the two editions from the top, heading by heading. A bold line is a "
    "heading only where an empty line follows it.",
)
RULES = (SECTIONS,)

_FEW = 0.65
"""Share of the original's headings or paragraphs below which something is amiss."""
_FEWEST = 4
"""What must be lacking at least: short posts differ by a heading or two."""


def compare(proofs: Sequence[Proof]) -> Iterator[Finding]:
    """Find translations that lack what their original has."""
    original = original_of(proofs)
    for proof in proofs:
        if original is not None and proof is not original:
            yield from _sections(original, proof)


def _sections(original: Proof, proof: Proof) -> Iterator[Finding]:
    for kind, name in ((Kind.HEADING, "heading"), (Kind.PARAGRAPH, "paragraph")):
        theirs = len(inventory(original.reading.tree).get(kind, ()))
        ours = len(inventory(proof.reading.tree).get(kind, ()))
        if ours < _FEW * theirs and theirs - ours >= _FEWEST:
            yield report(
                proof,
                SECTIONS,
                f"the original ({original.language}) has {theirs} {name}s, this "
                f"edition {ours}",
            )
            return
