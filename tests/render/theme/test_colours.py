"""Colours as people write them."""

import pytest

from distribute.errors import RenderError
from distribute.render.theme.colours import parse_colour


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("#1a5490", "#1a5490"),
        ("#1A5490", "#1a5490"),
        (" #abc ", "#aabbcc"),
        ("Navy", "#000080"),
        ("lightgoldenrodyellow", "#fafad2"),
    ],
)
def test_colours_become_six_digits(written: str, read: str) -> None:
    """Mail programs of all ages read six digits."""
    assert parse_colour(written) == read


@pytest.mark.parametrize(
    "written",
    [
        *("", "#12", "#12345", "#1234567", "#ff00ff80", "rgb(0,0,0)", "transparent"),
        *("currentcolor", "#12 345", "#000;}", "red;", "var(--ink)", "１２３"),
    ],
)
def test_nothing_else_is_a_colour(written: str) -> None:
    """What is no colour, or none that mail can show, does not get into a style sheet."""
    with pytest.raises(RenderError, match="is no colour"):
        parse_colour(written)


def test_a_misspelt_name_is_guessed() -> None:
    """The nearest name is offered."""
    with pytest.raises(RenderError, match="did you mean 'crimson'"):
        parse_colour("crimsom")


def test_the_names_are_those_of_css() -> None:
    """All 148 of CSS Color Module Level 4 are known, with their values."""
    colors = pytest.importorskip("cssutils.css.colors").COLORS
    opaque = {name: value for name, value in colors.items() if value[3] == 1}
    for name, (red, green, blue, _) in opaque.items():
        assert parse_colour(name) == f"#{red:02x}{green:02x}{blue:02x}"
    assert len(opaque) == 147
    assert parse_colour("rebeccapurple") == "#663399"
