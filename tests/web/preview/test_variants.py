"""A mail is shown light, dark and stripped whatever the viewer's system prefers."""

import pytest

from distribute.web.preview.variants import (
    PICTURES,
    Mode,
    as_file,
    shut_in,
    variant_of,
    with_remote_pictures,
    without_pictures,
)

MAIL = """<!DOCTYPE html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<style>@media (max-width:600px) { p { margin: 0 } }</style>
<style>@media (prefers-color-scheme:dark) { p { color: #ffffff !important } }</style>
</head>
<body><p style="color:#000000">It is (prefers-color-scheme: dark) outside.</p></body>
</html>
"""


def test_dark_rules_always_hold_in_the_dark() -> None:
    """What was asked of the system is always so; other questions stay as they are."""
    shown = variant_of(MAIL, Mode.DARK)
    assert "@media (min-width:0px) { p { color: #ffffff" in shown
    assert "@media (max-width:600px)" in shown


def test_dark_rules_never_hold_in_the_light() -> None:
    """They stay in the document, behind a question that is never answered with yes."""
    assert "@media (max-width:0px) { p { color: #ffffff" in variant_of(MAIL, Mode.LIGHT)


@pytest.mark.parametrize(
    ("question", "in_dark", "in_light"),
    [
        ("(prefers-color-scheme: light)", "(max-width:0px)", "(min-width:0px)"),
        ("( PREFERS-COLOR-SCHEME : DARK )", "(min-width:0px)", "(max-width:0px)"),
        ("(prefers-color-scheme)", "(min-width:0px)", "(min-width:0px)"),
        (
            "screen and (prefers-color-scheme:dark) and (max-width:600px)",
            "screen and (min-width:0px) and (max-width:600px)",
            "screen and (max-width:0px) and (max-width:600px)",
        ),
    ],
)
def test_every_form_of_the_question_is_answered(
    question: str, in_dark: str, in_light: str
) -> None:
    """Either scheme may be asked for, alone or among other conditions."""
    sheet = f"<style>@media {question} {{ p {{ margin: 0 }} }}</style>"
    assert f"@media {in_dark} {{" in variant_of(sheet, Mode.DARK)
    assert f"@media {in_light} {{" in variant_of(sheet, Mode.LIGHT)


def test_words_of_the_mail_are_no_questions() -> None:
    """Only style sheets are changed."""
    for mode in Mode:
        assert "It is (prefers-color-scheme: dark)" in variant_of(MAIL, mode)


def test_stripped_has_no_style_sheet() -> None:
    """What stands in the elements themselves stays."""
    shown = variant_of(MAIL, Mode.STRIPPED)
    assert "<style" not in shown
    assert 'style="color:#000000"' in shown


@pytest.mark.parametrize("mode", Mode)
def test_the_colours_of_the_canvas_are_those_of_the_mode(mode: Mode) -> None:
    """The mail's own wish, to follow the system, is taken out."""
    shown = variant_of(MAIL, mode)
    scheme = "dark" if mode is Mode.DARK else "light"
    assert shown.count('name="color-scheme"') == 1
    assert f'name="color-scheme" content="{scheme}"' in shown
    assert "supported-color-schemes" not in shown


@pytest.mark.parametrize(
    "html",
    [MAIL, "<p>no head</p>", "<html><body>x</body></html>", "", "<!doctype html>x"],
)
def test_our_policy_comes_before_everything(html: str) -> None:
    """Nothing of a mail is read before it, and a mail keeps its document type."""
    shown = shut_in(html)
    policy = shown.index("Content-Security-Policy")
    before = shown[:policy].lower()
    assert "<style" not in before
    assert "<body" not in before
    assert "<p" not in before
    assert "default-src 'none'" in shown
    assert shown[:9].lower() == html[:9].lower() or not html.lower().startswith("<!doc")


def test_pictures_can_be_forbidden_or_fetched() -> None:
    """The policy decides: none at all, or those of the network too."""
    shown = shut_in(MAIL)
    assert PICTURES in shown
    assert "img-src 'none'" in without_pictures(shown)
    assert "https:" not in shown
    assert "img-src data: file: 'self' http: https:" in with_remote_pictures(shown)


def test_a_file_finds_what_lies_beside_the_page() -> None:
    """Addresses count from the page, for a file some folders below as well."""
    assert '<base href="../../../" target="_blank">' in as_file(shut_in(MAIL), 3)
