"""Transactions against a model of a server: whatever it answers, each job ends rightly."""

from collections.abc import Iterable, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.campaign.campaign import Outcome, Receipt, Stage
from distribute.sinks.smtp.job import Job
from distribute.sinks.smtp.transactions import Transactions
from tests.sinks.smtp.model import Model
from tests.sinks.smtp.parcels import CONTENT, parcel


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
