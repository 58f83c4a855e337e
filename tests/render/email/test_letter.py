"""Letters to single people: confirm it, you are here already, your link."""

import re
from collections.abc import Callable
from dataclasses import replace
from difflib import SequenceMatcher
from html import unescape

import pytest

from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.render.document import Letter
from distribute.render.email.letter import LetterKind, render_letter
from distribute.render.theme.files import templates_folder
from distribute.render.theme.theme import Theme
from tests.render.conftest import TAGS

LINK = "https://news.example.org/confirm/Qm9yZ2Vz-_1"
MakeLetter = Callable[..., Letter]
EVIL = "\"'><script>alert(1)</script>&lt;"


@pytest.fixture(scope="module")
def letter(publication: Publication, theme: Theme) -> MakeLetter:
    """Make a letter, in English and for confirming unless another is wanted."""

    def make(
        tag: str = "en",
        kind: LetterKind = LetterKind.CONFIRM,
        link: str = LINK,
        **changes: str,
    ) -> Letter:
        return render_letter(
            kind,
            Language(tag),
            link=link,
            publication=replace(publication, titles={}, **changes),  # type: ignore[arg-type]  # texts alone
            theme=theme,
        )

    return make


@pytest.mark.parametrize("kind", LetterKind)
@pytest.mark.parametrize("tag", TAGS)
def test_every_letter_in_every_language(
    letter: MakeLetter, tag: str, kind: LetterKind
) -> None:
    """It names the newsletter, shows the link and the postal address, and no more."""
    made = letter(tag, kind)
    assert "River Letters" in made.subject
    assert "\n" not in made.subject
    language = Language(tag)
    opening = f'<html lang="{language}" dir="{language.direction}"'
    assert made.html.startswith(f"<!DOCTYPE html>\n{opening}")
    assert made.html.count(f'href="{LINK}"') == 2
    assert f">{LINK}</a>" in made.html
    assert f"\n{LINK}\n" in made.text
    for line in ("2 Quay Lane", "Portsea"):
        assert line in made.text
        assert line in made.html
    for part in (made.html, made.text):
        assert "{" not in re.sub(r"<style.*?</style>", "", part, flags=re.DOTALL)


@pytest.mark.parametrize("kind", LetterKind)
def test_no_letter_tracks_anybody(letter: MakeLetter, kind: LetterKind) -> None:
    """There is no picture, and the only addresses are the link and the newsletter's."""
    html = letter(kind=kind).html
    assert "<img" not in html
    assert "url(" not in html
    assert set(re.findall(r'(?:href|src)="([^"]*)"', html)) == {
        LINK,
        "https://news.example.org/en/",
    }


def test_the_button_holds_in_outlook(letter: MakeLetter) -> None:
    """Its colour is that of a table cell, which Word keeps, and its style is inlined."""
    html = letter().html
    [face] = re.findall(r'<td class="face"[^>]*>', html)
    assert "background-color" in face
    assert "mso-padding-alt" in face
    assert "<!--[if mso]>" in html


def test_both_parts_say_the_same(letter: MakeLetter) -> None:
    """Nothing that matters is in the HTML alone."""
    for kind in LetterKind:
        made = letter("fr", kind)
        shown = re.sub(
            r"<(style|head).*?</\1>|<[^>]+>", " ", made.html, flags=re.DOTALL
        )
        for line in filter(str.strip, made.text.split("\n")[1:]):
            if not line.startswith("---") and "/fr/" not in line:
                assert line in unescape(shown), line


def test_a_letter_is_short(letter: MakeLetter) -> None:
    """The text is read in half a minute, and the whole is a few kilobytes."""
    for tag in TAGS:
        for kind in LetterKind:
            made = letter(tag, kind)
            assert len(made.text) < 900
            assert len(made.html.encode()) < 16_000


def test_what_is_hostile_stays_text(letter: MakeLetter) -> None:
    """A title, an address or a link breaks out of nothing."""
    made = letter(title=EVIL, address=EVIL, link=f"https://example.org/{EVIL}")
    assert "<script" not in made.html
    assert EVIL in made.subject
    assert f"\nhttps://example.org/{EVIL}\n" in made.text


def test_the_link_may_be_an_address_to_write_to(letter: MakeLetter) -> None:
    """Where nothing answers on the web, one confirms by mail."""
    link = "mailto:news%26x@example.org?subject=confirm%20Qm9y&body=yes"
    for tag in TAGS:
        made = letter(tag, link=link)
        assert made.html.count(f'href="{link.replace("&", "&amp;")}"') == 2
        assert ">confirm Qm9y</span>" in made.html
        assert "\nconfirm Qm9y\n" in made.text
        assert "news&x@example.org" in made.text


def test_without_a_link_there_is_no_button(letter: MakeLetter) -> None:
    """Subscribers can do by the links in every issue what no page does."""
    for kind in (LetterKind.KNOWN, LetterKind.PREFERENCES):
        made = letter(kind=kind, link="")
        assert made == letter(kind=LetterKind.KNOWN, link="")
        assert 'class="face"' not in made.html
        assert "the links at the end of every issue" in made.text
        assert "the links at the end of every issue" in made.html


def test_it_is_the_same_every_time(letter: MakeLetter) -> None:
    """A second attempt writes the same bytes."""
    assert letter("ar") == letter("ar")


def test_a_letter_stands_in_the_frame_of_an_issue() -> None:
    """All but what it says; each is a whole file, so that an own copy of it is one, too."""
    issue, letter = (
        (templates_folder() / name).read_text("utf-8").splitlines()
        for name in ("email/email.html", "letter/letter.html")
    )
    called = {"edition.title": "title", "content.preheader": "preheader"}
    for old, new in called.items():
        issue = [line.replace(old, new) for line in issue]
    pieces = SequenceMatcher(None, issue, letter, autojunk=False).get_opcodes()
    own = [
        line
        for kind, _, _, first, end in pieces
        if kind != "equal"
        for line in letter[first:end]
    ]
    assert own == [
        "{# The frame is that of email/email.html, with its style sheets. #}",
        own[1],
        '<h1 class="title">{{ heading }}</h1>',
        '<p>{{ t("letter.why", newsletter=named) }}</p>',
        '<p><a href="{{ home }}">{{ t("email.home") }}</a></p>',
    ]
    assert own[1].startswith("{% set named %}")
