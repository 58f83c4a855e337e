"""The pages of the public side in a real browser: for every screen, and for everybody."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.render.public.around import public_style_sheet
from distribute.render.theme.theme import Theme
from tests.axe import ask_axe
from tests.browsers import chromium
from tests.render.public.every import FORMS, pages_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route
    from playwright.sync_api import Page as Tab

SITE = "https://news.example.org/"
POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'"
"""The strictest that leaves a style sheet and a form."""
TAGS = ("en", "ar", "zh")
WIDTHS = (680, 320)
SHOWN = (*sorted(FORMS), "welcome", "left", "damaged_link", "by_mail")
"""The others differ from these in their words alone."""
_TYPES = {"public.css": "text/css; charset=utf-8"}


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Start Chromium without a window."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def served(publication: Publication, theme: Theme) -> Mapping[str, str]:
    """Give every page in some languages by its path, and the style sheet."""
    long = replace(
        publication,
        titles={**publication.titles, Language("zh"): "unbroken" * 12},
        privacy="https://news.example.org/privacy",
    )
    pages = {
        f"{tag}/x/{name}": html
        for tag in TAGS
        for name, html in pages_in(Language(tag), long, theme).items()
        if name in SHOWN
    }
    return {**pages, "public.css": public_style_sheet(theme).html}


@pytest.fixture(scope="module")
def tab(browser: "Browser", served: Mapping[str, str]) -> "Iterator[Tab]":
    """Open a tab that sees these pages and nothing else, as strictly as can be."""

    def serve(route: "Route") -> None:
        path = route.request.url.removeprefix(SITE)
        kind = _TYPES.get(path, "text/html; charset=utf-8")
        headers = {"content-type": kind, "content-security-policy": POLICY}
        if path in served:
            route.fulfill(body=served[path], headers=headers)
        else:
            route.abort()

    context = browser.new_context(bypass_csp=False)
    context.route("**/*", serve)
    opened = context.new_page()
    yield opened
    context.close()


def test_nothing_on_the_pages_is_refused(tab: "Tab", served: Mapping[str, str]) -> None:
    """The strictest policy has nothing to hold back, and the style sheet applies."""
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    for path in served:
        if path.startswith("en/"):
            tab.goto(SITE + path)
    assert not said
    assert tab.evaluate("getComputedStyle(document.body).maxWidth") == "640px"


def test_every_page_fits_every_screen(tab: "Tab", served: Mapping[str, str]) -> None:
    """From 320 to 680 pixels nothing has to be scrolled sideways."""
    for path in served:
        if not path.startswith(("ar/", "zh/")):
            continue
        tab.goto(SITE + path)
        for width in WIDTHS:
            tab.set_viewport_size({"width": width, "height": 700})
            wide = tab.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, (path, width, wide)


@pytest.mark.parametrize(("tag", "mode"), [("en", "light"), ("ar", "dark")])
def test_everybody_can_read_them(
    browser: "Browser", served: Mapping[str, str], tag: str, mode: str
) -> None:
    """Axe finds nothing on any page, from the right and in the dark as well."""
    tab = browser.new_page(
        color_scheme="dark" if mode == "dark" else "light",
        viewport={"width": 375, "height": 700},
    )
    for path, html in served.items():
        if path.startswith(f"{tag}/"):
            style = f"<style>{served['public.css']}</style>"
            tab.set_content(html.replace("</head>", f"{style}</head>"))
            report = ask_axe(tab)
            assert not report.complaints, (path, report.complaints)
            assert report.passed > 15
    tab.close()


def test_keys_reach_every_field_but_the_trap(tab: "Tab") -> None:
    """In the order of reading, each with a ring around it that can be seen."""
    tab.goto(f"{SITE}en/x/subscribe")
    reached = []
    for _ in range(9):
        tab.keyboard.press("Tab")
        focused = tab.evaluate(
            "[document.activeElement.name || document.activeElement.className,"
            " getComputedStyle(document.activeElement).outlineWidth]"
        )
        assert focused[1] == "3px", focused
        reached.append(focused[0])
    assert reached == [
        *("skip", "", "email", "name", "first", "second", "third", "only"),
        "",
    ]
    assert tab.locator("#website").is_hidden()


def test_who_made_a_mistake_is_taken_there(tab: "Tab") -> None:
    """The field that is wrong has the focus, without any script."""
    tab.goto(f"{SITE}ar/x/mistaken")
    tab.locator("#email:focus").wait_for(timeout=60_000)
