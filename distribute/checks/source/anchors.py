"""Links to a place in the same text."""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote

from distribute.checks.proof import Proof
from distribute.checks.rule import Place, Rule
from distribute.checks.source.report import at, report
from distribute.finding import Finding, Severity

ANCHOR = Rule(
    id="link-anchor",
    severity=Severity.WARNING,
    place=Place.MAIL,
    title="a link to a place that the text does not have",
    why="A click on it leads to the top of the page. The names of such places are made of "
    "the headings: when a heading is translated or changed, its name changes too.",
    fix="Write # and the heading's words in lower case, with hyphens for spaces; or give "
    "the heading a name of its own: ## Tides {#tides}.",
)
RULES = (ANCHOR,)

_ID = re.compile(r'\b(?:id|name)="([^"]+)"')
_TOP = frozenset({"top", ""})


def find(proof: Proof) -> Iterator[Finding]:
    """Find links into the text itself that lead nowhere in it."""
    page = f"{proof.edition.url}#"
    links = [spot for spot in proof.survey.links if spot.node.url.startswith(page)]
    if not links:
        return
    there = {unescape(name) for name in _ID.findall(proof.content.html)}
    for spot in links:
        fragment = spot.node.url.removeprefix(page)
        if not {fragment, unquote(fragment)} & (there | _TOP):
            message = f"the text has no place that is called {unquote(fragment)}"
            yield report(proof, ANCHOR, message, at(proof, spot))
