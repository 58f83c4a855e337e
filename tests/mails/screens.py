"""Mails on screens: Chromium without a network, and what it is asked about them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from distribute.cli.newsletter.sample import sample_folder

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

Scheme = Literal["light", "dark"]
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="800">'
    '<rect width="1200" height="800" fill="#7d8fa3"/></svg>'
)
"""What stands for every picture that is not of the sample."""
PROPERTIES = (
    *("display", "color", "backgroundColor", "fontFamily", "fontSize", "fontWeight"),
    *("fontStyle", "lineHeight", "textAlign", "textDecorationLine", "textIndent"),
    *("whiteSpace", "wordBreak", "verticalAlign", "listStyleType", "direction"),
    *("borderCollapse", "tableLayout", "maxWidth", "minWidth", "width", "height"),
    *("marginTop", "marginRight", "marginBottom", "marginLeft"),
    *("paddingTop", "paddingRight", "paddingBottom", "paddingLeft"),
    *("borderTopWidth", "borderRightWidth", "borderBottomWidth", "borderLeftWidth"),
    *("borderTopStyle", "borderRightStyle", "borderBottomStyle", "borderLeftStyle"),
    *("borderTopColor", "borderRightColor", "borderBottomColor", "borderLeftColor"),
    *("borderTopLeftRadius", "borderBottomRightRadius", "overflowX", "maxHeight"),
)
"""The computed styles that are compared: all that our sheets set."""
_COMPUTED = """names => [...document.body.querySelectorAll("*"), document.body].map(each => {
  const style = getComputedStyle(each);
  return each.localName + "." + each.className + " " + names.map(n => n + ":" + style[n]).join("; ");
})"""
_WITHOUT_SHEETS = (
    '() => document.querySelectorAll("style").forEach(each => each.remove())'
)


def serve_pictures(route: "Route") -> None:
    """Answer with the sample's pictures, any other with the same one, and nothing else."""
    name = Path(urlsplit(route.request.url).path).name
    stem, _, _fingerprint = name.removesuffix(".png").partition(".")
    ours = sample_folder() / "images" / f"{stem}.png"
    if route.request.resource_type != "image":
        route.abort()
    elif ours.is_file():
        route.fulfill(path=ours)
    else:
        route.fulfill(body=PICTURE, content_type="image/svg+xml")


@contextmanager
def screen(
    browser: "Browser", width: int = 680, scheme: Scheme = "light"
) -> "Iterator[Page]":
    """Give the browser's one tab, in which nothing is fetched; emptied afterwards.

    A tab of its own for every mail would cost more than all that is asked about it.
    """
    tab = browser.contexts[0].pages[0] if browser.contexts else _tab(browser)
    tab.set_viewport_size({"width": width, "height": 900})
    tab.emulate_media(color_scheme=scheme)
    yield tab
    tab.goto("about:blank")


def _tab(browser: "Browser") -> "Page":
    context = browser.new_context()
    context.route("**/*", serve_pictures)
    return context.new_page()


def show(tab: "Page", html: str, *, stripped: bool = False) -> None:
    """Show a mail, as it is or as programs do that drop every ``<style>``."""
    tab.set_content(html, wait_until="load")
    if stripped:
        tab.evaluate(_WITHOUT_SHEETS)


def computed(tab: "Page") -> list[str]:
    """List the computed styles of all elements that are shown."""
    found: list[str] = tab.evaluate(_COMPUTED, PROPERTIES)
    return found


def differences(one: list[str], other: list[str]) -> list[tuple[str, str]]:
    """List the elements whose styles differ; there have to be as many."""
    assert len(one) == len(other)
    return [(a, b) for a, b in zip(one, other, strict=True) if a != b]
