"""Mails and pages in a real browser: they fit every screen, and everybody can read them.

Chromium is the one on the path or Playwright's own. axe-core, which knows the rules of
WCAG, is found through ``DISTRIBUTE_NODE_MODULES``.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from distribute.editions.edition import Issue
from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.render.document import Content
from distribute.render.email import render_email
from distribute.render.page import render_index, render_page, render_root, stylesheet
from distribute.render.theme.theme import Theme

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route
    from playwright.sync_api import Page as Tab

SITE = "https://news.example.org/"
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="300">'
    '<rect width="1200" height="300" fill="#456"/></svg>'
)
WIDE = (
    f"<p>{'unbroken' * 40}</p>"
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
TAGS = ("en", "ar", "zh")
Documents = Callable[[str], dict[str, str]]


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Start Chromium without a window."""
    api = pytest.importorskip("playwright.sync_api", reason="there is no playwright")
    found = filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome")))
    with api.sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(
                executable_path=next(found, None), args=["--no-sandbox"]
            )
        except api.Error:
            pytest.skip("there is no Chromium; install one, or Playwright's own")
        yield started
        started.close()


@pytest.fixture(scope="module")
def axe() -> str:
    """Read axe-core."""
    path = Path(os.environ.get("DISTRIBUTE_NODE_MODULES", ""), "axe-core/axe.min.js")
    if not path.is_file():
        pytest.skip("axe-core is missing; set DISTRIBUTE_NODE_MODULES")
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def documents(
    theme: Theme,
    publication: Publication,
    make_issue: Callable[..., Issue],
    make_content: Callable[..., Content],
) -> Documents:
    """Make all that readers of a language see, by what it is called in this module."""

    def make(tag: str) -> dict[str, str]:
        language = Language(tag)
        issue = make_issue()
        edition = issue.editions[language]
        around = (make_issue(4).editions[language], make_issue(6).editions[language])
        content = make_content(make_content().html + WIDE)
        pages = (
            render_page(
                edition,
                content,
                issue,
                neighbours=around,
                publication=publication,
                theme=theme,
            ),
            render_index(
                language, [(edition, content)], publication=publication, theme=theme
            ),
            render_root(publication, theme),
            stylesheet(theme),
        )
        mail = render_email(
            edition, content, issue, publication=publication, theme=theme
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
        for width in (320, 375, 680):
            tab.set_viewport_size({"width": width, "height": 800})
            taken = tab.evaluate("document.documentElement.scrollWidth")
            assert taken <= width, (path, width)


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
    browser: "Browser", documents: Documents, axe: str, tag: str, scheme: str
) -> None:
    """The checker axe finds nothing serious, neither in contrast nor in names, order or roles."""
    checked = 0
    for path, tab in shown(browser, documents(tag), scheme):
        tab.evaluate(axe)
        report = tab.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        serious = [
            (path, violation["id"], violation["nodes"][0]["html"])
            for violation in report["violations"]
            if violation["impact"] in {"serious", "critical"}
        ]
        assert not serious
        checked += len(report["passes"])
    assert checked > 60
