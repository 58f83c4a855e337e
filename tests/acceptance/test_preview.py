"""The gallery in a real browser, opened as a file: keyboard, screen reader, no network."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from tests.acceptance.gallery import write_gallery
from tests.axe import ask_axe
from tests.browsers import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Frame, Page, Request

    Open = Callable[..., Page]

Scheme = Literal["light", "dark"]
VIEWS = (
    *("all", "en/inbox", "ar/inbox", "en/desktop", "ar/phone/dark", "zh/text"),
    *("en/headers", "ar/feed", "en/source", "en/changes", "en/raw"),
    *("zh/inbox", "zh/phone", "zh/feed", "zh/changes"),
    "en/desktop/beside-ar",
)
BUSIEST: Mapping[Scheme, Sequence[str]] = {
    "light": ("all", "en/source"),
    "dark": ("en/inbox", "ar/phone/dark"),
}
"""The views with the most in them."""
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
_WIDER = "document.documentElement.scrollWidth - innerWidth"
_GO = """view => new Promise(done => {
  addEventListener("hashchange", () => requestAnimationFrame(() => setTimeout(done)), { once: true });
  location.hash = view;
})"""
_SEEN = "document.querySelector('.view:not([hidden])')?.id"
_FOCUS = "document.activeElement.dataset.edition ?? document.activeElement.dataset.view"


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Start Chromium without a window."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Preview an issue in three languages, after two posts were changed for the worse."""
    return write_gallery(tmp_path_factory.mktemp("gallery") / "letter")


@pytest.fixture(scope="module")
def tab(browser: "Browser") -> "Page":
    """Give the one tab of all tests: a new one costs more than all that is done in it."""
    return browser.new_context().new_page()


@pytest.fixture
def opened(tab: "Page", gallery: Path) -> "Iterator[Open]":
    """Open the gallery at an address; nothing it does may ask the network."""
    asked: list[str] = []
    errors: list[str] = []

    def see(request: "Request") -> None:
        if not request.url.startswith(("file:", "data:", "about:")):
            asked.append(request.url)

    def fail(error: object) -> None:
        errors.append(str(error))

    def open_at(
        fragment: str = "", *, width: int = 1280, scheme: Scheme = "light"
    ) -> "Page":
        tab.set_viewport_size({"width": width, "height": 800})
        tab.emulate_media(color_scheme=scheme)
        tab.goto(f"{gallery.as_uri()}#{fragment}")
        tab.wait_for_load_state()
        return tab

    tab.on("request", see)
    tab.on("pageerror", fail)
    yield open_at
    tab.remove_listener("request", see)
    tab.remove_listener("pageerror", fail)
    tab.evaluate("localStorage.clear()")
    tab.goto("about:blank")
    assert (asked, errors) == ([], [])


def go(tab: "Page", view: str) -> None:
    """Go to another view, and wait until it is there."""
    tab.evaluate(_GO, view)


def mail(tab: "Page", panel: str) -> "Frame":
    """Give the frame of a panel, loaded."""
    handle = tab.wait_for_selector(f"[id='{panel}'] iframe")
    assert handle
    frame = handle.content_frame()
    assert frame
    frame.wait_for_selector("h1")
    return frame


def test_mails_are_as_high_as_what_they_say(opened: "Open") -> None:
    """A frame has no scroll bar of its own, though nothing runs in it."""
    tab = opened("en/desktop")
    frame = mail(tab, "en/desktop")
    tab.wait_for_function(
        "document.querySelector('[id=\"en/desktop\"] iframe').offsetHeight > 1500"
    )
    assert frame.evaluate("innerHeight >= document.documentElement.scrollHeight")
    assert frame.evaluate("innerWidth") == 680
    assert frame.evaluate("[...document.images].every(i => i.naturalWidth > 0)")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_mail_is_dark_whatever_the_viewer_prefers(
    opened: "Open", scheme: Scheme
) -> None:
    """So it is with one that is light."""
    colour = "getComputedStyle(document.querySelector('.content')).color"
    tab = opened("en/phone/dark", scheme=scheme)
    assert mail(tab, "en/phone").evaluate(colour) != "rgb(36, 38, 43)"
    tab.keyboard.press("l")
    tab.wait_for_function("location.hash === '#en/phone'")
    frame = mail(tab, "en/phone")
    frame.wait_for_function(f"{colour} === 'rgb(36, 38, 43)'")


