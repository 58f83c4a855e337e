"""Photograph mails in Chromium; the one door to playwright, which few have installed."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from distribute.errors import DistributeError
from distribute.web.preview.variants import Mode

if TYPE_CHECKING:
    from playwright.sync_api import Browser

WIDTHS = (375, 680)
"""CSS pixels: a phone, and the mail's own full width."""
MODES = (Mode.LIGHT, Mode.DARK)
_HEIGHT = 800
_SHARPNESS = 2
"""Pixels of the picture to one of CSS, as on most screens."""
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_GET_IT = (
    "Run `pip install 'distribute-newsletter[screenshots]'`, and install Chromium as your "
    "system has it, or by `playwright install chromium`."
)


class Sitter(NamedTuple):
    """One edition to be photographed."""

    folder: Path
    """Where the gallery keeps its variants: ``frames/issue-5/en``."""
    name: str
    """``issue-5-en``."""


def photograph(
    sitters: Sequence[Sitter],
    folder: Path,
    *,
    advance: Callable[[], None] = lambda: None,
) -> list[Path]:
    """Write pictures of each edition in all widths and modes; gives their paths.

    Nothing is fetched from the network. Calls `advance` after each edition. Raises
    `DistributeError` without playwright or Chromium, and says how to get them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    taken = []
    with _browser() as browser:
        for sitter in sitters:
            for width in WIDTHS:
                taken += list(_take(browser, sitter, width, folder))
            advance()
    return taken


def _take(
    browser: "Browser", sitter: Sitter, width: int, folder: Path
) -> Iterator[Path]:
    context = browser.new_context(
        viewport={"width": width, "height": _HEIGHT},
        device_scale_factor=_SHARPNESS,
        offline=True,
        java_script_enabled=False,
    )
    with context:
        page = context.new_page()
        for mode in MODES:
            page.goto((sitter.folder / f"{mode}.html").resolve().as_uri())
            path = folder / f"{sitter.name}-{width}-{mode}.png"
            page.screenshot(path=path, full_page=True)
            yield path


@contextmanager
def _browser() -> Iterator["Browser"]:
    """Start Chromium: the one that playwright brings, else that of the system."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError as error:
        raise DistributeError(
            "pictures need playwright, which is not installed", hint=_GET_IT
        ) from error
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
        found = None if own.exists() else _of_system()
        try:
            browser = playwright.chromium.launch(executable_path=found)
        except Error as error:
            reason = f"Chromium does not start: {error.message.splitlines()[0]}"
            raise DistributeError(reason, hint=_GET_IT) from error
        with browser:
            yield browser


def _of_system() -> str:
    found = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if found is None:
        raise DistributeError(
            "there is no Chromium to take pictures with", hint=_GET_IT
        )
    return found
