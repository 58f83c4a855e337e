"""One delivery as a message: RFC 5322 bytes, the same on every run.

Each message is made in both ways, plainly and compiled, and has to come out the same.
"""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.campaign.campaign import Campaign
from distribute.campaign.message.heading import message_id_of
from distribute.campaign.message.links import Links
from distribute.errors import MailboxError, PlanError
from distribute.mailbox import Mailbox
from distribute.render.email.personal import Slot, token
from tests.campaign.letters import (
    ADA,
    ARCHIVE,
    PREFERENCES,
    UNSUBSCRIBE,
    compiled,
    composed,
    content_of,
    delivery_to,
    email_of,
    parse,
)
from tests.readers import CAMPAIGN, SALT


def test_a_whole_message_byte_for_byte() -> None:
    """This is what leaves the house."""
    content = email_of("Bom dia.\n", "<p>Bom dia.</p>\n", "Five things")
    message = composed(content=content).decode("ascii")
    boundary = re.findall(r'boundary="(=_[0-9a-f]{24})"', message)[0]

    assert message.replace(boundary, "BOUNDARY").split("\r\n") == [
        'From: "Example News" <news@example.org>',
        'To: "Ada Lovelace" <ada@example.net>',
        "Subject: Five things",
        "Date: Fri, 20 Nov 2026 09:00:00 +0000",
        "Content-Language: pt-BR",
        'List-Id: "Example News (pt-BR)" <pt-br.news.example.org>',
        "List-Help: <mailto:news@example.org?subject=help>",
        "List-Owner: <mailto:news@example.org>",
        "List-Post: NO",
        "Archived-At: <https://news.example.org/pt-br/a-post/>",
        "Feedback-ID: 5:pt-br:news-example-org:example.org",
        "Message-ID: <5-pt-br.2cf24dba5fb0a30e26e83b2a@example.org>",
        "List-Unsubscribe: <https://news.example.org/u/opaque-token?l=pt-br>,",
        " <mailto:news@example.org?subject=unsubscribe%202cf24dba5fb0a30e26e83b2a>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "MIME-Version: 1.0",
        "Content-Type: multipart/alternative;",
        ' boundary="BOUNDARY"',
        "",
        "--BOUNDARY",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 7bit",
        "",
        "Bom dia.",
        "",
        "--BOUNDARY",
        "Content-Type: text/html; charset=utf-8",
        "Content-Transfer-Encoding: 7bit",
        "",
        "<p>Bom dia.</p>",
        "",
        "--BOUNDARY--",
        "",
    ]


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=2000),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=2000),
)
@settings(max_examples=100, deadline=None)
def test_any_content_arrives(text: str, html: str) -> None:
    """Both parts come back exactly; the wire is ASCII with CRLF and short lines."""
    html = html or "<p>"
    message = composed(content=email_of(text, html))
    parsed = parse(message)
    parts = list(parsed.iter_parts())

    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    for part, original in zip(parts, (text, html), strict=True):
        assert content_of(part) == original.replace("\r\n", "\n").replace("\r", "\n")
        assert not part.defects
    assert message.isascii()
    assert message.count(b"\r") == message.count(b"\n") == message.count(b"\r\n")
    assert max(map(len, message.split(b"\r\n"))) <= 78
    assert not parsed.defects


def test_personal_values_are_put_in_and_escaped() -> None:
    """A name is text in the text part, and never markup in the HTML."""
    name, link = token(Slot.NAME, SALT), token(Slot.UNSUBSCRIBE, SALT)
    content = email_of(
        f"Olá {name}: {link}\n", f'<p>{name}</p><a href="{link}">x</a>\n'
    )
    url = UNSUBSCRIBE + "&x=1"
    message = composed(
        delivery_to(Mailbox("a@example.org", "<b>Žofie & Co")),
        content,
        unsubscribe_url=url,
    )
    text, html = (content_of(part) for part in parse(message).iter_parts())

    assert text == f"Olá <b>Žofie & Co: {url}\n"
    assert html == (
        "<p>&lt;b&gt;Žofie &amp; Co</p>"
        '<a href="https://news.example.org/u/opaque-token?l=pt-br&amp;x=1">x</a>\n'
    )


