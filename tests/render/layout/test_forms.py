"""Buttons, rows, pictures beside a text: as mail and pages have them."""

import re

import pytest

from distribute.render.layout.fit import fit_for_mail, fit_for_page

LEFT = '<img src="a" alt="" class="left" width="140">'
RIGHT = LEFT.replace("left", "right")
A, B, C, D = (f'<img src="{name}" alt="">' for name in "abcd")
GO = '<a href="x" class="button">Go</a>'
STOP = '<a href="y" title="t" class="button secondary">Stop</a>'


def cells(html: str) -> list[tuple[str, str]]:
    """List the class and the width of each cell, in their order."""
    return re.findall(r'<td class="([^"]*)" width="([^"]*)"', html)


def test_a_button_is_a_cell() -> None:
    """Its link can be clicked all over; the second way out has another face."""
    fitted = fit_for_mail(f'<p id="i">{GO} {STOP}</p>')
    assert '<div class="buttons" id="i">' in fitted
    assert (
        'class="face" align="center" valign="middle"><a class="button" href="x">'
        in (fitted)
    )
    assert 'class="face outline"' in fitted
    assert '<a class="button secondary" href="y" title="t">Stop</a></td>' in fitted
    assert "mso-font-width" not in fitted


@pytest.mark.parametrize(
    ("paragraph", "direction", "align"),
    [
        ("<p>", "ltr", ""),
        ("<p>", "rtl", ' align="right"'),
        ('<p class="center">', "rtl", ' align="center"'),
        ('<p class="button right">', "ltr", ' align="right"'),
    ],
)
def test_word_aligns_buttons_by_their_box(
    paragraph: str, direction: str, align: str
) -> None:
    """Where the text begins, or where the author says; no table floats."""
    fitted = fit_for_mail(f"{paragraph}{GO}</p>", direction=direction)
    assert re.match(rf'<div class="[^"]*"{align}><!--\[if mso\]><table ', fitted)
    assert not re.search(r"<table[^>]* align=", fitted)


def test_a_page_keeps_buttons_apart() -> None:
    """They are links in a paragraph."""
    assert fit_for_page(f"<p>{GO} {STOP}</p>") == f'<p class="buttons">{GO} {STOP}</p>'
    plain = '<a href="x">Go</a>'
    assert fit_for_page(f'<p class="button">{plain}</p>') == (
        f'<p class="button buttons">{plain}</p>'
    )


@pytest.mark.parametrize(
    ("pictures", "share", "pixels"),
    [("ab", 48, 240), ("abc", 31, 155), ("abcd", 22, 110)],
)
def test_a_row_has_equal_columns(pictures: str, share: int, pixels: int) -> None:
    """Their widths are shares of the text, those of the pictures pixels, for Outlook."""
    images = [f'<img src="{name}" alt="">' for name in pictures]
    fitted = fit_for_mail(f"<p>{' '.join(images)}</p>", width=500)
    columns = [width for kind, width in cells(fitted) if kind == "stack"]
    assert columns == [f"{share}%"] * len(images)
    assert fitted.count(f'width="{pixels}" style="width:100%"') == len(images)
    gaps = [int(width[:-1]) for kind, width in cells(fitted) if kind == "gap"]
    assert share * len(images) + sum(gaps) in {99, 100}


def test_captions_in_a_row() -> None:
    """One below each picture, and one below all of them."""
    html = f"<p>{A} <em>1</em> {B} <em>2</em></p>\n<p><em>all</em></p>"
    fitted = fit_for_mail(html)
    assert fitted.count('<p class="caption"><em>') == 2
    assert '<figcaption><div class="caption"><em>all</em></div></figcaption>' in fitted
    assert fit_for_page(html) == (
        '<figure class="row"><div class="columns">'
        f"<figure>{A}<figcaption><em>1</em></figcaption></figure>"
        f"<figure>{B}<figcaption><em>2</em></figcaption></figure></div>"
        "<figcaption><em>all</em></figcaption></figure>"
    )
    assert f"<div>{C}</div><div>{D}</div>" in fit_for_page(f"<p>{C}{D}</p>")


