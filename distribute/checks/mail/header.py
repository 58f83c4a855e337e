"""The header of the message as it goes out: ASCII, short lines, nothing mangled."""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.errors import (
    MultipartInvariantViolationDefect,
    StartBoundaryNotFoundDefect,
)
from email.message import EmailMessage

from distribute.campaign.campaign import Campaign
from distribute.checks.mail.message import message_of, obstacle_to
from distribute.checks.mail.spot import Spot, in_front_matter, in_settings
from distribute.checks.proof import Proof
from distribute.checks.rule import Place, Rule
from distribute.finding import Finding, Severity

LINE, LONGEST, ENCODED = 78, 998, 75
_FIELD = re.compile(rb"^([!-9;-~]+):((?:[^\r\n]|\r\n[ \t])*)\r\n", re.MULTILINE)
_WORD = re.compile(rb"=\?[^?\s]+\?[BbQq]\?[^?\s]*\?=")
_FOLDABLE = re.compile(rb"\S[ \t]+\S")
_OF_BODY = (StartBoundaryNotFoundDefect, MultipartInvariantViolationDefect)
"""The body is left out, so nothing follows the boundary that was announced."""
_BARE = re.compile(rb"(?<!\r)\n|\r(?!\n)")

IMPOSSIBLE = Rule(
    id="message-impossible",
    severity=Severity.ERROR,
    place=Place.HEADERS,
    title="a message that cannot be written",
    why="Something in it cannot stand in a mail, so nobody would get this edition.",
    fix="Mend what the message names.",
    source="RFC 5322",
    firm=True,
)
LONG = Rule(
    id="header-long",
    severity=Severity.ERROR,
    place=Place.HEADERS,
    title="a header with a line that is too long",
    why="Servers refuse lines of more than 998 characters or cut them; those of more than "
    "78 that could be folded look clumsy in old programs.",
    fix="Shorten what stands in it: the address of the site, or a name.",
    source="RFC 5322 section 2.1.1",
)
ASCII = Rule(
    id="header-ascii",
    severity=Severity.ERROR,
    place=Place.HEADERS,
    title="a header with bytes beyond ASCII",
    why="Servers that do not speak SMTPUTF8 refuse or damage it.",
    fix="Write addresses in ASCII.",
    source="RFC 5322 section 2.2; RFC 6532",
)
LIST = Rule(
    id="header-list-encoded",
    severity=Severity.ERROR,
    place=Place.HEADERS,
    title="an encoded List- header",
    why="Mail programs look for an address in it and find none: the unsubscribe button "
    "is gone.",
    fix="Write the addresses of the site in plain ASCII.",
    source="RFC 2369 section 2; cpython issue 85725",
)
WORD = Rule(
    id="header-word-long",
    severity=Severity.ERROR,
    place=Place.HEADERS,
    title="an encoded word that is too long",
    why="Yahoo refuses a subject with an encoded word of more than 75 characters.",
    fix="Tell the makers of this program: it should write shorter ones.",
    source="RFC 2047 section 2; cpython issue 144156",
)
BARE = Rule(
    id="message-bare-line",
    severity=Severity.ERROR,
    place=Place.HEADERS,
    title="a line that does not end in CR LF",
    why="Servers refuse it, since a second mail can be smuggled in behind it.",
    fix="Tell the makers of this program: it should write CR LF everywhere.",
    source="RFC 5321 section 2.3.8",
)
DEFECT = Rule(
    id="header-defect",
    severity=Severity.ERROR,
    place=Place.HEADERS,
    title="a header that is read with mistakes",
    why="What a strict parser takes for broken, filters and mail programs read in ways "
    "of their own.",
    fix="Mend the name, address or title that stands in this header.",
    source="RFC 5322",
)
RULES = (IMPOSSIBLE, LONG, ASCII, LIST, WORD, BARE, DEFECT)

Fields = list[tuple[str, bytes]]


def find(proof: Proof) -> Iterator[Finding]:
    """Find what is wrong with the bytes of the header."""
    spot = Spot(proof.edition.post.path)
    if obstacle := obstacle_to(proof):
        yield _place(proof, obstacle.reason).report(
            IMPOSSIBLE, obstacle.reason, hint=obstacle.hint
        )
    elif message := message_of(proof):
        for rule, reason, severity in faults(message):
            yield spot.report(rule, reason, weigh=severity)


def _place(proof: Proof, reason: str) -> Spot:
    """Point at the setting that is named, else at the title of the post."""
    if proof.campaign:
        for key, written in _settings(proof.campaign):
            if written in reason:
                return in_settings(proof.publication, key, words=written)
    return in_front_matter(proof, "title")


def _settings(campaign: Campaign) -> Iterator[tuple[str, str]]:
    """Give the keys whose values go into every header, and what they say."""
    sender = campaign.sender
    yield "sender.from", sender.mailbox.address
    yield "sender.bounces", sender.bounces.address
    if sender.reply_to:
        yield "sender.reply_to", sender.reply_to.address
    yield "newsletter.url", campaign.list_id


def faults(message: bytes) -> Iterator[tuple[Rule, str, Severity]]:
    """Find what is wrong with a message in RFC 5322 form, as rule and sentence."""
    if bare := len(_BARE.findall(message)):
        yield BARE, f"{bare} line ends of the message are no CR LF", Severity.ERROR
    header = message.partition(b"\r\n\r\n")[0] + b"\r\n"
    for name, raw in fields_of(header):
        yield from _field(name, raw)
    parsed = message_from_bytes(header + b"\r\n", policy=policy.default)
    for name, reason in _defects(parsed):
        yield DEFECT, f"the header {name} is broken: {reason}", Severity.ERROR


def fields_of(header: bytes) -> Fields:
    r"""Cut a header into names and values as they stand, folds included.

    >>> fields_of(b"To: a@b.example\r\nSubject: one\r\n two\r\n")
    [('To', b' a@b.example'), ('Subject', b' one\r\n two')]
    """
    return [(name.decode("ascii"), value) for name, value in _FIELD.findall(header)]


def _field(name: str, raw: bytes) -> Iterator[tuple[Rule, str, Severity]]:
    lines = (name.encode() + b":" + raw).split(b"\r\n")
    longest = max(lines, key=len)
    if (len(longest) > LINE and _is_foldable(longest)) or len(longest) > LONGEST:
        severity = Severity.ERROR if len(longest) > LONGEST else Severity.WARNING
        yield (
            LONG,
            f"the header {name} has a line of {len(longest)} characters",
            severity,
        )
    if not raw.isascii():
        yield ASCII, f"the header {name} holds bytes beyond ASCII", Severity.ERROR
    words = _WORD.findall(raw)
    if words and name.lower().startswith("list-"):
        yield LIST, f"the header {name} is encoded", Severity.ERROR
    if any(len(word) > ENCODED for word in words):
        yield WORD, f"the header {name} has an encoded word too long", Severity.ERROR


def _is_foldable(line: bytes) -> bool:
    """Tell whether white space stands in it where a line could end."""
    return _FOLDABLE.search(line.partition(b":")[2].strip()) is not None


def _defects(parsed: EmailMessage) -> Iterator[tuple[str, str]]:
    for name, value in parsed.items():
        for defect in getattr(value, "defects", ()):
            yield name, str(defect)
    for defect in parsed.defects:
        if not isinstance(defect, _OF_BODY):
            yield "as a whole", type(defect).__doc__ or str(defect)
