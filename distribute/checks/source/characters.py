"""Characters that nobody sees, and that do something all the same."""

import re
import unicodedata
from collections.abc import Iterator

from distribute.checks.proof import Proof
from distribute.checks.rule import Place, Rule
from distribute.checks.source.report import report
from distribute.finding import Finding, Severity

BIDI = Rule(
    id="character-bidi",
    severity=Severity.ERROR,
    place=Place.SOURCE,
    title="a character that turns the direction of reading",
    why="From there on words and addresses may be shown in another order than they are "
    "in, which is how links are forged; filters count it against a mail.",
    fix="Delete it. Where a word of another direction is shown wrongly, U+200E or U+200F "
    "beside it is enough.",
    source="Unicode Technical Report 36, section 2.5; CVE-2021-42574",
)
INVISIBLE = Rule(
    id="character-invisible",
    severity=Severity.WARNING,
    place=Place.SOURCE,
    title="a character without width",
    why="It came with something that was pasted. It breaks words for search and for "
    "screen readers, and links that it gets into; filters know it as a trick.",
    fix="Delete it.",
    source="SpamAssassin, LONG_INVISIBLE_TEXT and OBFU_UNSUB_UL",
)
PRIVATE = Rule(
    id="character-private",
    severity=Severity.WARNING,
    place=Place.SOURCE,
    title="a character for private use",
    why="Only one font has a sign for it: others see an empty box, or nothing.",
    fix="Write a character that everybody has, or show a picture.",
    source="The Unicode Standard, section 23.5",
)
DECOMPOSED = Rule(
    id="character-decomposed",
    severity=Severity.NOTE,
    place=Place.SOURCE,
    title="letters whose accents are characters of their own",
    why="Many fonts set the accent beside its letter, and a search for the word does not "
    "find it.",
    fix="Write them as one character each (NFC); most editors can normalise a text.",
    source="Unicode Standard Annex 15",
)
RULES = (BIDI, INVISIBLE, PRIVATE, DECOMPOSED)

_BIDI = "\u202a-\u202e\u2066-\u2069"
_NO_WIDTH = "\u180e\u200b-\u200d\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0"
_TAGS = "\U000e0001-\U000e007f"
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U0010ffff"
_ODD = re.compile(f"[{_BIDI}{_NO_WIDTH}{_PRIVATE}]|[{_TAGS}]+")
"""Tags come in runs: they spell the region of a flag."""
_IS_BIDI = re.compile(f"[{_BIDI}]")
_IS_PRIVATE = re.compile(f"[{_PRIVATE}]")
_IS_TAG = re.compile(f"[{_TAGS}]")
_JOINED = re.compile(
    "[\u0600-\u08ff\ufb50-\ufdff\ufe70-\ufefc"  # Arabic, Syriac, N'Ko
    "\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\u1900-\u1aff\ua800-\uabff"  # Brahmic, Mongolian
    "\ufe0f\u20e3\u2600-\u27bf\u2300-\u23ff\u2190-\u21ff\u2b00-\u2bff"  # signs and emoji
    "\U0001f000-\U0001faff]"
)
"""What joiners have a meaning beside: scripts that join letters, and emoji."""
_WITHOUT_SPACES = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u19e0-\u19ff]")
"""Scripts in which U+200B says where a word ends."""
_BLACK_FLAG = "\U0001f3f4"
_COMBINING = re.compile("[\u0300-\u036f\u3099\u309a\u0653-\u0655]")
_AROUND = 6
"""Characters on either side that are shown with one that cannot be seen."""


def find(proof: Proof) -> Iterator[Finding]:
    """Find what should not be in a text, the first of each kind in every line."""
    body = proof.edition.post.body
    if body.isascii():
        return
    first = proof.edition.post.body_line
    if _ODD.search(body):
        for number, line in enumerate(proof.lines, first):
            yield from _odd(proof, line, number)
    if _COMBINING.search(body):
        yield from _decomposed(proof, first)


def _odd(proof: Proof, line: str, number: int) -> Iterator[Finding]:
    seen: set[str] = set()
    for match in _ODD.finditer(line):
        rule = _rule_of(match)
        if rule is None or rule.id in seen:
            continue
        seen.add(rule.id)
        character = match[0][0]
        message = f"U+{ord(character):04X} {_name(character)} stands here"
        words = line[max(match.start() - _AROUND, 0) : match.end() + _AROUND]
        yield report(proof, rule, message, (number, words))


def _rule_of(match: re.Match[str]) -> Rule | None:
    character, line = match[0][0], match.string
    if _IS_BIDI.match(character):
        return BIDI
    if _IS_PRIVATE.match(character):
        return PRIVATE
    before = line[max(match.start() - 1, 0) : match.start()]
    after = line[match.end() : match.end() + 1]
    if character in "\u200c\u200d" and any(map(_JOINED.match, (before, after))):
        return None
    if character == "\u200b" and any(map(_WITHOUT_SPACES.match, (before, after))):
        return None
    is_flag = before == _BLACK_FLAG and _IS_TAG.match(character)
    return None if is_flag else INVISIBLE


def _name(character: str) -> str:
    return unicodedata.name(character, "private use").lower()


def _decomposed(proof: Proof, first: int) -> Iterator[Finding]:
    """Report once that accents stand alone, where there is a letter with the accent."""
    found = [
        (number, match[0])
        for number, line in enumerate(proof.lines, first)
        for match in re.finditer(f".{_COMBINING.pattern}", line)
        if len(unicodedata.normalize("NFC", match[0])) == 1
    ]
    if found:
        line, words = found[0]
        letters = "one letter" if len(found) == 1 else f"{len(found)} letters"
        message = f"the accent of {letters} is a character of its own"
        yield report(proof, DECOMPOSED, message, (line, words))
