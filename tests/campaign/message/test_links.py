"""A reader's own links: as text for one, and ready for the wire for many."""

import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.audience.reception.token import Purpose, Signer
from distribute.campaign.message.links import Linking, Links, plain_links
from distribute.campaign.message.mime import softly_ended
from distribute.campaign.message.own import own_of
from tests.readers import ADA, ID, URLS

SIGNER = Signer(bytes(range(32)))
KEYS = st.from_regex(r"[a-z0-9.+-]{1,64}@[a-zü]{1,20}\.example", fullmatch=True)
PLACES = [
    "https://news.example.org",
    "http://localhost:8000",
    "https://example.org/a/long/way/down/to/the/newsletter/of/example/news/indeed",
    "https://bücher.example/~news",
    "https://example.org/{news}",
]


@given(KEYS, st.sampled_from(PLACES))
@settings(max_examples=150, deadline=None)
def test_many_links_are_like_one(key: str, place: str) -> None:
    """In the quick way and in the other, in every length of the address."""
    linking = Linking(SIGNER, place)
    links, quick = linking.of(key), linking.by_key()(key)
    shown = quick if isinstance(quick, Links) else tuple(map(bytes.decode, quick[:2]))
    assert tuple(shown) == links
    if not isinstance(quick, Links):
        assert quick[2:] == tuple(softly_ended(link.encode()) for link in links)
        assert quick == plain_links(links)


@given(URLS, URLS)
@settings(max_examples=100, deadline=None)
def test_plain_links_stand_as_they_are(leave: str, choose: str) -> None:
    """If there is anything to be encoded in either, they are none."""
    found = plain_links(Links(leave, choose))
    if found is not None:
        assert found[:2] == (leave.encode(), choose.encode())
        assert found[2:] == (softly_ended(found[0]), softly_ended(found[1]))


def test_each_link_opens_what_it_is_for() -> None:
    """Both name the reader, and neither can be made from the other's half."""
    links = Linking(SIGNER, "https://news.example.org")(ADA)
    leave, choose = (link.rpartition("/")[2] for link in links)
    assert SIGNER.read(leave, Purpose.UNSUBSCRIBE) == ADA.key
    assert SIGNER.read(choose, Purpose.PREFERENCES) == ADA.key
    assert SIGNER.read(leave, Purpose.PREFERENCES) is None
    assert SIGNER.read(choose, Purpose.UNSUBSCRIBE) is None


def test_links_are_signed_elsewhere_too() -> None:
    """Pickled, they are the same and hide the key."""
    linking = Linking(SIGNER, "https://news.example.org")
    moved = pickle.loads(pickle.dumps(linking))  # noqa: S301 - our own
    assert moved(ADA) == linking(ADA)
    assert "\\x01" not in repr(linking)


@pytest.mark.parametrize("place", PLACES[:2])
def test_usual_links_take_the_quick_way(place: str) -> None:
    """Then all lines of a message are there at once."""
    links = Linking(SIGNER, place).by_key()(ADA.key)
    _, lines = own_of("Ada", ADA.address, ID, links).html
    assert None not in lines[1:]


def test_an_address_that_is_not_plain_beside_links_that_are() -> None:
    """It takes the careful way, to the same links."""
    linking = Linking(SIGNER, "https://news.example.org")
    own = own_of("Ada", "o'hara=x@example.org", ID, linking.by_key()(ADA.key))
    assert [*own.text[0]][2:] == [link.encode() for link in linking(ADA)]
