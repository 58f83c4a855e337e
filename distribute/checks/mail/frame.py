"""What a template owes every mail: what it must have, and what it must not."""

import re
from collections.abc import Callable, Iterator
from html import unescape

from distribute.checks.letters import letters_of
from distribute.checks.mail.markup import Element, Markup, take_apart
from distribute.checks.mail.spot import (
    TEMPLATE,
    TEXT_TEMPLATE,
    Spot,
    in_template,
)
from distribute.checks.proof import Proof
from distribute.checks.rule import Place, Rule
from distribute.finding import Finding, Severity
from distribute.render.email.inline import DOCTYPE
from distribute.render.theme.theme import Theme

_FORBIDDEN = (
    *("applet", "base", "button", "canvas", "embed", "form", "frame", "frameset"),
    *("iframe", "input", "link", "object", "script", "select", "textarea"),
)
"""What else is not shown is known to `distribute.checks.styles.support`."""
_ADDRESS = re.compile(r"\{[%{][^}]*\bsender\b")
_HTML = re.compile(r"<html\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
_BEGINNING = 4000
_START = 30
"""Letters of the preheader that are looked for, and that may stand in front of it."""
_BODY = re.compile(r"<body\b[^>]*>", re.IGNORECASE)
_PREHEADER = re.compile(r"\bcontent\.preheader\b")
_SHEET, _LAYOUTS = "email/inlined.css", "email/layout.css"
_BUTTONS = re.compile(r"\.button\s*[{,]")
_SHEET_SHOWN = re.compile(re.escape(_SHEET))
_HEAD = re.compile(r"<head\b[^>]*>", re.IGNORECASE)

LOST = Rule(
    id="template-lost",
    severity=Severity.ERROR,
    place=Place.MAIL,
    title="a template that has lost what every mail needs",
    why="Without the doctype programs lay a mail out as in the nineties; without charset, "
    "language and direction letters, voices and sides are wrong; without role=article a "
    "screen reader does not know where the mail begins; without color-scheme dark mode "
    "inverts at random.",
    fix="Copy the line from the email/email.html that we ship.",
    source="HTML Living Standard; WCAG 2.2, 2.4.2 and 3.1.1",
)
ADDRESS = Rule(
    id="template-address",
    severity=Severity.ERROR,
    place=Place.MAIL,
    title="a mail without the postal address of its sender",
    why="The law asks for it in many countries, the American CAN-SPAM Act and the "
    "German DDG among them.",
    fix="Give the lines of `sender` in the footers of email/email.html and email/email.txt.",
    source="CAN-SPAM Act, 15 U.S.C. 7704(a)(5); DDG section 5",
    firm=True,
)
FORBIDDEN = Rule(
    id="template-forbidden",
    severity=Severity.ERROR,
    place=Place.MAIL,
    title="a template with what mail programs throw out",
    why="Scripts, frames and forms are removed by nearly all of them or make a mail look "
    "like a trap; whatever leans on them falls over.",
    fix="Take it out, and put a link to a page in its place.",
    source="caniemail.com",
)
OLDER = Rule(
    id="template-older",
    severity=Severity.WARNING,
    place=Place.MAIL,
    title="a template from before there was a style sheet of layouts",
    why="Buttons, rows, quotes and code are laid out as tables, and email/layout.css says "
    "how they look; without it they are bare.",
    fix='Put {{ source("email/layout.css") | safe }} on the line after this one.',
)
RULES = (LOST, ADDRESS, FORBIDDEN, OLDER)


def find(proof: Proof) -> Iterator[Finding]:
    """Look for what the templates owe the mail, and for what they must not have."""
    yield from find_in(proof, proof.email.html)
    yield from _seen_preheader(proof)
    yield from _layouts(proof.theme)


def find_in(proof: Proof, html: str) -> Iterator[Finding]:
    """Look for the same in HTML that may not have its CSS inlined yet."""
    markup = take_apart(html)
    if not html.startswith(DOCTYPE):
        yield in_template(proof.theme, TEMPLATE).report(
            LOST, f"the mail does not begin with {DOCTYPE}"
        )
    for is_there, message, sought in _DUTIES:
        if not is_there(markup):
            yield in_template(proof.theme, TEMPLATE, sought).report(LOST, message)
    yield from _preheader(proof, html)
    yield from _address(proof, markup)
    yield from _forbidden(proof.theme, markup)


def _preheader(proof: Proof, html: str) -> Iterator[Finding]:
    """See that the preheader is the first text, where an inbox looks for it."""
    start = letters_of(proof.laid_out.preheader)[:_START]
    if start not in _first_letters(html)[: len(start) + _START]:
        yield in_template(proof.theme, TEMPLATE, _BODY).report(
            LOST,
            "the mail does not begin with its preheader",
            hint='Put <div class="preheader">{{ content.preheader }}</div> first into '
            "the <body>.",
        )


def _seen_preheader(proof: Proof) -> Iterator[Finding]:
    """See that an inbox alone shows the preheader."""
    start = letters_of(proof.laid_out.preheader)[:_START]
    shown = letters_of(take_apart(proof.email.html).text[:_BEGINNING])
    if start and shown.startswith(start):
        yield in_template(proof.theme, TEMPLATE, _PREHEADER).report(
            LOST,
            "the mail itself shows its preheader",
            hint="Hide it: .preheader { display: none; max-height: 0; overflow: hidden; "
            "mso-hide: all }.",
        )


def _layouts(theme: Theme) -> Iterator[Finding]:
    """See that a template from before there was a layout.css has taken it in."""
    template, sheet = (theme.files.get(name) for name in (TEMPLATE, _SHEET))
    if template is None or sheet is None or _BUTTONS.search(sheet.text):
        return
    if _SHEET in template.text and _LAYOUTS not in template.text:
        yield in_template(theme, TEMPLATE, _SHEET_SHOWN).report(
            OLDER, f"buttons, rows, quotes and code lack {_LAYOUTS}, and look bare"
        )


def _address(proof: Proof, markup: Markup) -> Iterator[Finding]:
    """See that both parts show every line of the postal address, in whatever form."""
    for text, name, part in (
        (markup.text, TEMPLATE, "mail"),
        (proof.laid_out.text, TEXT_TEMPLATE, "text part"),
    ):
        shown = "".join(text.split())
        lines = (line.strip() for line in proof.publication.address.splitlines())
        lost = [line for line in lines if "".join(line.split()) not in shown]
        if lost:
            yield in_template(proof.theme, name, _ADDRESS).report(
                ADDRESS, f"the {part} does not show the postal address: {lost[0]}"
            )


def _forbidden(theme: Theme, markup: Markup) -> Iterator[Finding]:
    for name in dict.fromkeys(each.name for each in markup.named(*_FORBIDDEN)):
        sought = re.compile(rf"<{name}\b[^>]*>?", re.IGNORECASE)
        yield _in_mail_templates(theme, sought).report(
            FORBIDDEN, f"the mail has a <{name}>"
        )
    for name in dict.fromkeys(
        name for each in markup.elements for name in each.attributes if name[:2] == "on"
    ):
        sought = re.compile(rf"\b{re.escape(name)}\s*=", re.IGNORECASE)
        yield _in_mail_templates(theme, sought).report(
            FORBIDDEN, f"the mail has a script in {name}="
        )


def _in_mail_templates(theme: Theme, sought: re.Pattern[str]) -> Spot:
    """Point into the template that has it, which need not be the first one."""
    names = [name for name in theme.files if name.startswith("email/")]
    spots = (in_template(theme, name, sought) for name in (TEMPLATE, *names))
    return next((spot for spot in spots if spot.line), in_template(theme, TEMPLATE))


def _first_letters(html: str) -> str:
    """Collect what the body begins with, hidden or not, for a preheader is hidden."""
    body = html[match.end() :] if (match := _BODY.search(html)) else html
    return letters_of(unescape(_TAG.sub("", body[:_BEGINNING])))


def _has(element: str, /, **attributes: str) -> Callable[[Markup], bool]:
    """Ask for an element whose attributes have these values, or any where it is empty."""

    def is_there(markup: Markup) -> bool:
        return any(_fits(each, attributes) for each in markup.named(element))

    return is_there


def _fits(element: Element, wanted: dict[str, str]) -> bool:
    return all(
        element.get(key).lower().startswith(value) and element.get(key)
        for key, value in wanted.items()
    )


def _has_article(markup: Markup) -> bool:
    return any(
        element.get("role") == "article" and element.get("lang") and element.get("dir")
        for element in markup.elements
    )


_DUTIES: tuple[tuple[Callable[[Markup], bool], str, re.Pattern[str]], ...] = (
    (_has("html", lang=""), "the <html> of the mail has no lang", _HTML),
    (_has("html", dir=""), "the <html> of the mail has no dir", _HTML),
    (_has("meta", charset="utf-8"), 'the mail has no <meta charset="utf-8">', _HEAD),
    (
        _has("meta", name="viewport", content=""),
        "the mail has no viewport, so phones show it tiny",
        _HEAD,
    ),
    (
        _has("meta", name="color-scheme", content=""),
        'the mail has no <meta name="color-scheme">',
        _HEAD,
    ),
    (lambda markup: bool(markup.title), "the mail has no <title>", _HEAD),
    (
        _has_article,
        "nothing in the mail has role=article together with lang and dir",
        _BODY,
    ),
)
