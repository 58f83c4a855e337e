"""Letters as messages: whole, never forged, and answered by no machine."""

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.campaign.message.dkim import DkimKey, DkimSigner, dns_name, dns_record
from distribute.campaign.message.letter import compose_letter, letter_envelope
from distribute.campaign.sender import Sender
from distribute.errors import MailboxError, PlanError
from distribute.language import Language
from distribute.mailbox import Mailbox
from distribute.render.document import Letter
from tests.campaign.signing_keys import ed25519_pem, rsa_pem
from tests.dkim_verifiers import ask_dkimpy

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
LETTER = Letter(
    language=Language("pt-BR"),
    subject="Confirme, por favor",
    html="<p>Sim?</p>\n",
    text="Sim?\n",
)
SENDER = Sender(
    mailbox=Mailbox("news@example.org", "Example News"),
    bounces=Mailbox("bounces@example.org"),
)
ADA = Mailbox("ada@example.net", "Ada Lovelace")


def composed(
    letter: Letter = LETTER,
    *,
    sender: Sender = SENDER,
    mailbox: Mailbox = ADA,
    id_: str = "17",
    dkim: DkimSigner | None = None,
) -> bytes:
    """Write a letter, and see that its size is told right."""
    message = compose_letter(
        letter, sender=sender, mailbox=mailbox, id_=id_, at=AT, dkim=dkim
    )
    written = b"".join(message.pieces)
    assert message.size == len(written)
    assert message.tidy
    return written


def parse(written: bytes) -> EmailMessage:
    """Read it as the standard library does."""
    message = email.message_from_bytes(written, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def test_a_whole_letter_byte_for_byte() -> None:
    """This is what leaves the house: no promise of one click, no list."""
    written = composed().decode("ascii")
    boundary = written.partition('boundary="')[2].partition('"')[0]
    assert written.replace(boundary, "BOUNDARY").split("\r\n") == [
        'From: "Example News" <news@example.org>',
        'To: "Ada Lovelace" <ada@example.net>',
        "Subject: Confirme, por favor",
        "Date: Fri, 20 Nov 2026 09:00:00 +0000",
        "Message-ID: <letter.17@example.org>",
        "Content-Language: pt-BR",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        "Content-Type: multipart/alternative;",
        ' boundary="BOUNDARY"',
        "",
        "--BOUNDARY",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 7bit",
        "",
        "Sim?",
        "",
        "--BOUNDARY",
        "Content-Type: text/html; charset=utf-8",
        "Content-Transfer-Encoding: 7bit",
        "",
        "<p>Sim?</p>",
        "",
        "--BOUNDARY--",
        "",
    ]


def test_a_second_attempt_is_the_same() -> None:
    """What makes it differ from others is its id."""
    assert composed() == composed()
    assert composed() != composed(id_="18")


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=300),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=300),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
)
@settings(max_examples=60, deadline=None)
def test_any_text_arrives_and_breaks_out_of_nothing(
    text: str, html: str, name: str
) -> None:
    """Header and parts are what they were, and there are no others."""
    written = composed(
        replace(LETTER, text=text, html=html), mailbox=Mailbox("a@example.net", name)
    )
    header = written.partition(b"\r\n\r\n")[0]
    assert header.count(b"\r\nTo: ") == 1
    assert written.replace(b"\r\n", b"").count(b"\n") == 0
    assert not any(line.startswith(b".") for line in written.split(b"\r\n"))
    message = email.message_from_bytes(written, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    kinds = [part.get_content_type() for part in message.iter_parts()]
    assert kinds == ["text/plain", "text/html"]
    lines = [
        part.get_payload(decode=True).decode().replace("\r\n", "\n")  # type: ignore[union-attr]  # parts of text
        for part in message.iter_parts()
    ]
    assert lines == [_lines(text), _lines(html)]


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def test_answers_go_where_those_to_issues_go() -> None:
    """People may write back."""
    sender = replace(SENDER, reply_to=Mailbox("desk@example.org"))
    assert parse(composed(sender=sender))["Reply-To"] == "desk@example.org"


def test_a_subject_beyond_ascii_is_exact() -> None:
    """As with issues."""
    subject = "أكّد اشتراكك في «رسالة سماء الليل»"
    assert parse(composed(replace(LETTER, subject=subject)))["Subject"] == subject


def test_every_key_signs() -> None:
    """A letter is signed as issues are, and tampering with it shows."""
    keys = [DkimKey("r1", rsa_pem()), DkimKey("e1", ed25519_pem())]
    records = {dns_name(key, "example.org"): dns_record(key) for key in keys}
    written = composed(dkim=DkimSigner("example.org", keys, AT))
    forged = written.replace(b"Sim?", b"Nao?", 1)
    assert ask_dkimpy([written, forged], records) == [{"r1", "e1"}, set()]


def test_the_envelope_is_our_own() -> None:
    """What cannot be delivered comes back; the id says what it was."""
    envelope = letter_envelope(LETTER, sender=SENDER, mailbox=ADA, id_="17")
    assert envelope.id == "letters/pt-br/17"
    assert envelope.mail_from == "bounces@example.org"
    assert (envelope.rcpt_to, envelope.smtputf8) == ("ada@example.net", False)
    foreign = Mailbox("用户@bücher.example")
    envelope = letter_envelope(LETTER, sender=SENDER, mailbox=foreign, id_="18")
    assert envelope.rcpt_to == "用户@xn--bcher-kva.example"
    assert envelope.smtputf8


@pytest.mark.parametrize("id_", ["", "a b", "a/../b", "ü", "1\r\nBcc: x", "x" * 41])
def test_an_id_is_letters_and_digits(id_: str) -> None:
    """Anything else could be a path or a header."""
    with pytest.raises(PlanError, match="not the id of a letter"):
        composed(id_=id_)
    with pytest.raises(PlanError, match="not the id of a letter"):
        letter_envelope(LETTER, sender=SENDER, mailbox=ADA, id_=id_)


def test_nobody_is_written_to_who_cannot_be() -> None:
    """An address that mail cannot be sent to is refused."""
    broken = Mailbox("ada@example.net\r\nRCPT TO:<x@example.net>")
    with pytest.raises(MailboxError):
        composed(mailbox=broken)
    with pytest.raises(MailboxError):
        letter_envelope(LETTER, sender=SENDER, mailbox=broken, id_="17")
    with pytest.raises(PlanError):
        composed(sender=replace(SENDER, mailbox=Mailbox("ü@example.org")))
