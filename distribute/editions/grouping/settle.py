"""Who holds which place in which issue, and what each issue is called."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count

from distribute.editions.numbers import Claim
from distribute.editions.resolve import Candidate, LeftOut
from distribute.finding import Finding, Severity
from distribute.language import Language
from distribute.posts.filename import plain_slug

UNNAMED = "\0"
"""Begins the id of a claim whose issue gets its name in the end."""


@dataclass(frozen=True, slots=True)
class Member:
    """A candidate in its issue, and why it belongs there."""

    candidate: Candidate
    reason: str


@dataclass(frozen=True, slots=True)
class Group:
    """The candidates of one issue, at most one per language."""

    id: str
    number: int | None
    members: Mapping[Language, Member]


@dataclass(frozen=True, slots=True)
class Grouping:
    """All issues, and the candidates that another one keeps out of theirs."""

    groups: tuple[Group, ...]
    left_out: tuple[LeftOut, ...]
    findings: tuple[Finding, ...]


def settle(claimed: Iterable[tuple[Candidate, Claim]]) -> Grouping:
    """Give each language of an issue to one candidate, and each issue its name.

    The place goes to the better evidence; then to the one published first, which readers
    have already; then to the first path.
    """
    in_order = sorted(
        claimed,
        key=lambda pair: (pair[1].evidence, pair[0].published, str(pair[0].post.path)),
    )
    members: dict[str, dict[Language, Member]] = defaultdict(dict)
    findings, left_out = [], []
    for candidate, claim in in_order:
        holder = members[claim.id].get(candidate.language)
        if holder is None:
            members[claim.id][candidate.language] = Member(candidate, claim.reason)
            continue
        findings.append(_conflict(candidate, claim, holder.candidate))
        reason = f"{holder.candidate.post.path} is this issue in {candidate.language}"
        left_out.append(LeftOut(candidate.post, reason))
    numbers = {claim.id: claim.number for _, claim in in_order}
    names = _final_ids(members)
    groups = (Group(names[id_], numbers[id_], members[id_]) for id_ in members)
    return Grouping(tuple(groups), tuple(left_out), tuple(findings))


def _final_ids(groups: Mapping[str, Mapping[Language, Member]]) -> Mapping[str, str]:
    """Name the issues that have no number or name yet; the oldest gets the plain name."""
    names = {id_: id_ for id_ in groups if not id_.startswith(UNNAMED)}
    taken = set(names.values())
    unnamed = [id_ for id_ in groups if id_.startswith(UNNAMED)]
    for id_ in sorted(unnamed, key=lambda id_: _first(groups[id_])):
        day, path = _first(groups[id_])
        kind, _, key = id_.removeprefix(UNNAMED).partition(" ")
        slug = next(m.candidate.slug for m in groups[id_].values() if _path(m) == path)
        wish = (plain_slug(key) if kind == "ref" else slug) or slug
        names[id_] = next(w for w in _variants(wish, day) if w not in taken)
        taken.add(names[id_])
    return names


def _variants(wish: str, day: str) -> Iterator[str]:
    yield wish
    yield f"{wish}-{day}"
    yield from (f"{wish}-{day}-{number}" for number in count(2))


def _first(members: Mapping[Language, Member]) -> tuple[str, str]:
    return min(
        (m.candidate.published.date().isoformat(), _path(m)) for m in members.values()
    )


def _path(member: Member) -> str:
    return str(member.candidate.post.path)


def _conflict(loser: Candidate, claim: Claim, holder: Candidate) -> Finding:
    lines = loser.post.front_matter.lines
    name = f"issue {claim.id}" if not claim.id.startswith(UNNAMED) else "the issue"
    return Finding(
        rule="issue-duplicate",
        severity=Severity.ERROR,
        path=loser.post.path,
        line=lines.get("issue") or lines.get("title", 0),
        message=f"{name} in {loser.language} is already {holder.post.path}; "
        f"this one ({claim.reason}) is left out",
        hint="Correct the number or the language of one of them, make one a draft, or "
        "keep another series out with newsletter.select.",
        words=loser.post.front_matter.issue or loser.post.front_matter.title,
    )
