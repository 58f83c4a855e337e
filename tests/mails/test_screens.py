"""Mails as people see them: nothing stands out, everybody can read it, order is kept.

Pictures are taken for people to look at where ``DISTRIBUTE_SCREENS`` names a folder.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from distribute.checks.proof import READER, Proof
from distribute.render.email.personal import personalise, values_of
from tests.axe import Complaint, ask_axe
from tests.mails.proofs import FULL, Proofs, rewritten
from tests.mails.screens import Scheme, screen, show

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SCHEMES: tuple[Scheme, ...] = ("light", "dark")
WIDTHS = (320, 375, 680)
SHOWN = ("en", "ar", "zh", "tr")
"""The languages that are kept as pictures."""
LINE = 12
"""Less than a line is high, and more than two scripts on one differ by."""
_WIDER = "() => document.documentElement.scrollWidth - innerWidth"
_OUTSIDE = """() => {
  const scrolls = e => e && (getComputedStyle(e).overflowX != "visible" || scrolls(e.parentElement));
  return [...document.body.querySelectorAll("*")].filter(each => {
    const box = each.getBoundingClientRect();
    return box.width && (box.right > innerWidth + 1 || box.left < -1) && !scrolls(each.parentElement);
  }).map(each => each.outerHTML.slice(0, 120));
}"""
_PLACES = """where => [...document.querySelectorAll(where)].map(each => {
  const box = each.getBoundingClientRect();
  return [each.lang, Math.round(box.top), Math.round(box.left)];
})"""
_LETTERS = """text => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const at = walker.currentNode.data.indexOf(text);
    if (at < 0 || !walker.currentNode.parentElement.getClientRects().length) continue;
    found.push([...text].map((letter, n) => {
      const range = document.createRange();
      range.setStart(walker.currentNode, at + n);
      range.setEnd(walker.currentNode, at + n + 1);
      return range.getBoundingClientRect().left;
    }));
  }
  return found;
}"""


def in_full(proofs: Proofs) -> Mapping[str, Proof]:
    """Give the mails of the issue that there is in all languages."""
    return {
        proof.language.folder: proof
        for proof in proofs.values()
        if proof.issue.id == FULL
    }


def check_width(browser: "Browser", proofs: Mapping[str, Proof]) -> None:
    """See that nothing is wider than the screen, with style sheets and without."""
    with screen(browser) as tab:
        for name, proof in proofs.items():
            for stripped in (False, True):
                show(tab, proof.email.html, stripped=stripped)
                for width in WIDTHS:
                    tab.set_viewport_size({"width": width, "height": 900})
                    where = (name, width, "stripped" if stripped else "whole")
                    assert tab.evaluate(_OUTSIDE) == [], where
                    assert tab.evaluate(_WIDER) <= 0, where


def test_nothing_stands_out(browser: "Browser", sample: Proofs) -> None:
    """From 320 pixels on in every language, also where style sheets are stripped."""
    check_width(browser, in_full(sample))


@pytest.mark.slow
def test_nothing_of_any_issue_stands_out(browser: "Browser", sample: Proofs) -> None:
    """Nor in the other issues of the sample."""
    check_width(browser, sample)


@pytest.mark.slow
def test_nothing_of_a_real_issue_stands_out(browser: "Browser", real: Proofs) -> None:
    """Nor in real ones, whatever is in them."""
    check_width(browser, real)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_everybody_can_read_it(
    browser: "Browser", sample: Proofs, scheme: Scheme
) -> None:
    """The checker axe finds nothing serious in three scripts: contrast, names, roles."""
    with screen(browser, 680, scheme) as tab:
        for tag in ("en", "ar", "zh"):
            show(tab, sample[f"{FULL}/{tag}"].email.html)
            assert serious_in(tab) == [], tag


@pytest.mark.slow
@pytest.mark.parametrize("scheme", SCHEMES)
def test_everybody_can_read_every_issue(
    browser: "Browser", sample: Proofs, real: Proofs, scheme: Scheme
) -> None:
    """In any language, whether it is of the sample or real; half of these in the dark."""
    assert len(in_full(sample)) == 8
    half = [*real.items()][SCHEMES.index(scheme) :: 2]
    with screen(browser, 375, scheme) as tab:
        for name, proof in [*sample.items(), *half]:
            show(tab, proof.email.html)
            assert serious_in(tab) == [], name


def serious_in(tab: "Page") -> list[Complaint]:
    """Ask axe about what is shown."""
    report = ask_axe(tab)
    assert report.passed > 10
    return report.serious


@pytest.mark.parametrize("tag", ["ar", "en"])
def test_languages_are_offered_in_reading_order(
    browser: "Browser", sample: Proofs, tag: str
) -> None:
    """In Arabic the first one stands at the right, whatever script the names are in."""
    with screen(browser) as tab:
        show(tab, sample[f"{FULL}/{tag}"].email.html)
        links: Sequence[tuple[str, int, int]] = tab.evaluate(
            _PLACES, ".footer a[hreflang]"
        )
    assert [language for language, _, _ in links] == in_order(links, tag)
    assert len(links) == 7


def in_order(links: Sequence[tuple[str, int, int]], tag: str) -> list[str]:
    """Give the languages line by line, each line from the side where reading begins."""
    side = -1 if tag == "ar" else 1
    lines: list[list[tuple[int, str]]] = []
    last = -LINE
    for language, top, left in sorted(links, key=lambda link: link[1]):
        if top > last + LINE:
            lines.append([])
            last = top
        lines[-1].append((side * left, language))
    assert len(lines) < len(links), "each on a line of its own"
    return [language for line in lines for _, language in sorted(line)]


def test_signs_stay_at_their_word(browser: "Browser", sample: Proofs) -> None:
    """In Arabic, C++ and F# are read as they are written, in the title and the text."""
    body = "لغة C++ ولغة F#.\n\nقال (C++).\n"
    proof = rewritten(sample[f"{FULL}/ar"], body, title="مكتبة C++")
    with screen(browser) as tab:
        show(tab, proof.email.html)
        for word, times in (("C++", 3), ("F#", 1)):
            places = tab.evaluate(_LETTERS, word)
            assert len(places) >= times, word
            assert all(each == sorted(each) for each in places), word


@pytest.fixture(scope="module")
def folder() -> Path:
    """Find out where the pictures are wanted."""
    name = os.environ.get("DISTRIBUTE_SCREENS", "")
    if not name:
        pytest.skip("DISTRIBUTE_SCREENS names no folder for the pictures")
    path = Path(name).absolute()
    path.mkdir(parents=True, exist_ok=True)
    return path


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [375, 680])
def test_mails_are_kept_as_pictures(
    folder: Path, browser: "Browser", sample: Proofs, width: int, scheme: Scheme
) -> None:
    """On a phone and on a desk, in light and dark, from the left and from the right."""
    with screen(browser, width, scheme) as tab:
        for tag in SHOWN:
            proof = sample[f"{FULL}/{tag}"]
            values = values_of(
                name=READER.name,
                address=READER.address,
                unsubscribe_url=proof.links.unsubscribe,
                preferences_url=proof.links.preferences,
            )
            html, _ = personalise(proof.email, values)
            show(tab, html)
            path = folder / f"mail-{tag}-{width}-{scheme}.png"
            tab.screenshot(path=path, full_page=True)
            assert path.stat().st_size > 20_000
