"""A run with everything it is handed: people, a server, a ledger, a helm, and time."""

from collections.abc import Mapping, Sequence

from distribute.campaign.campaign import Entry, Receipt
from distribute.campaign.run.pace import Pace
from distribute.campaign.run.run import Steering, run
from distribute.campaign.verdict import RetryPolicy
from tests.campaign.actors import (
    Helm,
    ListSupply,
    MemoryLedger,
    ScriptedSink,
    Time,
)

ADA, BO, CY, DI = (f"{name}@example.org" for name in ("ada", "bo", "cy", "di"))


def crowd(size: int, domain: str = "example.org") -> list[str]:
    """Invent so many people."""
    return [f"reader{number:03}@{domain}" for number in range(size)]


class Scene:
    """Everything a run is handed, and what it has yielded."""

    def __init__(
        self,
        people: Sequence[str],
        answers: Mapping[str, Receipt | Sequence[Receipt]] | None = None,
    ) -> None:
        self.time = Time()
        self.ledger = MemoryLedger()
        self.sink = self.new_sink(answers or {})
        self.supply = ListSupply(self.ledger, people)
        self.helm = Helm()
        self.yielded: list[Entry] = []

    def new_sink(
        self, answers: Mapping[str, Receipt | Sequence[Receipt]]
    ) -> ScriptedSink:
        lists = {
            key: [answer] if isinstance(answer, Receipt) else answer
            for key, answer in answers.items()
        }
        return ScriptedSink(self.ledger, self.time, lists)

    def steering(
        self,
        pace: Pace | None = None,
        limit: int | None = None,
        stay: float = 0.0,
        retry_after: int = 300_000,
    ) -> Steering:
        return Steering(
            clock=self.time.clock,
            timer=self.time.timer,
            haste=self.helm.haste,
            pace=pace or Pace(),
            policy=RetryPolicy(retry_after),
            limit=limit,
            stay=stay,
        )

    def run(self, steering: Steering | None = None) -> dict[str, str]:
        """Carry it out; gives how each of them ended last."""
        for entries in run(
            self.supply, self.sink, self.ledger, steering or self.steering()
        ):
            assert entries
            self.yielded += entries
            assert self.yielded == self.ledger.entries, "told before it was recorded"
        return self.outcomes

    @property
    def outcomes(self) -> dict[str, str]:
        return {e.parcel.key: e.receipt.outcome.value for e in self.yielded}

    @property
    def sent(self) -> list[str]:
        return [key for key, _ in self.sink.sent]
