"""Pages: written here or elsewhere, put together where they are sent."""

import pickle
from pathlib import Path

import pytest

from distribute.campaign.run.feed import Feed
from distribute.campaign.run.page import Page
from tests.campaign.mailings import feed_of, parcels_of, put_on_list

PEOPLE = 40
ROOM = 800
"""Octets that one reader's row may take."""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Give a list of people with either language, one passed over, and one refused."""
    path = tmp_path / "distribute.db"
    put_on_list(path, [f"reader{number}" for number in range(PEOPLE // 2)])
    names = [f"leitor{number}" for number in range(PEOPLE // 2)]
    put_on_list(path, names, languages="pt-BR")
    put_on_list(path, ["jürgen@bücher.example"], languages="en")
    put_on_list(path, ["nobody\x01"], languages="en")
    put_on_list(path, ["otto"], languages="de", only_these=True)
    return path


def page_of(feed: Feed) -> Page:
    """Write the only page there is."""
    (page,) = feed.pages()
    return page


def test_pages_put_together_are_the_batches(database: Path) -> None:
    """Also after a journey, and at another desk of the same campaign."""
    feed = feed_of(database)
    moved = pickle.loads(pickle.dumps(page_of(feed)))  # noqa: S301 - our own, just made
    assert [feed_of(database).desk().batch(moved)] == [*feed.batches()]


def test_an_empty_page_is_an_empty_batch(database: Path) -> None:
    """Nobody to write to, and nothing to say about it."""
    desk = feed_of(database).desk()
    batch = desk.batch(desk.write([]))
    assert (*batch,) == ([], {}, [], [])


def test_of_a_large_message_only_what_is_a_readers_own_travels(database: Path) -> None:
    """However large the messages are."""
    size = 120_000
    feed = feed_of(database, size=size)
    moved = pickle.dumps(page_of(feed), pickle.HIGHEST_PROTOCOL)
    assert sum(parcel.message.size for parcel in parcels_of(feed.batches())) > (
        PEOPLE * size
    )
    assert len(moved) < PEOPLE * ROOM


def test_a_small_message_travels_whole(database: Path) -> None:
    """So that whoever sends it has nothing left to put together."""
    feed = feed_of(database, size=40)
    messages = [parcel.message for parcel in parcels_of(feed.batches())]
    assert [filling for *_, filling in page_of(feed).rows] == [
        message.pieces for message in messages
    ]


def test_rows_are_plain(database: Path) -> None:
    """Nothing but text, numbers and octets: whatever has a class is pickled slowly."""
    rows = page_of(feed_of(database)).rows
    assert {type(row) for row in rows} == {tuple}
    assert {type(value) for row in rows for value in row} == {str, int, tuple}
    assert {type(value) for *_, filling in rows for value in filling} == {bytes}


def test_envelopes_have_addresses_fit_for_the_wire(database: Path) -> None:
    """As `Addressing.envelope` gives them; the parcel's own is for people."""
    (abroad,) = (
        parcel
        for parcel in parcels_of(feed_of(database).batches())
        if not parcel.address.isascii()
    )
    assert abroad.address == "jürgen@bücher.example"
    assert abroad.envelope.rcpt_to == "jürgen@xn--bcher-kva.example"
    assert abroad.envelope.smtputf8
