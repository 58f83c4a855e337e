"""A real browser without a window; whatever needs one is skipped where there is none."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_NAMES = ("chromium", "chromium-browser", "chrome")


@contextmanager
def chromium() -> "Iterator[Browser]":
    """Start Chromium: the one on the path, or Playwright's own.

    One at a time, and none while an event loop runs: keep it no longer than a module.
    """
    api = pytest.importorskip("playwright.sync_api", reason="there is no playwright")
    found = filter(None, map(shutil.which, _NAMES))
    with api.sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(
                executable_path=next(found, None), args=["--no-sandbox"]
            )
        except api.Error:
            pytest.skip("there is no Chromium; install one, or Playwright's own")
        yield started
        started.close()
