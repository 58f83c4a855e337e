"""Pictures of the archive, for people to look at: every kind of page, screen and light.

They are taken where ``DISTRIBUTE_SCREENS`` names a folder; CI keeps that folder.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from tests.acceptance.letters import Letter, copy_sample
from tests.acceptance.test_browsers import served
from tests.browsers import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PAGES = {
    "index": "en/",
    "english": "en/the-village-that-switched-off/",
    "arabic": "ar/whose-stars/",
    "chinese": "zh/whose-stars/",
}
WIDTHS = (375, 1280)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
_WIDER = "() => document.documentElement.scrollWidth - innerWidth"
_MISSING = """async () => {
  const images = [...document.images];
  for (const each of images) each.loading = "eager";
  await Promise.all(images.map(each => each.decode().catch(() => null)));
  return images.filter(each => !each.naturalWidth).length;
}"""


@pytest.fixture(scope="module")
def folder() -> Path:
    """Find out where the pictures are wanted."""
    name = os.environ.get("DISTRIBUTE_SCREENS", "")
    if not name:
        pytest.skip("DISTRIBUTE_SCREENS names no folder for the pictures")
    path = Path(name).absolute()
    path.mkdir(parents=True, exist_ok=True)
    return path


@pytest.fixture(scope="module")
def browser(folder: Path) -> "Iterator[Browser]":
    """Start Chromium without a window."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def address(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Letter]]:
    """Serve the sample's site."""
    letter = copy_sample(tmp_path_factory.mktemp("screens") / "letter", limit=20)
    letter.build()
    with served(letter.site) as started:
        yield started, letter


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_pages_are_kept_as_pictures(
    browser: "Browser",
    folder: Path,
    address: tuple[str, Letter],
    width: int,
    scheme: Literal["light", "dark"],
) -> None:
    """Nothing stands out of the screen, every picture is there, nothing goes wrong."""
    home, letter = address
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme
    )
    tab = context.new_page()
    wrong: list[str] = []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("requestfailed", lambda request: wrong.append(request.url))
    for name, path in PAGES.items():
        assert (letter.site / path / "index.html").is_file()
        tab.goto(f"{home}/{path}")
        assert tab.evaluate(_MISSING) == 0, path
        assert tab.evaluate(_WIDER) <= 0, path
        tab.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)
    assert wrong == []
    context.close()
