"""How the site looks: its style, and the picture in its masthead."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from distribute.editions.asset import Asset
from distribute.editions.edition import Issue
from distribute.editions.publication import Publication
from distribute.render.theme.files import read_presets, read_theme_files
from distribute.render.theme.style import Choices, Logo, Style
from distribute.render.theme.theme import style_of
from distribute.web.file import SiteFile
from distribute.web.site.look import Look

PRESETS = read_presets(Path("nowhere"))
Plan = Callable[..., Sequence[SiteFile]]


def look_in(preset: str = "letter", choices: Choices | None = None) -> Look:
    """Make a look of the shipped files in a style."""
    style: Style = style_of(PRESETS, preset, choices or Choices())
    return Look(read_theme_files(), style)


def test_a_style_is_part_of_the_look() -> None:
    """Whatever is changed in it makes all pages again; the same look is the same."""
    usual = look_in().fingerprint
    assert look_in().fingerprint == usual
    others = [
        look_in("poster"),
        look_in(choices=Choices(radius=1)),
        look_in(choices=Choices(dark={"link": "#aabbcc"})),
        look_in(choices=Choices(fonts={"mono": "Menlo, monospace"})),
        look_in(choices=Choices(logo=Logo(name="a.png"))),
    ]
    assert len({usual, *(each.fingerprint for each in others)}) == 6


def test_what_no_reader_sees_is_no_part_of_the_look() -> None:
    """Pages of the preview may change without any page of the site being made again."""
    folders = {name.partition("/")[0] for name in read_theme_files()}
    assert folders.isdisjoint({"preview", "newsletter"})
    assert {"email", "page", "feed", "catalogues"} <= folders


def test_the_theme_of_a_look_has_its_style() -> None:
    """Pages are made in the style that was chosen."""
    assert look_in("console").theme.style.preset == "console"
    assert "--masthead: #eef2f3;" in look_in("console").theme.source("page/style.css")


@pytest.fixture
def pictured(publication: Publication, tmp_path: Path) -> Publication:
    """Make a newsletter with two pictures in its folder."""
    names = ("images/a.png", "images/b.png")
    (tmp_path / "images").mkdir()
    for name in names:
        (tmp_path / name).write_bytes(name.encode())
    assets = {
        name: Asset(digest=f"{place}" * 64, length=12, width=200, height=50)
        for place, name in enumerate(names)
    }
    return replace(publication, folder=tmp_path, files=frozenset(names), assets=assets)


def test_a_logo_is_published_and_shown(
    plan: Plan, issues: tuple[Issue, ...], pictured: Publication
) -> None:
    """Under its content's name; every page shows it, from where the page is."""
    logo = Logo(name="images/a.png", dark="images/b.png", width=100)
    look = look_in(choices=Choices(logo=logo))
    files = {file.path: file for file in plan(*issues, publication=pictured, look=look)}
    assert {"images/a.0000000000.png", "images/b.1111111111.png"} <= files.keys()
    for path, way in (
        *(("index.html", ""), ("en/index.html", "../")),
        *(("404.html", "/"), ("en/night-1/index.html", "../../")),
    ):
        page = files[path].make().decode()
        picture = page[page.index("<picture") : page.index("</picture>")]
        assert f'src="{way}images/a.0000000000.png"' in picture
        assert f'srcset="{way}images/b.1111111111.png"' in picture
        assert 'alt="" width="100" height="25"' in picture
        assert "Night Sky" in page


def test_a_changed_logo_changes_every_page(
    plan: Plan, issues: tuple[Issue, ...], pictured: Publication
) -> None:
    """Its address has changed, though its name in the settings has not."""
    look = look_in(choices=Choices(logo=Logo(name="images/a.png")))
    redrawn = Asset(digest="f" * 64, length=12, width=200, height=50)
    changed = replace(pictured, assets={**pictured.assets, "images/a.png": redrawn})
    before, after = (
        {f.path: f.fingerprint for f in plan(*issues, publication=each, look=look)}
        for each in (pictured, changed)
    )
    assert "images/a.ffffffffff.png" in after
    pages = [path for path in before if path.endswith(".html")]
    assert pages
    assert not [path for path in pages if before[path] == after[path]]


def test_without_a_logo_nothing_is_published(
    plan: Plan, issues: tuple[Issue, ...], pictured: Publication
) -> None:
    """A picture that nobody shows stays at home."""
    files = plan(*issues, publication=pictured, look=look_in())
    assert not [file.path for file in files if file.path.startswith("images/")]
