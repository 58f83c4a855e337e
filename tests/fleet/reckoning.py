"""Whether what the database says is what the mail server saw."""

from collections.abc import Collection, Mapping, Set
from contextlib import closing
from dataclasses import dataclass, fields

from distribute.audience.database.database import open_database
from distribute.audience.database.place import Place

FINAL = frozenset({"accepted", "rejected", "uncertain"})
_STATES = (
    "SELECT address, state FROM delivery JOIN campaign"
    " ON campaign.number = delivery.campaign WHERE campaign.sink = ? AND campaign.id = ?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoning:
    """Who was not served as they should be, by address; nobody should be here."""

    twice: Set[str] = frozenset()
    """The server has two messages for them."""
    unseen: Set[str] = frozenset()
    """They are said to be served, and the server never saw it."""
    untold: Set[str] = frozenset()
    """The server has a message for them, and it is not said nor listed as uncertain."""
    lost: Set[str] = frozenset()
    """The campaign knows nothing of them."""
    strange: Set[str] = frozenset()
    """They were served, and are nobody's readers."""
    left: Set[str] = frozenset()
    """They are still to be served."""
    uncertain: Set[str] = frozenset()
    """Listed as uncertain: allowed, but for who was interrupted."""

    def check(self, *, unclear: int) -> None:
        """See that everybody was served once; so many may be uncertain."""
        for each in fields(self):
            found = getattr(self, each.name)
            allowed = unclear if each.name == "uncertain" else 0
            assert len(found) <= allowed, f"{each.name}: {sorted(found)[:10]}"


def reckon(
    everybody: Collection[str], arrived: Mapping[str, int], states: Mapping[str, str]
) -> Reckoning:
    """Compare whom the server has messages for, and how many, with what is said."""
    said: dict[str, set[str]] = {}
    for address, state in states.items():
        said.setdefault(state, set()).add(address)
    accepted = said.get("accepted", set())
    uncertain = said.get("uncertain", set())
    return Reckoning(
        twice={address for address, times in arrived.items() if times > 1},
        unseen=accepted - arrived.keys(),
        untold=(arrived.keys() & set(everybody)) - accepted - uncertain,
        lost=set(everybody) - states.keys(),
        strange=(arrived.keys() | states.keys()) - set(everybody),
        left={address for address, state in states.items() if state not in FINAL},
        uncertain=uncertain,
    )


def states_of(
    place: Place, wires: Mapping[str, str], *, sink: str = "smtp", issue: str = "4"
) -> dict[str, str]:
    """Say where everybody stands, by the address that travels, which is in `wires`."""
    with closing(open_database(place)) as database:
        rows = database.execute(_STATES, (sink, f"issue-{issue}")).fetchall()
    return {wires.get(address, address): state for address, state in rows}
