"""Which candidates are the same issue: by number, by what they share, or alone."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import PurePath

from distribute.editions.grouping.cover import cover_keys
from distribute.editions.grouping.settle import UNNAMED, Grouping, settle
from distribute.editions.numbers import Claim, Evidence, file_number
from distribute.editions.resolve import Candidate

_Claims = Mapping[PurePath, Claim]
_Keys = Callable[[Candidate], Iterable[str]]


def group(candidates: Sequence[Candidate]) -> Grouping:
    """Bring translations together.

    A candidate that says no issue joins the one with which it shares ``ref``, else the
    cover, if only one comes into question and has no text in its language yet. What is
    then left takes the number of its thumbnail, or groups by ``ref``, by the cover, by
    the file name without its language tag, or stands alone.
    """
    claims = {c.post.path: c.claim for c in candidates if c.claim is not None}
    if len(claims) < len(candidates):
        claims |= _joined(candidates, claims, _refs, "shares the ref {}")
        claims |= _joined(candidates, claims, _covers, "shares the cover {}")
        claims |= _clustered(candidates, claims, _thumbs, _by_thumb)
        claims |= _clustered(candidates, claims, _telling_thumbs, _by_thumb, at_least=1)
        claims |= _referred(candidates, claims)
        claims |= _clustered(candidates, claims, _covers, _by_cover)
        claims |= _clustered(candidates, claims, _names, _by_name)
        claims |= _alone(candidates, claims)
    return settle(_claimed(candidates, claims))


def _refs(candidate: Candidate) -> Iterable[str]:
    return filter(None, [candidate.post.front_matter.ref])


def _covers(candidate: Candidate) -> Iterable[str]:
    return cover_keys(candidate.post.front_matter, candidate.first_image)


def _thumbs(candidate: Candidate) -> Iterable[str]:
    thumb = PurePath(candidate.post.front_matter.thumb).stem
    return [] if file_number(thumb) is None else [thumb]


def _telling_thumbs(candidate: Candidate) -> Iterable[str]:
    """Give a thumbnail that says what its number counts: ``newsletter_8``, not ``8``."""
    return [thumb for thumb in _thumbs(candidate) if not thumb.isdecimal()]


def _names(candidate: Candidate) -> Iterable[str]:
    return [f"{candidate.post.file_name.date or ''} {candidate.slug}"]


def _by_thumb(thumb: str) -> Claim:
    number = file_number(thumb)
    return Claim(str(number), number, Evidence.SHARED, f"has the thumbnail {thumb}")


def _by_cover(cover: str) -> Claim:
    reason = f"shares the cover {cover}"
    return Claim(f"{UNNAMED}cover {cover}", None, Evidence.SHARED, reason)


def _by_name(name: str) -> Claim:
    reason = "same file name but for the language"
    return Claim(f"{UNNAMED}name {name}", None, Evidence.SHARED, reason)


def _joined(
    candidates: Sequence[Candidate], claims: _Claims, keys_of: _Keys, why: str
) -> dict[PurePath, Claim]:
    """Let candidates join the one issue with which they share a key."""
    issues: dict[str, dict[str, Claim]] = defaultdict(dict)
    for candidate, claim in _claimed(candidates, claims):
        for key in keys_of(candidate):
            issues[key][claim.id] = claim
    spoken = {(claim.id, c.language) for c, claim in _claimed(candidates, claims)}
    joined: dict[PurePath, Claim] = {}
    for candidate in _unclaimed(candidates, claims):
        for key in keys_of(candidate):
            shared = list(issues[key].values()) if key in issues else []
            slots = {(claim.id, candidate.language) for claim in shared}
            if len(shared) == 1 and slots.isdisjoint(spoken):
                spoken |= slots
                joined[candidate.post.path] = Claim(
                    shared[0].id, shared[0].number, Evidence.SHARED, why.format(key)
                )
                break
    return joined


def _clustered(
    candidates: Sequence[Candidate],
    claims: _Claims,
    keys_of: _Keys,
    claim_by: Callable[[str], Claim],
    *,
    at_least: int = 2,
) -> dict[PurePath, Claim]:
    """Let candidates in different languages that share a key form an issue."""
    clusters: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in _unclaimed(candidates, claims):
        for key in keys_of(candidate):
            clusters[key].append(candidate)
    spoken = {(claim.id, c.language) for c, claim in _claimed(candidates, claims)}
    formed: dict[PurePath, Claim] = {}
    for key, cluster in clusters.items():
        claim = claim_by(key)
        slots = {(claim.id, candidate.language) for candidate in cluster}
        if at_least <= len(cluster) == len(slots) and slots.isdisjoint(spoken):
            formed |= {candidate.post.path: claim for candidate in cluster}
    return formed


def _referred(
    candidates: Sequence[Candidate], claims: _Claims
) -> dict[PurePath, Claim]:
    return {
        candidate.post.path: Claim(
            f"{UNNAMED}ref {ref}", None, Evidence.SHARED, f"shares the ref {ref}"
        )
        for candidate in _unclaimed(candidates, claims)
        for ref in _refs(candidate)
    }


def _alone(candidates: Sequence[Candidate], claims: _Claims) -> dict[PurePath, Claim]:
    return {
        candidate.post.path: Claim(
            f"{UNNAMED}path {candidate.post.path}",
            None,
            Evidence.ALONE,
            "stands alone",
        )
        for candidate in _unclaimed(candidates, claims)
    }


def _claimed(
    candidates: Sequence[Candidate], claims: _Claims
) -> list[tuple[Candidate, Claim]]:
    return [(c, claims[c.post.path]) for c in candidates if c.post.path in claims]


def _unclaimed(candidates: Sequence[Candidate], claims: _Claims) -> list[Candidate]:
    return [c for c in candidates if c.post.path not in claims]
