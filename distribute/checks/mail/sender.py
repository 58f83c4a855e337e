"""Who a mail comes from, as an inbox shows it; and what is missing before any is sent."""

import re
from collections.abc import Iterator
from functools import partial

from distribute.checks.mail.spot import in_settings
from distribute.checks.proof import Proof
from distribute.checks.rule import Place, Rule
from distribute.editions.publication import Publication
from distribute.finding import Finding, Severity
from distribute.mailbox import Mailbox
from distribute.render.theme.theme import Theme

_SILENT = re.compile(r"(?<![a-z])(?:do[-_.]?)?not?[-_.]?reply(?![a-z])", re.IGNORECASE)
MUCH, MOST = 42, 90
"""Octets of UTF-8: what one encoded word holds, and two."""

NAME_LONG = Rule(
    id="sender-name-long",
    severity=Severity.WARNING,
    place=Place.INBOX,
    title="a sender's name that is too long",
    why="A phone shows about 20 letters of it. Beyond 42 bytes it has to be written in two "
    "pieces, and some programs put a space into the middle of a word; more than 90 is an "
    "error.",
    fix="Shorten the name in [sender] from; a letter beyond ASCII takes two bytes or three.",
    source="RFC 2047 section 2",
)
NAME_MISSING = Rule(
    id="sender-name-missing",
    severity=Severity.WARNING,
    place=Place.INBOX,
    title="a sender without a name",
    why="Inboxes show the bare address where readers look for somebody they know.",
    fix='Write it in front: from = "Example News <news@example.org>".',
)
NO_REPLY = Rule(
    id="sender-no-reply",
    severity=Severity.WARNING,
    place=Place.INBOX,
    title="a sender that nobody can answer",
    why="Answers are the best sign to mailbox providers that a mail is wanted, and some "
    "who cannot find the way out simply write back.",
    fix="Send from an address that somebody reads, or name one as reply_to in [sender].",
)
SENDER_MISSING = Rule(
    id="sender-missing",
    severity=Severity.NOTE,
    place=Place.NEWSLETTER,
    title="a newsletter without a sender",
    why="Pages and feeds do without; mail needs an address that it comes from, so nothing "
    "can be sent yet.",
    fix="Add [sender] with from and bounces to distribute.toml.",
    source="RFC 5322 section 3.6.2",
)
ADDRESS_MISSING = Rule(
    id="address-missing",
    severity=Severity.NOTE,
    place=Place.NEWSLETTER,
    title="a newsletter without a postal address",
    why="The law asks for one in every mail in many countries, so nothing can be sent yet.",
    fix="Write it as address in [newsletter] of distribute.toml.",
    source="CAN-SPAM Act, 15 U.S.C. 7704(a)(5); DDG section 5",
)
RULES = (NAME_LONG, NAME_MISSING, NO_REPLY, SENDER_MISSING, ADDRESS_MISSING)


def find(proof: Proof) -> Iterator[Finding]:
    """Find what is wrong with the sender; the same in all editions, and said once."""
    if proof.campaign is None:
        yield in_settings(proof.publication, "sender").report(
            SENDER_MISSING, "there is no [sender], so nothing can be sent yet"
        )
        return
    sender = proof.campaign.sender
    yield from _name(sender.mailbox, proof.publication)
    key = "sender.reply_to" if sender.reply_to else "sender.from"
    answered = (sender.reply_to or sender.mailbox).address
    if _SILENT.search(answered.rpartition("@")[0]):
        yield in_settings(proof.publication, key, words=answered).report(
            NO_REPLY, f"nobody can answer {answered}"
        )


def _name(mailbox: Mailbox, publication: Publication) -> Iterator[Finding]:
    octets = len(mailbox.name.encode())
    spot = partial(in_settings, publication, "sender.from")
    if not mailbox.name:
        yield spot(words=mailbox.address).report(
            NAME_MISSING, f"the sender is a bare address: {mailbox.address}"
        )
    elif octets > MUCH:
        yield spot(words=mailbox.name).report(
            NAME_LONG,
            f"the sender's name has {octets} bytes: “{mailbox.name}”",
            weigh=Severity.ERROR if octets > MOST else Severity.WARNING,
        )


def find_unready(theme: Theme, publication: Publication) -> Iterator[Finding]:
    """Find what is missing in the settings before anything can be sent."""
    del theme  # every family about the newsletter is asked alike
    if not publication.address.strip():
        yield in_settings(publication, "newsletter.address").report(
            ADDRESS_MISSING, "there is no postal address, so nothing can be sent yet"
        )
