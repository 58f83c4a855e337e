"""Mails and pages in a real browser: they fit every screen, and everybody can read them.

Chromium is the one on the path or Playwright's own. axe-core, which knows the rules of
WCAG, is found through ``DISTRIBUTE_NODE_MODULES``.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from distribute.editions.edition import Issue
from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.render.document import Content, Heading
from distribute.render.email.email import render_email
from distribute.render.pages.frame import stylesheet
from distribute.render.pages.index import render_index
from distribute.render.pages.not_found import render_not_found
from distribute.render.pages.page import render_page
from distribute.render.pages.root import render_root
from distribute.render.theme.theme import Theme
from tests.axe import ask_axe
from tests.browsers import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route
    from playwright.sync_api import Page as Tab

SITE = "https://news.example.org/"
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="300">'
    '<rect width="1200" height="300" fill="#456"/></svg>'
)
WIDE = (
    f"<p>{'unbroken' * 40}</p><p>{'one word and another ' * 300}</p>"
    '<h3 id="three">Three</h3><h2 id="four">Four</h2>'
    '<p><a href="https://example.net/">https://example.net/' + "path/" * 40 + "</a></p>"
    f"<pre><code>{'long_code ' * 40}</code></pre><p><code>{'x' * 300}</code></p>"
    "<table><thead><tr>"
    + "<th>heading</th>" * 9
    + "</tr></thead><tbody><tr>"
    + "<td>河流 value</td>" * 9
    + "</tr></tbody></table>"
    '<p><img src="https://example.net/wide.png" alt="Wide"></p>'
    "<p><em>A caption below it</em></p><p><strong>A headline</strong></p>"
    '<p class="formula" dir="ltr">x² ≤ ½</p>'
    "<blockquote><ul><li>a<ul><li>b<ul><li>c<ul><li>d</li></ul></li></ul></li></ul>"
    "</li></ul></blockquote>"
)
OUTLINE = tuple(
    Heading(level, place, f"{place} & more")
    for level, place in ((2, "two"), (3, "three"), (2, "four"))
)
TAGS = ("en", "ar", "zh")
Documents = Callable[[str], dict[str, str]]


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Start Chromium without a window."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def documents(
    theme: Theme,
    publication: Publication,
    make_issue: Callable[..., Issue],
    make_content: Callable[..., Content],
) -> Documents:
    """Make all that readers of a language see, by what it is called in this module."""
    site = replace(
        publication,
        titles={**publication.titles, Language("zh"): "unbroken" * 10},
        subscribe="https://news.example.org/join",
    )

    def make(tag: str) -> dict[str, str]:
        language = Language(tag)
        issue = make_issue()
        edition = issue.editions[language]
        around = (
            replace(make_issue(4).editions[language], title="unbroken" * 20, image=""),
            make_issue(6).editions[language],
        )
        content = replace(make_content(make_content().html + WIDE), headings=OUTLINE)
        pages = (
            render_page(
                edition,
                content,
                issue,
                neighbours=around,
                publication=site,
                theme=theme,
            ),
            render_index(
                language,
                [(each, content.excerpt) for each in (edition, *around)],
                publication=site,
                theme=theme,
            ),
            render_root(site, theme, issue.editions),
            render_not_found(site, theme),
            stylesheet(theme),
        )
        mail = render_email(
            edition, content, issue, text="", publication=publication, theme=theme
        )
        return {"mail.html": mail.html} | {page.path: page.html for page in pages}

    return make


def shown(
    browser: "Browser", documents: dict[str, str], scheme: str = "light"
) -> "Iterator[tuple[str, Tab]]":
    """Open each document in turn; nothing comes from outside."""

    def serve(route: "Route") -> None:
        path = urlsplit(route.request.url).path.removeprefix("/")
        if route.request.url.startswith(SITE) and path in documents:
            kind = "text/css" if path.endswith(".css") else "text/html; charset=utf-8"
            route.fulfill(body=documents[path], content_type=kind)
        elif route.request.resource_type == "image":
            route.fulfill(body=PICTURE, content_type="image/svg+xml")
        else:
            route.abort()

    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
    tab = context.new_page()
    tab.route("**/*", serve)
    for path in documents:
        if path.endswith(".html"):
            tab.goto(SITE + path)
            yield path, tab
    context.close()


@pytest.mark.parametrize("tag", TAGS)
def test_nothing_stands_out_of_a_narrow_screen(
    browser: "Browser", documents: Documents, tag: str
) -> None:
    """From 320 pixels on, whatever is in a post: tables and code scroll on their own."""
    for path, tab in shown(browser, documents(tag)):
        for width in (320, 375, 680, 1280):
            tab.set_viewport_size({"width": width, "height": 800})
            taken = tab.evaluate("document.documentElement.scrollWidth")
            assert taken <= width, (path, width)


def test_what_is_in_a_long_issue_stands_at_its_side(
    browser: "Browser", documents: Documents
) -> None:
    """Folded above the text on a phone; open beside it, and staying, where there is room."""
    for path, tab in shown(browser, documents("ar")):
        if path == "ar/boats-5/index.html":
            link = tab.locator(".outline a").first
            tab.set_viewport_size({"width": 375, "height": 800})
            assert not link.is_visible()
            tab.locator("summary").click()
            assert link.is_visible()
            tab.reload()
            tab.set_viewport_size({"width": 1280, "height": 800})
            assert link.is_visible()
            link.click()
            tab.wait_for_url("**#two")
            text, aside = (
                tab.locator(which).bounding_box() for which in (".content", ".outline")
            )
            assert text
            assert aside
            assert aside["x"] + aside["width"] < text["x"]
            assert 0 <= aside["y"] < 100
            return
    pytest.fail("there is no such page")


def test_on_paper_there_is_the_text_alone(
    browser: "Browser", documents: Documents
) -> None:
    """Printed, a page is title, text and address; menus stay on the screen."""
    for path, tab in shown(browser, documents("zh")):
        if path == "zh/boats-5/index.html":
            assert not tab.locator(".on-paper").is_visible()
            tab.emulate_media(media="print")
            assert tab.locator(".on-paper").is_visible()
            assert tab.locator("h1").is_visible()
            for menu in (".languages", ".outline", ".neighbours", ".foot", ".all"):
                assert not tab.locator(menu).first.is_visible(), menu
            return
    pytest.fail("there is no such page")


def test_a_phone_in_the_dark_gets_the_design(
    browser: "Browser", documents: Documents
) -> None:
    """The kept sheet wins over what was inlined."""
    for path, tab in shown(browser, documents("en"), "dark"):
        tab.set_viewport_size({"width": 375, "height": 800})
        surface = ".card" if path == "mail.html" else "body"
        assert tab.evaluate(
            "where => getComputedStyle(document.querySelector(where)).backgroundColor",
            surface,
        ) in {"rgb(28, 31, 36)", "rgb(22, 24, 28)"}


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("tag", TAGS)
def test_everybody_can_read_it(
    browser: "Browser", documents: Documents, tag: str, scheme: str
) -> None:
    """The checker axe finds nothing in pages, and in mail, made of tables, nothing serious.

    That is contrast, names, order and roles.
    """
    checked = 0
    for path, tab in shown(browser, documents(tag), scheme):
        report = ask_axe(tab)
        mail = path == "mail.html"
        assert (path, report.serious if mail else report.complaints) == (path, [])
        checked += report.passed
    assert checked > 60
