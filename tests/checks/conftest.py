"""What the tests of checks share."""

from pathlib import Path

import pytest

from tests.checks.press import Press


@pytest.fixture
def press(tmp_path: Path) -> Press:
    """Give a press for newsletters of one post."""
    return Press(tmp_path / "harbour")
