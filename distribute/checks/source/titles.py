"""Titles and excerpts as they stand in the front matter."""

import re
from collections.abc import Iterator

from distribute.checks.letters import letters_of
from distribute.checks.proof import Proof
from distribute.checks.rule import Place, Rule
from distribute.finding import Finding, Severity

CUT = Rule(
    id="title-cut",
    severity=Severity.NOTE,
    place=Place.INBOX,
    title="a title that ends in dots",
    why="It looks as if the mail program had cut it, and takes the place of a word.",
    fix="End with the last thing that you name.",
)
SPACES = Rule(
    id="title-spaces",
    severity=Severity.NOTE,
    place=Place.INBOX,
    title="a title with two spaces in a row",
    why="Subjects are sent exactly as they are written: some programs show both spaces, "
    "others fold a long subject there and lose one.",
    fix="Remove one of them.",
    source="RFC 5322 section 2.2.3",
)
EXCERPT = Rule(
    id="excerpt-title",
    severity=Severity.WARNING,
    place=Place.FEED,
    title="an excerpt that is the title once more",
    why="Readers of a feed see the same words twice, and nothing of what is in the post.",
    fix="Say in the excerpt what the title does not, or leave it empty: then the text's "
    "beginning is shown.",
)
RULES = (CUT, SPACES, EXCERPT)

_DOTS = ".…。"
_BEFORE_DOTS = " \u00a0,;"
_GAP = re.compile(r"(?<=\S)[ \u00a0]{2,}(?=\S)")
_AROUND = 8


def find(proof: Proof) -> Iterator[Finding]:
    """Find titles that look cut or pasted, and excerpts that add nothing."""
    head = proof.edition.post.front_matter
    title = head.title.strip()
    if dots := _dots(title):
        yield _about(proof, CUT, "title", "the title ends in dots", dots)
    if gap := _GAP.search(title):
        words = title[max(gap.start() - _AROUND, 0) : gap.end() + _AROUND]
        message = "two spaces in a row stand in the title"
        yield _about(proof, SPACES, "title", message, words)
    # Without a preheader, the inbox would show it: which is reported there.
    if (
        head.preheader
        and head.excerpt
        and letters_of(head.excerpt) == letters_of(title)
    ):
        message = "the excerpt says what the title says"
        yield _about(proof, EXCERPT, "excerpt", message, head.excerpt)


def _dots(title: str) -> str:
    """Give the dots that a title ends in, with what stands before them; one is no dots."""
    cut = title.rstrip(_DOTS)
    dots = title[len(cut) :]
    return (
        title[len(cut.rstrip(_BEFORE_DOTS)) :] if len(dots) > 1 or dots == "…" else ""
    )


def _about(proof: Proof, rule: Rule, key: str, message: str, words: str) -> Finding:
    post = proof.edition.post
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        message=message,
        path=post.path,
        line=post.front_matter.lines.get(key, 0),
        hint=rule.fix,
        words=words,
    )
