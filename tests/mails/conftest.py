"""Mails and the browser that shows them, once for all tests of a module."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browsers import chromium
from tests.corpus.conftest import corpus, editions, expected, settings
from tests.mails.proofs import Proofs, real_proofs, sample_proofs

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["corpus", "editions", "expected", "settings"]


@pytest.fixture(scope="session")
def sample() -> Proofs:
    """Give the mails of the sample."""
    return sample_proofs()


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory, settings: str) -> Proofs:
    """Give the mails of real issues."""
    return real_proofs(tmp_path_factory.mktemp("real"), settings)


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Start Chromium without a window."""
    with chromium() as started:
        yield started
