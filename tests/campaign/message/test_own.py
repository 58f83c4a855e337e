"""What is a reader's own: the quick way and the careful way come to the same."""

from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.campaign.message import headers
from distribute.campaign.message.heading import one_click_field
from distribute.campaign.message.links import Links
from distribute.campaign.message.mime import Encoding, softly_ended
from distribute.campaign.message.own import Own, own_of
from distribute.campaign.message.parts import Part
from distribute.campaign.message.slots import compiled
from distribute.mailbox import Mailbox
from distribute.render.email.personal import Slot
from tests.readers import ADA, ADDRESSES, CHOOSE, HOSTILE_NAMES, ID, NAMES, URL, URLS

SHORT_NAMES = st.text("Aé李\u0301𝕏 '\"\\=?&.-\t\u00a0", max_size=40)
"""Of all that makes a difference, and around the length of an encoded word."""


def check(name: str, address: str, url: str) -> Own:
    """Compare with what the general ways write, each by itself."""
    mailbox = Mailbox(address, name)
    own = own_of(name, address, ID, Links(url, CHOOSE))
    turned = own_of(name, address, ID, Links(CHOOSE, url))
    values = headers.display_name(name), address, url, CHOOSE
    has_one_click = url.startswith("https://")

    assert own.to == headers.mailbox("To", mailbox)
    assert own.rcpt_to == headers.checked_address(mailbox)
    assert (own.delivery_id, own.url) == (ID.encode(), url.encode())
    assert own.one_click == (one_click_field() if has_one_click else b"")
    for (octets, lines), written in ((own.text, str), (own.html, escape)):
        assert [*octets] == [written(value).encode() for value in values]
        for line, value in zip(lines, octets, strict=True):
            assert line is None or line == softly_ended(value)
    assert [*turned.text[0]][-2:] == [*own.text[0]][:-3:-1]
    for line, value in zip(*reversed(turned.html), strict=True):
        assert line is None or line == softly_ended(value)
    return own


@given(NAMES | SHORT_NAMES, ADDRESSES, URLS)
@settings(max_examples=200, deadline=None)
def test_everything_is_what_the_general_ways_write(
    name: str, address: str, url: str
) -> None:
    """Whoever it is for."""
    check(name, address, url)


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_any_name_beside_a_plain_address(name: str) -> None:
    """Of those, too, that nobody has."""
    check(name, ADA.address, URL)


@pytest.mark.parametrize("letter", ["N", "é", "李", "𝕏"])
def test_names_and_addresses_of_any_length(letter: str) -> None:
    """Around those at which To is folded, or a second encoded word begins."""
    for size in range(1, 50):
        check(letter * size, ADA.address, URL)
        check(f"{letter} " * 8, f"{'a' * size}@example.org", URL)
        check(letter, f"a@{'b' * size}.example.org", URL)


@pytest.mark.parametrize(
    "address", ["a@b", "a+b@example.org", "A.b_c-d@x", f"{'a' * 60}@x.org", ".a@x.org"]
)
def test_plain_addresses_of_any_kind(address: str) -> None:
    """As they are in the envelope."""
    assert check("Ada", address, URL).rcpt_to == address


def test_most_readers_take_the_quick_way() -> None:
    """Then the lines of the address and the link are there at once."""
    for name in ("", "Ada Lovelace", "Zoë O'Brien", "王小明", "Ada, Countess"):
        _, lines = check(name, ADA.address, URL).html
        assert None not in lines[1:]


@given(st.text(max_size=90).map(str.encode) | st.binary(max_size=90))
@settings(max_examples=200, deadline=None)
def test_a_value_in_quoted_printable_is_what_the_general_way_writes(
    value: bytes,
) -> None:
    """A short one is encoded at once; an empty one leaves no line."""
    part = Part("plain", (b"Dear ", b"!\n"), (Slot.NAME,), Encoding.QUOTED)
    _, slots = compiled(part)
    for each in (value, b"." + value, b"From " + value, value + b" ", b""):
        assert slots.filled(([each], [None])) == [softly_ended(each)]
