"""What is chosen under [theme] reaches readers, or somebody is told."""

from pathlib import Path

import pytest

from distribute.checks.styles import chosen
from distribute.finding import Finding, Severity
from tests.checks.press import SETTINGS, Press, only, shipped
from tests.render.picture.drawing import png

LOGO = '[theme]\nlogo = "/images/logo.png"\nlogo_dark = "images/dark.png"\n'
COLOURS = '[theme.light]\nink = "#222222"\n'
ROOT = "p { margin: 0 }\n:root {\n  --ink: #333333;\n  --paper: #ffffff;\n  --own: 1px;\n}\n"


def found(
    press: Press, theme: str, templates: dict[str, str] | None = None
) -> list[Finding]:
    """Look at a newsletter with these settings of its theme."""
    proof = press.proof(settings=SETTINGS + theme, templates=templates or {})
    return list(chosen.find(proof.theme, proof.publication))


@pytest.fixture
def images(press: Press) -> Path:
    """Give the folder of pictures, with two logos that are well."""
    folder = press.folder / "images"
    folder.mkdir(parents=True)
    for name in ("logo.png", "dark.png"):
        (folder / name).write_bytes(png(40, 20))
    return folder


def test_logos_that_are_pictures_are_well(press: Press, images: Path) -> None:
    """By day and in the dark."""
    assert images.is_dir()
    assert found(press, LOGO) == []


@pytest.mark.parametrize(
    ("name", "line"), [("logo.png", 2), ("dark.png", 3)], ids=["day", "dark"]
)
def test_a_logo_that_is_no_picture_is_found_at_its_line(
    press: Press, images: Path, name: str, line: int
) -> None:
    """Whatever its name says."""
    (images / name).write_bytes(b"<html>Not found</html>")
    finding = only(found(press, LOGO), "logo-unreadable")
    assert finding.severity is Severity.WARNING
    assert finding.path.name == "distribute.toml"
    assert finding.line == SETTINGS.count("\n") + line
    assert finding.words == f"images/{name}"
    assert f"the logo images/{name}: " in finding.message


def test_own_colours_of_pages_are_noted_once_for_a_sheet(press: Press) -> None:
    """Where the first stands; tokens of its own are the sheet's own business."""
    own = {"page/style.css": ROOT + shipped("page/style.css")}
    finding = only(found(press, COLOURS, own), "theme-overridden")
    assert finding.severity is Severity.NOTE
    assert (finding.path.name, finding.line) == ("style.css", 3)
    assert finding.words == "--ink: #333333"
    assert finding.message.startswith("--ink, --paper declared here")


def test_without_a_chosen_theme_own_colours_are_well(press: Press) -> None:
    """As are sheets that declare none of the theme's, and those that we ship."""
    own = {"page/style.css": ROOT}
    assert found(press, "", own) == []
    other = {"page/style.css": ":root { --own: 1px }\n.card { --ink: #333333 }\n"}
    assert found(press, COLOURS, other) == []
