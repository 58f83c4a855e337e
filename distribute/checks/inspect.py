"""All families of findings, asked about proofs."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from distribute.checks.proof import Proof
from distribute.finding import Finding

OfEdition = Callable[[Proof], Iterable[Finding]]
OfIssue = Callable[[Sequence[Proof]], Iterable[Finding]]

EDITION: Sequence[OfEdition] = ()
"""What looks at one edition at a time."""
ISSUE: Sequence[OfIssue] = ()
"""What compares the editions of an issue."""


def inspect_issue(proofs: Sequence[Proof]) -> Iterator[Finding]:
    """Find what is wrong with an issue, of which these are all editions."""
    for proof in proofs:
        for find in EDITION:
            yield from find(proof)
    for compare in ISSUE:
        yield from compare(proofs)
