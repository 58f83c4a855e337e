"""A newsletter without a server: readers leave and choose by writing to it."""

from dataclasses import replace

import pytest

from distribute.campaign.message.compiled import compile_message
from distribute.campaign.message.heading import Heading
from distribute.campaign.message.links import Links
from distribute.campaign.message.message import compose
from distribute.campaign.returned.header import read_header
from distribute.campaign.returned.letters import read_letter
from distribute.campaign.returned.report import Kind
from distribute.mailbox import Mailbox
from tests.campaign.letters import content_of, parse
from tests.readers import ADA, ARCHIVE, CAMPAIGN, ID, LINKS, octets, usual

BY_MAIL = replace(CAMPAIGN, by_mail=True)
NOBODY = Links("", "")


def message(language: str = "pt-BR", mailbox: Mailbox = ADA, id_: str = ID) -> bytes:
    """Write a message in both ways."""
    content = usual(language)
    edition = compile_message(BY_MAIL, content, archive_url=ARCHIVE)
    written = octets(edition.write(mailbox, id_, LINKS))
    heading = Heading(BY_MAIL, content, ARCHIVE)
    assert written == compose(heading, mailbox, id_, NOBODY)
    assert written == octets(edition.write(mailbox, id_, NOBODY))
    return written


@pytest.mark.parametrize("language", ["en", "pt-BR", "zh"])
def test_no_page_is_promised(language: str) -> None:
    """The header names an address alone, and no click; the links in the text do too."""
    parsed = parse(message(language))
    leave = f"mailto:news@example.org?subject=unsubscribe%20{ID}"
    assert parsed["List-Unsubscribe"] == f"<{leave}>"
    assert parsed["List-Unsubscribe-Post"] is None
    text, html = (content_of(part) for part in parsed.iter_parts())
    for shown in (text, html):
        assert leave in shown
        assert f"subject=subscribe%20{ID}%20{language}" in shown
        assert "https://news.example.org/u/" not in shown


def test_each_delivery_has_links_of_its_own() -> None:
    """So the letter says who writes, whatever address it comes from."""
    one, two = message(id_="1" * 24), message(id_="2" * 24)
    assert one.replace(b"1" * 24, b"2" * 24) == two
    assert one.count(b"1" * 24) == 6


@pytest.mark.parametrize(
    ("subject", "kind", "wishes"),
    [
        (f"unsubscribe {ID}", Kind.LEAVE, ""),
        (f"subscribe {ID} pt-BR", Kind.JOIN, "pt-BR"),
        (f"Re: subscribe {ID} pt-BR, en", Kind.JOIN, "pt-BR, en"),
        (f"subscribe {ID}", Kind.JOIN, ""),
    ],
)
def test_the_letters_they_begin_are_understood(
    subject: str, kind: Kind, wishes: str
) -> None:
    """With the delivery that proves who wrote them."""
    letter = f"From: a@example.net\nSubject: {subject}\n\n".encode()
    found = read_letter(read_header(letter))
    assert found is not None
    assert (found.kind, found.delivery, found.wishes) == (kind, ID, wishes)
