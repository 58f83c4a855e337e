"""Many messages are judged some at a time, and it is all the same to who counts them."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.cli.bounces import _AT_ONCE, batches_of
from distribute.cli.returned.postbox import Found
from distribute.sinks.inbox.item import Item
from tests.cli.conftest import Run
from tests.cli.returned.mails import Mails, status_of


def test_a_dry_run_counts_as_the_real_one_does(
    run: Run, letters: Path, mails: Mails
) -> None:
    """Over all messages, be they judged together or not."""
    toml = letters / "distribute.toml"
    toml.write_text(f"{toml.read_text('utf-8')}\n[bounces]\nstrikes = 1\n", "utf-8")
    reader, _ = mails.deliveries[0]
    for number in range(_AT_ONCE):
        mails.letter("machine@example.net", f"Out of office {number:04}")
    first, last = mails.folder / "0.eml", mails.folder / "z.eml"
    for path, status in ((first, "5.2.2"), (last, "4.4.7")):
        mails.report(0, status)
        (mails.folder / f"report-0-{status}.eml").rename(path)
    tried = run("-C", letters, "--json", "bounces", "read", "--dry-run", mails.folder)
    real = run("-C", letters, "--json", "bounces", "read", mails.folder)
    assert tried.document["decisions"] == real.document["decisions"]
    assert tried.document["decisions"]["bounced by strikes"] == 1
    assert tried.document["reports"] == real.document["reports"]
    assert status_of(run, letters, str(reader)) == "bounced"


@given(st.lists(st.integers(0, 60), max_size=40), st.integers(1, 9), st.integers(1, 50))
@settings(max_examples=200, deadline=None)
def test_messages_are_taken_by_number_and_by_size(
    sizes: list[int], most: int, octets: int
) -> None:
    """All of them in their order; one that is too large comes alone."""
    found: list[Found] = [
        (Item(name=str(number), data=b"x" * size, is_mail=True), None)
        for number, size in enumerate(sizes)
    ]
    batches = list(batches_of(found, most=most, octets=octets))
    assert [each for batch in batches for each in batch] == found
    for batch in batches:
        weight = sum(len(item.data) for item, _ in batch if isinstance(item, Item))
        assert len(batch) == 1 or (len(batch) <= most and weight <= octets)
