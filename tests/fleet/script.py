"""What befalls a fleet, and when: drawn by a seed, the same whenever that is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from tests.faults.fault import part_of

Deed = Literal[
    "kill", "freeze", "restart", "crash", "away", "hold", "silence", "cut", "leave"
]
"""To a worker: ``kill`` -9, ``freeze`` for a while, ``cut`` its cable for a while, have it
``leave`` by SIGTERM. To the database: ``restart`` or ``crash``, have it ``away`` or on
``hold`` for a while. To the mail server: ``silence`` it for a while."""
DEEDS: tuple[Deed, ...] = get_args(Deed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing that happens."""

    at: float
    """When so large a share of the people has been served."""
    deed: Deed
    whom: float
    """Which worker, of those it can be: a place between the first, 0, and the last, 1."""
    seconds: float
    """How long a while is."""

    def choose(self, count: int) -> int:
        """Say which of so many it is."""
        return min(int(self.whom * count), count - 1)


def script_of(
    seed: str, *, acts: int, deeds: Sequence[Deed] = DEEDS, longest: float = 3.0
) -> tuple[Act, ...]:
    """Draw so many acts, in the order in which they happen."""
    drawn = [deeds[int(_part(seed, n, "deed") * len(deeds))] for n in range(acts)]
    return _in_order(seed, drawn, dict.fromkeys(DEEDS, (0.0, longest)))


def siege_of(
    seed: str,
    counts: Mapping[Deed, int],
    whiles: Mapping[Deed, tuple[float, float]],
) -> tuple[Act, ...]:
    """Have each deed so often, and draw when, to whom, and for how long.

    `whiles` are the seconds of a while, at least and at most; 0 where there is none.
    """
    deeds = [deed for deed, count in counts.items() for _ in range(count)]
    return _in_order(seed, deeds, whiles)


def _in_order(
    seed: str, deeds: Iterable[Deed], whiles: Mapping[Deed, tuple[float, float]]
) -> tuple[Act, ...]:
    drawn = []
    for number, deed in enumerate(deeds):
        least, most = whiles.get(deed, (0.0, 0.0))
        drawn.append(
            Act(
                at=0.95 * _part(seed, number, "at"),
                deed=deed,
                whom=_part(seed, number, "whom"),
                seconds=least + (most - least) * _part(seed, number, "seconds"),
            )
        )
    return tuple(sorted(drawn, key=lambda act: act.at))


def _part(seed: str, number: int, salt: str) -> float:
    return part_of(f"{seed} {number}", salt)
