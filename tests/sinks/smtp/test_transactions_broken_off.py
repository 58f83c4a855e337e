"""Transactions broken off: servers that answer too early, make no sense or hang up."""

import pytest

from distribute.campaign.campaign import Outcome, Stage
from distribute.errors import LostConnectionError, PermanentDeliveryError
from distribute.sinks.smtp.job import Job
from distribute.sinks.smtp.loss import TRIES
from distribute.sinks.smtp.transactions import Transactions
from tests.sinks.smtp.parcels import parcel


def test_a_dot_that_has_left_makes_it_uncertain() -> None:
    """A connection lost behind the final dot is uncertain, before it is tried again."""
    for dot_has_left, outcome in ((True, Outcome.UNCERTAIN), (False, None)):
        transactions = Transactions({"PIPELINING": ()})
        transactions.offer(Job(parcel("a")))
        transactions.hear(b"250 ok\r\n250 ok\r\n354 go\r\n")
        job = transactions.release()
        transactions.offer(Job(parcel("b")))
        again = transactions.break_off("it broke", dot_has_left=dot_has_left)
        ended = {one.parcel.id: receipt.outcome for one, receipt in transactions.ended}
        assert ended == ({"a": outcome} if outcome else {})
        assert [one.parcel.id for one in again] == (["b"] if outcome else ["a", "b"])
        assert job.is_released


def test_a_job_that_breaks_connections_is_put_off() -> None:
    """After so many lost connections a delivery is deferred, and tried later."""
    job = Job(parcel("a"))
    transactions = Transactions({})
    for number in range(1, TRIES + 1):
        transactions = Transactions({})
        transactions.offer(job)
        again = transactions.break_off("it broke", dot_has_left=False)
        assert bool(again) == (number < TRIES)
    ((_, receipt),) = transactions.ended
    assert receipt.outcome is Outcome.DEFERRED
    assert receipt.text == "it broke"


def test_a_refusal_before_the_message_is_out_counts() -> None:
    """A server that refuses amid the message has judged it; acceptance is no verdict."""
    transactions = Transactions({})
    transactions.offer(Job(parcel("a")))
    for reply in (b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n"):
        transactions.hear(reply)
    transactions.release()
    with pytest.raises(LostConnectionError):
        transactions.hear(b"552 5.3.4 too big\r\n", dot_has_left=False)
    ((_, receipt),) = transactions.ended
    assert (receipt.outcome, receipt.code) == (Outcome.REJECTED, 552)


@pytest.mark.parametrize(
    "said",
    [
        b"250 ok\r\n250 ok\r\n250 not a go-ahead\r\n",
        b"250 ok\r\n354 too early\r\n",
        b"421 4.3.2 closing\r\n",
        b"HTTP/1.1 400 Bad Request\r\n",
        b"250 ok\n250 ok\n354 go\n",
    ],
)
def test_answers_that_make_no_sense_end_the_connection(said: bytes) -> None:
    """What is no SMTP, or answers nothing, ends the connection; nothing has left."""
    transactions = Transactions({"PIPELINING": ()})
    transactions.offer(Job(parcel("a")))
    with pytest.raises(LostConnectionError):
        transactions.hear(said + b"250 and one more\r\n")
    assert not transactions.ended
    assert len(transactions.break_off("garbled", dot_has_left=True)) == 1


def pipelining(*names: str) -> Transactions:
    """Offer the first, and release each once it is ready, up to the last."""
    transactions = Transactions({"PIPELINING": ()})
    transactions.offer(Job(parcel(names[0])))
    for name in names[1:]:
        transactions.hear(b"250 ok\r\n250 ok\r\n354 go\r\n")
        transactions.release()
        transactions.offer(Job(parcel(name)))
    transactions.to_write.clear()
    return transactions


def test_nobody_is_accepted_before_their_message_is_out() -> None:
    """Not even with the replies to the next envelope right behind, as they always come."""
    transactions = pipelining("a", "b")
    with pytest.raises(LostConnectionError):
        transactions.hear(
            b"250 kept\r\n250 ok\r\n250 ok\r\n354 go\r\n", dot_has_left=False
        )
    assert not transactions.ended
    again = transactions.break_off("it broke", dot_has_left=False)
    assert [job.parcel.id for job in again] == ["a", "b"]


def test_an_empty_message_is_never_left_to_somebody() -> None:
    """A recipient taken without a sender gets no lone dot: the connection ends instead."""
    transactions = pipelining("a")
    with pytest.raises(LostConnectionError):
        transactions.hear(b"451 4.3.0 later\r\n250 ok\r\n354 go\r\n")
    ((_, receipt),) = transactions.ended
    assert (receipt.stage, receipt.code) == (Stage.MAIL, 451)
    assert transactions.to_write == []


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (b"250 ok\r\n550 5.1.1 nobody\r\n", Outcome.REJECTED),
        (b"250 ok\r\n451 4.7.1 later\r\n", Outcome.DEFERRED),
        (b"250 ok\r\n503 5.5.1 what?\r\n", None),
        (b"554 5.5.0 improper use of pipelining\r\n", None),
        (b"250 ok\r\n", None),
    ],
)
def test_a_refusal_stands_even_if_the_server_hangs_up(
    said: bytes, outcome: Outcome | None
) -> None:
    """Of the recipient; not where the server has only lost the thread."""
    transactions = pipelining("a")
    transactions.hear(said)
    again = transactions.break_off("it broke", dot_has_left=True)
    assert [receipt.outcome for _, receipt in transactions.ended] == (
        [outcome] if outcome else []
    )
    assert len(again) == (outcome is None)


def test_whoever_cannot_be_offered_is_not_forgotten() -> None:
    """What would befall anybody is an error, and the job is given back at the end."""
    transactions = Transactions({"PIPELINING": (), "SIZE": ["10"]})
    with pytest.raises(PermanentDeliveryError):
        transactions.offer(Job(parcel("a")))
    assert not transactions.to_write
    assert len(transactions.break_off("the end", dot_has_left=True)) == 1
    assert not transactions.ended
