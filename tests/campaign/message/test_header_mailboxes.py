"""Names and addresses in the header: exact, and never somebody else's."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.campaign.message import headers
from distribute.errors import MailboxError
from distribute.mailbox import Mailbox
from tests.campaign.message.fields import VISIBLE, legacy, lines_of, parsed


@pytest.mark.parametrize(
    "name",
    [
        "Ada Lovelace",
        'Ada "the first" Lovelace',
        "Lovelace, Ada (Countess); <x@y>",
        "back\\slash",
        "=?utf-8?q?x?=",
        "Zoë",
        "محمد بن موسى الخوارزمي",
        "王小明",
        "👩🏽\u200d💻",
        "x" * 42,
    ],
)
def test_a_name_arrives_exactly(name: str) -> None:
    """Names up to 42 octets are one piece, and exact in both decoders."""
    written = headers.mailbox("To", Mailbox("ada@example.org", name))
    (address,) = parsed(written)["To"].addresses

    assert (address.display_name, address.addr_spec) == (name, "ada@example.org")
    assert not parsed(written)["To"].defects
    assert written.isascii()
    assert written.count(b"=?utf-8?b?") <= 1


@given(
    st.text(VISIBLE, max_size=60).filter(lambda text: text.strip(" ")),
    st.sampled_from(["To", "Reply-To"]),
)
@settings(max_examples=100, deadline=None)
def test_any_name_survives_and_the_address_stays_alone(name: str, field: str) -> None:
    """No name adds a recipient, hides one, or makes a line too long."""
    written = headers.mailbox(field, Mailbox("ada@example.org", name))
    (address,) = parsed(written)[field].addresses

    assert address.addr_spec == "ada@example.org"
    assert all(len(line) <= 78 and line.strip() for line in lines_of(written))
    expected = " ".join(filter(None, name.split(" ")))
    phrase = written[len(field) + 2 : written.rindex(b"<")].strip()
    if phrase.startswith(b"=?"):
        assert legacy(b"X: " + phrase + b"\r\n", "X") == expected


def test_a_long_name_becomes_several_words() -> None:
    """A name of more than 42 octets is cut between characters, and comes back whole."""
    name = "الأستاذة الدكتورة فاطمة الزهراء بنت محمد"
    written = headers.mailbox("From", Mailbox("f@example.org", name))

    assert written.count(b"=?utf-8?b?") > 1
    phrase = written[: written.index(b"<")].rstrip() + b"\r\n"
    assert legacy(phrase, "From") == name


@pytest.mark.parametrize("word", ["and on", 'said "so"', "\\ /", "\x7f \x7f", "( , )"])
def test_a_long_ascii_name_is_folded_and_not_encoded(word: str) -> None:
    """Encoded words in a phrase are read wrongly here and there; quotes are not."""
    name = f"It goes on {word} " * 5 + "to the end"
    written = headers.mailbox("To", Mailbox("ada@example.org", name))
    (address,) = parsed(written)["To"].addresses

    assert address.display_name == " ".join(name.replace("\x7f", "").split())
    assert b"=?" not in written
    assert all(len(line) <= 78 and line.strip() for line in lines_of(written))


@pytest.mark.parametrize(
    "name", ["a\r\nBcc: x@example.org", "a\0b", "\u202ea", "\x7f\x1b"]
)
def test_a_name_loses_control_characters(name: str) -> None:
    """They are nobody's name, and one subscriber cannot stop the others."""
    written = headers.mailbox("To", Mailbox("a@example.org", name))

    assert b"\0" not in written
    assert len(parsed(written).keys()) == 1
    assert "\u202e" not in parsed(written)["To"]


@pytest.mark.parametrize(
    "address",
    ["a@example.org\r\nBcc: b@example.org", "a b@example.org", "a@b@example.org", "a",
     "a@example.org>", "a\0@example.org", "a@exa\nmple.org", "a@example.org, b@x.org"],
)  # fmt: skip
def test_a_forged_address_is_refused(address: str) -> None:
    """Even where somebody went round `Mailbox.parse`."""
    with pytest.raises(MailboxError):
        headers.mailbox("To", Mailbox(address))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ada Lovelace", "Ada Lovelace"),
        (" Ada ", "Ada"),
        ("Ada\r\n \tLovelace", "Ada Lovelace"),
        ("A\0d\x1ba\u202e", "Ada"),
        ("Ada\u2028\u2029King", "Ada King"),
        ("  ", ""),
        ("a\ud800b", "ab"),
        ("星野\u3000しずく", "星野\u3000しずく"),
        ("ק\u200fק", "ק\u200fק"),
    ],
)
def test_a_name_is_one_line_without_controls(name: str, shown: str) -> None:
    """What headers and bodies say alike; spaces that belong to a script stay."""
    assert headers.display_name(name) == shown


@pytest.mark.parametrize(
    "address",
    [
        "a" * 65 + "@" + "b" * 189,
        "é" * 150 + "@example.org",
        "a@" + "ü" * 70 + ".example",
        "a@\ud800.example",
        "a@b\u3002\u3002c.example",
        "\u202ea@example.org",
        "a\u2066@example.org",
    ],
)
def test_an_address_that_cannot_be_sent_to_is_refused(address: str) -> None:
    """It is too long for a path, its domain is none, or it lies about its direction."""
    with pytest.raises(MailboxError):
        headers.checked_address(Mailbox(address))


def test_the_longest_address_is_not_refused() -> None:
    """254 octets fit between the brackets of a path (RFC 5321 section 4.5.3.1.3)."""
    longest = "a" * 65 + "@" + "b" * 188
    assert headers.checked_address(Mailbox(longest)) == longest


def test_domains_are_in_ascii() -> None:
    """An international domain is written in A-labels."""
    written = headers.mailbox("To", Mailbox("a@bücher.example"))

    assert written == b"To: a@xn--bcher-kva.example\r\n"


def test_a_local_part_beyond_ascii_is_utf_8() -> None:
    """RFC 6532 has no other way to write it; only this field is not ASCII."""
    written = headers.mailbox("To", Mailbox("józef@example.org", "Józef"))

    assert written.decode() == "To: =?utf-8?b?SsOzemVm?= <józef@example.org>\r\n"
