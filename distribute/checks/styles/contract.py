"""The contract of the style sheets of mails: what every program and inliner understands.

It is looked at in the files as they are written, tokens and all, so that findings have a
line: ``var(--ink)`` stands for a plain value there, for it is one in every mail.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from distribute.checks.mail.spot import Spot
from distribute.checks.rule import Place, Rule
from distribute.checks.styles.properties import (
    KNOWN,
    LOGICAL,
    MODERN,
    NO_LAYOUT,
    longhands_of,
)
from distribute.checks.styles.sheet import Block, Declaration, parse_sheet
from distribute.checks.styles.written import Written, sheets_of
from distribute.editions.publication import Publication
from distribute.finding import Finding, Severity
from distribute.render.theme.theme import Theme

_TOKEN = re.compile(r"var\(\s*--[\w-]+\s*(?:,[^()]*)?\)")
_STRING = re.compile(r""""[^"]*"|'[^']*'""")
_SIMPLE = re.compile(
    r"[a-zA-Z][a-zA-Z0-9]*|[.#][\w-]+|\[[a-zA-Z-]+(?:=\"?[^\"':\]]*\"?)?\]"
    r"|:(?:first|last)-child"
)
_COMPOUND = re.compile(rf"(?:{_SIMPLE.pattern})+")
_KEY = re.compile(r"^[a-zA-Z][a-zA-Z0-9]*|\.[\w-]+")
_ATTRIBUTE = re.compile(r"\[[^\[\]]*\]")

IMPORTANT = Rule(
    id="css-important",
    severity=Severity.ERROR,
    place=Place.NEWSLETTER,
    title="an !important in a style sheet that is inlined",
    why="Inlined it beats every rule for phones and dark mode, which lose their way to "
    "say otherwise.",
    fix="Take the !important out, and let the later rule win.",
)
FORBIDDEN = Rule(
    id="css-forbidden",
    severity=Severity.ERROR,
    place=Place.NEWSLETTER,
    title="CSS that does not survive in mail",
    why="Selectors and values beyond the old ones are dropped, by the inliner or by Gmail "
    "and Outlook, and with them what the sheet meant to say.",
    fix="Keep to the contract at the head of email/inlined.css.",
    source="caniemail.com; premailer 3.10",
)
SHORTHAND = Rule(
    id="css-shorthand",
    severity=Severity.WARNING,
    place=Place.NEWSLETTER,
    title="a shorthand that comes after one of its longhands",
    why="Mails that this house inlines are right; but other inliners, such as premailer "
    "by itself, keep both in the order in which they first came, so that the longhand "
    "still holds, and whoever reads the sheet has to know which of them counts.",
    fix="Write the longhands: padding-top and so on, in the later rule.",
    source="premailer 3.10, merge_style",
)
UNKNOWN = Rule(
    id="css-unknown",
    severity=Severity.WARNING,
    place=Place.NEWSLETTER,
    title="a property that mails have no use for",
    why="It is misspelt, or few mail programs know it; it weighs on every element.",
    fix="Correct it, or take it out.",
)
WEAK = Rule(
    id="css-weak",
    severity=Severity.WARNING,
    place=Place.NEWSLETTER,
    title="a rule for phones or dark mode that changes nothing",
    why="What was inlined into an element is stronger than any rule of a style sheet, "
    "unless that is !important.",
    fix="Write !important behind the value.",
)
NESTED = Rule(
    id="at-nested",
    severity=Severity.ERROR,
    place=Place.NEWSLETTER,
    title="an at-rule within another",
    why="Gmail drops a whole style sheet in which an @ stands inside an @.",
    fix="Take the inner rule out, and write both conditions into one: "
    "@media (max-width:600px) and (prefers-color-scheme:dark).",
    source="email-bugs",
)
RULES = (IMPORTANT, FORBIDDEN, SHORTHAND, UNKNOWN, WEAK, NESTED)


class Fault(NamedTuple):
    """What is wrong in a sheet, and where."""

    rule: Rule
    line: int
    words: str
    message: str


def find(theme: Theme, publication: Publication) -> Iterator[Finding]:
    """Find what breaks the contract in the style sheets that the mail's template uses."""
    del publication
    for sheet in sheets_of(theme):
        for fault in faults_of(sheet):
            yield Spot(sheet.path, fault.line, fault.words).report(
                fault.rule, fault.message
            )


