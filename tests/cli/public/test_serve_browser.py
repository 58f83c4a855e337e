"""A real browser joins, confirms from the letter, chooses, and leaves; without a script."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from distribute.audience.store import Store
from distribute.audience.subscriber import Status, Subscriber
from tests.axe import ask_axe
from tests.browsers import chromium
from tests.cli.serving import Visitor, letters, link_in, serving, write_newsletter

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

GRACE = "grace@example.org"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Start Chromium without a window."""
    with chromium() as started:
        yield started


class Reader:
    """Somebody in front of a browser that runs no script and keeps no cookie."""

    def __init__(self, browser: "Browser", visitor: Visitor, language: str) -> None:
        self.context = browser.new_context(java_script_enabled=False, locale=language)
        self.page: Page = self.context.new_page()
        self.refused: list[str] = []
        self.page.on("console", lambda said: self.refused.append(said.text))
        self._visitor = visitor

    def open(self, path: str) -> None:
        """Follow a link."""
        answer = self.page.goto(f"http://{self._visitor.address}{path}")
        assert answer
        assert answer.ok

    def press(self) -> None:
        """Press the button of the page."""
        self.page.locator("button[type=submit]").click()

    def heading(self) -> str:
        """Read what the page says it is."""
        return self.page.locator("h1").inner_text()

    def is_styled(self) -> bool:
        """Tell whether the style sheet has been allowed and found."""
        box = self.page.locator(".card").first.bounding_box()
        return box is not None and box["width"] < 1000


def _stands(folder: Path) -> Subscriber | None:
    with Store.open(folder / "distribute.db") as store:
        return store.get(GRACE)


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_somebody_joins_chooses_and_leaves(
    browser: "Browser", tmp_path: Path, language: str, direction: str
) -> None:
    """In their language, from the first page to the last, by the letter they get."""
    folder = write_newsletter(tmp_path / "news")
    with serving(folder) as visitor:
        reader = Reader(browser, visitor, language)
        _join(reader, direction)
        (letter,) = letters(folder, 1)
        assert letter["Content-Language"] == language
        reader.open(link_in(letter))
        assert _stands(folder) is None
        reader.press()
        joined = _stands(folder)
        assert joined is not None
        assert [each.tag for each in joined.languages] == [language, "de"]
        _choose(reader)
        chosen = _stands(folder)
        assert chosen is not None
        assert (chosen.mailbox.name, chosen.languages[0].tag) == ("Grace", "de")
        assert chosen.paused_until is not None
        reader.page.locator('a[href*="/u/"]').click()
        reader.press()
        left = _stands(folder)
        assert left is not None
        assert left.status is Status.UNSUBSCRIBED
        assert reader.context.cookies() == []
        assert not [said for said in reader.refused if "Security Policy" in said]


def _join(reader: Reader, direction: str) -> None:
    reader.open("/subscribe")
    assert reader.page.locator("html").get_attribute("dir") == direction
    assert reader.is_styled()
    assert not reader.page.locator("#website").is_visible()
    reader.page.fill("#email", "grace@")
    reader.page.wait_for_timeout(1100)
    reader.press()
    assert reader.page.locator(".mistake").first.is_visible()
    reader.page.fill("#email", GRACE)
    reader.page.select_option("#second", "de")
    reader.page.wait_for_timeout(1100)
    reader.press()
    assert reader.heading()


def _choose(reader: Reader) -> None:
    reader.page.locator('a[href*="/p/"]').first.click()
    reader.page.fill("#name", "Grace")
    reader.page.select_option("#first", "de")
    reader.page.select_option("#pause", "30")
    reader.press()
    assert reader.page.locator(".done").is_visible()
    assert reader.page.locator("#name").input_value() == "Grace"


def test_nothing_keeps_anybody_out(browser: "Browser", tmp_path: Path) -> None:
    """Of what the server really sends axe has nothing serious to say."""
    folder = write_newsletter(tmp_path / "news")
    with serving(folder) as visitor:
        context = browser.new_context(bypass_csp=True)  # axe is a script
        tab = context.new_page()
        for path in ("/subscribe", "/link?lang=ar", "/u/x", "/nowhere?lang=zh"):
            tab.goto(f"http://{visitor.address}{path}")
            assert ask_axe(tab).serious == []
        context.close()
