"""Narrow a campaign to some of the people on the list, and say why others are left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from distribute.audience.segment.segment import Segment


@dataclass(frozen=True, slots=True, kw_only=True)
class Among:
    """Who alone may receive: those of whom a condition is true. Can be pickled.

    Where several narrow one campaign, all of their conditions have to be true, and no two
    of them may give values under the same name.
    """

    condition: str
    """In SQL, on ``subscriber AS s``; ``:campaign`` is the campaign's number, if it has one.

    Written by this program alone: what anybody typed is in `values`. Who makes it NULL is
    left out.
    """
    values: Mapping[str, str | int] = field(default_factory=dict)
    """What the condition names: ``:segment_0``. Neither ``campaign`` nor what a query has."""
    reason: str
    """Why the others get nothing: ``outside the segment lang:pt``."""
    edition: str = ""
    """In SQL like `condition`: the tag of the edition that somebody shall get, whatever
    they wish for now. Empty where their wishes decide."""


EVERYBODY: Sequence[Among] = ()
"""Narrows nothing, and costs nothing."""


def within(segment: Segment) -> Among:
    """Narrow a campaign to a segment."""
    condition, values = segment.sql()
    return Among(
        condition=condition, values=values, reason=f"outside the segment {segment}"
    )


def narrowing(among: Sequence[Among]) -> str:
    """Write what stands behind the other conditions of a query; empty for everybody."""
    return "".join(f" AND ({each.condition})" for each in among)


def exclusion(among: Sequence[Among]) -> str:
    """Write the expression that counts, from 1, the first condition that is not met.

    0 if all of them are.
    """
    if not among:
        return "0"
    conditions = (each.condition for each in among)
    cases = " ".join(
        f"WHEN coalesce(NOT ({condition}), true) THEN {place}"
        for place, condition in enumerate(conditions, start=1)
    )
    return f"CASE {cases} ELSE 0 END"


def wishes(among: Sequence[Among]) -> str:
    """Write the two expressions for what people wish for: languages, and only these."""
    for each in among:
        if each.edition:
            return f"coalesce({each.edition}, ''), 1"
    return "s.languages, s.only_these"


def values_of(among: Sequence[Among]) -> Mapping[str, str | int]:
    """Gather what the conditions name."""
    return {name: value for each in among for name, value in each.values.items()}
