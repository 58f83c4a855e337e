"""Any faults in any order, run after run: in the end all is as the server saw it."""

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.faults.fault import Manners
from tests.faults.mischief import answers_twice, lies, manners
from tests.faults.record import Record
from tests.faults.server import serving
from tests.scenarios.office import Office, copy_office

HANGS = 600.0
"""Seconds after which a run hangs. With a server that stops in the middle of a word, for
nearly everybody and thrice for each, it may take minutes where the machine is busy."""


@pytest.mark.slow
@pytest.mark.usefixtures("haste")
@given(behaviour=manners)
@settings(
    max_examples=50,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # to shrink takes minutes
    suppress_health_check=list(HealthCheck),
)
def test_whatever_goes_wrong_all_are_served_in_the_end(
    small_office: Office, behaviour: Manners, certificate: Path
) -> None:
    """Each run ends, its numbers add up, and nobody is lost or served twice."""
    soak(small_office, replace(behaviour, certificate=str(certificate)))


def soak(office: Office, behaviour: Manners) -> None:
    """Send through such a server, and once it has mended its ways, to the rest."""
    settled = Manners(tls=behaviour.tls, certificate=behaviour.certificate)
    folder = Path(tempfile.mkdtemp())
    try:
        with serving(folder / "record", behaviour) as server:
            each = copy_office(office, folder / "letter")
            secured = security(behaviour)
            hasty = {"timeout": '"1s"', "patience": '"1s"'}
            each.configure(server.port, smtp=secured | hasty)
            for _ in range(2):
                each.send("--wait", "0s", seconds=HANGS)
            server.behave(settled)
            each.configure(server.port, smtp=secured)
            each.send_till_done(runs=3)
            check(each, server.record, behaviour)
    finally:
        shutil.rmtree(folder)


def security(behaviour: Manners) -> dict[str, str]:
    """Ask for as much TLS as the server has, and trust its certificate."""
    return {
        "host": '"localhost"',
        "security": f'"{behaviour.tls or "none"}"',
        "ca_file": f'"{behaviour.certificate}"',
    }


def check(office: Office, record: Record, behaviour: Manners) -> None:
    """See that all is as it was seen, so far as the server lets anybody know."""
    misled = record.addresses("cut").keys() if lies(behaviour) else frozenset[str]()
    office.check_account(record, unclear=len(office.readers), misled=misled)
    assert answers_twice(behaviour) or not record.problems, record.problems[:3]
