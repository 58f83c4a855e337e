"""Pictures of mails, taken by Chromium where it is installed."""

import shutil
import struct
import sys
from pathlib import Path

import pytest

from distribute.errors import DistributeError
from distribute.web.preview.screenshots import Sitter, photograph

_LIGHT = (
    "<!DOCTYPE html><meta name=color-scheme content=light><title>x</title>"
    '<body style="margin:0;height:900px"><img src="http://192.0.2.1/x.png" alt="">'
    "<script>document.body.style.height='5000px'</script>"
)


def _size(path: Path) -> tuple[int, int]:
    """Read width and height out of a PNG."""
    data = path.read_bytes()
    assert data.startswith(b"\x89PNG\r\n")
    width, height = struct.unpack(">II", data[16:24])
    return width, height


@pytest.fixture
def sitter(tmp_path: Path) -> Sitter:
    """Give an edition of two variants."""
    folder = tmp_path / "frames" / "en"
    folder.mkdir(parents=True)
    for name in ("light", "dark"):
        (folder / f"{name}.html").write_text(_LIGHT, encoding="utf-8")
    return Sitter(folder, "issue-5-en")


def test_each_width_and_mode_has_its_picture(sitter: Sitter, tmp_path: Path) -> None:
    """Whole, as sharp as screens are; no script runs, and nothing is fetched."""
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if shutil.which("chromium") is None:
        pytest.skip("there is no chromium to take pictures with")
    taken = photograph([sitter], tmp_path / "png")
    assert [path.name for path in taken] == [
        "issue-5-en-375-light.png",
        "issue-5-en-375-dark.png",
        "issue-5-en-680-light.png",
        "issue-5-en-680-dark.png",
    ]
    assert [_size(path) for path in taken[::2]] == [(750, 1800), (1360, 1800)]


def test_without_playwright_it_says_how_to_get_it(
    sitter: Sitter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is an extra, which most do not need."""
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    with pytest.raises(DistributeError, match="playwright") as refusal:
        photograph([sitter], tmp_path / "png")
    assert "distribute-newsletter[screenshots]" in refusal.value.hint


def test_without_chromium_it_says_so(
    sitter: Sitter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither playwright's own nor the system's is there."""
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "none"))
    with pytest.raises(DistributeError, match="Chromium") as refusal:
        photograph([sitter], tmp_path / "png")
    assert "playwright install chromium" in refusal.value.hint
