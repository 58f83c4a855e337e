"""The public side of a small newsletter, for a visitor."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.public.visiting import Town, town


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Town]:
    """Open the public side."""
    with town(tmp_path) as opened:
        yield opened
