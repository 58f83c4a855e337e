"""Somebody joins, chooses, reads and leaves, in a real browser, by the mails they get."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest

from tests.acceptance.public_side import (
    HOME,
    STEADY,
    PublicSide,
    link_to,
    public_side,
)
from tests.axe import ask_axe
from tests.browsers import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Route

_PATIENCE = 1.1
"""Seconds; nobody fills in a form in less."""
_REFUSED = "status of 422"
"""What Chromium says to developers about a form that is to be mended."""
_WORDS = """() => {
  const copy = document.documentElement.cloneNode(true);
  const own = document.documentElement.lang;
  for (const each of copy.querySelectorAll(`[lang]:not([lang="${own}"]), address, .trap`))
    each.remove();
  const said = [copy.querySelector("title").textContent, copy.textContent];
  for (const each of copy.querySelectorAll("[aria-label], [title], [alt], [placeholder]"))
    for (const name of ["aria-label", "title", "alt", "placeholder"])
      said.push(each.getAttribute(name) ?? "");
  return said.join(" ");
}"""
"""All words of a page in its own language; the team's address is as they wrote it."""
_SMUGGLE = """document.body.append(Object.assign(
  document.createElement("script"), { textContent: "document.title = 'smuggled'" }))"""
_ENGLISH = re.compile(r"[A-Za-z]{2,}")
_AN_ADDRESS = re.compile(r"\S+@\S+")


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Start Chromium without a window."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def served(
    browser: "Browser",
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[PublicSide]:
    """Serve the sample newsletter, if there is a browser to look at it."""
    assert browser.is_connected()
    with public_side(tmp_path_factory.mktemp("joining") / "letter") as served:
        yield served


@dataclass
class Visit:
    """Somebody at their browser, and whatever it complained about."""

    tab: "Page"
    complaints: list[object] = field(default_factory=list)
    opened: float = 0.0

    def open(self, link: str) -> None:
        """Follow a link, as from a mail."""
        self.tab.goto(link)
        self.look()

    def press(self, what: str = "main button") -> None:
        """Press a button, or follow a link of the page."""
        with self.tab.expect_navigation():
            self.tab.click(what)
        self.look()

    def look(self) -> None:
        """Ask axe, and whether the page stands as its language does."""
        self.opened = monotonic()
        with suppress(pytest.skip.Exception):  # the way can be gone without axe
            self.complaints += ask_axe(self.tab).serious
        language, direction = self.tab.evaluate(
            "[document.documentElement.lang, getComputedStyle(document.body).direction]"
        )
        assert direction == ("rtl" if language == "ar" else "ltr")
        if language == "ar":
            said = _AN_ADDRESS.sub("", self.tab.evaluate(_WORDS))
            self.complaints += _ENGLISH.findall(said)

    def title(self) -> str:
        """Read the heading."""
        return self.tab.inner_text("h1")

    def language(self) -> str:
        """Tell which language the page says it is in."""
        return str(self.tab.evaluate("document.documentElement.lang"))

    def take_time(self) -> None:
        """Be as slow as people are."""
        left = _PATIENCE - (monotonic() - self.opened)
        self.tab.wait_for_timeout(max(left, 0) * 1000)


@contextmanager
def _visit(browser: "Browser", served: PublicSide, locale: str) -> "Iterator[Visit]":
    """Open a browser in a language; a proxy hands on what it asks for."""
    context = browser.new_context(locale=locale)
    context.set_default_timeout(60_000)
    visit = Visit(context.new_page())

    def hand_on(route: "Route") -> None:
        there = route.request.url.replace(HOME, f"http://{served.address}")
        route.fulfill(response=route.fetch(url=there, max_redirects=0))

    context.route(f"{HOME}/**", hand_on)

    def note(message: "ConsoleMessage") -> None:
        if _REFUSED not in message.text:
            visit.complaints.append(message.text)

    context.on("console", note)
    context.on("weberror", lambda error: visit.complaints.append(error.error))
    yield visit
    assert context.cookies() == []
    context.close()
    assert visit.complaints == []


@pytest.mark.slow
def test_somebody_joins_chooses_reads_and_leaves_in_english(
    browser: "Browser", served: PublicSide
) -> None:
    """From the archive to the form and the letter, and with the link of a mail away."""
    ida = "ida@example.com"
    with _visit(browser, served, "en-GB") as visit:
        visit.open(f"{HOME}/en/index.html")
        visit.press("a[href*='/subscribe']")
        _mistypes(visit, "ida@example")
        letter = _asks(visit, served, ida, "Ida Blom")
        assert visit.title() == "Check your inbox"
        assert letter["Subject"] == "Please confirm your subscription to Lights Out"
        known = _confirms(visit, served, ida, letter)
        assert (known["name"], known["languages"]) == ("Ida Blom", ["en"])
        _chooses(visit, served, ida, ["pt-BR", "en"])
        _pauses(visit, served, ida)
        mail = _gets(served, ida, "2")
        assert mail["Content-Language"] == "pt-BR"
        assert "Ida Blom" in mail["To"]
        _leaves(visit, served, ida, mail)
        _gets_no_more(served, ida, "4")