def test_pictures_can_be_off(opened: "Open") -> None:
    """Their words are left; without style sheets the words of the mail are."""
    tab = opened("en/desktop/off")
    frame = mail(tab, "en/desktop")
    assert frame.evaluate("[...document.images].every(i => !i.naturalWidth)")
    tab.keyboard.press("x")
    frame = mail(tab, "en/desktop")
    frame.wait_for_function("document.querySelectorAll('style').length === 0")


def test_no_post_runs_a_script(opened: "Open") -> None:
    """Not in the page, and not in a frame either."""
    tab = opened("en/desktop")
    for panel in ("en/desktop", "en/feed"):
        if panel != "en/desktop":
            go(tab, panel)
        frame = mail(tab, panel)
        for link in frame.query_selector_all("a"):
            assert not (link.get_attribute("href") or "").startswith("javascript")
        title = tab.title()
        assert "script" not in title
        assert "img" not in title


def test_tabs_are_walked_with_the_arrows(opened: "Open") -> None:
    """One of each list can be reached by Tab; arrows go on to the others and around."""
    tab = opened()
    tab.keyboard.press("Tab")  # the link that skips
    tab.focus("#editions [aria-selected=true]")
    tab.keyboard.press("ArrowRight")
    assert tab.evaluate(_FOCUS) == "en"
    assert tab.evaluate("location.hash") == "#en/desktop"
    tab.focus("#views [aria-selected=true]")
    tab.keyboard.press("ArrowLeft")
    assert tab.evaluate(_SEEN) == "en/inbox"
    tab.keyboard.press("ArrowLeft")
    assert tab.evaluate(_FOCUS) == "raw"
    tab.keyboard.press("Home")
    assert tab.evaluate(_SEEN) == "en/inbox"
    assert (
        tab.evaluate("document.querySelectorAll('#views [tabindex=\"0\"]').length") == 1
    )
    assert "Inbox" in (tab.text_content("#said") or "")


def test_who_skips_stays_where_they_are(opened: "Open") -> None:
    """The link at the top leads behind the tabs, to what is shown."""
    tab = opened("ar/headers")
    tab.focus(".skip")
    tab.keyboard.press("Enter")
    assert tab.evaluate(_SEEN) == "ar/headers"
    assert tab.evaluate("location.hash") == "#ar/headers"
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.closest('.view').id") == "ar/headers"


def test_single_keys_go_everywhere(opened: "Open") -> None:
    """Digits choose the edition, letters the view; the address says where one is."""
    tab = opened()
    for key, seen in (("2", "zh/desktop"), ("p", "zh/phone"), ("3", "ar/phone")):
        tab.keyboard.press(key)
        assert tab.evaluate(_SEEN) == seen
    tab.keyboard.press("l")
    assert tab.evaluate("location.hash") == "#ar/phone/dark"
    tab.reload()
    assert tab.evaluate(_SEEN) == "ar/phone"
    tab.go_back()
    assert tab.evaluate("location.hash") == "#ar/phone"
    tab.keyboard.press("?")
    assert tab.evaluate("document.querySelector('#help').open")
    tab.keyboard.press("1")
    assert tab.evaluate("location.hash") == "#ar/phone"


def test_single_keys_take_nothing_from_others(opened: "Open") -> None:
    """Not from a field, not with Control, and not at all if somebody wants none."""
    tab = opened("en/inbox")
    tab.focus("#beside")
    tab.keyboard.press("p")
    assert tab.evaluate(_SEEN) == "en/inbox"
    tab.focus("#views [aria-selected=true]")
    tab.keyboard.press("Control+h")
    assert tab.evaluate(_SEEN) == "en/inbox"
    tab.keyboard.press("?")
    tab.uncheck("#single")
    tab.keyboard.press("Escape")
    tab.keyboard.press("p")
    assert tab.evaluate(_SEEN) == "en/inbox"


def test_two_editions_scroll_as_one(opened: "Open") -> None:
    """Each in proportion to its length."""
    tab = opened("en/desktop/beside-ar")
    mail(tab, "ar/desktop")
    tab.wait_for_function("document.getElementById('ar').scrollHeight > 2000")
    share = (
        "each => { const pane = document.getElementById(each);"
        "return pane.scrollTop / (pane.scrollHeight - pane.clientHeight); }"
    )
    tab.evaluate(
        "const p = document.getElementById('en'); p.scrollTop = p.scrollHeight / 3"
    )
    tab.wait_for_function(
        f"(share => share('ar') > 0.2 && Math.abs(share('en') - share('ar')) < 0.02)({share})"
    )


