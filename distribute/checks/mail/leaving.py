"""The way out: a header for the program's button, and a link for the reader."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from distribute.audience.reception.token import KEY_SIZE, Purpose, Signer
from distribute.campaign.message.signature import listed_names
from distribute.checks.mail.header import fields_of
from distribute.checks.mail.markup import take_apart
from distribute.checks.mail.message import message_of
from distribute.checks.mail.spot import (
    TEMPLATE,
    TEXT_TEMPLATE,
    in_settings,
    in_template,
)
from distribute.checks.proof import READER, Proof
from distribute.checks.rule import Place, Rule
from distribute.finding import Finding, Severity
from distribute.render.email.personal import Slot, token

_PAIR = ("list-unsubscribe", "list-unsubscribe-post")
_URL = re.compile(rb"<(https://[^<>\s]+)>")
_LABEL = re.compile(r"""t\(["']email\.unsubscribe["']\)""")
_READABLE = 13
"""Pixels."""

LINK = Rule(
    id="unsubscribe-link",
    severity=Severity.ERROR,
    place=Place.MAIL,
    title="a mail without a link to unsubscribe",
    why="The law asks for one in nearly every country, Google and Yahoo refuse the mail "
    "without, and a reader who finds none reports it as spam.",
    fix='Put <a href="{{ reader.unsubscribe }}"> into the footer of email/email.html, and '
    "{{ reader.unsubscribe }} into email/email.txt.",
    source="Google and Yahoo, requirements for senders, 2024; CAN-SPAM Act; GDPR, 7(3)",
    firm=True,
)
HEADER = Rule(
    id="unsubscribe-header",
    severity=Severity.ERROR,
    place=Place.HEADERS,
    title="a message without the header for one-click unsubscribing",
    why="Google and Yahoo ask for it: it makes the button beside the sender's name. "
    "One click may be promised for https only.",
    fix="Publish the public side under https, and say so in [public] url.",
    source="RFC 8058; RFC 2369",
)
TOKEN = Rule(
    id="unsubscribe-token",
    severity=Severity.ERROR,
    place=Place.HEADERS,
    title="a link to unsubscribe that leads to nobody",
    why="Whoever follows it would stay on the list, and complain.",
    fix="Give the link as it is: {{ reader.unsubscribe }}, without anything around it.",
    source="RFC 8058 section 3.1",
    firm=True,
)
UNSIGNED = Rule(
    id="unsubscribe-unsigned",
    severity=Severity.ERROR,
    place=Place.HEADERS,
    title="a header for unsubscribing that our signature leaves out",
    why="Mailbox providers show the button for signed headers alone: else anybody on the "
    "way could change where it leads.",
    fix="Tell the makers of this program: it should sign both, and that there is no "
    "second one.",
    source="RFC 8058 section 4; RFC 6376 section 8.15",
)
RULES = (LINK, HEADER, TOKEN, UNSIGNED)


def find(proof: Proof) -> Iterator[Finding]:
    """Find readers who could not leave."""
    yield from _links(proof)
    if message := message_of(proof):
        fields = fields_of(message.partition(b"\r\n\r\n")[0] + b"\r\n")
        yield from _header(proof, {name.lower(): value for name, value in fields})
        if proof.is_signed:
            yield from _signature(proof, [name.lower() for name, _ in fields])


def _links(proof: Proof) -> Iterator[Finding]:
    sought = token(Slot.UNSUBSCRIBE, proof.laid_out.salt)
    links = [
        a for a in take_apart(proof.email.html).named("a") if sought in a.get("href")
    ]
    template = in_template(proof.theme, TEMPLATE, _LABEL)
    if not any(not link.hidden for link in links):
        yield template.report(LINK, "the HTML shows no link to unsubscribe")
    elif all(link.letters < _READABLE for link in links):
        yield template.report(
            LINK,
            f"the link to unsubscribe is smaller than {_READABLE} pixels",
            weigh=Severity.WARNING,
        )
    for link in links:
        if link.get("href") != sought:
            yield template.report(TOKEN, "the link to unsubscribe has been changed")
    if sought not in proof.laid_out.text:
        yield in_template(proof.theme, TEXT_TEMPLATE).report(
            LINK, "the text part has no link to unsubscribe"
        )


def _header(proof: Proof, fields: Mapping[str, bytes]) -> Iterator[Finding]:
    if proof.campaign and proof.campaign.by_mail:
        yield in_settings(proof.publication, "public.answers").report(
            HEADER,
            "readers can leave only by writing to us, so there is no button to unsubscribe",
            hint="Google and Yahoo ask for it from senders of 5,000 messages a day on. "
            "`distribute serve` answers it.",
            weigh=Severity.NOTE,
        )
        return
    spot = in_settings(proof.publication, "public.url", "newsletter.url")
    for rule, reason in header_faults(fields):
        yield spot.report(rule, reason)


def _signature(proof: Proof, names: Sequence[str]) -> Iterator[Finding]:
    if left_out := uncovered(names):
        yield in_settings(proof.publication, "dkim").report(
            UNSIGNED, f"the DKIM signature does not cover {' and '.join(left_out)}"
        )


def header_faults(fields: Mapping[str, bytes]) -> Iterator[tuple[Rule, str]]:
    """Find what is wrong with the two headers; `fields` are by name in lower case."""
    leave, click = (fields.get(name, b"") for name in _PAIR)
    urls = _URL.findall(leave)
    if len(urls) != 1:
        message = f"List-Unsubscribe has {len(urls)} https addresses instead of one"
        yield HEADER, f"{message}, so there is no button to unsubscribe"
        return
    if click.strip() != b"List-Unsubscribe=One-Click":
        yield HEADER, "the header List-Unsubscribe-Post is missing"
    written = urls[0].decode("ascii").rpartition("/")[2]
    if Signer(bytes(KEY_SIZE)).read(written, Purpose.UNSUBSCRIBE) != READER.key:
        yield TOKEN, "the link in List-Unsubscribe leads to nobody"


def uncovered(names: Sequence[str]) -> list[str]:
    """Name which of the two our signature over fields of these names leaves open.

    It has to list each once more than the header has it, or somebody could add another.
    Where the mail server signs, `distribute doctor` says so.
    """
    listed, there = Counter(listed_names(names)), Counter(names)
    return [name for name in _PAIR if listed[name] <= there[name]]
