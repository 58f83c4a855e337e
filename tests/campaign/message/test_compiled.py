"""Compiled messages are the plainly made ones, to the octet, whoever they are for."""

import pickle
from binascii import a2b_base64
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.campaign.message.compiled import compile_message
from distribute.campaign.message.headers import display_name
from distribute.campaign.message.heading import Heading
from distribute.campaign.message.links import Links
from distribute.campaign.message.message import compose
from distribute.errors import MailboxError, PlanError
from distribute.mailbox import Mailbox
from distribute.render.document import Email
from distribute.render.email.personal import Slot, personalise, token, values_of
from tests.mailroom import parse
from tests.readers import (
    ADA,
    ADDRESSES,
    ARCHIVE,
    CAMPAIGN,
    CHOOSE,
    HOSTILE_NAMES,
    ID,
    LINKS,
    LINKS_OF_ANY_KIND,
    NAMES,
    PROSE,
    SALT,
    URL,
    check_wire,
    edition_of,
    email_of,
    emails,
    octets,
    usual,
)

READERS = st.lists(
    st.tuples(NAMES, ADDRESSES, LINKS_OF_ANY_KIND), min_size=1, max_size=2
)


@given(emails(), READERS)
@settings(max_examples=80, deadline=None)
def test_compiled_and_plain_are_the_same(
    content: Email, readers: list[tuple[str, str, Links]]
) -> None:
    """Byte for byte, and what arrives is what `personalise` says."""
    heading = Heading(CAMPAIGN, content, ARCHIVE)
    edition = edition_of(content)
    for name, address, links in readers:
        mailbox = Mailbox(address, name)
        message = edition.write(mailbox, ID, links)

        assert octets(message) == compose(heading, mailbox, ID, links)
        assert message.size == len(octets(message))
        assert message.tidy
        check_wire(octets(message))
        check_content(octets(message), content, mailbox, links)


def check_content(
    message: bytes, content: Email, mailbox: Mailbox, links: Links
) -> None:
    """Python's parser reads exactly the personal text and HTML."""
    wire_ends = replace(
        content,
        text="\r\n".join(content.text.replace("\r\n", "\n").split("\n")),
        html="\r\n".join(content.html.replace("\r\n", "\n").split("\n")),
    )
    values = values_of(
        name=display_name(mailbox.name),
        address=mailbox.address,
        unsubscribe_url=links.unsubscribe,
        preferences_url=links.preferences,
    )
    html, text = personalise(wire_ends, values)
    parsed = parse(message)
    decoded = [part.get_payload(decode=True) for part in parsed.iter_parts()]
    assert decoded == [text.encode(), html.encode()]
    assert f"<{links.unsubscribe}>," in parsed["List-Unsubscribe"]


def greeting(language: str) -> Email:
    """Make an e-mail of the usual build that begins with the name."""
    content, name = usual(language), token(Slot.NAME, SALT)
    text, html = f"{name}: {content.text}", f'<p title="{name}">{content.html}'
    return replace(content, text=text, html=html)


def check(content: Email, mailbox: Mailbox, *urls: str) -> None:
    """Compare both ways for one reader, and read what arrives."""
    links = Links(*urls, *LINKS[len(urls) :])
    message = octets(edition_of(content).write(mailbox, ID, links))
    assert message == compose(Heading(CAMPAIGN, content, ARCHIVE), mailbox, ID, links)
    check_wire(message)
    check_content(message, content, mailbox, links)


@pytest.mark.parametrize("language", ["pt-BR", "zh"])
def test_plain_values_of_any_length(language: str) -> None:
    """Around the lengths at which To has to be folded and a value broken."""
    content = greeting(language)
    for size in range(1, 41):
        check(content, Mailbox(f"{'a' * 30}@{'b' * 20}", "N" * size), URL)
        check(content, Mailbox(f"{'a' * 41}@{'b' * size}"), URL)
        check(content, ADA, URL.ljust(60 + size, "u"))
        check(content, ADA, URL.ljust(130 + size, "u"))
        check(content, ADA, URL, CHOOSE.ljust(130 + size, "u"))


@pytest.mark.parametrize("name", HOSTILE_NAMES)
@pytest.mark.parametrize("language", ["pt-BR", "zh"])
def test_any_name_beside_plain_values(language: str, name: str) -> None:
    """And beside others, at the beginning of a text and in an attribute."""
    for address in ("ada@example.net", "o'hara=ada@example.net"):
        for url in (URL, f"{URL}?a=1&l=zh", f"http://localhost:8000/u/{'.' * 90}"):
            check(greeting(language), Mailbox(address, name), url)
            check(greeting(language), Mailbox(address, name), URL, url)


def test_the_longest_url_fills_a_line() -> None:
    """Of 998 octets (RFC 5322 section 2.1.1), with what has to stand around it."""
    longest = URL.ljust(998 - len("List-Unsubscribe: <>,"), "u")
    check(greeting("en"), ADA, longest)
    with pytest.raises(PlanError, match="998"):
        edition_of(greeting("en")).write(ADA, ID, Links(f"{longest}u", CHOOSE))


