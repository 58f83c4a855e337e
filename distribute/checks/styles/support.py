"""What in a mail some programs do not show, by facts that people have tested."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from distribute.checks.mail.markup import take_apart
from distribute.checks.mail.spot import TEMPLATE, Spot, in_post, in_template
from distribute.checks.proof import Proof
from distribute.checks.rule import Place, Rule
from distribute.checks.styles.contract import forbidden_lines
from distribute.checks.styles.facts import SOURCE, Fact, known_facts
from distribute.checks.styles.refusal import refusal_of
from distribute.checks.styles.uses import uses_of
from distribute.checks.styles.written import sheets_of
from distribute.finding import Finding, Severity

_MATTERS = 3
"""How much the programs have to weigh together that something is an error."""
_FOUND_BEFORE = frozenset({"image-avif", "image-svg", "image-webp"})
"""Pictures that `distribute.checks.source.pictures` looks for where a post shows them."""
_FROM_POST = frozenset({"element", "image"})
"""What an author can bring into a mail; the rest is the template's."""

_SOURCE = (
    "caniemail.com, looked up on 2026-11-20; MIT licence, (c) 2019 Rémi Parmentier"
)

UNSUPPORTED = Rule(
    id="client-unsupported",
    severity=Severity.ERROR,
    place=Place.MAIL,
    title="something that mail programs do not show",
    why="Readers of these programs do not see it, and what was built upon it falls apart. "
    "Where few readers are concerned it is a warning.",
    fix="Do without it, or say in [check] clients which programs your readers have.",
    source=_SOURCE,
)
PARTLY = Rule(
    id="client-partly",
    severity=Severity.WARNING,
    place=Place.MAIL,
    title="something that mail programs show in part",
    why="In these programs it looks another way, or works only in some cases.",
    fix="Look at it there, or do without it.",
    source=_SOURCE,
)
RULES = (UNSUPPORTED, PARTLY)

Use = tuple[Fact, str]
"""A fact, and what it was found by, as it is written."""


def find(proof: Proof) -> Iterator[Finding]:
    """Find what the mail uses and not all of the newsletter's programs show."""
    for fact, words in facts_about(proof.email.html):
        refusal = refusal_of(fact, proof.clients)
        if refusal is None:
            continue
        spot = _place(proof, fact, words)
        if _is_found_elsewhere(proof, fact, spot):
            continue
        rule = PARTLY if refusal.is_partial else UNSUPPORTED
        is_light = refusal.weight < _MATTERS or _is_word_of(proof, fact, spot)
        yield spot.report(
            rule,
            str(refusal),
            hint=f"{rule.fix} {SOURCE}{fact.id}/",
            weigh=rule.severity if not is_light else Severity.WARNING,
        )


def _is_word_of(proof: Proof, fact: Fact, spot: Spot) -> bool:
    """Tell whether it is an element of a post: its tags go, and its words stay."""
    return fact.kind == "element" and spot.path == proof.edition.post.path


def _is_found_elsewhere(proof: Proof, fact: Fact, spot: Spot) -> bool:
    """Tell whether another family says so already."""
    if spot.path == proof.edition.post.path:
        return fact.id in _FOUND_BEFORE
    return any(
        sheet.path == spot.path and spot.line in forbidden_lines(sheet.css)
        for sheet in sheets_of(proof.theme)
        if not sheet.is_kept
    )


@lru_cache(maxsize=8)
def facts_about(html: str) -> tuple[Use, ...]:
    """Give what is known about what a mail uses, harmless facts too."""
    uses = uses_of(take_apart(html))
    found = ((fact, uses[fact.kind]) for fact in known_facts().facts)
    return tuple(
        (fact, words)
        for fact, used in found
        if (words := _first(fact.pattern, used.items()))
    )


def _first(pattern: re.Pattern[str], uses: Iterable[tuple[str, str]]) -> str:
    return next((words for use, words in uses if pattern.fullmatch(use)), "")


def _place(proof: Proof, fact: Fact, words: str) -> Spot:
    """Point at where it comes from: a file of the theme, or the post."""
    sought = re.compile(_as_written(words))
    if fact.kind in _FROM_POST and (spot := in_post(proof, sought)):
        return spot
    names = [name for name in proof.theme.files if name.startswith("email/")]
    spots = (in_template(proof.theme, name, sought) for name in (TEMPLATE, *names))
    found = next((spot for spot in spots if spot.line), None)
    if found is None and fact.kind in _FROM_POST:
        return Spot(proof.edition.post.path)
    return found or in_template(proof.theme, TEMPLATE)


def _as_written(words: str) -> str:
    """Make a pattern of words whose spaces may have been left out or put in.

    Between a tag and its attribute others may stand.
    """
    tag, _, attribute = words.partition(" ")
    if tag.startswith("<") and attribute:
        return rf"{re.escape(tag)}\b[^<>]*?\s{re.escape(attribute)}\b"
    last = words.rpartition("/")[2] if "://" in words else words
    parts = re.split(r"\s+|(?<=:)|(?=:)", last)
    return r"\s*".join(re.escape(part) for part in parts if part)
