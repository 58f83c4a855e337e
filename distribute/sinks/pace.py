"""Keep a pace: no more messages a second than asked for."""

import time
from collections.abc import Callable

from distribute.campaign.campaign import Envelope, Receipt, Sink


class PacedSink:
    """Hands messages on to another sink, evenly spread over time.

    `rate` is in messages per second. The first message goes at once; one that comes late
    does not entitle the next ones to hurry.
    """

    def __init__(
        self,
        sink: Sink,
        rate: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._sink = sink
        self._interval = 1 / rate
        self._clock = clock
        self._sleep = sleep
        self._next = clock()

    def send(self, envelope: Envelope, message: bytes) -> Receipt:
        """Wait for this message's turn, and hand it on."""
        wait = self._next - self._clock()
        if wait > 0:
            self._sleep(wait)
        self._next = max(self._next, self._clock()) + self._interval
        return self._sink.send(envelope, message)

    def close(self) -> None:
        """Close the sink behind."""
        self._sink.close()
