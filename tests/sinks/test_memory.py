"""A sink that keeps what it is given, for tests and examples."""

import pytest

from distribute.campaign.campaign import Envelope, Outcome
from distribute.errors import PermanentDeliveryError, TransientDeliveryError
from distribute.sinks.memory import MemorySink, refusal


def to(address: str) -> Envelope:
    """Make an envelope to somebody."""
    return Envelope(id=f"5/en/{address}", mail_from="b@example.org", rcpt_to=address)


def test_it_keeps_what_it_accepts() -> None:
    """Envelope and bytes, in order."""
    sink = MemorySink()

    receipt = sink.send(to("a@example.org"), b"one")

    assert receipt.outcome is Outcome.ACCEPTED
    assert sink.messages == [(to("a@example.org"), b"one")]


def test_it_refuses_and_defers_whom_it_is_told_to() -> None:
    """As a server would: 5xx for good, 4xx for now; nothing of it is kept."""
    sink = MemorySink(
        answers={
            "no@example.org": refusal(550, "no such user", enhanced="5.1.1"),
            "later@example.org": refusal(451, "greylisted"),
        }
    )
    refused = sink.send(to("no@example.org"), b"")
    deferred = sink.send(to("later@example.org"), b"")

    assert (refused.outcome, refused.code, refused.enhanced, refused.text) == (
        Outcome.REJECTED, 550, "5.1.1", "no such user",
    )  # fmt: skip
    assert (deferred.outcome, deferred.text) == (Outcome.DEFERRED, "greylisted")
    assert sink.messages == []
    assert len(sink.attempts) == 2


def test_it_fails_at_the_nth_send() -> None:
    """Once; the next one works."""
    sink = MemorySink(failures={2: TransientDeliveryError("no connection")})
    sink.send(to("a@example.org"), b"")

    with pytest.raises(TransientDeliveryError):
        sink.send(to("b@example.org"), b"")

    sink.send(to("b@example.org"), b"")
    assert [envelope.rcpt_to[0] for envelope, _ in sink.messages] == ["a", "b"]


def test_a_closed_sink_takes_nothing() -> None:
    """As any sink."""
    sink = MemorySink()
    sink.close()

    with pytest.raises(PermanentDeliveryError):
        sink.send(to("a@example.org"), b"")
