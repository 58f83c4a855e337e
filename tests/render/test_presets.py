"""Every preset in a real browser: it fits, it can be read, it runs from the right."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from distribute.editions.edition import Issue
from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.render.document import Content
from distribute.render.email.email import render_email
from distribute.render.pages.frame import stylesheet
from distribute.render.pages.index import render_index
from distribute.render.pages.page import render_page
from distribute.render.theme.files import read_presets
from distribute.render.theme.preset import presets_among
from distribute.render.theme.style import Choices, Logo
from distribute.render.theme.theme import Theme, style_of
from tests.axe import ask_axe
from tests.browsers import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Tab

SHIPPED = read_presets(Path("nowhere"))
NAMES = presets_among(SHIPPED)
LOGO = Logo(
    name="https://example.net/l.png", dark="https://example.net/d.png", width=300
)
Documents = Callable[[str, str], dict[str, str]]


@pytest.fixture(scope="module")
def tab() -> "Iterator[Tab]":
    """Open one tab for all; nothing comes from outside."""
    with chromium() as browser:
        yield _tab(browser)


def _tab(browser: "Browser") -> "Tab":
    page = browser.new_page()
    page.route("http*://**", lambda route: route.abort())
    return page


@pytest.fixture(scope="module")
def documents(
    theme: Theme,
    publication: Publication,
    make_issue: Callable[..., Issue],
    make_content: Callable[..., Content],
) -> Documents:
    """Make a mail, a page and an index in a language and a preset, once."""

    @cache
    def make(tag: str, preset: str) -> dict[str, str]:
        style = style_of(SHIPPED, preset, Choices(logo=LOGO))
        look = replace(theme, style=style)
        language, issue = Language(tag), make_issue()
        edition = replace(issue.editions[language], title="unbroken" * 12)
        content = make_content()
        mail = render_email(
            edition, content, issue, text="", publication=publication, theme=look
        )
        page = render_page(edition, content, issue, publication=publication, theme=look)
        index = render_index(
            language, [(edition, "")], publication=publication, theme=look
        )
        sheet = f"<style>{stylesheet(look).html}</style>"
        link = '<link rel="stylesheet" href="../../style.css">'
        return {
            "mail": mail.html,
            "page": page.html.replace(link, sheet),
            "index": index.html.replace(link.replace("../../", "../"), sheet),
        }

    return make


@pytest.mark.parametrize("preset", NAMES)
@pytest.mark.parametrize(
    "tag", ["en", "ar", pytest.param("zh", marks=pytest.mark.slow)]
)
def test_nothing_stands_out(
    tab: "Tab", documents: Documents, preset: str, tag: str
) -> None:
    """From 320 pixels on, with a logo and a title that does not break."""
    for name, html in documents(tag, preset).items():
        tab.set_content(html, wait_until="commit")
        for width in (320, 375, 680):
            tab.set_viewport_size({"width": width, "height": 800})
            taken = tab.evaluate("document.documentElement.scrollWidth")
            assert taken <= width, (name, width)


@pytest.mark.parametrize("preset", NAMES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_palette_is_what_is_seen(
    tab: "Tab", documents: Documents, preset: str, scheme: str
) -> None:
    """Card, text and masthead of a mail, and paper and masthead of a page, in both modes."""
    style = style_of(SHIPPED, preset)
    palette = style.dark if scheme == "dark" else style.light
    tab.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    made = documents("en", preset)
    tab.set_content(made["mail"], wait_until="commit")
    tab.set_viewport_size({"width": 680, "height": 800})
    assert _seen(tab, ".card", "backgroundColor") == _rgb(palette["paper"])
    assert _seen(tab, ".content", "color") == _rgb(palette["ink"])
    assert _seen(tab, ".header", "backgroundColor") == _rgb(palette["masthead"])
    assert _seen(tab, ".newsletter a", "color") == _rgb(palette["masthead-ink"])
    shown, hidden = (".in-the-dark", ".in-the-light")[:: 1 if scheme == "dark" else -1]
    assert _seen(tab, shown, "display") != "none"
    assert _seen(tab, hidden, "display") == "none"
    tab.set_content(made["page"], wait_until="commit")
    assert _seen(tab, "body", "backgroundColor") == _rgb(palette["paper"])
    assert _seen(tab, ".content a", "color") == _rgb(palette["link"])
    assert _seen(tab, ".head", "backgroundColor", "::before") == _rgb(
        palette["masthead"]
    )


def test_translations_are_read_from_the_right(tab: "Tab", documents: Documents) -> None:
    """In Arabic the first of the languages stands rightmost, and all follow in order."""
    tab.emulate_media(color_scheme="light")
    tab.set_viewport_size({"width": 680, "height": 800})
    tab.set_content(documents("ar", "letter")["mail"], wait_until="commit")
    boxes = tab.evaluate(
        "[...document.querySelectorAll('.languages a')].map(a => "
        "[a.hreflang, Math.round(a.getBoundingClientRect().top),"
        " a.getBoundingClientRect().left])"
    )
    assert boxes[0][0] == "en"
    in_order = sorted(boxes, key=lambda box: (box[1] // 12, -box[2]))
    assert [box[0] for box in in_order] == [box[0] for box in boxes]
    assert len(boxes) == 7


@pytest.mark.parametrize("preset", NAMES)
def test_what_must_be_found_is_large_enough(
    tab: "Tab", documents: Documents, preset: str
) -> None:
    """The way out is visible, and no text of a mail is smaller than 12 pixels."""
    tab.set_content(documents("en", preset)["mail"], wait_until="commit")
    link = tab.get_by_text("Unsubscribe")
    assert link.is_visible()
    size = link.evaluate("a => parseFloat(getComputedStyle(a).fontSize)")
    assert size >= 13
    smallest = tab.evaluate(
        "Math.min(...[...document.querySelectorAll('td p, td li, td td, td sup')]"
        ".map(e => parseFloat(getComputedStyle(e).fontSize)).filter(s => s > 0))"
    )
    assert smallest >= 12


@pytest.mark.slow
@pytest.mark.parametrize("preset", NAMES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_it(
    tab: "Tab", documents: Documents, preset: str, scheme: str
) -> None:
    """The checker axe finds nothing serious in any preset, in light and dark."""
    tab.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for tag in ("en", "ar"):
        for name, html in documents(tag, preset).items():
            tab.set_content(html, wait_until="commit")
            assert (name, ask_axe(tab).serious) == (name, [])


def _seen(tab: "Tab", where: str, what: str, pseudo: str = "") -> object:
    return tab.evaluate(
        "([where, what, pseudo]) => "
        "getComputedStyle(document.querySelector(where), pseudo || null)[what]",
        [where, what, pseudo],
    )


def _rgb(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgb({red}, {green}, {blue})"
