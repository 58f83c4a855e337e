"""Findings about the Markdown of a post, at the words that they are about."""

from distribute.checks.proof import Proof
from distribute.checks.rule import Rule
from distribute.checks.survey import Spot, bracketed, words_at
from distribute.finding import Finding, Severity
from distribute.render.glance import inventory
from distribute.render.tree import Kind, Node, plain_text

Where = tuple[int, str]
"""A line in the file, from 1, and words in it; 0 or empty where there is no such."""


def report(
    proof: Proof,
    rule: Rule,
    message: str,
    where: Where = (0, ""),
    *,
    hint: str = "",
    weigh: Severity | None = None,
) -> Finding:
    """Make a finding of a rule; it weighs what the rule does, or `weigh`.

    `where` has the line on which the words stand, or where their paragraph begins.
    """
    line, words = where
    below, found = words_at(proof.lines, line - proof.edition.post.body_line, words)
    return Finding(
        rule=rule.id,
        severity=weigh or rule.severity,
        message=message,
        path=proof.edition.post.path,
        line=line + below,
        hint=hint or rule.fix,
        words=found,
    )


def at(proof: Proof, spot: Spot, *sought: str) -> Where:
    """Give the line of a link or an image, and how it is written there.

    `sought` is what to look for where it is not written ``[words](address)``.
    """
    first = proof.edition.post.body_line
    index = spot.line - first
    line = proof.lines[index] if 0 <= index < len(proof.lines) else ""
    address = spot.node.url
    if address not in line:
        address = _written(proof, spot) or address
    said = _said(spot.node)
    whole = bracketed(line, address, said)
    below, words = words_at(proof.lines, index, whole, *sought, address, f"[{said}]")
    return spot.line + below, words


def _said(node: Node) -> str:
    return node.alt if node.kind is Kind.IMAGE else plain_text(node.children)


def _written(proof: Proof, spot: Spot) -> str:
    """Give the address as its author wrote it; empty if that cannot be told."""
    node = spot.node
    same = (
        other.url
        for other in inventory(proof.reading.written).get(node.kind, ())
        if other.line == node.line and other.alt == node.alt
        if plain_text(other.children) == plain_text(node.children)
    )
    return next(same, "")
