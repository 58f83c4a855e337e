"""The subject: whether it says something, to the end, and in an honest voice."""

import re
import unicodedata
from collections.abc import Iterator

from distribute.campaign.message.encoded_words import clusters
from distribute.checks.mail.spot import Spot, in_front_matter
from distribute.checks.proof import Proof
from distribute.checks.rule import Place, Rule
from distribute.finding import Finding, Severity
from distribute.render.cjk import is_cjk

ROOM = 60
"""Columns that a wide inbox shows; a Chinese character takes two."""
PHONE = 38
"""Columns that a phone shows."""
MOST = 180
"""Characters; what is longer is no subject any more."""
_LOUD = 0.7
_FEW_LETTERS = 8
_PRESSING = re.compile(r"[!！¡]{2,}|\${2,}|[?？]{3,}|€{2,}|(?:[?!？！]){4,}")
_REPLY = re.compile(
    r"\s*(?:(?:re|fwd?|aw|wg|sv|antw|rv|enc|res|ynt|[iİ]lt)\s*:(?=\s|$)"
    r"|(?:回复|答复|转发|رد)\s*[:：])",
    re.IGNORECASE,
)
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"})
_CONTROL = frozenset({"Cc", "Cs", "Zl", "Zp"})
_EMBEDDING = frozenset(map(chr, range(0x202A, 0x202F)))

EMPTY = Rule(
    id="subject-empty",
    severity=Severity.ERROR,
    place=Place.INBOX,
    title="a mail without a subject",
    why="Nobody opens it, and many servers take it for spam.",
    fix="Give the post a title.",
    firm=True,
)
LONG = Rule(
    id="subject-long",
    severity=Severity.WARNING,
    place=Place.INBOX,
    title="a subject that no inbox shows to its end",
    why="A phone shows about 38 columns of a subject and a wide window about 60, half as "
    "many characters in Chinese, Japanese or Korean; more than 180 is an error.",
    fix="Put what is new into the first words of the title, and leave the rest to the "
    "preheader.",
)
SHOUTS = Rule(
    id="subject-shouting",
    severity=Severity.WARNING,
    place=Place.INBOX,
    title="a subject in capital letters",
    why="It reads like shouting, and filters count it as a sign of spam.",
    fix="Write the title as you would say it.",
    source="SpamAssassin, SUBJ_ALL_CAPS",
)
PRESSES = Rule(
    id="subject-pressing",
    severity=Severity.WARNING,
    place=Place.INBOX,
    title="a subject with !!! or $$$",
    why="Readers and filters know such rows of signs from advertising.",
    fix="One sign is enough, and none is better.",
)
REPLY = Rule(
    id="subject-reply",
    severity=Severity.WARNING,
    place=Place.INBOX,
    title="a subject that looks like a reply or a forwarded mail",
    why="It pretends to a conversation that never was, which is forbidden by the "
    "American CAN-SPAM Act and punished by filters.",
    fix="Take the Re: or Fwd: out of the title.",
    source="CAN-SPAM Act, 15 U.S.C. 7704(a)(2)",
)
WORDLESS = Rule(
    id="subject-wordless",
    severity=Severity.WARNING,
    place=Place.INBOX,
    title="a subject without a word",
    why="A screen reader reads the names of the signs out, and a search finds nothing.",
    fix="Add a few words.",
)
CONTROL = Rule(
    id="subject-control",
    severity=Severity.ERROR,
    place=Place.INBOX,
    title="a subject with control characters",
    why="They cannot be seen, turn the direction of text around them, and are used to "
    "disguise; such a mail is not sent.",
    fix="Write the title again by hand.",
    source="RFC 5322 section 2.2; Unicode Technical Report 36",
    firm=True,
)
RULES = (EMPTY, LONG, SHOUTS, PRESSES, REPLY, WORDLESS, CONTROL)


def find(proof: Proof) -> Iterator[Finding]:
    """Find what is wrong with the subject, at the title of the post."""
    subject = proof.edition.title.strip()
    spot = in_front_matter(proof, "title")
    if all(unicodedata.category(char) in _UNSEEN for char in subject):
        yield spot.report(EMPTY, "the mail has no subject")
        return
    for rule, message, words in _faults(subject):
        yield Spot(spot.path, spot.line, words).report(rule, message)
    yield from _length(proof, subject)


def columns(text: str) -> int:
    """Measure a text as an inbox shows it.

    >>> columns("Moon"), columns("月亮")
    (4, 4)
    """
    return sum(2 if is_cjk(cluster[0]) else 1 for cluster in clusters(text))


def cut(text: str, room: int) -> str:
    """Give as much of a text as an inbox shows.

    >>> cut("A long subject", 6)
    'A long…'
    """
    shown, left = "", room
    for cluster in clusters(text):
        left -= columns(cluster)
        if left < 0:
            return shown.rstrip() + "…"
        shown += cluster
    return shown


def _length(proof: Proof, subject: str) -> Iterator[Finding]:
    if (width := columns(subject)) <= ROOM:
        return
    count = sum(1 for _ in clusters(subject))
    room = ROOM * count // width
    spot = in_front_matter(proof, "title")
    yield Spot(spot.path, spot.line, subject).report(
        LONG,
        f"the subject has {count} characters where about {room} are shown; "
        f"a phone shows “{cut(subject, PHONE)}”",
        hint=_advice(proof, subject),
        weigh=Severity.ERROR if count > MOST else Severity.WARNING,
    )


def _advice(proof: Proof, subject: str) -> str:
    """Say what could go: most of all what the sender's name says already."""
    publication = proof.publication
    for name in (publication.title_in(proof.language), publication.title):
        front = re.match(
            rf"{re.escape(name)}[^:：]{{0,20}}[:：]", subject, re.IGNORECASE
        )
        if front:
            return f"Leave “{front[0]}” out: the sender's name says it. {LONG.fix}"
    return LONG.fix


def _faults(subject: str) -> Iterator[tuple[Rule, str, str]]:
    if control := next(filter(_is_control, subject), ""):
        message = f"the subject holds the invisible character U+{ord(control):04X}"
        yield CONTROL, message, control
    if not any(map(str.isalnum, subject)):
        yield WORDLESS, f"the subject “{cut(subject, PHONE)}” has no word", subject
    if _is_loud(subject):
        yield SHOUTS, "the subject is in capital letters", subject
    if pressing := _PRESSING.search(subject):
        yield PRESSES, f"the subject holds {pressing[0]!r}", pressing[0]
    if reply := _REPLY.match(subject):
        words = reply[0].strip()
        yield REPLY, f"the subject begins with {words!r}, as replies do", words


def _is_loud(subject: str) -> bool:
    """Tell whether it shouts; the capitals of a few abbreviations do not."""
    cased = [char for char in subject if char.isupper() or char.islower()]
    words = re.findall(r"[^\W\d_]{4,}", subject)
    if len(cased) < _FEW_LETTERS or sum(map(str.isupper, words)) < 2:
        return False
    return sum(map(str.isupper, cased)) > _LOUD * len(cased)


def _is_control(char: str) -> bool:
    return char in _EMBEDDING or (
        unicodedata.category(char) in _CONTROL and char not in "\t\n\r"
    )
