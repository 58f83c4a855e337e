"""Which of a newsletter's mail programs do not show something."""

from collections.abc import Collection
from dataclasses import dataclass

from distribute.checks.styles.facts import Client, Fact, known_facts


@dataclass(frozen=True, slots=True)
class Refusal:
    """The programs that do not show something, or only in part."""

    fact: Fact
    clients: tuple[Client, ...]
    is_partial: bool

    @property
    def weight(self) -> int:
        """How much these programs matter together."""
        return sum(client.weight for client in self.clients)

    def __str__(self) -> str:
        names = ", ".join(client.name for client in self.clients)
        verb = "shown in part by" if self.is_partial else "not shown by"
        return f"{self.fact.what} is {verb} {names} (tested {self.fact.tested})"


def refusal_of(fact: Fact, chosen: Collection[str]) -> Refusal | None:
    """Say which of the chosen programs refuse it; without a choice, of all that we know.

    Those that drop it come first: only where there are none it is those that show it in
    part.
    """
    if fact.harmless:
        return None
    known = known_facts().clients
    for refusing, is_partial in ((fact.no, False), (fact.partly, True)):
        clients = tuple(
            client
            for id_, client in known.items()
            if id_ in refusing and id_ in (chosen or known)
        )
        if clients:
            return Refusal(fact, clients, is_partial)
    return None
