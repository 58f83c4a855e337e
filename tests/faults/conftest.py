"""What the tests of the misbehaving server share."""

from pathlib import Path

import pytest

from tests.faults.certificate import make_certificate


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate for localhost, with its key, in one PEM file."""
    return make_certificate(tmp_path_factory.mktemp("tls"))
