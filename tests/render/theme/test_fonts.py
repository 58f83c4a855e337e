"""Lists of font families."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.errors import RenderError
from distribute.render.theme.fonts import (
    FONT_TOKENS,
    for_word,
    parse_families,
    with_defaults,
)


@pytest.mark.parametrize(
    ("written", "css"),
    [
        ("Georgia, serif", "Georgia, serif"),
        ("Georgia", "Georgia, sans-serif"),
        ("'Segoe UI', \"Noto Sans\"", '"Segoe UI", "Noto Sans", sans-serif'),
        ("Iowan  Old   Style, SERIF", '"Iowan Old Style", serif'),
        ("宋体, serif", '"宋体", serif'),
        ("-apple-system, system-ui", "-apple-system, system-ui, sans-serif"),
        ("Source Sans 3", '"Source Sans 3", sans-serif'),
    ],
)
def test_families_become_css(written: str, css: str) -> None:
    """Names with spaces are quoted, and the last one is generic."""
    assert parse_families(written) == css


def test_code_ends_with_fixed_widths() -> None:
    """The generic family of code is that of typewriters."""
    assert parse_families("Menlo", "mono") == "Menlo, monospace"


@pytest.mark.parametrize(
    "written",
    [
        *("", "a,,b", "a; color: red", "url(x)", "a}b{", "inherit", "a<b", "a\\b", "1"),
        *("a/*b", 'a"b', "a'b", "@import", "x" * 80, ", ".join("abcdefghijklmn")),
    ],
)
def test_what_is_no_family_is_refused(written: str) -> None:
    """Nothing that could end a declaration, or begin another."""
    with pytest.raises(RenderError):
        parse_families(written)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_nothing_breaks_out(written: str) -> None:
    """Whatever is written: what comes of it stays within one value."""
    try:
        css = parse_families(written)
    except RenderError:
        return
    assert not set(css) & set(";{}()<>\\'*/@:!\n")
    assert css.count('"') % 2 == 0


def test_word_is_told_what_windows_has() -> None:
    """Outlook shows Times where it does not know the first font."""
    assert for_word('-apple-system, "Segoe UI", Roboto, Arial, sans-serif') == (
        '"Segoe UI", Arial, sans-serif'
    )


def test_headings_are_set_like_text_unless_they_are_not() -> None:
    """Fonts that are not chosen are those of the text, and of the system."""
    fonts = with_defaults({"text": "Charter, serif", "display-arabic": "Amiri, serif"})
    assert set(fonts) == set(FONT_TOKENS)
    assert fonts["display"] == "Charter, serif"
    assert fonts["display-arabic"] == "Amiri, serif"
    assert "PingFang SC" in fonts["display-hans"]
