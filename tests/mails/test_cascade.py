"""Whatever rules meet in an element, a browser computes the same before and after.

The sheets are made up: selectors of every weight, shorthands, longhands and importance.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.render.email.inline import inline_css
from tests.mails.screens import computed, differences, screen, show

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

BODY = (
    '<div class="page"><p id="one" class="a" dir="rtl">x</p>'
    '<p class="a b" style="padding-top: 3px; color: #445566">y</p>'
    '<table class="b"><tr><td align="right" class="a">z</td><td>w</td></tr></table></div>'
)
SELECTORS = (
    *(
        "p",
        "td",
        "div p",
        ".a",
        ".b",
        ".page .a",
        "p.a",
        "#one",
        "[dir=rtl]",
        "td[align]",
    ),
    *("[align=right]", "div > p", "td:first-child", "td:last-child", ".page td.a"),
)
PROPERTIES = (
    *(
        "padding: {}px",
        "padding: 0 {}px 1px",
        "padding-left: {}px",
        "padding-top: {}px",
    ),
    *(
        "margin: {}px",
        "margin-left: {}px",
        "color: #1122{}",
        "background-color: #3344{}",
    ),
    *("border-top: {}px solid #556677", "border: 2px solid #6677{}", "font-size: {}px"),
    *("color: #9900{} !important", "padding-top: {}px !important"),
    *("border-top-width: {}px", "border-color: #7788{}", "border-left-style: dotted"),
)
RULES = st.tuples(
    st.sampled_from(SELECTORS),
    st.lists(
        st.sampled_from(PROPERTIES),
        min_size=1,
        max_size=4,
        unique_by=lambda said: said.partition(":")[0],
    ),
)


def document(css: str) -> str:
    """Put a sheet before a body on which all selectors find something."""
    return (
        '<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>t</title>'
        f"<style>{css}</style></head><body>{BODY}</body></html>"
    )


@pytest.fixture(scope="module")
def tab(browser: "Browser") -> "Iterator[Page]":
    """Open one tab for all of them."""
    with screen(browser) as opened:
        yield opened


@given(st.lists(RULES, min_size=1, max_size=8))
@settings(max_examples=25)
def test_rules_meet_as_they_do_in_a_sheet(
    tab: "Page", rules: list[tuple[str, list[str]]]
) -> None:
    """Ids, classes, attributes and order decide as they would have decided there."""
    numbers = iter(range(10, 99))
    css = " ".join(
        f"{selector} {{ {'; '.join(each.format(next(numbers)) for each in said)} }}"
        for selector, said in rules
    )
    html = document(css)
    show(tab, html)
    before = computed(tab)
    show(tab, inline_css(html))
    assert differences(before, computed(tab)) == [], css
