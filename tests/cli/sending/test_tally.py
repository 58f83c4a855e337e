"""How deliveries are counted while they end."""

from distribute.campaign.campaign import (
    Entry,
    Envelope,
    Message,
    Outcome,
    Parcel,
    Receipt,
)
from distribute.cli.sending.tally import SHOWN, Tally

BEGAN = 1_000_000


def entry(name: str, outcome: Outcome, *, attempt: int = 0, since: int = 0) -> Entry:
    """Say how somebody's delivery ended."""
    envelope = Envelope(name, "news@example.org", f"{name}@example.org")
    message = Message((b"",), 0)
    key = envelope.rcpt_to
    parcel = Parcel(key, name, key, 1, attempt, since, envelope, message)
    return Entry(parcel, Receipt(outcome))


def test_everybody_counts_once_however_often_it_is_tried() -> None:
    """Who waited in this run and was accepted then, is accepted and no longer waits."""
    tally = Tally(BEGAN)
    tally.add([entry("a", Outcome.ACCEPTED), entry("b", Outcome.DEFERRED)])
    again = {"attempt": 1, "since": BEGAN + 5}
    tally.add([entry("b", Outcome.DEFERRED, **again)])
    assert (tally.accepted, tally.deferred, tally.ended) == (1, 1, 2)
    tally.add([entry("b", Outcome.ACCEPTED, attempt=2, since=BEGAN + 5)])
    assert (tally.accepted, tally.deferred, tally.ended) == (2, 0, 2)
    assert not tally.troubled


def test_who_waited_since_an_earlier_run_counts_for_this_one() -> None:
    """Nobody is taken off who was never put on."""
    tally = Tally(BEGAN)
    tally.add([entry("a", Outcome.DEFERRED)])
    tally.add([entry("b", Outcome.ACCEPTED, attempt=3, since=BEGAN - 5)])
    assert (tally.accepted, tally.deferred) == (1, 1)


def test_only_some_of_those_in_trouble_are_kept() -> None:
    """A million refusals take no more memory than twenty."""
    tally = Tally(BEGAN)
    for number in range(500):
        tally.add([entry(f"r{number}", Outcome.REJECTED)])
        tally.add([entry(f"u{number}", Outcome.UNCERTAIN)])
    assert (tally.rejected, tally.uncertain) == (500, 500)
    assert len(tally.troubled) == SHOWN


def test_a_refusal_that_is_taken_back_is_put_off() -> None:
    """Everybody is still in one count, and named as they stand now."""
    tally = Tally(BEGAN)
    tally.add([entry(name, Outcome.REJECTED) for name in "abc"])
    tally.take_back(["a@example.org", "c@example.org"])
    assert (tally.rejected, tally.deferred, tally.ended) == (1, 2, 3)
    outcomes = [each.receipt.outcome.value for each in tally.troubled.values()]
    assert outcomes == ["deferred", "rejected", "deferred"]