def test_the_same_delivery_gives_the_same_bytes() -> None:
    """On a retry, in a dry run, and after messages to others."""
    content = email_of("Olá!\n")
    edition = compiled(content, CAMPAIGN, "")
    other = Links("https://example.org/b", "https://example.org/c")
    edition.write(Mailbox("b@example.org", "B"), "0" * 24, other)
    links = Links(UNSUBSCRIBE, PREFERENCES)
    mailbox = ADA.subscriber.mailbox

    written = edition.write(mailbox, ADA.id, links)
    assert b"".join(written.pieces) == composed(content=content)
    assert written == edition.write(mailbox, ADA.id, links)


def test_the_boundary_is_in_no_part() -> None:
    """Even for an author who quotes the message that this text was sent in."""
    first = composed(content=email_of("Hi\n", "<p>Hi</p>\n"))
    boundary = re.findall(rb'boundary="(.*?)"', first)[0].decode()
    quoting = email_of(f"--{boundary}\n", "<p>Hi</p>\n")

    parts = list(parse(composed(content=quoting)).iter_parts())

    assert [content_of(part) for part in parts] == [f"--{boundary}\n", "<p>Hi</p>\n"]


def test_a_url_of_900_characters_is_not_touched() -> None:
    """Neither encoded nor folded: mail programs look for it as it is."""
    url = "https://news.example.org/u/" + "x" * 873
    message = composed(unsubscribe_url=url)

    assert f"\r\nList-Unsubscribe: <{url}>,\r\n <mailto:".encode() in message


def test_one_click_needs_https() -> None:
    """RFC 8058: without HTTPS the link stays, the promise of one click does not."""
    parsed = parse(composed(unsubscribe_url="http://localhost:8000/u/x"))

    assert parsed["List-Unsubscribe"].startswith(
        "<http://localhost:8000/u/x>, <mailto:"
    )
    assert parsed["List-Unsubscribe-Post"] is None


def test_reply_to_is_where_mail_of_people_goes() -> None:
    """It stands in the header, and in the addresses to ask and to leave."""
    sender = replace(CAMPAIGN.sender, reply_to=Mailbox("redação@bücher.example"))
    with pytest.raises(PlanError, match="redação"):
        composed(campaign=replace(CAMPAIGN, sender=sender))

    sender = replace(CAMPAIGN.sender, reply_to=Mailbox("a&b@bücher.example", "Redação"))
    parsed = parse(composed(campaign=replace(CAMPAIGN, sender=sender)))
    assert parsed["Reply-To"].addresses[0].display_name == "Redação"
    assert parsed["List-Owner"] == "<mailto:a%26b@xn--bcher-kva.example>"


def test_the_archive_of_the_list_is_optional() -> None:
    """List-Archive is where all issues are, Archived-At where this one is."""
    parsed = parse(composed(list_archive_url="https://news.example.org/pt-br/"))

    assert parsed["List-Archive"] == "<https://news.example.org/pt-br/>"
    assert parsed["Archived-At"] == f"<{ARCHIVE}>"
    assert parse(composed())["List-Archive"] is None


def test_escapes_in_archive_addresses_do_not_look_like_a_template() -> None:
    """Filters know ``%BC`` in a header as a field that nobody filled in; ``%bc`` is the same."""
    parsed = parse(
        composed(list_archive_url="https://news.example.org/%E6%9C%BC/a%2Fb")
    )

    assert parsed["List-Archive"] == "<https://news.example.org/%e6%9c%bc/a%2fb>"


def test_nothing_tells_of_the_machine_or_of_other_recipients() -> None:
    """No Bcc, no Received, no program, no host name."""
    names = {name.lower() for name in parse(composed()).keys()}  # noqa: SIM118 - repeated headers count

    assert not names & {
        "bcc",
        "cc",
        "received",
        "x-mailer",
        "user-agent",
        "return-path",
    }


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (replace(CAMPAIGN, list_id="news example"), "List-Id"),
        (replace(CAMPAIGN, list_id="news.example.org>\r\nBcc: <x"), "List-Id"),
        (
            replace(CAMPAIGN, sender=replace(CAMPAIGN.sender, mailbox=Mailbox("x"))),
            "'x'",
        ),
    ],
)
def test_what_would_befall_everybody_is_an_error(broken: Campaign, reason: str) -> None:
    """It stops the campaign before the first message."""
    with pytest.raises(PlanError, match=reason):
        composed(campaign=broken)


