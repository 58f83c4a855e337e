"""The style blocks of the finished mail: their order, and what was inlined with them."""

import re
from collections.abc import Collection, Iterator, Sequence

from distribute.checks.mail.markup import Markup, take_apart
from distribute.checks.mail.spot import TEMPLATE, in_template
from distribute.checks.proof import Proof
from distribute.checks.rule import Place, Rule
from distribute.checks.styles.contract import IMPORTANT, NESTED, faults_of
from distribute.checks.styles.sheet import Sheet, declarations_of, parse_sheet
from distribute.checks.styles.written import sheets_of
from distribute.finding import Finding, Severity

_PHONE, _DARK, _OUTLOOK = range(3)

ORDER = Rule(
    id="style-order",
    severity=Severity.ERROR,
    place=Place.MAIL,
    title="style blocks that stand in each other's way",
    why="A program that cannot read one rule drops the whole block. So what is for phones "
    "comes first, then dark mode, and Outlook's [data-ogsc] rules in a block of their own.",
    fix="Keep kept.css and outlook.css apart, in this order, each in a <style> of its own.",
    source="email-bugs issue 90",
)
RULES = (ORDER,)


def find(proof: Proof) -> Iterator[Finding]:
    """Find what is wrong with the style blocks that are left in the mail."""
    markup = take_apart(proof.email.html)
    sheets = [parse_sheet(css) for css in markup.sheets]
    template = in_template(proof.theme, TEMPLATE)
    for words in _nested(proof, sheets):
        yield template.report(NESTED, f"{words} stands within another at-rule")
    if fault := _disorder(sheets):
        yield template.report(ORDER, fault)
    yield from _important(proof, markup)


def _nested(proof: Proof, sheets: Sequence[Sheet]) -> Collection[str]:
    """List the nested at-rules that stand in no sheet as it is written."""
    nested = {at.words: at for sheet in sheets for at in sheet.at_rules if at.depth}
    if nested:
        for sheet in sheets_of(proof.theme):
            for fault in faults_of(sheet):
                nested.pop(fault.words, None)
    return nested


def _important(proof: Proof, markup: Markup) -> Iterator[Finding]:
    """Find what templates write into elements; the sheets are looked at elsewhere."""
    styles = dict.fromkeys(element.get("style") for element in markup.elements)
    urgent = (
        each for style in styles if "!" in style for each in declarations_of(style)
    )
    words = dict.fromkeys(each.words for each in urgent if each.important)
    templates = [name for name in proof.theme.files if name.endswith(".html")]
    for each in words:
        sought = re.compile(re.escape(each))
        spots = (in_template(proof.theme, name, sought) for name in templates)
        if spot := next((spot for spot in spots if spot.line), None):
            yield spot.report(IMPORTANT, f"“{each}” is !important, and inlined")


def _disorder(sheets: Sequence[Sheet]) -> str:
    """Say what stands in the wrong place; nothing if all is well."""
    last = _PHONE
    for sheet in sheets:
        kinds = list(_kinds(sheet))
        if _OUTLOOK in kinds and len(set(kinds)) > 1:
            return "rules for [data-ogsc] share a <style> with @media"
        for kind in kinds:
            if kind < last:
                return f"{_NAMES[kind]} come after {_NAMES[last]}"
            last = kind
    return ""


_NAMES = ("rules for phones", "rules for dark mode", "rules for [data-ogsc]")


def _kinds(sheet: Sheet) -> Iterator[int]:
    for at in sheet.at_rules:
        if "prefers-color-scheme" in at.words.lower():
            yield _DARK
        elif "width" in at.words.lower():
            yield _PHONE
    if any("[data-ogs" in each for block in sheet.blocks for each in block.selectors):
        yield _OUTLOOK
