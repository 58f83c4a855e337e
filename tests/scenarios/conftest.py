"""Newsletters with readers, and servers that misbehave."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from distribute.sinks.smtp import allowance
from tests.faults.certificate import make_certificate
from tests.faults.fault import Manners
from tests.faults.server import FaultServer
from tests.scenarios.office import Office, copy_office, open_office

PEOPLE = 60

Serve = Callable[[Manners], FaultServer]


@pytest.fixture(scope="session")
def small_office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Make a newsletter with a few readers, to be copied."""
    return open_office(tmp_path_factory.mktemp("office") / "letter", PEOPLE)


@pytest.fixture
def office(small_office: Office, tmp_path: Path) -> Office:
    """Give a newsletter of one's own, with a few readers."""
    return copy_office(small_office, tmp_path / "letter")


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Give what runs servers until the test is over."""
    running: list[FaultServer] = []

    def run(manners: Manners) -> FaultServer:
        running.append(FaultServer(tmp_path / f"record-{len(running)}", manners))
        return running[-1]

    yield run
    for server in running:
        server.close()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate for localhost, with its key."""
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="session")
def foreign_certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate for another host."""
    return make_certificate(tmp_path_factory.mktemp("tls"), "elsewhere.example")


@pytest.fixture(scope="module")
def haste() -> Iterator[None]:
    """Shorten the pauses behind failures, which would be most of the time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(allowance, "_FIRST_PAUSE", 0.002)
        patch.setattr(allowance, "_LONGEST_PAUSE", 0.02)
        yield