HOSTILE: list[Callable[[str], bytes]] = [
    lambda text: composed(delivery_to(Mailbox("a@example.org", text))),
    lambda text: composed(delivery_to(Mailbox(text + "@example.org"))),
    lambda text: composed(content=email_of("x", subject="s" + text)),
    lambda text: composed(unsubscribe_url="https://example.org/" + text),
    lambda text: composed(campaign=replace(CAMPAIGN, list_name=text)),
    lambda text: composed(campaign=replace(CAMPAIGN, issue=text)),
    lambda text: composed(replace(ADA, id=text)),
    lambda text: composed(
        campaign=replace(
            CAMPAIGN,
            sender=replace(CAMPAIGN.sender, reply_to=Mailbox("a@b.example", text)),
        )
    ),
]


@pytest.mark.parametrize("write", HOSTILE)
@given(
    st.text(min_size=1, max_size=20),
    st.sampled_from(
        ["\r\nBcc: x@example.org\r\n\r\n", "\n", "\r", "\0", "\r\n ", "\u2028"]
    ),
    st.text(max_size=20),
)
@settings(max_examples=50, deadline=None)
def test_no_field_can_add_a_header(
    write: Callable[[str], bytes], before: str, attack: str, after: str
) -> None:
    """Line breaks in names, addresses, titles, ids and URLs are refused or removed."""
    expected = {*parse(composed()).keys(), "Reply-To"}
    try:
        message = write(before + attack + after)
    except (PlanError, MailboxError):
        return
    head = message.partition(b"\r\n\r\n")[0]
    lines = [line for line in head.split(b"\r\n") if not line.startswith(b" ")]

    assert {line.partition(b":")[0].decode() for line in lines} <= expected
    assert b"\0" not in head
    assert head.count(b"\r") == head.count(b"\n") == head.count(b"\r\n")


@pytest.mark.parametrize(
    "wrong", ["", "5", "2CF24DBA5FB0A30E26E83B2A", "0" * 25, "é" * 24]
)
def test_the_id_of_a_delivery_is_24_digits(wrong: str) -> None:
    """It goes into the Message-ID and into an address, where nothing else may stand."""
    with pytest.raises(PlanError, match="id of a delivery"):
        composed(replace(ADA, id=wrong))


def test_a_name_is_the_same_in_header_and_bodies() -> None:
    """Line breaks are spaces, and characters that nobody's name has are gone."""
    name = token(Slot.NAME, SALT)
    message = composed(
        delivery_to(Mailbox("a@example.org", " Ada\r\n \0Love\u202elace\u2028King ")),
        email_of(f"{name}!\n", f"<p>{name}</p>\n"),
    )
    parsed = parse(message)

    assert parsed["To"].addresses[0].display_name == "Ada Lovelace King"
    assert [content_of(part) for part in parsed.iter_parts()] == [
        "Ada Lovelace King!\n",
        "<p>Ada Lovelace King</p>\n",
    ]


def test_a_local_part_beyond_ascii_makes_only_its_header_utf_8() -> None:
    """Such a message goes only where SMTPUTF8 is offered (RFC 6532)."""
    message = composed(delivery_to(Mailbox("józef@example.org")))

    assert [line for line in message.split(b"\r\n") if not line.isascii()] == [
        "To: józef@example.org".encode()
    ]


def test_the_last_field_of_the_feedback_id_is_the_sender() -> None:
    """In 5 to 15 characters: the domain, or a hash of a longer one."""
    sender = replace(CAMPAIGN.sender, mailbox=Mailbox("a@mail.of.a.long.example"))
    written = parse(composed(campaign=replace(CAMPAIGN, sender=sender)))["Feedback-ID"]

    assert re.fullmatch(r"5:pt-br:news-example-org:[0-9a-f]{15}", written)
    assert parse(composed())["Feedback-ID"].endswith(":example.org")


@pytest.mark.parametrize("issue", ["5", "a-very-long-slug-" * 10, "第五期", "../a b"])
def test_a_message_id_fits_one_line(issue: str) -> None:
    """It cannot be folded; the delivery's id alone makes it unique."""
    message_id = message_id_of(replace(CAMPAIGN, issue=issue), ADA.language, ADA.id)

    assert re.fullmatch(r"<[A-Za-z0-9-]+\.[0-9a-f]{24}@example\.org>", message_id)
    assert len("Message-ID: " + message_id) <= 78