@pytest.mark.parametrize(
    ("html", "order"),
    [
        (f"<p>{LEFT} Text</p>", ["25%", "71%"]),
        (f"<p>{RIGHT} Text</p>", ["71%", "25%"]),
        (f'<p class="media">{A} Text</p>', ["32%", "64%"]),
        (f'<p class="media">{LEFT.replace("140", "30%")} Text</p>', ["30%", "66%"]),
        (f'<p class="media">{LEFT.replace("140", "500")} Text</p>', ["60%", "36%"]),
        (f'<p class="media">{LEFT.replace("140", "900")} Text</p>', ["32%", "64%"]),
    ],
)
def test_a_picture_beside_a_text(html: str, order: list[str]) -> None:
    """As wide as its author has it, but the text keeps its room."""
    fitted = fit_for_mail(html)
    assert [width for kind, width in cells(fitted) if kind == "stack"] == order
    assert "<p>Text</p>" in fitted


def test_a_page_has_the_picture_where_it_is_to_be_seen() -> None:
    """Before the text or behind it; its style sheet sets them side by side."""
    assert fit_for_page(f"<p>{RIGHT} Text</p>") == (
        f'<div class="media"><p>Text</p>{RIGHT}</div>'
    )


@pytest.mark.parametrize(
    ("html", "direction", "side"),
    [
        (f"<p>{RIGHT}</p>", "ltr", "right"),
        (f"<p>{RIGHT}</p>", "rtl", "left"),
        (f"<p>{LEFT}</p>", "rtl", "right"),
        (f'<p class="center">{A}</p>', "rtl", "center"),
        (f'<p class="right">{A}</p>', "rtl", "right"),
    ],
)
def test_the_side_of_a_picture_is_mirrored_with_its_text(
    html: str, direction: str, side: str
) -> None:
    """A translation into Arabic need not change it; a paragraph's own side stays."""
    assert f'<div align="{side}"><img' in fit_for_mail(html, direction=direction)


def test_what_is_in_a_list_has_less_room() -> None:
    """As many pixels less as lists and quotes are indented."""
    deep = f"<ul><li><blockquote><p>{A}{B}</p></blockquote></li></ul>"
    assert f'width="{(560 - 2 * 26) * 48 // 100}"' in fit_for_mail(deep)


@pytest.mark.parametrize(
    ("html", "widths"),
    [
        (f"<p>{A}</p>", ["560"]),
        (f"<ul><li><p>{A}</p></li></ul><p>{B}</p>", ["534", "560"]),
        (f"<blockquote><ul><li>{A}</li></ul><p>and {B}</p></blockquote>", ["508", "534"]),
        (f'<p class="media">{A} text {B}</p>', ["180", "358"]),
    ],
)  # fmt: skip
def test_word_gets_widths_that_fit_their_place(html: str, widths: list[str]) -> None:
    """In lists and quotes, and beside a picture, there is less room."""
    assert (
        re.findall(r'<img src="." alt="" width="(\d+)"', fit_for_mail(html)) == widths
    )


@pytest.mark.parametrize(
    "inner", [A, f"{A} {B}", f"{LEFT} text", GO, f"{A} <em>A caption</em>"]
)
def test_a_note_is_a_cell_whatever_it_holds(inner: str) -> None:
    """With room for its padding; Word knows no background but that of cells."""
    fitted = fit_for_mail(f'<p class="note">{inner}</p>')
    assert fitted.startswith("<table ")
    assert fitted.count('<td class="note">') == fitted.count("note") == 1
    widths = map(int, re.findall(r'<img[^>]* width="(\d+)"', fitted))
    assert all(width <= 524 for width in widths)
