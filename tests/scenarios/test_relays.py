"""Several relays, one of them ill: everybody is served once, by their own records."""

from collections.abc import Iterator

import pytest

from distribute.sinks.relays import health
from tests.commands import call
from tests.faults.fault import Fault, Manners
from tests.faults.record import Heard, Record
from tests.faults.server import FaultServer
from tests.mailroom import free_port
from tests.scenarios.conftest import Serve
from tests.scenarios.office import ISSUE, Office, check_sum

pytestmark = pytest.mark.usefixtures("haste")


class Records(Record):
    """Reads what several servers wrote down, as if it were one."""

    def __init__(self, *servers: FaultServer) -> None:
        self._records = [server.record for server in servers]

    def lines(self) -> Iterator[Heard]:
        """Give everything, one server after the other."""
        for record in self._records:
            yield from record.lines()


def relay(port: int, *lines: str) -> str:
    """Write the settings of one more relay."""
    return "\n".join(
        ("[[smtp.relays]]", 'host = "127.0.0.1"', f"port = {port}",
         f'name = "at-{port}"', 'security = "none"', *lines, "")
    )  # fmt: skip


def use(office: Office, first: int, *others: int, lines: tuple[str, ...] = ()) -> None:
    """Have an office send by several servers of this machine."""
    office.configure(first, smtp={"name": '"first"'})
    with (office.folder / "distribute.toml").open("a", encoding="utf-8") as file:
        for port in others:
            file.write(relay(port, *lines))


@pytest.mark.parametrize("stage", ["connect", "mail", "data", "end"])
def test_one_that_resets_its_connections(
    office: Office, serve: Serve, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one serves everybody, but for those that may have left by the first."""
    monkeypatch.setattr(health, "FIRST_REST", 0.05)
    fault = Fault(stage=stage, act="reset")  # type: ignore[arg-type]  # one of them
    broken, sound = serve(Manners(faults=(fault,))), serve(Manners())
    use(office, broken.port, sound.port)
    answers = office.send_till_done()
    uncertain = office.in_state("uncertain")
    assert bool(uncertain) == (stage == "end")
    assert sound.record.arrived.keys() == office.everybody - uncertain
    assert broken.record.connections > 0
    if stage == "connect":
        assert "The relay first is left alone for a while" in answers[0].err
    office.check(Records(broken, sound), unclear=len(uncertain))


def test_one_that_resets_now_and_then(office: Office, serve: Serve) -> None:
    """It is used as far as it goes, and nobody gets two."""
    faults = (Fault(stage="rcpt", act="reset", share=0.2, times=2),)
    broken = serve(Manners(faults=faults, latency=0.002))
    sound = serve(Manners(latency=0.002))
    use(office, broken.port, sound.port)
    office.send_till_done()
    assert broken.record.count > 0
    assert sound.record.count > 0
    both = Records(broken, sound)
    assert both.arrived.keys() == office.everybody
    office.check(both)


def test_one_that_greylists(office: Office, serve: Serve) -> None:
    """Whom it puts off is tried again, and served by either."""
    faults = (Fault(stage="rcpt", reply="451 4.7.1 later", times=1),)
    grey, other = serve(Manners(faults=faults)), serve(Manners())
    use(office, grey.port, other.port)
    office.send_till_done()
    both = Records(grey, other)
    assert both.arrived.keys() == office.everybody
    office.check(both)


def test_all_of_them_down(office: Office) -> None:
    """Nobody is marked, and each is named; run again, it goes on."""
    ports = [free_port(), free_port()]
    use(office, *ports)
    answer = office.send()
    assert answer.status == 75
    assert "no relay works: first: " in answer.err
    assert f"at-{ports[1]}: " in answer.err
    office.check_nobody_marked()


def test_a_password_for_each(
    office: Office, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is not there is told before anything is sent, by the table that wants it."""
    servers = [serve(Manners()) for _ in range(2)]
    lines = ('username = "news"', 'password_env = "SECOND"')
    use(office, *(server.port for server in servers), lines=lines)
    answer = office.send()
    assert answer.status == 2
    assert f"see [[smtp.relays]] at-{servers[1].port} password_env" in answer.err
    monkeypatch.setenv("SECOND", "s3cret-word")
    check_sum(answer := office.send())
    assert "s3cret-word" not in answer.err + answer.out
    assert servers[0].record.arrived.keys() == office.everybody


def test_people_are_asked_about_all_of_them(office: Office, serve: Serve) -> None:
    """Before it begins, each is named; and the doctor looks at each."""
    servers = [serve(Manners()) for _ in range(2)]
    use(office, *(server.port for server in servers))
    asked = call("-C", office.folder, "send", ISSUE, "--sink", "smtp")
    ports = [server.port for server in servers]
    assert f"127.0.0.1:{ports[0]} and 127.0.0.1:{ports[1]}" in asked.out + asked.err
    doctor = call("-C", office.folder, "--json", "doctor")
    about = {each["about"]: each["found"] for each in doctor.document["judgements"]}
    assert f":{ports[0]} is this machine" in about["encryption of first"]
    assert f":{ports[1]} is this" in about[f"encryption of at-{ports[1]}"]
