"""Where a translation and its original part: links that are not the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property

from distribute.checks.proof import Proof
from distribute.checks.rule import Place, Rule
from distribute.checks.source.report import report
from distribute.checks.source.targets import (
    ALIKE,
    Target,
    Targets,
    is_mirror,
    is_translated,
    likeness,
    names_language,
    page_of,
    targets_of,
)
from distribute.finding import Finding, Severity
from distribute.render.links.addresses import is_web_address

LINK = Rule(
    id="link-drift",
    severity=Severity.WARNING,
    place=Place.SOURCE,
    title="a link of a translation that is nearly the one of the original",
    why="One of the two is wrong: a character was lost while the text was translated, "
    "or an address was translated with it. Readers of that language get an error.",
    fix="Copy the address from the edition where it works.",
)
MISSING = Rule(
    id="link-drift-missing",
    severity=Severity.NOTE,
    place=Place.SOURCE,
    title="a link of the original that the translation does not have",
    why="Readers of one language get less than those of the other; often the link was "
    "lost when a sentence was translated.",
    fix="Add the link, unless it was left out on purpose.",
)
EXTRA = Rule(
    id="link-drift-extra",
    severity=Severity.NOTE,
    place=Place.SOURCE,
    title="links of a translation that the original does not have",
    why="What a translator found worth adding may be worth it for all readers; or the "
    "original has been changed since.",
    fix="Add them to the original, or leave them if they are for this language only.",
)
OTHER = Rule(
    id="link-drift-many",
    severity=Severity.NOTE,
    place=Place.SOURCE,
    title="a translation that shares few links with its original",
    why="They cannot be compared one by one: it is another text, or it gives its "
    "references in another way.",
    fix="See whether both are editions of the same issue.",
)
RULES = (LINK, MISSING, EXTRA, OTHER)

_SHARED = 0.5
"""Share of the original's links that a translation must have to be compared."""
_MOST_PAIRS = 2_500
_LISTED = 4
"""How many links are named one by one."""


def compare(proofs: Sequence[Proof]) -> Iterator[Finding]:
    """Find links of translations that are missing, changed or added."""
    original = original_of(proofs)
    if original is None:
        return
    targets = targets_of(original)
    for proof in proofs:
        if proof is not original:
            yield from _drift(_Comparison(original, proof, targets, targets_of(proof)))


def original_of(proofs: Sequence[Proof]) -> Proof | None:
    """Give the edition that the others were translated from: else the earliest."""
    if len(proofs) < 2:
        return None
    said = (proof for proof in proofs if proof.edition.original)
    return next(said, None) or min(proofs, key=lambda proof: proof.edition.published)


@dataclass
class _Comparison:
    original: Proof
    own: Proof
    theirs: Targets
    ours: Targets
    missing: dict[str, Target] = field(init=False)
    extra: dict[str, Target] = field(init=False)

    def __post_init__(self) -> None:
        self.missing = {k: t for k, t in self.theirs.items() if k not in self.ours}
        self.extra = {k: t for k, t in self.ours.items() if k not in self.theirs}

    @property
    def shared(self) -> int:
        return len(self.theirs) - len(self.missing)

    @property
    def is_long(self) -> bool:
        """Whether to tell what is missing one by one would be too much."""
        return len(self.missing) > _LISTED

    @cached_property
    def pages(self) -> frozenset[str]:
        """The pages of the newsletter's own editions."""
        return frozenset(map(page_of, self.own.surroundings.addresses.values()))

    def are_ours(self, *pages: str) -> bool:
        """Tell whether all these are pages of our own, where each edition has its own."""
        site = page_of(self.own.publication.url)
        return all(page.startswith(site) and page in self.pages for page in pages)

    def take(self, missing: str, extra: str) -> tuple[Target, Target]:
        """Settle a pair: neither is missing any more, nor extra."""
        return self.missing.pop(missing), self.extra.pop(extra)


def _drift(between: _Comparison) -> Iterator[Finding]:
    if len(between.missing) * len(between.extra) > _MOST_PAIRS:
        yield _about_many(between)
        return
    _settle_meant(between)
    if between.shared < _SHARED * len(between.theirs) and between.is_long:
        yield _about_many(between)
        return
    yield from _changed(between)
    yield from _missing(between)
    yield from _extra(between)


