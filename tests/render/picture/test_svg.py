"""How large an SVG is, if it says so itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distribute.render.picture.measure import measure
from distribute.render.picture.measured import Measured, PictureError

SPACE = 'xmlns="http://www.w3.org/2000/svg"'


@pytest.mark.parametrize(
    ("attributes", "sides"),
    [
        ('width="40" height="20"', (40, 20)),
        ('width="40px" height=" 20PX "', (40, 20)),
        ('width="1in" height="72pt"', (96, 96)),
        ('width="25.4mm" height="2.54cm"', (96, 96)),
        ('width="2pc" height=".6"', (32, 1)),
        ('width="40" viewBox="0 0 4 2"', (40, 20)),
        ('height="20" viewBox="0,0,4e0,2.0"', (40, 20)),
        ('viewBox="0 0 4 2"', (0, 0)),
        ('width="100%" height="20" viewBox="0 0 4 2"', (0, 0)),
        ('width="40" height="auto" viewBox="0 0 4 2"', (0, 0)),
        ('width="4em" height="2em"', (0, 0)),
        ('width="40"', (0, 0)),
        ('width="40" viewBox="0 0 4 0"', (0, 0)),
        ('width="-4" height="2"', (0, 0)),
        ('width="calc(1px)" height="NaN"', (0, 0)),
    ],
)
def test_absolute_units_make_a_size(attributes: str, sides: tuple[int, int]) -> None:
    """One side and the view's ratio do as well; all else is for the page to decide."""
    found = measure(f"<svg {SPACE} {attributes}><g/></svg>".encode())
    assert found == Measured("image/svg+xml", *sides)


@pytest.mark.parametrize(
    "before",
    [
        '<?xml version="1.0"?>\n<!-- made by hand -->\n',
        "\ufeff",
        "<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'http://no.example/svg.dtd'>",
        "<!DOCTYPE svg [<!ENTITY ns 'http://ns.example/'>]>",
    ],
)
def test_what_programs_write_above_it(before: str) -> None:
    """Declarations, comments and document types; none is fetched."""
    text = f'{before}<svg {SPACE} width="4" height="2"/>'
    assert measure(text.encode()) == Measured("image/svg+xml", 4, 2)
    prefixed = '<s:svg xmlns:s="http://www.w3.org/2000/svg" width="4" height="2"/>'
    assert measure(prefixed.encode()) == Measured("image/svg+xml", 4, 2)


def test_only_the_first_element_is_read() -> None:
    """What is broken below it does not show here."""
    text = f'<svg {SPACE} width="4" height="2"><g></svg>'
    assert measure(text.encode()) == Measured("image/svg+xml", 4, 2)


@pytest.mark.parametrize(
    "text",
    [
        "<svg width='4' height='2'/>",
        "<svg xmlns='http://other.example/' width='4' height='2'/>",
        f"<g {SPACE}/>",
        f"<svg {SPACE} width='4",
        "<?xml version='1.0' encoding='no-such'?><svg/>",
    ],
)
def test_what_browsers_do_not_take_for_an_svg(text: str) -> None:
    """Without its namespace it is not shown in a page."""
    with pytest.raises(PictureError, match="none of PNG"):
        measure(text.encode())


def test_entities_do_not_grow() -> None:
    """A billion laughs are refused where they are declared."""
    laughs = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    text = f"<!DOCTYPE svg [<!ENTITY a0 'ha'>{laughs}]><svg {SPACE} width='&a9;'/>"
    with pytest.raises(PictureError, match="entities"):
        measure(text.encode())


@given(st.text(max_size=30).map(lambda text: text.replace('"', "").replace("<", "")))
def test_any_length_is_a_size_or_none(written: str) -> None:
    """An attribute that is no length never makes a number up."""
    text = f'<svg {SPACE} width="{written}" height="{written}"/>'
    try:
        found = measure(text.encode("utf-8", "replace"))
    except PictureError:
        return
    assert found.width == found.height
    assert found.width == 0 or any(digit.isdigit() for digit in written)
