"""Parcels made by hand, and the loop that a run makes, without a ledger."""

import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from distribute.campaign.campaign import (
    Envelope,
    Message,
    Parcel,
    Receipt,
    Sink,
    Turn,
)
from distribute.errors import DeliveryError

PATIENCE = 60.0
"""Seconds after which a sink has hung."""


def message_of(content: bytes, *, tidy: bool = False, pieces: int = 1) -> Message:
    """Make a message of bytes, cut into so many pieces."""
    cuts = [len(content) * number // pieces for number in range(pieces + 1)]
    parts = tuple(content[a:b] for a, b in pairwise(cuts))
    return Message(parts, len(content), tidy)


def parcel_to(
    address: str,
    content: bytes | Message = b"Subject: x\r\n\r\nHello\r\n",
    *,
    mail_from: str = "bounces@example.org",
    smtputf8: bool = False,
) -> Parcel:
    """Make a parcel to an address."""
    message = message_of(content) if isinstance(content, bytes) else content
    envelope = Envelope(f"5/en/{address}", mail_from, address, smtputf8)
    return Parcel(address.casefold(), address, address, 0, 0, 0, envelope, message)


class Driver:
    """Hands parcels to a sink as a run does, and holds it to the contract of `Sink`."""

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self.receipts: dict[str, Receipt] = {}
        """By recipient; nobody may have two."""
        self.taken: dict[str, Parcel] = {}
        self.released: set[str] = set()

    def deliver(
        self,
        parcels: Iterable[Parcel],
        *,
        wait: float = 0.5,
        patience: float = PATIENCE,
    ) -> None:
        """See parcels through to their receipts.

        Raises the sink's `DeliveryError` once whoever was released has a receipt.
        """
        waiting = list(parcels)
        deadline = time.monotonic() + patience
        try:
            while waiting or self.taken.keys() - self.receipts.keys():
                assert time.monotonic() < deadline, "the sink hangs"
                self.take(waiting)
                turn = self.sink.turn(wait)
                self.note(turn)
                self.release(turn.ready)
        except DeliveryError:
            self.note(self.sink.halt())
            assert self.released <= self.receipts.keys(), "released, and never told of"
            raise

    def take(self, waiting: list[Parcel]) -> None:
        """Hand over as many as there is room for."""
        room = self.sink.room()
        assert room >= 0
        batch = waiting[:room]
        del waiting[:room]
        self.taken |= {parcel.envelope.rcpt_to: parcel for parcel in batch}
        self.sink.take(batch)

    def note(self, turn: Turn) -> None:
        """Keep receipts, each of somebody who was taken and had none."""
        for parcel, receipt in turn.receipts:
            address = parcel.envelope.rcpt_to
            assert self.taken[address] is parcel
            assert address not in self.receipts, "a second receipt"
            self.receipts[address] = receipt

    def release(self, ready: Sequence[Parcel]) -> None:
        """Let messages leave; nobody is made ready who has been answered for."""
        for parcel in ready:
            assert self.taken[parcel.envelope.rcpt_to] is parcel
            assert parcel.envelope.rcpt_to not in self.receipts
            self.released.add(parcel.envelope.rcpt_to)
        self.sink.release(ready)


def deliver(sink: Sink, parcels: Iterable[Parcel]) -> dict[str, Receipt]:
    """See parcels through to their receipts, by recipient."""
    driver = Driver(sink)
    driver.deliver(parcels)
    return driver.receipts


def addresses(count: int, domain: str = "example.net") -> Iterator[str]:
    """Make up so many addresses."""
    return (f"reader{number}@{domain}" for number in range(count))


def send(sink: Sink, parcel: Parcel) -> Receipt:
    """See one parcel through to its receipt."""
    return deliver(sink, [parcel])[parcel.envelope.rcpt_to]
