"""Real posts, read where they lie; tests on them are skipped where they are missing."""

import json
from pathlib import Path
from typing import Any

import pytest

_CORPUS = Path(__file__).parents[3] / "shared" / "corpus"


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Give the folder of the real posts, beside the checkout."""
    if not (_CORPUS / "posts").is_dir():
        pytest.skip("the real posts are not beside this checkout (../shared/corpus)")
    return _CORPUS


@pytest.fixture(scope="session")
def settings(corpus: Path) -> str:
    """Give the settings of their newsletter, for a folder that may lie anywhere."""
    text = (Path(__file__).parent / "distribute.toml").read_text(encoding="utf-8")
    return text.replace("../../../shared/corpus", corpus.resolve().as_posix())


@pytest.fixture(scope="session")
def expected(corpus: Path) -> dict[str, dict[str, Any]]:
    """Give what is known about each post, by file name."""
    text = (corpus / "expected.json").read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = json.loads(text)
    return found
