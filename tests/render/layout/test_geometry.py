"""Buttons, rows and pictures beside a text, measured in a real browser."""

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from distribute.editions.edition import Issue
from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.render.document import Content
from distribute.render.email.email import render_email
from distribute.render.theme.theme import Theme
from tests.browsers import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route
    from playwright.sync_api import Page as Tab

IMAGE = '<img src="https://example.net/{}.png" alt="{}"{}>'
A, B, C = (IMAGE.format(name, name, "") for name in "abc")
TEXT = "A text that is long enough to need a few lines beside a picture. " * 4
WIDE = "long_word_of_code" * 12
LAID_OUT = f"""
<p id="go"><a class="button" href="https://example.net/1">Read it</a>
<a class="button secondary" href="https://example.net/2">Later</a></p>
<p>{A}</p>
<p>{B} {C}</p>
<p><em>One caption for both</em></p>
<p>{IMAGE.format("d", "d", ' class="left" width="140"')} {TEXT}</p>
<p>{IMAGE.format("e", "e", ' class="right"')} {TEXT}
<a class="button" href="https://example.net/3">On</a></p>
<blockquote><p>{TEXT}</p><p>{A} {B} {C}</p></blockquote>
<blockquote><blockquote><p id="inner">{TEXT}</p></blockquote><p id="below">{TEXT}</p>
</blockquote>
<ul><li>One<ul><li><pre><code>{WIDE}</code></pre></li></ul></li></ul>
<p class="note">{TEXT}</p>
<table><tr><th>a</th><th>b</th></tr><tr><td><p>{A}</p></td><td>{TEXT}</td></tr></table>
"""
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="600">'
    '<rect width="900" height="600" fill="#456"/></svg>'
)
BOXES = """names => Object.fromEntries(names.map(name => {
  const box = document.querySelector(name).getBoundingClientRect();
  return [name, [box.left, box.top, box.right, box.bottom].map(Math.round)];
}))"""
SEPARATORS = """() => {
  const line = (node, at) => {
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + 1);
    const box = range.getClientRects()[0];
    return [Math.round(box.bottom), box.left];
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const all = [];
  while (texts.nextNode()) {
    const text = texts.currentNode.data.trimEnd();
    if (text) all.push([texts.currentNode, text]);
  }
  return all.flatMap(([node, text], index) => {
    const at = text.indexOf("·");
    if (at < 0) return [];
    const [before, words] = /^\\W*·/.test(text) ? all[index - 1] : [node, text];
    const last = before === node ? text.search(/\\W*·/) - 1 : words.length - 1;
    return [[line(before, last), line(node, at)]];
  });
}"""
"""For each dot between two links: the line and place of what is before it, and its own."""
Box = tuple[int, int, int, int]
KEPT = re.compile(r"<style\b.*?</style>", re.DOTALL)


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Start Chromium without a window."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def tab(browser: "Browser") -> "Iterator[Tab]":
    """Open a tab to which nothing comes from outside."""

    def serve(route: "Route") -> None:
        if route.request.resource_type == "image":
            route.fulfill(body=PICTURE, content_type="image/svg+xml")
        else:
            route.abort()

    context = browser.new_context()
    page = context.new_page()
    page.route("**/*", serve)
    yield page
    context.close()


@pytest.fixture(scope="module")
def mails(
    theme: Theme,
    publication: Publication,
    make_issue: Callable[..., Issue],
    make_content: Callable[..., Content],
) -> dict[str, str]:
    """Make the mail of what is laid out, in both directions."""
    issue, content = make_issue(), make_content(LAID_OUT)
    return {
        tag: render_email(
            issue.editions[Language(tag)],
            content,
            issue,
            text="",
            publication=publication,
            theme=theme,
        ).html
        for tag in ("en", "ar")
    }


def measured(
    tab: "Tab", html: str, width: int, *names: str
) -> tuple[dict[str, Box], int]:
    """Show a mail; give the edges of elements, mirrored if it runs from the right."""
    tab.set_viewport_size({"width": width, "height": 800})
    tab.set_content(html)
    tab.wait_for_function("[...document.images].every(image => image.complete)")
    boxes = tab.evaluate(BOXES, list(names))
    if 'dir="rtl"' in html[:200]:
        boxes = {
            name: (width - right, top, width - left, bottom)
            for name, (left, top, right, bottom) in boxes.items()
        }
    taken = tab.evaluate("document.documentElement.scrollWidth")
    return {name: tuple(box) for name, box in boxes.items()}, taken


def image(name: str) -> str:
    """Select an image by its name."""
    return f'img[alt="{name}"]'


