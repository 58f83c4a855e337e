"""One machine that is not let in does not keep the others from sending."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from distribute.config.settings import Settings
from tests.cli.fleet.conftest import PEOPLE, Fleet
from tests.mailroom import READY, Inbox, free_port
from tests.processes import wait_until


class Gate(Inbox):
    """Lets in whoever has the right password, and nobody else."""

    def __init__(self, password: str) -> None:
        super().__init__()
        self.password = password.encode()

    def let_in(
        self, _server: SMTP, _session: Session, _envelope: Envelope,
        _mechanism: str, said: LoginPassword,
    ) -> AuthResult:  # fmt: skip
        """Look at the password."""
        knows = said.password == self.password
        return AuthResult(success=knows, handled=False)


@contextmanager
def guarded(password: str) -> Iterator[Gate]:
    """Run a mail server that asks for a password."""
    gate = Gate(password)
    gate.port = free_port()
    controller = Controller(
        gate,
        hostname="127.0.0.1",
        port=gate.port,
        ready_timeout=READY,
        authenticator=gate.let_in,
        auth_require_tls=False,
    )
    controller.start()
    try:
        yield gate
    finally:
        controller.stop()


def settings_with(fleet: Fleet, port: int, password: str) -> Settings:
    """Have a machine whose settings name this password."""
    (fleet.folder / f"{password}.txt").write_text(password, "utf-8")
    (relay,) = fleet.settings.relays
    server = replace(relay.server, port=port, username="news")
    source = f"file:{password}.txt"
    relay = replace(relay, server=server, password_source=source)
    return replace(fleet.settings, relays=(relay,))


@pytest.fixture
def handed_to_smtp(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> Fleet:
    """Hand the issue over in batches of four, to be sent by SMTP."""
    monkeypatch.setattr("distribute.cli.fleet.handing.SIZE", 4)
    answer = fleet.act("send", "4", "--workers", "--sink", "smtp", "--yes")
    assert answer.status == 0, answer.err
    return fleet


STEPS = "distribute.cli.fleet.recess.STEPS"


def test_a_worker_that_is_not_let_in_leaves_the_work_to_others(
    handed_to_smtp: Fleet,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """It says why, and takes nothing in hand for a while; nobody pauses the campaign."""
    monkeypatch.setattr(STEPS, (600.0, 600.0))
    fleet = handed_to_smtp
    with guarded("right") as gate:
        with fleet.working("sick:1", settings_with(fleet, gate.port, "wrong")):
            wait_until(lambda: bool(fleet.ask("SELECT 1 FROM setback")))
            status = fleet.act("status", "4")
            assert "worker sick:1 has stepped back, for " in status.out
            assert ": the server refused the login: 535" in status.out
            (seen,) = fleet.act("--json", "status", "4").document["with_workers"]
            ((ailing,), state) = seen["stepped_back"], seen["state"]
            assert (ailing["name"], ailing["times"], state) == ("sick:1", 1, "going")
            with fleet.working("well:2", settings_with(fleet, gate.port, "right")):
                wait_until(lambda: fleet.state == "done")
        assert len(gate.messages) == PEOPLE
    told = capfd.readouterr().err
    assert "the server refused the login: 535" in told
    assert "this worker steps back for 600 s. Check `username`" in told


@pytest.mark.slow
def test_only_if_nobody_gets_through_the_campaign_is_paused(
    handed_to_smtp: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To resume it has all try again at once, and what they need may be there by then."""
    monkeypatch.setattr(STEPS, (0.1, 0.2))
    fleet = handed_to_smtp
    with guarded("right") as gate:
        wrong = settings_with(fleet, gate.port, "wrong")
        with fleet.working("sick:1", wrong), fleet.working("sick:2", wrong):
            wait_until(lambda: fleet.state == "paused")
            ((alarm,),) = fleet.ask("SELECT alarm FROM frozen")
            assert "the server refused the login: 535" in alarm
            gate.password = b"wrong"
            assert fleet.act("resume", "4").status == 0
            wait_until(lambda: fleet.state == "done")
        assert len(gate.messages) == PEOPLE


@pytest.mark.slow
def test_settings_that_are_broken_on_one_machine_are_its_own_trouble(
    handed_to_smtp: Fleet,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Such as a password that is not there."""
    monkeypatch.setattr(STEPS, (600.0, 600.0))
    fleet = handed_to_smtp
    with guarded("right") as gate:
        whole = settings_with(fleet, gate.port, "right")
        broken = settings_with(fleet, gate.port, "lost")
        (fleet.folder / "lost.txt").unlink()
        with fleet.working("sick:1", broken):
            wait_until(lambda: bool(fleet.ask("SELECT 1 FROM setback")))
            with fleet.working("well:2", whole):
                wait_until(lambda: fleet.state == "done")
    told = capfd.readouterr().err
    assert "lost.txt" in told
    assert "this worker steps back" in told
