"""An e-mail in each language and script: directions, fonts, and the languages offered."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from distribute.editions.edition import Issue
from distribute.editions.publication import Publication
from distribute.errors import RenderError
from distribute.language import Language
from distribute.render.document import Content
from distribute.render.email.email import render_email
from distribute.render.theme.theme import Theme
from tests.render.email.mails import TAGS, TEXT, Render


@pytest.mark.parametrize("tag", TAGS)
def test_language_and_direction_stand_wherever_clients_look(
    render: Render, tag: str
) -> None:
    """Document, body, wrapper and the tables around it all say language and direction."""
    html = re.sub(r"<!--.*?-->", "", render(tag).html, flags=re.DOTALL)
    said = f'lang="{tag}" dir="{"rtl" if tag == "ar" else "ltr"}"'
    assert html.startswith(f"<!DOCTYPE html>\n<html {said} xmlns:v=")
    tables = '<table role="presentation" class="(?:frame|card)"'
    for element in ("<body ", '<div role="article" ', tables):
        found = re.findall(rf"{element}[^>]*>", html)
        assert found
        assert all(said in each for each in found), element


def test_other_languages_are_offered_in_their_own_names(
    render: Render, make_issue: Callable[..., Issue]
) -> None:
    """Only the editions that exist are offered, each by its own name."""
    issue = make_issue(tags=("en", "ar", "zh"))
    email = render("zh", issue=issue)
    for tag, name, direction in (("en", "English", "ltr"), ("ar", "العربية", "rtl")):
        link = (
            rf'<a href="https://news.example.org/{tag}/boats-5/" lang="{tag}" '
            rf'hreflang="{tag}" dir="{direction}"[^>]*>{name}</a>'
        )
        assert re.search(link, email.html)
        assert f"{name}：https://news.example.org/{tag}/boats-5/" in email.text
    assert "Français" not in email.html + email.text
    assert "中文" not in email.html


def test_a_lone_edition_offers_no_other(
    render: Render, make_issue: Callable[..., Issue]
) -> None:
    """Without translations nothing is said about them."""
    email = render("en", issue=make_issue(tags=("en",)))
    assert "In other languages" not in email.html + email.text


def test_arabic_is_mirrored(render: Render) -> None:
    """What stands on the left in English stands on the right in Arabic."""
    arabic, english = render("ar").html, render("en").html
    quote = re.compile(r"<td class=.quote. style='?\"?([^>]*)>")
    mirrored, plain = quote.search(arabic), quote.search(english)
    assert mirrored is not None
    assert plain is not None
    assert "border-right-width:3px" in mirrored[1]
    assert "border-left-width:0" in mirrored[1]
    assert "border-left:3px" in plain[1]
    assert "text-align:right" in arabic[arabic.index('class="content"') :][:600]


def test_arabic_keeps_its_order(render: Render) -> None:
    """Separators and the plus signs of C++ stay where they are read."""
    html = render("ar").html
    assert "\u200f·\u200f" in html
    assert "C++\u200e</h1>" in html
    assert '<span dir="ltr">address-' in html
    assert "\u200f" not in render("en").html


@pytest.mark.parametrize("tag", ["ar", "zh"])
def test_no_italics_where_a_script_has_none(render: Render, tag: str) -> None:
    """Arabic and Chinese stress by weight."""
    assert re.search(r"<em style=.font-style:normal; font-weight:600", render(tag).html)


def test_each_script_has_its_fonts(render: Render) -> None:
    """Chinese readers get Chinese glyphs and line height."""
    html = render("zh").html
    assert "Noto Sans CJK SC" in html
    assert "line-height:1.8" in html[html.index('class="content"') :][:600]


def test_code_runs_from_the_left_in_arabic(render: Render) -> None:
    """Code is not mirrored."""
    assert '<pre dir="ltr"' in render("ar").html


def test_a_language_without_words_is_an_error(
    theme: Theme,
    publication: Publication,
    make_issue: Callable[..., Issue],
    make_content: Callable[..., Content],
) -> None:
    """A mail is in one language or it is not made."""
    issue = make_issue()
    edition = replace(issue.editions[Language("en")], language=Language("fi"))
    with pytest.raises(RenderError, match=r"Add catalogues/fi\.toml"):
        render_email(
            edition,
            make_content(),
            issue,
            text=TEXT,
            publication=publication,
            theme=theme,
        )
