"""Presets: how they are read, and how good ours are."""

import re
from dataclasses import fields, replace
from pathlib import Path, PurePosixPath

import pytest

from distribute.errors import RenderError
from distribute.render.theme.contrast import (
    PAIRS,
    contrast,
    contrast_flaws,
)
from distribute.render.theme.files import read_presets, templates_folder
from distribute.render.theme.palette import COLOUR_TOKENS
from distribute.render.theme.preset import parse_preset, presets_among
from distribute.render.theme.style import Choices, Shape, styled
from distribute.render.theme.theme import read_theme, style_of

SHIPPED = read_presets(Path("nowhere"))
NAMES = presets_among(SHIPPED)
LETTER = SHIPPED["presets/letter.toml"].text
PATH = PurePosixPath("templates/presets/mine.toml")


def test_there_is_a_choice() -> None:
    """Five looks are shipped, each with a sentence about it."""
    assert NAMES == ("console", "gazette", "letter", "plain", "poster")
    for name in NAMES:
        file = SHIPPED[f"presets/{name}.toml"]
        assert parse_preset(file.text, name=name, path=file.path).description


@pytest.mark.parametrize("name", NAMES)
def test_all_of_a_preset_can_be_read(name: str) -> None:
    """In light and dark, every text stands out from every ground, at least 4.5 to 1."""
    style = style_of(SHIPPED, name)
    assert contrast_flaws(style) == []
    for palette in (style.light, style.dark):
        assert set(palette) == set(COLOUR_TOKENS)
        assert not {"#000000", "#ffffff"} & set(palette.values())


def test_looks_are_really_different() -> None:
    """No two presets share the card, the links or the measures."""
    styles = [style_of(SHIPPED, name) for name in NAMES]
    assert len({style.light["link"] for style in styles}) == len(NAMES)
    assert len({style.shape for style in styles}) == len(NAMES)
    assert {style.shape.align for style in styles} == {"start", "centre"}
    assert any(style.light["ground"] == style.light["paper"] for style in styles)
    assert any(style.light["masthead"] != style.light["paper"] for style in styles)