def test_findings_are_at_their_place(opened: "Open") -> None:
    """About the mail beside the mail, and each under its line with the words marked."""
    tab = opened("en/desktop")
    group = tab.locator("[id='en/desktop'] .remark", has_text="link-vague")
    assert group.is_visible()
    group.locator("summary").focus()
    tab.keyboard.press("Enter")
    group.locator("a", has_text="Line").click()
    assert tab.evaluate(_SEEN) == "en/source"
    row = tab.locator(".row.found", has_text="Read [more] (")
    assert row.is_visible()
    assert "[here](http://example.org/c)" in "".join(
        row.locator("mark").all_inner_texts()
    )
    assert "(" in "".join(row.locator("mark").all_inner_texts())


def test_marks_beside_the_mail_lead_to_the_line(opened: "Open") -> None:
    """A link or picture that a finding is about has one at its height."""
    tab = opened("en/desktop")
    frame = mail(tab, "en/desktop")
    mark = tab.locator("[id='en/desktop'] .pin").first
    mark.wait_for()
    height = frame.evaluate(
        "[...document.links].find(l => l.href === 'http://example.org/c')"
        ".getBoundingClientRect().top"
    )
    paper = tab.locator("[id='en/desktop'] .paper").bounding_box()
    box = mark.bounding_box()
    assert paper is not None
    assert box is not None
    assert abs(box["y"] - paper["y"] - height) < 30
    assert "here" in (mark.get_attribute("aria-label") or "")
    mark.click()
    assert tab.evaluate(_SEEN) == "en/source"


def test_pictures_of_others_are_loaded_when_asked_for(
    tab: "Page", gallery: Path
) -> None:
    """And only then: not by an address that somebody was sent, nor after a reload."""
    asked: list[str] = []

    def note(request: "Request") -> None:
        asked.append(request.url)

    tab.on("request", note)
    tab.route("https://**", lambda route: route.abort())
    tab.goto(f"{gallery.as_uri()}#en/desktop/network")
    mail(tab, "en/desktop")
    assert not [url for url in asked if url.startswith("http")]
    with tab.expect_request("https://cdn.example.net/lamp.jpg"):
        tab.select_option("#pictures", "network")
    asked.clear()
    tab.reload()
    mail(tab, "en/desktop")
    assert not [url for url in asked if url.startswith("http")]
    tab.remove_listener("request", note)
    tab.unroute("https://**")
    tab.goto("about:blank")


def test_changes_are_shown_word_by_word(opened: "Open") -> None:
    """Those since the preview before."""
    tab = opened("en/changes")
    added = "".join(tab.locator("[id='en/changes'] ins").all_inner_texts())
    assert "says here" in added


def test_nothing_stands_out_of_the_screen(opened: "Open") -> None:
    """In any view, on any screen."""
    tab = opened()
    for view in VIEWS:
        go(tab, view)
        for width in (320, 375, 1680):
            tab.set_viewport_size({"width": width, "height": 800})
            assert tab.evaluate(_WIDER) <= 0, (view, width)


def test_without_script_it_is_one_long_page(browser: "Browser", gallery: Path) -> None:
    """With everything in it; mails are in frames of their own."""
    tab = browser.new_page(java_script_enabled=False)
    tab.goto(gallery.as_uri())
    assert tab.locator("section.edition").count() == 4
    assert all(each.is_visible() for each in tab.locator("section.view").all())
    frame = tab.locator("[id='en/desktop'] iframe").content_frame
    assert frame.locator("h1").first.inner_text().startswith("Lights Out #5")
    assert not tab.locator("#views").is_visible()
    tab.close()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_serious(opened: "Open", scheme: Scheme) -> None:
    """With every finding unfolded."""
    check_with_axe(opened(scheme=scheme), BUSIEST[scheme])


@pytest.mark.slow
@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_serious_anywhere(opened: "Open", scheme: Scheme) -> None:
    """In any view, in the light and in the dark."""
    check_with_axe(opened(scheme=scheme), VIEWS)


def check_with_axe(tab: "Page", views: Sequence[str]) -> None:
    """Ask axe about views, one after the other."""
    found = []
    for view in views:
        go(tab, view)
        tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        found += [(view, *each) for each in ask_axe(tab, iframes=False).serious]
    assert found == []