@pytest.mark.parametrize("language", PROSE)
def test_large_messages_share_their_pieces(language: str) -> None:
    """The same objects for all readers; only a few hundred octets are one reader's own."""
    edition = edition_of(usual(language, size=1500))
    one = edition.write(ADA, ID, LINKS)
    two = edition.write(Mailbox("x@example.org", "Xu"), ID, LINKS)
    shared = {id(piece) for piece in one.pieces} & {id(piece) for piece in two.pieces}

    assert len(shared) == 2
    assert sum(len(piece) for piece in one.pieces if id(piece) not in shared) < 4096
    assert one.size > 30_000


@pytest.mark.parametrize("language", PROSE)
def test_small_messages_are_one_piece(language: str) -> None:
    """Below 16 KB a copy costs less than a list of pieces."""
    assert len(edition_of(usual(language)).write(ADA, ID, LINKS).pieces) == 1


def test_a_stretch_between_values_is_shared_in_base64_too() -> None:
    """Wherever its groups of three begin, which depends on the value before it."""
    name = token(Slot.NAME, SALT)
    edition = edition_of(email_of(name + PROSE["zh"] * 900 + name, "x", "zh"))
    written = [
        edition.write(Mailbox("a@b.example", "x" * n), ID, LINKS) for n in range(7)
    ]
    large = [max(message.pieces, key=len) for message in written]

    assert len({id(piece) for piece in large}) == 3
    assert min(map(len, large)) > 30_000


@pytest.mark.parametrize("language", PROSE)
def test_a_compiled_message_goes_to_other_processes(language: str) -> None:
    """It can be pickled, is about as large as the message then, and writes the same."""
    edition = edition_of(usual(language, size=1500))
    message = edition.write(ADA, ID, LINKS)
    moved = pickle.dumps(edition)

    assert pickle.loads(moved).write(ADA, ID, LINKS) == message  # noqa: S301 - our own
    assert len(moved) < message.size * 1.05


@pytest.mark.parametrize("language", PROSE)
def test_the_boundary_is_the_same_for_all_readers(language: str) -> None:
    """It comes from the edition, and is another one for each."""
    content = usual(language)
    edition = edition_of(content)
    messages = [octets(edition.write(ADA, digit * 24, LINKS)) for digit in "01"]
    another = compile_message(
        replace(CAMPAIGN, id="issue-6"), content, archive_url=ARCHIVE
    ).write(ADA, ID, LINKS)
    first, second, third = (
        parse(message).get_boundary() for message in (*messages, octets(another))
    )

    assert first == second != third


@pytest.mark.parametrize(
    ("mailbox", "delivery", "url", "error"),
    [
        (Mailbox("a\r\nBcc: b@example.org"), ID, URL, MailboxError),
        (Mailbox("a@example.org\nBcc:x"), ID, URL, MailboxError),
        (Mailbox("a@example.org>, <b@example.org"), ID, URL, MailboxError),
        (ADA, ID + "\r\n", URL, PlanError),
        (ADA, ID + "\n", URL, PlanError),
        (ADA, ID[1:], URL, PlanError),
        (ADA, ID, URL + "\r\nBcc: x@example.org", PlanError),
        (ADA, ID, URL + "\n", PlanError),
        (ADA, ID, URL + ">", PlanError),
        (ADA, ID, "https://example.org/a b", PlanError),
        (ADA, ID, "/u/x", PlanError),
        (ADA, ID, "", PlanError),
        (ADA, ID, "https://example.org/é", PlanError),
        (ADA, ID, "https://example.org/" + "x" * 960, PlanError),
    ],
)
def test_nothing_breaks_out(
    mailbox: Mailbox, delivery: str, url: str, error: type[Exception]
) -> None:
    """Whoever went round `Mailbox.parse` is stopped here, in either way."""
    links = Links(url, CHOOSE)
    with pytest.raises(error):
        edition_of(usual("en")).write(mailbox, delivery, links)
    with pytest.raises(error):
        compose(Heading(CAMPAIGN, usual("en"), ARCHIVE), mailbox, delivery, links)


def test_what_would_befall_everybody_shows_before_the_first() -> None:
    """Compiling raises it, not writing."""
    with pytest.raises(PlanError, match="subject"):
        edition_of(replace(usual("en"), subject=""))


def test_base64_groups_are_whole_on_every_line() -> None:
    """No line ends within a group of four, which some decoders take line by line."""
    message = octets(edition_of(usual("zh", 3)).write(ADA, ID, LINKS))
    for part in message.split(b"base64\r\n\r\n")[1:]:
        lines = part.partition(b"\r\n--")[0].split(b"\r\n")
        assert all(len(line) % 4 == 0 for line in lines)
        assert b"".join(map(a2b_base64, lines)) == a2b_base64(b"".join(lines))
