"""Transactions against a model of a server: whatever it answers, each job ends rightly."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.campaign.campaign import (
    Envelope,
    Message,
    Outcome,
    Parcel,
    Receipt,
    Stage,
)
from distribute.errors import LostConnectionError, PermanentDeliveryError
from distribute.sinks.smtp.job import Job
from distribute.sinks.smtp.loss import TRIES
from distribute.sinks.smtp.transactions import Transactions

CONTENT = b"Subject: hello\r\n\r\nA letter.\r\n"


def parcel(name: str, *, content: bytes = CONTENT, tidy: bool = True) -> Parcel:
    """Make a parcel for somebody."""
    address = f"{name}@example.org"
    return Parcel(
        key=address,
        id=name,
        address=address,
        choice=0,
        attempt=0,
        since=0,
        envelope=Envelope(f"5/en/{name}", "bounces@example.org", address),
        message=Message((content,), len(content), tidy),
    )


@dataclass
class Model:
    """A server as RFC 5321 and RFC 2920 have it; refuses whom it is told to, and where."""

    refusals: dict[str, dict[Stage, int]]
    kept: list[str] = field(default_factory=list)
    heard: list[bytes] = field(default_factory=list)
    _buffer: bytes = b""
    _sender: bool = False
    _recipient: str = ""
    _trying: str = ""
    _in_data: bool = False

    def hear(self, octets: bytes) -> bytes:
        """Answer everything that is complete."""
        self._buffer += octets
        said = b""
        while answer := self._next():
            said += answer
        return said

    def _next(self) -> bytes:
        end = b".\r\n" if self._in_data else b"\r\n"
        if self._in_data:
            if self._buffer.startswith(end):
                content, self._buffer = b"", self._buffer[3:]
            else:
                content, found, rest = self._buffer.partition(b"\r\n.\r\n")
                if not found:
                    return b""
                self._buffer = rest
            return self._judge(content)
        line, found, rest = self._buffer.partition(end)
        if not found:
            return b""
        self._buffer = rest
        self.heard.append(line)
        return self._obey(line.decode())

    def _obey(self, line: str) -> bytes:
        if line == "RSET":
            self._sender, self._recipient = False, ""
            return _reply(250, "forgotten")
        if line.startswith("MAIL FROM:"):
            assert not self._sender, "nested MAIL"
            # MAIL does not say for whom; the model looks ahead.
            code = self._refusal(self._upcoming(), Stage.MAIL)
            self._sender = not code
            return _reply(code or 250, "sender")
        if line.startswith("RCPT TO:"):
            return self._obey_rcpt(re.findall("<(.*)@", line)[0])
        assert line == "DATA"
        return self._obey_data()

    def _obey_rcpt(self, name: str) -> bytes:
        self._trying = name
        code = self._refusal(name, Stage.RCPT) if self._sender else 503
        self._recipient = "" if code else name
        return _reply(code or 250, "recipient")

    def _obey_data(self) -> bytes:
        if not self._sender:
            return _reply(503, "no sender")
        if self._recipient:
            code = self._refusal(self._recipient, Stage.DATA)
        else:
            # Both ways are seen: some refuse DATA, some take an empty message first.
            takes_it = self.refusals.get(self._trying, {}).get(Stage.NONE) == 354
            code = 0 if takes_it else 554
        self._in_data = not code
        return _reply(code or 354, "go on")

    def _judge(self, content: bytes) -> bytes:
        self._in_data = False
        name, self._recipient, self._sender = self._recipient, "", False
        if not name:
            assert not content
            return _reply(554, "no valid recipients")
        assert content + b"\r\n" == CONTENT
        code = self._refusal(name, Stage.END)
        if not code:
            self.kept.append(name)
        return _reply(code or 250, "kept")

    def _refusal(self, name: str, stage: Stage) -> int:
        return self.refusals.get(name, {}).get(stage, 0)

    def _upcoming(self) -> str:
        found = re.search(rb"RCPT TO:<(.*?)@", self._buffer)
        return found[1].decode() if found else self.next_name

    next_name: str = ""


def _reply(code: int, words: str) -> bytes:
    return (
        f"{code} {code // 100}.0.0 {words}\r\n".encode()
        if code != 354
        else b"354 go\r\n"
    )


def converse(
    names: Sequence[str], model: Model, cuts: Iterable[int], *, pipelining: bool
) -> dict[str, Receipt]:
    """Bring transactions and the model together until everybody is answered for."""
    transactions = Transactions({"PIPELINING": ()} if pipelining else {})
    waiting = [Job(parcel(name)) for name in names]
    receipts: dict[str, Receipt] = {}
    heard, cut = b"", iter(cuts)
    for _ in range(100 * len(names) + 10):
        if transactions.ready:
            transactions.ready.clear()
            transactions.release()
            if waiting and transactions.may_offer:
                model.next_name = waiting[0].parcel.id
                transactions.offer(waiting.pop(0))
        elif waiting and transactions.is_idle:
            model.next_name = waiting[0].parcel.id
            transactions.offer(waiting.pop(0))
        said = b"".join(transactions.to_write)
        transactions.to_write.clear()
        heard += model.hear(said)
        piece = heard[: next(cut, len(heard)) or 1]
        rest = transactions.hear(heard[: len(piece)])
        heard = rest + heard[len(piece) :] if piece else heard
        for job, receipt in transactions.ended:
            assert job.parcel.id not in receipts, "answered for twice"
            receipts[job.parcel.id] = receipt
        transactions.ended.clear()
        if len(receipts) == len(names):
            return receipts
    raise AssertionError("it never ended")


STAGES = st.sampled_from([Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.END])
REFUSALS = st.dictionaries(
    st.sampled_from("abcdefgh"),
    st.dictionaries(
        STAGES, st.sampled_from([450, 451, 452, 550, 552, 554]), max_size=2
    ),
    max_size=6,
)


@settings(deadline=None, max_examples=200)
@given(
    refusals=REFUSALS,
    empty=st.sets(st.sampled_from("abcdefgh")),
    cuts=st.lists(st.integers(1, 80), max_size=200),
    pipelining=st.booleans(),
)
def test_everybody_gets_the_answer_meant_for_them(
    refusals: dict[str, dict[Stage, int]],
    *,
    empty: set[str],
    cuts: list[int],
    pipelining: bool,
) -> None:
    """Pipelined or not, cut up in any way, each job ends with its own first refusal.

    A recipient refused within a pipeline gets no message, and its neighbours theirs.
    """
    for name in empty:
        refusals.setdefault(name, {})[Stage.NONE] = 354
    model = Model(refusals)
    receipts = converse("abcdefgh", model, cuts, pipelining=pipelining)
    for name in "abcdefgh":
        stages = [s for s in refusals.get(name, {}) if s is not Stage.NONE]
        first = min(stages, key=list(Stage).index, default=None)
        receipt = receipts[name]
        if first is None:
            assert (receipt.outcome, receipt.code) == (Outcome.ACCEPTED, 250)
            assert name in model.kept
        else:
            assert (receipt.stage, receipt.code) == (first, refusals[name][first])
            assert name not in model.kept
    assert len(model.kept) == len(set(model.kept))


def test_one_round_trip_a_message() -> None:
    """With PIPELINING the next envelope travels behind the final dot."""
    transactions = Transactions({"PIPELINING": ()})
    transactions.offer(Job(parcel("a")))
    transactions.hear(b"250 ok\r\n250 ok\r\n354 go\r\n")
    transactions.to_write.clear()
    transactions.release()
    assert transactions.may_offer
    transactions.offer(Job(parcel("b")))
    said = b"".join(transactions.to_write)
    message, _, envelope = said.partition(b"\r\n.\r\n")
    assert message + b"\r\n" == CONTENT
    assert [line[:4] for line in envelope.splitlines()] == [b"MAIL", b"RCPT", b"DATA"]


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
