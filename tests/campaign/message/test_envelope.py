"""To whom a message goes, and where it comes back to: the envelope (RFC 5321)."""

import pickle
from dataclasses import replace

import pytest

from distribute.campaign.campaign import Envelope
from distribute.campaign.message.message import Addressing, envelope_of
from distribute.campaign.returned.verp import Ours
from distribute.errors import MailboxError, PlanError
from distribute.mailbox import Mailbox
from tests.campaign.letters import ADA, composed, delivery_to
from tests.readers import CAMPAIGN


def test_the_envelope_names_the_delivery_and_goes_by_ascii_domains() -> None:
    """Bounces go to their own mailbox, and SMTPUTF8 is asked for only where needed."""
    assert envelope_of(
        CAMPAIGN, delivery_to(Mailbox("ada@bücher.example"))
    ) == Envelope(
        id="5/pt-br/2cf24dba5fb0a30e26e83b2a",
        mail_from="bounces@example.org",
        rcpt_to="ada@xn--bcher-kva.example",
    )
    assert envelope_of(CAMPAIGN, delivery_to(Mailbox("józef@example.org"))).smtputf8


@pytest.mark.parametrize(
    "address",
    [
        "a@example.org>\r\nRCPT TO:<b@example.org",
        "a@exa mple.example",
        "a@\ud800.example",
        "a@" + "ü" * 300 + ".example",
        "\u202ea@example.org",
        "a" * 64 + "@" + "b" * 190,
        "ü" * 128 + "@example.org",
        "",
    ],
)
def test_an_envelope_is_never_forged(address: str) -> None:
    """One bad address is its own reader's trouble, in the envelope and in the message."""
    addressing = Addressing(CAMPAIGN)
    with pytest.raises(MailboxError):
        addressing.envelope(Mailbox(address), "pt-br", ADA.id)
    with pytest.raises(MailboxError):
        composed(delivery_to(Mailbox(address, "Ada")))


def test_many_envelopes_are_like_one() -> None:
    """Also where the domain was met before."""
    addressing = Addressing(CAMPAIGN)
    for address in ("a@bücher.example", "b@bücher.example", "c@EXAMPLE.org", "é@x.org"):
        mailbox = Mailbox(address, "Somebody")
        assert addressing.envelope(mailbox, "pt-br", ADA.id) == envelope_of(
            CAMPAIGN, delivery_to(mailbox)
        )


def test_with_verp_the_sender_names_the_delivery() -> None:
    """A report is addressed to it, so it says what it is about (RFC 5233)."""
    sender = replace(CAMPAIGN.sender, verp=True)
    envelope = envelope_of(replace(CAMPAIGN, sender=sender), ADA)
    assert envelope.mail_from == f"bounces+{ADA.id}@example.org"
    assert Ours(bounces=sender.bounces).in_address(envelope.mail_from) == ADA.id
    moved = pickle.loads(pickle.dumps(Addressing(replace(CAMPAIGN, sender=sender))))  # noqa: S301 - our own
    assert moved.envelope(ADA.subscriber.mailbox, "pt-br", ADA.id) == envelope


def test_an_address_too_long_to_name_deliveries_is_an_error() -> None:
    """A local part has 64 characters at most (RFC 5321 section 4.5.3.1.1)."""
    for length, is_right in ((39, True), (40, False)):
        mailbox = Mailbox("b" * length + "@example.org")
        sender = replace(CAMPAIGN.sender, bounces=mailbox, verp=True)
        campaign = replace(CAMPAIGN, sender=sender)
        if is_right:
            assert len(envelope_of(campaign, ADA).mail_from.partition("@")[0]) == 64
            continue
        with pytest.raises(PlanError, match="too long"):
            Addressing(campaign)


def test_an_address_for_bounces_is_needed() -> None:
    """Without it nothing is sent to anybody."""
    sender = replace(CAMPAIGN.sender, bounces=Mailbox("bounces"))
    with pytest.raises(PlanError, match="bounces"):
        Addressing(replace(CAMPAIGN, sender=sender))
