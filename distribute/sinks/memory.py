"""A sink that keeps what it is given, for tests and examples."""

from collections.abc import Mapping
from types import MappingProxyType

from distribute.campaign.campaign import Envelope, Outcome, Receipt
from distribute.errors import DeliveryError, PermanentDeliveryError

ACCEPTED = Receipt(outcome=Outcome.ACCEPTED, code=250, enhanced="2.0.0", text="OK")


def refusal(code: int, text: str, *, enhanced: str = "") -> Receipt:
    """Make a server's refusal: 4xx defers, 5xx rejects (RFC 5321 section 4.2.1)."""
    outcome = Outcome.DEFERRED if code < 500 else Outcome.REJECTED
    return Receipt(outcome=outcome, code=code, enhanced=enhanced, text=text)


class MemorySink:
    """Accepts every message and keeps it, unless told otherwise.

    >>> sink = MemorySink(answers={"no@example.org": refusal(550, "no such user")})
    >>> sink.send(Envelope(id="5/en/a", mail_from="", rcpt_to="no@example.org"), b"")
    Receipt(outcome=<Outcome.REJECTED: 'rejected'>, code=550, enhanced='', text='no such user')
    >>> sink.messages
    []
    """

    def __init__(
        self,
        *,
        answers: Mapping[str, Receipt] = MappingProxyType({}),
        failures: Mapping[int, DeliveryError] = MappingProxyType({}),
    ) -> None:
        """Take the receipt for given recipients, and what to raise at the n-th send.

        Sends count from 1.
        """
        self.messages: list[tuple[Envelope, bytes]] = []
        """What was accepted, in order."""
        self.attempts: list[Envelope] = []
        """What was tried, in order."""
        self.closed = False
        self._answers = answers
        self._failures = failures

    def send(self, envelope: Envelope, message: bytes) -> Receipt:
        """Keep one message, or answer as told."""
        if self.closed:
            raise PermanentDeliveryError("the sink is closed", hint="Open another.")
        self.attempts.append(envelope)
        failure = self._failures.get(len(self.attempts))
        if failure is not None:
            raise failure
        receipt = self._answers.get(envelope.rcpt_to, ACCEPTED)
        if receipt.outcome is Outcome.ACCEPTED:
            self.messages.append((envelope, message))
        return receipt

    def close(self) -> None:
        """Take no more."""
        self.closed = True