def _settle_meant(between: _Comparison) -> None:
    """Take out what was changed on purpose: mirrors, pages in the other language."""
    languages = between.original.language, between.own.language
    for missing, there in [*between.missing.items()]:
        for extra, here in [*between.extra.items()]:
            if (
                is_mirror(there.url, here.url)
                or is_translated(there.url, here.url, languages)
                or between.are_ours(missing, extra)
            ):
                between.take(missing, extra)
                break


def _changed(between: _Comparison) -> Iterator[Finding]:
    """Pair each link that is missing with the one that it has become, likest first."""
    pairs = sorted(
        (-alike, missing, extra)
        for missing, there in between.missing.items()
        for extra, here in between.extra.items()
        if (alike := likeness(there.url, here.url)) >= ALIKE
    )
    for _, missing, extra in pairs:
        if missing in between.missing and extra in between.extra:
            yield _about_change(between, *between.take(missing, extra))


def _about_change(between: _Comparison, there: Target, here: Target) -> Finding:
    return report(
        between.own,
        LINK,
        f"this link differs from the one of the original ({_where(between, there)}), "
        f"which is {there.url}",
        (here.line, here.url),
        hint=f"Write {there.url}, if that is the one that works."
        if is_web_address(there.url)
        else "",
    )


def _missing(between: _Comparison) -> Iterator[Finding]:
    instead, is_sure = _instead(between)
    site = f"{between.own.publication.url}/"
    lost = [
        (key, there)
        for key, there in between.missing.items()
        if is_web_address(there.url) and not instead.get(key, "").startswith(site)
    ]
    line_of = _places(between)
    if len(lost) > _LISTED:
        key, there = lost[0]
        message = f"{len(lost)} links of the original are missing; the first is "
        message += f"{there.url} ({_where(between, there)})"
        yield report(between.own, MISSING, message, (line_of[key], ""))
        return
    for key, there in lost:
        here = f"to {instead[key]}" if key in is_sure else "does not"
        message = f"the original links to {there.url} ({_where(between, there)})"
        message += f", this edition {here}"
        yield report(between.own, MISSING, message, (line_of[key], ""))


def _instead(between: _Comparison) -> tuple[dict[str, str], set[str]]:
    """Find the links that stand where missing ones stood, between the same neighbours.

    It is sure where as many came as went.
    """
    ours, theirs = [*between.ours], [*between.theirs]
    steps = SequenceMatcher(None, theirs, ours, autojunk=False).get_opcodes()
    instead: dict[str, str] = {}
    sure: set[str] = set()
    for tag, a, b, c, d in steps:
        if tag != "replace":
            continue
        for key, other in zip(theirs[a:b], ours[c:d], strict=False):
            is_new = key in between.missing and other in between.extra
            if is_new and is_web_address(between.extra[other].url):
                instead[key] = between.extra[other].url
                sure |= {key} if b - a == d - c else set()
    return instead, sure


def _places(between: _Comparison) -> dict[str, int]:
    """Tell where a missing link would stand: by the shared link before it."""
    line = between.own.edition.post.body_line
    places: dict[str, int] = {}
    for key in between.theirs:
        line = between.ours[key].line if key in between.ours else line
        places[key] = line
    return places


def _extra(between: _Comparison) -> Iterator[Finding]:
    instead, _ = _instead(between)
    replaced = {*instead.values()}
    added = [
        here
        for here in between.extra.values()
        if is_web_address(here.url) and here.url not in replaced
        if not names_language(here.url, between.own.language)
    ]
    if added:
        named = ", ".join(f"{here.url} (line {here.line})" for here in added[:_LISTED])
        more = f" and {len(added) - _LISTED} more" if len(added) > _LISTED else ""
        count = "one link is" if len(added) == 1 else f"{len(added)} links are"
        message = f"{count} not in the original: {named}{more}"
        first = added[0]
        yield report(between.own, EXTRA, message, (first.line, first.url))


def _about_many(between: _Comparison) -> Finding:
    return report(
        between.own,
        OTHER,
        f"only {between.shared} of the {len(between.theirs)} links of the original "
        f"({between.original.language}) are here, and {len(between.extra)} others",
    )


def _where(between: _Comparison, there: Target) -> str:
    return f"{between.original.language}, line {there.line}"