@pytest.mark.parametrize("tag", ["en", "ar"])
@pytest.mark.parametrize("width", [320, 375, 680])
@pytest.mark.parametrize("styles", ["kept", "stripped"])
def test_nothing_is_wider_than_the_screen(
    tab: "Tab", mails: dict[str, str], tag: str, width: int, styles: str
) -> None:
    """With the style sheets that mail programs keep, and without."""
    html = KEPT.sub("", mails[tag]) if styles == "stripped" else mails[tag]
    boxes, taken = measured(tab, html, width, ".card", ".content")
    assert taken <= width
    assert boxes[".content"][0] >= 0
    assert boxes[".content"][2] <= width


@pytest.mark.parametrize("tag", ["en", "ar"])
@pytest.mark.parametrize("width", [375, 680])
@pytest.mark.parametrize("styles", ["kept", "stripped"])
def test_buttons_can_be_hit_with_a_finger(
    tab: "Tab", mails: dict[str, str], tag: str, width: int, styles: str
) -> None:
    """Each is 44 pixels high at least, in a row or within a text (WCAG 2.5.5)."""
    html = KEPT.sub("", mails[tag]) if styles == "stripped" else mails[tag]
    first, second, third = (f'a[href$="/{number}"]' for number in (1, 2, 3))
    boxes, _ = measured(tab, html, width, first, second, third)
    for left, top, right, bottom in boxes.values():
        assert bottom - top >= 44
        assert right - left >= 44
    assert boxes[first][1] == boxes[second][1]
    assert boxes[second][0] - boxes[first][2] >= 8


@pytest.mark.parametrize("tag", ["en", "ar"])
@pytest.mark.parametrize(
    ("width", "styles"), [(680, "kept"), (680, "stripped"), (375, "stripped")]
)
def test_columns_stand_side_by_side(
    tab: "Tab", mails: dict[str, str], tag: str, width: int, styles: str
) -> None:
    """Equal ones in a row; a picture at its side of the text, mirrored with it."""
    html = KEPT.sub("", mails[tag]) if styles == "stripped" else mails[tag]
    names = [".row .stack:first-child img", ".row .stack:last-child img"]
    text = [f"td:has(+ * + td {image('e')}) p", f"td:has({image('d')}) + * + td p"]
    boxes, _ = measured(tab, html, width, *names, image("d"), image("e"), *text)
    first, last, left, right, before, behind = boxes.values()
    assert first[1] == last[1]
    assert abs((first[2] - first[0]) - (last[2] - last[0])) <= 1
    assert first[2] < last[0]
    assert left[2] < behind[0]
    assert before[2] < right[0]
    assert abs(left[1] - behind[1]) < 12


@pytest.mark.parametrize("tag", ["en", "ar"])
def test_columns_are_stacked_on_a_phone(
    tab: "Tab", mails: dict[str, str], tag: str
) -> None:
    """Where the mail program keeps the style sheet for narrow screens."""
    names = [".row .stack:first-child img", ".row .stack:last-child img"]
    text = f"td:has({image('d')}) + * + td p"
    boxes, _ = measured(tab, mails[tag], 375, *names, image("d"), text, ".content")
    first, last, picture, words, content = boxes.values()
    assert first[3] < last[1]
    assert first[2] - first[0] == last[2] - last[0] == content[2] - content[0] - 40
    assert picture[3] < words[1]
    assert words[2] - words[0] == content[2] - content[0] - 40


@pytest.mark.parametrize("tag", ["en", "ar"])
def test_a_quotation_within_another_ends_before_the_text_goes_on(
    tab: "Tab", mails: dict[str, str], tag: str
) -> None:
    """With a gap as between paragraphs, also where style sheets are taken away."""
    for html in (mails[tag], KEPT.sub("", mails[tag])):
        boxes, _ = measured(tab, html, 680, "#inner", "#below")
        assert boxes["#below"][1] - boxes["#inner"][3] >= 12


@pytest.mark.parametrize("tag", ["en", "ar"])
def test_a_separator_stays_with_the_link_before_it(
    tab: "Tab", mails: dict[str, str], tag: str
) -> None:
    """No line begins with a dot, however narrow; in Arabic it stands to the left."""
    for width in range(200, 440, 20):
        tab.set_viewport_size({"width": width, "height": 800})
        tab.set_content(mails[tag])
        places = tab.evaluate(SEPARATORS)
        assert len(places) == 9
        for (before, left), (dot, at) in places:
            assert abs(before - dot) <= 4
            assert (at < left) == (tag == "ar")
