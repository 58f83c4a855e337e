"""Any faults in any order, run after run: in the end all is as the server saw it."""

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from tests.faults.fault import Manners
from tests.faults.server import serving
from tests.scenarios.office import Office, copy_office
from tests.sinks.smtp.test_soak import manners


@pytest.mark.slow
@pytest.mark.usefixtures("haste")
@given(behaviour=manners)
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_goes_wrong_all_are_served_in_the_end(
    small_office: Office, behaviour: Manners
) -> None:
    """Each run ends, its numbers add up, and nobody is lost or served twice."""
    soak(small_office, behaviour)


def soak(office: Office, behaviour: Manners) -> None:
    """Send through such a server, and once it has mended its ways, to the rest."""
    folder = Path(tempfile.mkdtemp())
    try:
        with serving(folder / "record", behaviour) as server:
            each = copy_office(office, folder / "letter")
            each.configure(server.port, smtp={"timeout": '"1s"'})
            for _ in range(2):
                each.send("--wait", "0s")
            server.behave(Manners())
            each.send_till_done(runs=3)
            each.check(server.record, unclear=len(each.readers))
    finally:
        shutil.rmtree(folder)