def test_somebody_joins_chooses_reads_and_leaves_in_arabic(
    browser: "Browser", served: PublicSide
) -> None:
    """As their browser asks for it: each page, each letter, and from right to left."""
    nur, name = "nur@example.com", "نور الهدى"
    with _visit(browser, served, "ar-EG") as visit:
        visit.open(f"{HOME}/subscribe")
        assert visit.language() == "ar"
        letter = _asks(visit, served, nur, name)
        assert letter["Content-Language"] == "ar"
        html = letter.get_body(("html",))
        assert html
        assert '<html lang="ar" dir="rtl"' in html.get_content()
        known = _confirms(visit, served, nur, letter)
        assert (known["name"], known["languages"]) == (name, ["ar"])
        _chooses(visit, served, nur, ["ar", "fr"])
        mail = _gets(served, nur, "3")
        assert mail["Content-Language"] == "ar"
        _leaves(visit, served, nur, mail)
        assert visit.language() == "ar"
        _gets_no_more(served, nur, "1")


def _mistypes(visit: Visit, address: str) -> None:
    """Write something that is no address, and be told so at the place."""
    visit.tab.fill("#email", address)
    visit.press()
    assert "name@example.org" in visit.tab.inner_text(".mistake")
    assert visit.tab.evaluate("document.activeElement.id") == "email"


def _asks(visit: Visit, served: PublicSide, address: str, name: str) -> EmailMessage:
    """Fill in the form that is open, with the keyboard, and wait for the letter."""
    visit.tab.fill("#name", name)
    visit.tab.fill("#email", address)
    visit.take_time()
    with visit.tab.expect_navigation():
        visit.tab.keyboard.press("Enter")
    visit.look()
    (letter,) = served.letters(address)
    assert served.subscriber(address) is None
    return letter


def _confirms(
    visit: Visit, served: PublicSide, address: str, letter: EmailMessage
) -> Mapping[str, Any]:
    """Follow the link, which alone does nothing, press the button, see what there is."""
    visit.open(link_to(letter, "confirm"))
    assert served.subscriber(address) is None
    visit.press()
    known = _known(served, address)
    assert known["status"] == "confirmed"
    visit.press("main a[href*='/p/']")
    return known


def _chooses(
    visit: Visit, served: PublicSide, address: str, languages: Sequence[str]
) -> None:
    """Put languages in order."""
    for place, language in zip(("first", "second"), languages, strict=True):
        visit.tab.select_option(f"#{place}", language)
    visit.press()
    assert visit.tab.is_visible("[role=status]")
    assert _known(served, address)["languages"] == languages


def _pauses(visit: Visit, served: PublicSide, address: str) -> None:
    """Get nothing for a month, and then think better of it."""
    visit.tab.select_option("#pause", "30")
    visit.press()
    assert _known(served, address)["paused_until"] == "2026-12-06"
    assert served.planned("5") == {STEADY}
    visit.tab.select_option("#pause", "0")
    visit.press()
    assert _known(served, address)["paused_until"] is None


def _gets(served: PublicSide, address: str, issue: str) -> EmailMessage:
    """Be sent an issue."""
    served.send(issue)
    (mail,) = served.mails_of(issue, address)
    return mail


def _leaves(visit: Visit, served: PublicSide, address: str, mail: EmailMessage) -> None:
    """Leave by the link of a mail, which alone does nothing, and its button."""
    found = re.search(r"<(https:[^>]+)>", mail["List-Unsubscribe"])
    assert found
    visit.open(found[1])
    assert _known(served, address)["status"] == "confirmed"
    visit.press()
    assert _known(served, address)["status"] == "unsubscribed"


def _gets_no_more(served: PublicSide, address: str, issue: str) -> None:
    """Be left out when another issue is sent."""
    served.send(issue)
    assert served.mails_of(issue, STEADY)
    assert served.mails_of(issue, address) == []
    assert len(served.letters_now(address)) == 1


def _known(served: PublicSide, address: str) -> Mapping[str, Any]:
    known = served.subscriber(address)
    assert known
    return known


def test_a_page_that_breaks_the_rules_is_noticed(
    browser: "Browser", served: PublicSide
) -> None:
    """What the other tests rely on: a script in a page is refused, and that aloud."""
    with suppress(AssertionError), _visit(browser, served, "en") as visit:
        visit.open(f"{HOME}/subscribe")
        visit.tab.evaluate(_SMUGGLE)
        assert visit.tab.title() != "smuggled"
    assert "Content Security Policy" in str(visit.complaints)
