"""Mails in every preset and every language, and what may be chosen in them."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from html import unescape
from itertools import product
from pathlib import Path

import pytest

from distribute.editions.asset import Asset
from distribute.editions.edition import Issue
from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.render.document import Content
from distribute.render.email.email import render_email
from distribute.render.theme.files import read_presets
from distribute.render.theme.preset import presets_among
from distribute.render.theme.style import Choices, Logo
from distribute.render.theme.theme import Theme, style_of, usual_style
from tests.render.email.mails import TAGS
from tests.render.email.sheets import disagreements

SHIPPED = read_presets(Path("nowhere"))
NAMES = presets_among(SHIPPED)
SHOWN = ("en", "ar", "zh")
"""The languages of every preset; the first preset is seen in all there are."""
STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
WORD = re.compile(r"<!--\[if mso\]>.*?<!\[endif\]-->", re.DOTALL)
Rendered = Callable[..., str]


@pytest.fixture(scope="module")
def rendered(
    theme: Theme,
    publication: Publication,
    make_issue: Callable[..., Issue],
    make_content: Callable[..., Content],
) -> Rendered:
    """Render an edition in a style."""

    def render(
        tag: str = "en",
        preset: str = "letter",
        choices: Choices | None = None,
        site: Publication = publication,
    ) -> str:
        style = style_of(SHIPPED, preset, choices or Choices())
        issue = make_issue()
        return render_email(
            issue.editions[Language(tag)],
            make_content(),
            issue,
            text="",
            publication=site,
            theme=replace(theme, style=style),
        ).html

    return render


@pytest.fixture(scope="module")
def usual(rendered: Rendered) -> Rendered:
    """Render an edition in a preset; what is wanted again is not made again."""
    return cache(rendered)


@pytest.mark.parametrize(
    ("preset", "tag"), sorted({*product(NAMES, SHOWN), *product(NAMES[:1], TAGS)})
)
def test_no_token_reaches_a_mail(usual: Rendered, preset: str, tag: str) -> None:
    """Every colour has six digits, every font a name, and the sheets are small."""
    html = WORD.sub("", usual(tag, preset))
    sheets = STYLE.findall(html)
    assert len(sheets) == 2
    assert sum(map(len, sheets)) < 8_000
    styles = [*sheets, *re.findall(r'style="([^"]*)"', html)]
    for css in styles:
        assert "var(" not in css
        assert "--" not in css
        assert "/*" not in css
        for digits in re.findall(r"#([0-9a-fA-F]+)[\s;\"]", css):
            assert len(digits) == 6
    style = style_of(SHIPPED, preset)
    assert style.light["paper"] in html
    assert style.dark["paper"] in sheets[0]
    assert style.dark["paper"] in sheets[1]


@pytest.mark.parametrize("preset", NAMES)
def test_the_same_style_gives_the_same_bytes(
    rendered: Rendered, usual: Rendered, preset: str
) -> None:
    """Twice the same is the same."""
    assert rendered("ar", preset) == usual("ar", preset)


@pytest.mark.parametrize("preset", NAMES)
@pytest.mark.parametrize("tag", SHOWN)
def test_every_preset_is_inlined_as_css_would_have_it(
    rendered: Rendered,
    usual: Rendered,
    monkeypatch: pytest.MonkeyPatch,
    preset: str,
    tag: str,
) -> None:
    """An inliner that knows the whole of CSS comes to the same styles."""
    css_inline = pytest.importorskip("css_inline")
    inlined = usual(tag, preset)
    monkeypatch.setattr("distribute.render.email.email.inline_css", str)
    laid_out = rendered(tag, preset)
    kept = laid_out.replace('data-premailer="ignore"', 'data-css-inline="keep"')
    oracle = css_inline.CSSInliner(
        load_remote_stylesheets=False, keep_at_rules=True, minify_css=True
    )
    assert disagreements(inlined, oracle.inline(kept)) == []


@pytest.mark.parametrize("width", [480, 600, 720])
def test_the_width_is_that_of_all(rendered: Rendered, width: int) -> None:
    """The card, the table around it for Outlook, and the widest picture."""
    html = rendered(choices=Choices(width=width))
    assert f'<table role="presentation" align="center" width="{width}"' in html
    assert f"max-width:{width}px" in html.replace(" ", "")
    boat = re.search(r'<img[^>]*boat\.png"[^>]*>', html)
    assert boat is not None
    assert f'width="{width - 80}"' in boat[0]


def test_word_is_told_fonts_that_windows_has(rendered: Rendered) -> None:
    """In its own conditional sheet, for each script its own."""
    for tag, font in (("en", '"Segoe UI", Arial'), ("zh", '"Microsoft YaHei"')):
        word = next(each for each in WORD.findall(rendered(tag)) if "<style>" in each)
        assert f"font-family:{font}" in word
        assert "-apple-system" not in word


def test_a_mail_invites_to_answer(rendered: Rendered, theme: Theme) -> None:
    """In its own language, above all that has to be said."""
    for tag in TAGS:
        html = unescape(rendered(tag))
        said = theme.catalogue(Language(tag)).say("email.reply", {})
        assert html.index(said) < html.index("2 Quay")


def test_without_a_logo_there_is_no_picture_of_one(rendered: Rendered) -> None:
    """The name of the newsletter stands for it."""
    assert 'class="sign' not in rendered()


def test_a_logo_stands_beside_the_name(
    rendered: Rendered, publication: Publication
) -> None:
    """It is published under its content's name, has its size, and needs no words."""
    asset = Asset(
        digest="ab" * 32, length=9, media_type="image/png", width=400, height=100
    )
    site = replace(
        publication,
        files=frozenset({"images/a b.png"}),
        assets={"images/a b.png": asset},
    )
    html = rendered(
        choices=Choices(logo=Logo(name="images/a b.png", width=96)), site=site
    )
    assert (
        '<img src="https://news.example.org/images/a%20b.ababababab.png" alt="" '
        'width="96" height="24"'
    ) in html
    assert re.search(r'<p class="newsletter"[^>]*><a[^>]*>River Letters</a>', html)


