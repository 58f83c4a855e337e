"""How a post is built: headings that guide its readers, tables that can be read aloud."""

from collections.abc import Iterable, Iterator

from distribute.checks.proof import Proof
from distribute.checks.rule import Place, Rule
from distribute.checks.source.report import report
from distribute.finding import Finding, Severity
from distribute.render.glance import inventory
from distribute.render.tree import Kind, Node, plain_text, walk

JUMP = Rule(
    id="heading-jump",
    severity=Severity.NOTE,
    place=Place.SOURCE,
    title="a heading that skips a level",
    why="Who goes from heading to heading by ear looks for what is in between. Pages and "
    "mails are mended, but other programs that read the file are not.",
    fix="Write one # more than the heading above it has, at most.",
    source="WCAG 2.2, success criterion 1.3.1; axe, heading-order",
)
EMPTY = Rule(
    id="heading-empty",
    severity=Severity.WARNING,
    place=Place.SOURCE,
    title="a heading without words",
    why="It makes a gap in the page, and screen readers announce a heading and then "
    "nothing.",
    fix="Write its words, or remove the #.",
    source="axe, empty-heading",
)
HEADLESS = Rule(
    id="table-headless",
    severity=Severity.WARNING,
    place=Place.MAIL,
    title="a table without a row of headings",
    why="Who listens hears numbers, and not what they are numbers of.",
    fix="Begin the table with a row that names its columns, and a line of | --- | below.",
    source="WCAG 2.2, success criterion 1.3.1",
)
RULES = (JUMP, EMPTY, HEADLESS)

_FEWEST_ROWS = 2


def find(proof: Proof) -> Iterator[Finding]:
    """Find headings and tables that do not guide their readers."""
    there = inventory(proof.reading.written)
    yield from _headings(proof, there.get(Kind.HEADING, ()))
    for table in there.get(Kind.TABLE, ()):
        yield from _table(proof, table)


def _headings(proof: Proof, headings: Iterable[Node]) -> Iterator[Finding]:
    jumps: dict[tuple[int, int], list[Node]] = {}
    above = 0
    for node in headings:
        source = _source(proof, node.line).strip()
        if not _shows_anything(node):
            message = "the heading has no words"
            yield report(proof, EMPTY, message, (node.line, source))
            continue
        if above and node.level > above + 1 and source.startswith("#"):
            jumps.setdefault((above, node.level), []).append(node)
        above = node.level
    for (upper, level), nodes in jumps.items():
        message = f"a heading of level {level} follows one of level {upper}"
        if others := nodes[1:]:
            message += f", also on {'line' if len(others) == 1 else 'lines'} "
            message += ", ".join(str(node.line) for node in others)
        words = _source(proof, nodes[0].line).strip()
        yield report(proof, JUMP, message, (nodes[0].line, words))


def _shows_anything(node: Node) -> bool:
    shown = (Kind.IMAGE, Kind.MATH, Kind.HTML)
    is_shown = any(inner.kind in shown for inner in walk(node.children))
    return is_shown or bool(plain_text(node.children).strip())


def _source(proof: Proof, line: int) -> str:
    index = line - proof.edition.post.body_line
    return proof.lines[index] if 0 <= index < len(proof.lines) else ""


def _table(proof: Proof, table: Node) -> Iterator[Finding]:
    heads = [row for row in table.children if row.head]
    if len(table.children) < _FEWEST_ROWS:
        return
    if not any(plain_text(row.children).strip() for row in heads):
        message = "the table has no row that names its columns"
        line = table.line or next((row.line for row in table.children if row.line), 0)
        yield report(proof, HEADLESS, message, (line, ""))
