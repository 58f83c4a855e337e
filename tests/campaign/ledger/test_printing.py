"""Which text of an edition went to whom, as the ledger can tell afterwards."""

from dataclasses import replace
from pathlib import Path, PurePath

import pytest

from distribute.campaign.campaign import State
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.campaign.ledger.printing import text_digest
from distribute.language import Language
from distribute.posts.post import digest_of
from tests.campaign.actors import parcel
from tests.campaign.senders import AT, CAMPAIGN, Sender
from tests.campaign.wishes import edition_in


def _texts(ledger: SqliteLedger, name: str) -> list[str]:
    """Tell which texts the attempts for somebody carried."""
    (record,) = ledger.history(f"{name}@example.org")
    return [ledger.text_of(record, attempt) for attempt in record.attempts]


def test_a_delivery_carried_the_text_noted_last(sender: Sender) -> None:
    """Before it was opened; what is noted later changes nothing about it."""
    ledger = sender.ledger
    assert ledger.print_texts({"en": "A", "es": "E"}, AT) == AT
    sender.bring_to(State.ACCEPTED, [parcel("ada")], at=AT)
    assert ledger.print_texts({"en": "B"}, AT + 10) == AT + 10
    sender.bring_to(State.ACCEPTED, [parcel("bo")], at=AT + 11)
    assert (_texts(ledger, "ada"), _texts(ledger, "bo")) == (["A"], ["B"])


def test_a_text_that_stays_is_not_noted_again(sender: Sender) -> None:
    """Nor is one that another run of the campaign has noted."""
    ledger = sender.ledger
    ledger.print_texts({"en": "A"}, AT)
    ledger.print_texts({"en": "A", "es": "E"}, AT + 10)
    (begun,) = ledger.begun(CAMPAIGN)
    assert ledger.printed(begun) == {"en": AT, "es": AT + 10}


def test_each_attempt_has_its_own_text(sender: Sender) -> None:
    """Who is tried again gets what the edition says by then."""
    ledger = sender.ledger
    ledger.print_texts({"en": "A"}, AT)
    sender.bring_to(State.DEFERRED, [parcel("ada")], at=AT + 1)
    ledger.print_texts({"en": "B"}, AT + 10)
    tried = parcel("ada", attempt=1, since=AT + 1)
    sender.bring_to(State.ACCEPTED, [tried], at=AT + 11)
    assert _texts(ledger, "ada") == ["A", "B"]


def test_a_clock_that_was_set_back_mixes_nothing_up(sender: Sender) -> None:
    """A new text counts from right after the last delivery on."""
    ledger = sender.ledger
    ledger.print_texts({"en": "A"}, AT)
    sender.bring_to(State.ACCEPTED, [parcel("ada")], at=AT + 60_000)
    since = ledger.print_texts({"en": "B"}, AT - 3_600_000)
    assert since == AT + 60_001
    sender.bring_to(State.ACCEPTED, [parcel("bo")], at=since)
    assert (_texts(ledger, "ada"), _texts(ledger, "bo")) == (["A"], ["B"])


def test_nobody_knows_what_nobody_noted(sender: Sender) -> None:
    """As for all that was sent before texts were noted."""
    sender.bring_to(State.ACCEPTED, [parcel("ada")])
    assert _texts(sender.ledger, "ada") == [""]


def test_texts_survive_the_sender(path: Path) -> None:
    """They are on record before anything leaves."""
    sender = Sender(path)
    sender.ledger.print_texts({"en": "A"}, AT)
    sender.bring_to(State.STARTED, [parcel("ada")], at=AT + 1)
    sender.die()
    with SqliteLedger(path, "smtp") as ledger:
        assert _texts(ledger, "ada") == ["A"]


@pytest.mark.parametrize("field", ["title", "body"])
def test_a_text_is_title_and_body(field: str) -> None:
    """One letter in either makes another text."""
    one = edition_in(Language("en"))
    if field == "title":
        other = replace(one, title=f"{one.title}!")
    else:
        other = replace(one, post=replace(one.post, digest=digest_of("Other.")))
    assert text_digest(one) != text_digest(other)
    assert len(text_digest(one)) == 64


def test_a_text_is_nothing_but_title_and_body() -> None:
    """Neither the file's name nor a date, an address or an author is."""
    one = edition_in(Language("en"))
    moved = replace(one.post, path=PurePath("posts/elsewhere.md"))
    other = replace(one, post=moved, url="https://example.org/", authors=())
    assert text_digest(one) == text_digest(other)