def test_a_logo_that_says_the_name_takes_its_place(rendered: Rendered) -> None:
    """Where pictures are off, its words are read instead, once."""
    logo = Logo(name="https://example.net/l.png", alt="River Letters")
    html = rendered(choices=Choices(logo=logo))
    header = html[html.index('class="header"') : html.index('class="content"')]
    assert header.count("River Letters") == 1
    assert 'alt="River Letters"' in header


def test_a_dark_logo_is_for_the_dark(rendered: Rendered) -> None:
    """One of the two is hidden, and Outlook for Windows is not shown the other at all."""
    logo = Logo(name="https://example.net/l.png", dark="https://example.net/d.png")
    html = rendered(choices=Choices(logo=logo))
    light, dark = (
        next(tag for tag in re.findall(r"<img[^>]*>", html) if name in tag)
        for name in ("l.png", "d.png")
    )
    assert "display:inline-block" in light.replace(": ", ":")
    assert "display:none" in dark.replace(": ", ":")
    shown_to_word = re.sub(r"<!--\[if !mso\]><!-->.*?<!--<!\[endif\]-->", "", html)
    assert "d.png" not in shown_to_word
    assert ".in-the-light { display: none !important; }" in html


def test_a_logo_that_is_gone_is_left_out(rendered: Rendered) -> None:
    """No mail shows a broken picture."""
    html = rendered(choices=Choices(logo=Logo(name="images/gone.png")))
    assert 'class="sign' not in html
    assert "River Letters" in html


def test_the_usual_style_is_the_letter() -> None:
    """A theme made of a few files looks like any other."""
    assert usual_style() == style_of(SHIPPED, "letter")
