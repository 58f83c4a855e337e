"""All families of findings, asked about proofs."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from distribute.checks import finished
from distribute.checks.proof import Proof
from distribute.checks.source import families as source
from distribute.editions.publication import Publication
from distribute.finding import Finding
from distribute.render.theme.theme import Theme

OfEdition = Callable[[Proof], Iterable[Finding]]
OfIssue = Callable[[Sequence[Proof]], Iterable[Finding]]
OfNewsletter = Callable[[Theme, Publication], Iterable[Finding]]

EDITION: Sequence[OfEdition] = (
    *finished.EDITION,
    *source.EDITION,
)
"""What looks at one edition at a time."""
ISSUE: Sequence[OfIssue] = (*source.ISSUE,)
"""What compares the editions of an issue."""
NEWSLETTER: Sequence[OfNewsletter] = finished.NEWSLETTER
"""What looks at what all issues have in common: templates, colours, settings."""


def inspect_issue(proofs: Sequence[Proof]) -> Iterator[Finding]:
    """Find what is wrong with an issue, of which these are all editions."""
    for proof in proofs:
        yield from inspect_edition(proof)
    yield from compare_editions(proofs)


def inspect_edition(proof: Proof) -> Iterator[Finding]:
    """Find what is wrong with one edition by itself."""
    for find in EDITION:
        yield from find(proof)


def compare_editions(proofs: Sequence[Proof]) -> Iterator[Finding]:
    """Find what shows only where the editions of an issue lie side by side."""
    for compare in ISSUE:
        yield from compare(proofs)


def inspect_newsletter(theme: Theme, publication: Publication) -> Iterator[Finding]:
    """Find what is wrong with all issues alike."""
    for find in NEWSLETTER:
        yield from find(theme, publication)