def faults_of(sheet: Written) -> Iterator[Fault]:
    """Find what a sheet must not have, inlined or kept."""
    return (kept_faults if sheet.is_kept else inlined_faults)(sheet.css)


@lru_cache(maxsize=16)
def forbidden_lines(css: str) -> frozenset[int]:
    """Give the lines of an inlined sheet on which something is forbidden."""
    return frozenset(f.line for f in inlined_faults(css) if f.rule is FORBIDDEN)


def inlined_faults(css: str) -> Iterator[Fault]:
    """Find what a sheet that is inlined must not have."""
    sheet = parse_sheet(css)
    for at in sheet.at_rules:
        message = f"{at.words} cannot be written into elements"
        yield Fault(FORBIDDEN, at.line, at.words, message)
    for block in sheet.blocks:
        yield from _selectors(block)
        for each in block.declarations:
            if each.important:
                message = f"“{each}” is !important, and inlined"
                yield Fault(IMPORTANT, each.line, each.words, message)
            yield from _declaration(each)
    yield from _shorthands(sheet.blocks)


def kept_faults(css: str) -> Iterator[Fault]:
    """Find what a sheet that stays a sheet must not have."""
    sheet = parse_sheet(css)
    for at in sheet.at_rules:
        if at.depth:
            message = f"{at.words} stands within another at-rule"
            yield Fault(NESTED, at.line, at.words, message)
    for block in sheet.blocks:
        for each in block.declarations:
            if not each.important and block.selectors:
                message = f"“{each}” is weaker than what was inlined"
                yield Fault(WEAK, each.line, each.words, message)


def _selectors(block: Block) -> Iterator[Fault]:
    for selector in block.selectors:
        compounds = re.split(r"\s*>\s*|\s+", selector)
        odd = next((each for each in compounds if not _COMPOUND.fullmatch(each)), None)
        if odd is not None:
            message = f"the selector {selector} has {odd or '>'}, which is not inlined"
            yield Fault(FORBIDDEN, block.line, selector, message)


def _declaration(each: Declaration) -> Iterator[Fault]:
    value = _STRING.sub("", _TOKEN.sub("", each.value))
    reason = next((why for sought, why in NO_LAYOUT if sought.fullmatch(str(each))), "")
    reason = reason or next((why for sought, why in MODERN if sought.search(value)), "")
    if each.name.startswith("--"):
        reason = "mail programs know no custom properties"
    elif LOGICAL.fullmatch(each.name):
        reason = "Gmail and Outlook know left and right only"
    if reason:
        yield Fault(FORBIDDEN, each.line, each.words, f"“{each}”: {reason}")
    elif each.name not in KNOWN and not each.name.startswith("mso-"):
        message = f"the property {each.name} is none that mails use"
        yield Fault(UNKNOWN, each.line, each.words, message)


class _Said(NamedTuple):
    """A longhand that some rule has set."""

    selector: str
    key: frozenset[str]
    weight: tuple[int, int, int]
    place: int


def _shorthands(blocks: Iterable[Block]) -> Iterator[Fault]:
    """Find shorthands that override a longhand which an earlier rule has set.

    Two rules are taken to be about the same elements if what their selectors end in has
    an element or class in common.
    """
    said: dict[str, list[_Said]] = {}
    for place, block in enumerate(blocks):
        for each in block.declarations:
            longhands = longhands_of(each.name)
            for selector in block.selectors:
                rule = _Said(selector, _key(selector), _weight(selector), place)
                earlier = (e for name in longhands for e in said.get(name, ()))
                if beaten := next((e for e in earlier if _beats(rule, e)), None):
                    message = (
                        f"{selector} sets {each.name} where {beaten.selector} has set "
                        "a part of it"
                    )
                    yield Fault(SHORTHAND, each.line, each.words, message)
                said.setdefault(each.name, []).append(rule)


def _beats(rule: _Said, earlier: _Said) -> bool:
    later = rule.weight >= earlier.weight
    return later and bool(rule.key & earlier.key)


def _key(selector: str) -> frozenset[str]:
    last = re.split(r"[\s>]+", _ATTRIBUTE.sub("", selector).strip())[-1]
    return frozenset(_KEY.findall(last))


def _weight(selector: str) -> tuple[int, int, int]:
    """Weigh a selector as CSS does: ids, then classes and the like, then elements."""
    names = _SIMPLE.findall(selector)
    ids = sum(name.startswith("#") for name in names)
    elements = sum(name[0].isalpha() for name in names)
    return ids, len(names) - ids - elements, elements
