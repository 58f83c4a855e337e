"""``[theme]`` in ``distribute.toml``."""

from pathlib import Path

import pytest

from distribute.config.settings import parse_settings
from distribute.errors import ConfigError
from distribute.render.theme.files import templates_folder
from distribute.render.theme.style import Logo, Style

LEAST = """\
[newsletter]
title = "Tide Letter"
url = "https://tide.example.org/"
tag = "example.org,2026"
languages = ["en"]

[theme]
"""


def style_of(lines: str, folder: Path) -> Style:
    """Read a file with these lines in its table."""
    path = folder / "distribute.toml"
    return parse_settings(LEAST + lines, folder=folder, path=path).style


def complaints(lines: str, folder: Path) -> tuple[str, ...]:
    """Read a file that is wrong, and give all that is."""
    with pytest.raises(ConfigError) as raised:
        style_of(lines, folder)
    return raised.value.problems


def test_nothing_needs_to_be_written(tmp_path: Path) -> None:
    """By default mails look like a letter, 640 pixels wide, without a picture."""
    style = style_of("", tmp_path)
    assert style.preset == "letter"
    assert style.shape.width == 640
    assert style.image_width == 560
    assert style.logo is None


def test_everything_can_be_chosen(tmp_path: Path) -> None:
    """Preset, measures, logo, colours and fonts."""
    (tmp_path / "images").mkdir()
    for name in ("a.png", "b.PNG"):
        (tmp_path / "images" / name).write_bytes(b"")
    style = style_of(
        'preset = "poster"\nwidth = 600\nradius = 0\nlogo = "/images/a.png"\n'
        'logo_dark = "images/b.PNG"\nlogo_width = 200\nlogo_alt = " Tide  Letter "\n'
        '[theme.light]\nlink = "Navy"\n[theme.dark]\nlink = "#ABC"\n'
        '[theme.fonts]\ntext = "Charter, serif"\ntext-arabic = ["Amiri", "serif"]\n',
        tmp_path,
    )
    assert style.preset == "poster"
    assert (style.shape.width, style.shape.radius) == (600, 0)
    assert style.logo == Logo(
        name="images/a.png", dark="images/b.PNG", alt="Tide Letter", width=200
    )
    assert style.light["link"] == "#000080"
    assert style.dark["link"] == "#aabbcc"
    assert style.fonts["text"] == "Charter, serif"
    assert style.fonts["text-arabic"] == "Amiri, serif"
    assert style.fonts["mono"].endswith("monospace")


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        ('preset = "lettre"', ":8: theme.preset: there is no preset 'lettre', did you"),
        (
            "width = 479",
            ":8: theme.width: 479 is out of range: write a number from 480",
        ),
        ("width = 721", "theme.width: 721 is out of range"),
        ('width = "wide"', ":8: theme.width: expected a whole number, got text"),
        ("radius = 25", "theme.radius: 25 is out of range"),
        ('colour = "red"', ":8: theme.colour: unknown key"),
        ('logo = "none.png"', ":8: theme.logo: there is no file 'none.png'"),
        (f'logo = "{"n" * 999}.png"', ":8: theme.logo: there is no file 'nnn"),
        ('preset = "x"', ":8: theme.preset: there is no preset 'x'; there are console"),
        ('logo = "a.svg"', "mail programs show PNG, JPEG and GIF alone"),
        ('logo = "http://example.org/a.png"', "show pictures from https alone"),
        ('logo = "../a.png"', "is in a folder that is not published"),
        ('logo = "templates/a.png"', "is in a folder that is not published"),
        ('logo = ".git/a.png"', "is in a folder that is not published"),
        ('logo_alt = "x"', ":8: theme.logo_alt: there is no logo"),
        (
            'logo = "https://e.org/a.png"\nlogo_width = 5',
            ":9: theme.logo_width: 5 pixels",
        ),
        ('[theme.light]\nlink = "#12"', ":9: theme.light.link: '#12' is no colour"),
        (
            '[theme.dark]\nlnk = "#123"',
            ":9: theme.dark.lnk: unknown key, did you mean 'l",
        ),
        (
            "[theme.light]\nlink = 5",
            ":8: theme.light: expected text, got a whole number",
        ),
        (
            '[theme.fonts]\ntext = "a;b"',
            ":9: theme.fonts.text: 'a;b' is no font family",
        ),
        (
            '[theme.fonts]\ntxt = "a"',
            "theme.fonts.txt: unknown key, did you mean 'text'",
        ),
    ],
)
def test_a_mistake_is_told_with_its_line(
    lines: str, complaint: str, tmp_path: Path
) -> None:
    """Each says the key, the line and what would be right."""
    (problem,) = complaints(lines, tmp_path)
    assert complaint in problem


def test_a_logo_behind_a_link_is_refused(tmp_path: Path) -> None:
    """The site publishes no links, so nobody would see it."""
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.png").write_bytes(b"")
    (tmp_path / "images").symlink_to(tmp_path / "real")
    (problem,) = complaints('logo = "images/a.png"', tmp_path)
    assert "links are not published" in problem
    assert style_of('logo = "real/a.png"', tmp_path).logo


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """Whoever mends the file sees them all, in the order of its lines."""
    found = complaints(
        'preset = "x"\nwidth = 1\n[theme.light]\nink = "x"\n[theme.fonts]\nmono = "("\n',
        tmp_path,
    )
    assert [problem.split(": ")[1] for problem in found] == [
        *("theme.preset", "theme.width", "theme.light.ink", "theme.fonts.mono"),
    ]


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        ('[theme.light]\nink = "#cccccc"\n', ":9: theme.light.ink: ink on"),
        ('[theme.dark]\npaper = "#888888"\n', ":9: theme.dark.paper: "),
        (
            '[theme.light]\nmasthead = "#5f636b"\n',
            ":9: theme.light.masthead: masthead-",
        ),
    ],
)
def test_what_nobody_could_read_is_a_mistake(
    lines: str, place: str, tmp_path: Path
) -> None:
    """Below a contrast of 3 to 1; the key is the one that was changed."""
    found = complaints(lines, tmp_path)
    assert place in found[0]
    assert "has a contrast of" in found[0]


def test_what_is_hard_to_read_is_only_found_later(tmp_path: Path) -> None:
    """From 3 to 1 on it is for `distribute check` to say."""
    assert style_of('[theme.light]\nquiet = "#808080"\n', tmp_path).light["quiet"]


def test_a_preset_of_ones_own_is_read_strictly(tmp_path: Path) -> None:
    """Its mistakes are told with its own file and line."""
    own = tmp_path / "templates" / "presets"
    own.mkdir(parents=True)
    letter = (templates_folder() / "presets" / "letter.toml").read_text("utf-8")
    (own / "mine.toml").write_text(letter.replace("radius = 6", "radius = 6.5"))
    (problem,) = complaints('preset = "mine"', tmp_path)
    assert ":8: theme.preset: " in problem
    assert f"{own / 'mine.toml'}:9: shape.radius: expected a whole number" in problem
    (own / "mine.toml").write_text(letter.replace("#fffefc", "#fafafa"))
    assert style_of('preset = "mine"', tmp_path).light["paper"] == "#fafafa"
