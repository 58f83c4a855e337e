"""The traps of premailer that are known: what goes wrong, and how to see that it did."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.render.email.naive import Case
from tests.render.email.sheets import Rule

PHONE = "@media (max-width:600px) { .a { color: #fedcba !important } }"


def document(body: str, css: str, *, doctype: str = "<!DOCTYPE html>") -> str:
    """Write a whole document with one sheet."""
    return (
        f'{doctype}\n<html><head><meta charset="utf-8"><title>t</title>'
        f"<style>{css}</style></head><body>{body}</body></html>"
    )


def shows(pattern: str) -> Callable[[str], bool]:
    """See the harm by what stands there."""
    return lambda html: bool(re.search(pattern, html))


def lacks(pattern: str) -> Callable[[str], bool]:
    """See the harm by what is missing."""
    return lambda html: not re.search(pattern, html)


@dataclass(frozen=True)
class Pitfall:
    """One way in which a mail comes to harm, numbered as in the study of premailer."""

    number: int
    name: str
    body: str
    css: str
    harmed: Callable[[str], bool]
    """Tells whether the outcome shows the harm."""
    options: Mapping[str, Any] = field(default_factory=dict)
    doctype: str = "<!DOCTYPE html>"
    pretty: bool = False

    @property
    def html(self) -> str:
        """The document that comes to harm."""
        return document(self.body, self.css, doctype=self.doctype)

    @property
    def case(self) -> Case:
        """The naive call."""
        return Case(self.html, self.options, pretty=self.pretty)


REPAIRED = (
    Pitfall(
        1,
        "importance is stripped inside of media queries",
        '<p class="a">x</p>',
        f"p {{ color: #112233 }} {PHONE}",
        lacks("color: *#fedcba *!important"),
    ),
    Pitfall(
        2,
        "importance gets into attributes",
        "<table><tr><td>x</td></tr></table>",
        "table { background-color: #112233 !important; width: 50% !important }",
        shows('(?:bgcolor|width)="[^"]*!important'),
        {"strip_important": False},
    ),
    Pitfall(
        3,
        "an authored width is overwritten by a style",
        '<img width="576" height="300" src="a.png" alt="">',
        "img { width: 100%; height: auto }",
        lacks('width="576" height="300"'),
    ),
    Pitfall(
        4,
        "values that are none get into attributes",
        "<p>x</p><h1>y</h1><div>z</div>",
        "p { text-align: start } h1 { width: auto } div { width: calc(100% - 2px) }",
        shows(' (?:align|width)="(?:start|auto|calc)'),
    ),
    Pitfall(
        5,
        "a shorthand does not undo a longhand",
        '<p class="x">x</p>',
        "p { padding: 10px; padding-left: 5px } .x { padding: 0 }",
        shows("padding: *0; *padding-left: *5px"),
    ),
    Pitfall(
        6,
        "rules with a star are dropped",
        '<p class="box">x</p>',
        "* { margin: 0 } [class*=ox] { color: #112233 }",
        lacks("margin: *0; *color: *#112233"),
    ),
    Pitfall(
        8,
        "an attribute counts for nothing",
        '<p dir="rtl">x</p>',
        "[dir=rtl] { text-align: right } p { text-align: left }",
        lacks("text-align: *right"),
    ),
    Pitfall(
        10,
        "six digits become three",
        "<p>x</p>",
        "p { color: #FFFFFF; background-color: #112233 }",
        shows("#(?:[0-9A-Fa-f]{3})(?![0-9A-Fa-f])"),
    ),
    Pitfall(
        11,
        "a style that reads like a selector crashes",
        '<p>x</p><p style="p">y</p>',
        "p { color: #112233 }",
        lacks("<p[^>]*#112233[^>]*>y"),
    ),
    Pitfall(
        16,
        "links within a mail are made to lead out of it",
        '<a href="#fn1">1</a><img src="a.png" srcset="b.png 2x" alt="">',
        "p { color: #112233 }",
        lacks('href="#fn1"'),
        {"base_url": "https://news.example.org/"},
    ),
    Pitfall(
        19,
        "white space is put between elements",
        "<p>慢</p><p>河</p>",
        "p { display: inline-block }",
        shows(r"</p>\s+<p"),
        pretty=True,
    ),
    Pitfall(
        20,
        "importance loses to an authored style",
        '<p style="color: #112233">x</p>',
        "p { color: #445566 !important }",
        lacks("#445566"),
        {"strip_important": False},
    ),
    Pitfall(
        21,
        "what is unset is removed",
        "<p>x</p>",
        "p { color: unset; top: 0 }",
        lacks("unset"),
    ),
    Pitfall(
        22,
        "pictures are aligned by their styles, each of them parsed anew",
        '<p>x</p><img src="a.png" style="float: left" alt="">',
        "p { color: #112233 }",
        shows('<img[^>]* align="left"'),
    ),
    Pitfall(
        23,
        "the classes that a kept sheet needs are taken away",
        '<p class="a">x</p>',
        f"p {{ color: #112233 }} {PHONE}",
        lacks('class="a"'),
        {"remove_classes": True, "strip_important": False},
    ),
)
"""What our wrapper does right with the very same document."""

KEPT = (
    Pitfall(
        9,
        "at-rules are dropped",
        '<p class="a">x</p>',
        "@font-face { font-family: F; src: local(F) } @supports (top: 0) { .a { top: 0 } }"
        " @keyframes k { from { top: 0 } }",
        lacks("(?s)@font-face.*@supports.*@keyframes"),
    ),
    Pitfall(
        9,
        "modern colours and nested rules are dropped",
        '<p class="a">x</p>',
        ".a { color: rgb(10 20 30 / 50%) } .a { & b { top: 0 } }",
        lacks(r"(?s)rgb\(10 20 30 / 50%\).*& b"),
    ),
    Pitfall(
        1,
        "a sheet for phones and the dark is written anew",
        '<p class="a">x</p>',
        f"{PHONE}\n.a:hover {{ color: #112233 !important }}",
        lacks(re.escape(PHONE)),
    ),
)
"""What our template keeps in a sheet of its own, to the byte."""


@dataclass(frozen=True)
class Excluded:
    """A pitfall that no sheet of ours leads to."""

    pitfall: Pitfall
    breaks: Callable[[Rule], bool]
    """Tells whether a rule leads there."""


_CONTRACT = re.compile(
    r"(?:(?:[a-z][a-z0-9]*|\.[a-z][a-z0-9-]*)(?:\.[a-z][a-z0-9-]*)*"
    r"(?:\[[a-z-]+=\"?[a-z0-9]+\"?\])*(?::first-child|:last-child)?(?: > | |$))+"
)
EXCLUDED = (
    Excluded(
        Pitfall(
            7,
            "pseudo-classes and colons stay behind",
            '<ul><li>x</li><li>y</li></ul><a href="https://x.example">x</a>',
            "li:nth-child(2) { top: 1px } li:not(.a) { top: 2px } :lang(zh) { top: 3px }"
            ' a[href^="https:"] { top: 4px }',
            lacks("style='?\"?top"),
        ),
        lambda rule: not _CONTRACT.fullmatch(rule.selector),
    ),
    Excluded(
        Pitfall(
            7,
            "lists within a selector are lost",
            "<h1>x</h1>",
            ":is(h1, h2) { top: 1px }",
            lacks("top:"),
        ),
        lambda rule: not _CONTRACT.fullmatch(rule.selector),
    ),
    Excluded(
        Pitfall(
            10,
            "of two declarations only the last one stays",
            "<p>x</p>",
            "p { color: #112233; color: rgba(1, 2, 3, 0.5) }",
            lacks("#112233"),
        ),
        lambda rule: len(dict(rule.declarations)) < len(rule.declarations),
    ),
)
"""What the contract for the sheets that are inlined rules out."""

DOCTYPE = Pitfall(
    14,
    "a doctype in lower case is lost",
    "<p>x</p>",
    "p { color: #112233 }",
    lacks("(?i)<!doctype html>"),
    doctype="<!doctype html>",
)
NOISE = Pitfall(
    13,
    "every unknown property is reported",
    '<p style="mso-x: 1">x</p>',
    "p { mso-hide: all; word-break: foo }",
    shows("Unknown Property"),
)
ADDRESSES = Pitfall(
    15,
    "hosts and tokens are percent-encoded",
    '<a href="https://münchen.example/ü">x</a><a href="{{ x }}">y</a>',
    "p { color: #112233 }",
    shows(r"m%C3%BCnchen|\{\{%20x%20\}\}"),
)
REVEALED = Pitfall(
    18,
    "a revealed conditional comment is broken",
    "<![if !mso]><b>x</b><![endif]>",
    "p { color: #112233 }",
    shows(r"<!--\[if !mso\]-->"),
)
INVISIBLE = Pitfall(
    24,
    "entities become characters that nobody sees",
    "<p>a&nbsp;b&zwnj;c&shy;d</p>",
    "p { color: #112233 }",
    shows("a\xa0b\u200cc\xadd"),
)


def everything() -> Iterator[Pitfall]:
    """List every pitfall that one call shows."""
    yield from REPAIRED
    yield from KEPT
    yield from (each.pitfall for each in EXCLUDED)
    yield from (DOCTYPE, NOISE, ADDRESSES, REVEALED, INVISIBLE)