def test_contrast_is_that_of_wcag() -> None:
    """Black on white is 21 to 1, a colour on itself 1 to 1, and sides do not matter."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#8fbdf0", "#8fbdf0") == pytest.approx(1)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)
    assert contrast("#ffffff", "#767676") == contrast("#767676", "#ffffff")


def test_what_is_hard_to_read_is_found() -> None:
    """Each pair that is too weak is named, with its mode and its ratio."""
    faint = Choices(light={"quiet": "#bbbbbb"}, dark={"masthead": "#a4a8b0"})
    preset = parse_preset(LETTER, name="letter", path=PATH)
    flaws = contrast_flaws(styled(preset, faint))
    assert {(flaw.mode, flaw.text) for flaw in flaws} == {
        *(("light", "quiet"), ("light", "masthead-quiet")),
        *(("dark", "masthead-ink"), ("dark", "masthead-quiet")),
    }
    assert all(1 <= flaw.ratio < 4.5 for flaw in flaws)
    assert "quiet on tint has a contrast of 1.6" in " ".join(map(str, flaws))
    assert flaws == sorted(flaws, key=lambda flaw: flaw.mode, reverse=True)


def test_every_ink_is_paired() -> None:
    """No colour of text is left out of what is compared."""
    inks = {"ink", "strong", "soft", "quiet", "link", "on-link"}
    assert {text for text, _ in PAIRS} >= inks | {"masthead-ink", "masthead-quiet"}


def test_what_is_derived_follows_what_is_chosen() -> None:
    """Who chooses links chooses the line on top, unless that has a colour of its own."""
    preset = parse_preset(LETTER, name="letter", path=PATH)
    style = styled(preset, Choices(light={"link": "#00665a"}, width=480, radius=0))
    assert style.light["accent"] == "#00665a"
    assert style.dark["accent"] == style.dark["link"] != "#00665a"
    assert style.image_width == 400
    assert style.shape.radius == 0


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('ink = "#24262b"', 'ink = "#24262"', "light.ink: '#24262' is no colour"),
        ('ink = "#24262b"', "ink = 5", "light.ink: expected a text"),
        ("radius = 6", "radius = 99", "shape.radius: 99 is out of range"),
        ("radius = 6", 'radius = "6"', "shape.radius: expected a whole number"),
        ("radius = 6", "radius = true", "shape.radius: expected a whole number"),
        ("radius = 6", "radus = 6", "did you mean 'radius'?"),
        ("double = false", "double = 1", "expected true or false"),
        ('align = "start"', 'align = "left"', "'left' is none of start, centre"),
        ("[fonts]", "[font]", "font: unknown key, did you mean 'fonts'?"),
        (
            'display = "Georgia, ',
            'display = "x;y, ',
            "display: 'x;y' is no font family",
        ),
        ("[shape]", "shape = 1\n[more]", "shape: expected a table"),
    ],
)
def test_a_mistake_in_a_preset_has_a_line(old: str, new: str, reason: str) -> None:
    """The error names file, line and key, and what would be right."""
    line = LETTER[: LETTER.index(f"\n{old}")].count("\n") + 2
    with pytest.raises(RenderError) as raised:
        parse_preset(LETTER.replace(old, new, 1), name="mine", path=PATH)
    assert f"{PATH}:{line}: " in str(raised.value)
    assert reason in str(raised.value)


def test_what_is_essential_must_be_there() -> None:
    """A palette without it is no palette; the error names the table."""
    with pytest.raises(
        RenderError, match=r"mine\.toml:\d+: light: lacks ink"
    ) as raised:
        parse_preset(LETTER.replace('ink = "#24262b"', "", 1), name="mine", path=PATH)
    assert LETTER.splitlines()[raised.value.line - 1] == "[light]"


def test_what_is_no_toml_is_told() -> None:
    """With the file, and where in it."""
    with pytest.raises(RenderError, match=r"mine\.toml:\d+: not valid TOML: Expected"):
        parse_preset(LETTER.replace("[shape]", "[shape", 1), name="mine", path=PATH)


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ('paper = "#fffefc"', '"paper" = "#xyz"', True, "light.paper: '#xyz'"),
        ("[light]", "[ light ]\nfog = 1", True, "light.fog: unknown key"),
        ('align = "start"', "align = []", True, "shape.align: \\[\\] is none of"),
        ("width = 640", f"width = {'9' * 5000}", False, "not valid TOML: Exceeds"),
        ("width = 640", f"width = {'[' * 5000}", False, "not valid TOML: .*recursion"),
    ],
)
def test_odd_files_are_told_as_well(
    old: str, new: str, *, line: bool, reason: str
) -> None:
    """Quoted keys, roomy headers, and values that are too much for the parser."""
    with pytest.raises(RenderError, match=reason) as raised:
        parse_preset(LETTER.replace(old, new, 1), name="mine", path=PATH)
    assert bool(raised.value.line) is line
    assert raised.value.hint


def test_all_mistakes_are_told_at_once() -> None:
    """Whoever mends a preset need not run it again for each mistake."""
    broken = LETTER.replace("radius = 6", "radius = -1").replace("#8fbdf0", "blu")
    with pytest.raises(RenderError) as raised:
        parse_preset(broken, name="mine", path=PATH)
    assert "shape.radius" in str(raised.value)
    assert "dark.link" in str(raised.value)


def test_a_newsletter_adds_and_replaces_presets(tmp_path: Path) -> None:
    """A file of its own is one more preset, or stands in for ours of its name."""
    folder = tmp_path / "presets"
    folder.mkdir()
    (folder / "mine.toml").write_text(LETTER.replace("radius = 6", "radius = 9"))
    (folder / "letter.toml").write_text(LETTER.replace("radius = 6", "radius = 1"))
    presets = read_presets(tmp_path)
    assert presets_among(presets) == tuple(sorted((*NAMES, "mine")))
    assert style_of(presets, "mine").shape.radius == 9
    assert read_theme(tmp_path).style.shape.radius == 1


def test_an_unknown_preset_is_guessed() -> None:
    """The error lists what there is."""
    with pytest.raises(RenderError, match="did you mean 'gazette'") as raised:
        style_of(SHIPPED, "gazete")
    assert "console, gazette, letter" in raised.value.hint


def test_the_usual_preset_says_all_there_is_to_say() -> None:
    """Whoever copies it finds every measure and every colour, with a word about each."""
    for field in fields(Shape):
        assert re.search(rf"^{field.name} = ", LETTER, re.MULTILINE)
    for token in COLOUR_TOKENS:
        assert re.search(rf"^(# )?{token} = .*  # \w", LETTER, re.MULTILINE)


def test_what_a_preset_leaves_out_is_usual() -> None:
    """Measures have defaults, which are those of the usual preset but for its weights."""
    bare = re.sub(r"\[shape\].*?\n\n", "", LETTER, flags=re.DOTALL)
    shape = parse_preset(bare, name="x", path=PATH).shape
    letter = parse_preset(LETTER, name="letter", path=PATH).shape
    assert shape == Shape()
    assert letter == replace(shape, title_weight=400, heading_weight=400)
    assert (templates_folder() / "presets" / "letter.toml").is_file()
