"""Paragraphs of a translation that are still those of the original, word for word."""

from collections.abc import Iterator, Sequence

from distribute.checks.proof import Proof
from distribute.checks.rule import Place, Rule
from distribute.checks.source.drift import original_of
from distribute.checks.source.report import report
from distribute.checks.survey import Spot
from distribute.editions.language.detect import guess_language
from distribute.editions.language.labels import kin
from distribute.finding import Finding, Severity
from distribute.render.cjk import count_cjk
from distribute.render.tree import Kind, Node, plain_text

PARAGRAPH = Rule(
    id="untranslated",
    severity=Severity.WARNING,
    place=Place.SOURCE,
    title="a paragraph that was not translated",
    why="It stands word for word in the original, in the language of the original: who "
    "reads this edition may not understand it.",
    fix="Translate it, or mark it as a quotation with > if it is to stay as it is.",
)
RULES = (PARAGRAPH,)

_SHORTEST = 60
"""Characters of running text below which a line may be a name, or a title."""
_SHORTEST_CJK = 24
_SHOWN_LETTERS = 40
"""How much of a paragraph a message repeats."""
_WORDS = 80
"""How much of it is pointed at."""
_OWN_WORDS = frozenset({Kind.PARAGRAPH, Kind.PLAIN})
_NAMES = frozenset({Kind.LINK, Kind.CODE, Kind.IMAGE, Kind.EMPHASIS, Kind.STRONG})
"""What titles and names are written as, which stay as they are in all languages."""


def compare(proofs: Sequence[Proof]) -> Iterator[Finding]:
    """Find paragraphs that two editions in different languages have in common."""
    original = original_of(proofs)
    if original is None:
        return
    lines = {_folded(spot): spot.line for spot in reversed(_paragraphs(original))}
    for proof in proofs:
        if kin(proof.language.primary) != kin(original.language.primary):
            yield from _same(proof, lines, original)


def _same(proof: Proof, lines: dict[str, int], original: Proof) -> Iterator[Finding]:
    for spot in _paragraphs(proof):
        text = _folded(spot)
        if text in lines and _reads_like(text, original):
            message = f"this paragraph is the one of the original ({original.language}"
            message += f", line {lines[text]}): {_beginning(text)}"
            words = next(
                (
                    node.text.strip()[:_WORDS]
                    for node in spot.node.children
                    if node.kind is Kind.TEXT and node.text.strip()
                ),
                "",
            )
            yield report(proof, PARAGRAPH, message, (spot.line, words))


def _paragraphs(proof: Proof) -> list[Spot]:
    """List paragraphs of running text; quotations are to stay as they are."""
    quoted = {id(node) for node in _quoted(proof.reading.tree)}
    return [
        spot
        for spot in proof.survey.blocks
        if spot.node.kind in _OWN_WORDS
        and id(spot.node) not in quoted
        and _is_running_text(spot.node)
    ]


def _quoted(tree: Sequence[Node]) -> Iterator[Node]:
    """Give what stands in quotations."""
    stack = [(node, False) for node in tree]
    while stack:
        node, is_quoted = stack.pop()
        if is_quoted:
            yield node
        is_quoted = is_quoted or node.kind is Kind.QUOTE
        stack += ((child, is_quoted) for child in node.children)


def _is_running_text(block: Node) -> bool:
    """Tell a text from names, titles and links, which are the same in all languages."""
    outside = " ".join(_outside_names(block.children))
    cjk = count_cjk(outside)
    return len(outside) >= (_SHORTEST_CJK if 3 * cjk > len(outside) else _SHORTEST)


def _outside_names(nodes: Sequence[Node]) -> Iterator[str]:
    stack = [*reversed(nodes)]
    while stack:
        node = stack.pop()
        if node.kind is Kind.TEXT:
            yield node.text.strip()
        elif node.kind not in _NAMES:
            stack += reversed(node.children)


def _reads_like(text: str, original: Proof) -> bool:
    language = kin(original.language.primary)
    guess = guess_language(text, among={language})
    return guess is not None and guess.is_sure and kin(guess.primary) == language


def _folded(spot: Spot) -> str:
    return " ".join(plain_text(spot.node.children).split())


def _beginning(text: str) -> str:
    return f"“{text}”" if len(text) <= _SHOWN_LETTERS else f"“{text[:_SHOWN_LETTERS]}…”"
