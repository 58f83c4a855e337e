"""TLS that goes wrong: nothing ever leaves in plain text, and in the end all are served."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.fault import Fault, Manners
from tests.faults.server import FaultServer
from tests.scenarios.conftest import Serve
from tests.scenarios.office import Office

pytestmark = pytest.mark.usefixtures("haste")
TLS_FAULTS = {
    "refused": Fault(stage="starttls", reply="502 5.5.1 no"),
    "no-handshake": Fault(stage="tls", raw="this is not TLS\r\n"),
    "injected": Fault(stage="starttls", raw="220 go\r\n250 AUTH PLAIN\r\n"),
}


@pytest.mark.parametrize("fault", TLS_FAULTS.values(), ids=TLS_FAULTS)
def test_tls_that_fails(
    office: Office, serve: Serve, certificate: Path, fault: Fault
) -> None:
    """Nothing goes out in plain text and nobody is marked; mended, all are served."""
    manners = Manners(tls="starttls", certificate=str(certificate))
    server = serve(replace(manners, faults=(fault,)))
    use_tls(office, server, certificate)
    answer = office.send("--wait", "0s")
    assert (answer.status, server.record.count) == (2, 0)
    office.check_nobody_marked()
    server.behave(manners)
    assert office.send("--wait", "0s").status == 0
    assert server.record.arrived.keys() == office.everybody
    office.check(server.record)


TLS_FAULTS_FOR_NOW = {
    "refused-for-now": Fault(stage="starttls", reply="454 4.7.0 not now", times=2),
    "closed": Fault(stage="starttls", act="close", times=2),
    "handshake-closed": Fault(stage="tls", act="close", times=2),
    "handshake-reset": Fault(stage="tls", act="reset", times=2),
}


@pytest.mark.parametrize("fault", TLS_FAULTS_FOR_NOW.values(), ids=TLS_FAULTS_FOR_NOW)
def test_tls_that_fails_for_a_while(
    office: Office, serve: Serve, certificate: Path, fault: Fault
) -> None:
    """It is waited for, and nothing goes out without it."""
    server = serve(
        Manners(tls="starttls", certificate=str(certificate), faults=(fault,))
    )
    use_tls(office, server, certificate)
    assert office.send("--wait", "0s").status == 0
    assert server.record.arrived.keys() == office.everybody
    office.check(server.record)


def test_a_certificate_of_another_host(
    office: Office, serve: Serve, certificate: Path, foreign_certificate: Path
) -> None:
    """It is somebody else: nothing is sent, and somebody has to look."""
    manners = Manners(tls="starttls", certificate=str(foreign_certificate))
    server = serve(manners)
    use_tls(office, server, foreign_certificate)
    answer = office.send("--wait", "0s")
    assert (answer.status, server.record.count) == (2, 0)
    office.check_nobody_marked()
    server.behave(replace(manners, certificate=str(certificate)))
    use_tls(office, server, certificate)
    assert office.send("--wait", "0s").status == 0
    office.check(server.record)


def test_a_certificate_that_nobody_known_has_signed(
    office: Office, serve: Serve, certificate: Path
) -> None:
    """It may be one's own: the hint names the key that makes it known."""
    server = serve(Manners(tls="starttls", certificate=str(certificate)))
    office.configure(
        server.port, smtp={"host": '"localhost"', "security": '"starttls"'}
    )
    answer = office.send("--wait", "0s")
    assert (answer.status, server.record.count) == (2, 0)
    assert "`ca_file` in [smtp]" in answer.err
    use_tls(office, server, certificate)
    assert office.send("--wait", "0s").status == 0
    office.check(server.record)


def use_tls(office: Office, server: FaultServer, certificate: Path) -> None:
    """Ask for STARTTLS and trust a certificate."""
    office.configure(
        server.port,
        smtp={
            "host": '"localhost"',
            "security": '"starttls"',
            "ca_file": f'"{certificate}"',
        },
    )
