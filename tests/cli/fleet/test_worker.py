"""A worker tells what it does, and ends so that others can go on."""

import io
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event

import httpx
import pytest

from distribute.audience.database.place import PostgresUrl
from distribute.campaign.campaign import Entry, Outcome, Receipt
from distribute.campaign.fleet.batch import BatchId, Hold
from distribute.campaign.fleet.roll import Share
from distribute.campaign.run.run import Haste
from distribute.cli.fleet import workshop
from distribute.cli.fleet.caretaker import Caretaker, member_here
from distribute.cli.fleet.journal import Journal
from distribute.cli.fleet.meter import Meter
from distribute.cli.fleet.working import rhythm_of
from distribute.cli.fleet.workshop import Workshops
from distribute.cli.process.patience import Patience
from distribute.errors import AwayError
from tests.campaign.actors import parcel
from tests.cli.fleet.conftest import PEOPLE, Fleet
from tests.commands import start
from tests.faults.fault import Manners
from tests.faults.server import serving
from tests.fleet.house import open_house
from tests.postgres import Server
from tests.processes import wait_until

Process = subprocess.Popen[str]


@contextmanager
def silent_server() -> Iterator[tuple[int, socket.socket]]:
    """Listen for mail, take every connection, and say nothing."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        yield listener.getsockname()[1], listener


def started(fleet: Fleet, *options: str) -> Process:
    """Start a worker as a process of its own."""
    return start("-C", fleet.folder, "worker", *options)


def lines(process: Process) -> tuple[list[dict[str, object]], str]:
    """Read all that it told until its end."""
    out, err = process.communicate(timeout=60)
    return [json.loads(line) for line in out.splitlines()], err


def test_it_tells_what_it_does(handed: Fleet) -> None:
    """In objects, one a line, and by metrics, as long as it works; of no reader."""
    process = started(handed, "--json", "--metrics", "0")
    assert process.stdout is not None
    first = json.loads(process.stdout.readline())
    wait_until(lambda: handed.state == "done")
    wait_until(lambda: "batches_total 1.0" in shown(first["port"]))
    check_metrics(shown(first["port"]))
    process.send_signal(signal.SIGTERM)
    told, err = lines(process)
    assert (process.returncode, err) == (0, "")
    with pytest.raises(httpx.ConnectError):
        shown(first["port"])
    assert [each["said"] for each in told][0::2] == ["ready", "stopped"]
    served = told[1]
    assert (served["campaign"], served["batch"]) == ("issue-4", 1)
    assert served["ended"] == {"accepted": PEOPLE}
    name = f"{socket.gethostname()}:{process.pid}"
    assert {each["worker"] for each in (first, *told)} == {name}
    assert all("at" in each for each in told)
    assert "@" not in json.dumps(told)


def check_metrics(text: str) -> None:
    """See what they say, and that nobody who reads the newsletter is in them."""
    assert f'distribute_deliveries_total{{outcome="accepted"}} {PEOPLE}.0' in text
    assert 'distribute_deliveries_total{outcome="uncertain"} 0.0' in text
    assert "distribute_batch_seconds_count 1.0" in text
    assert "distribute_connections 0.0" in text
    assert "distribute_database_up 1.0" in text
    assert "distribute_uncertain_deliveries 0.0" in text
    assert "distribute_start_time_seconds 1.794" in text
    assert "@" not in text
    assert "example" not in text


def test_it_tells_people_in_lines(
    handed: Fleet, capsys: pytest.CaptureFixture[str]
) -> None:
    """On standard error, with the campaign's name."""
    with handed.working():
        wait_until(lambda: handed.state == "done")
    out, err = capsys.readouterr()
    assert out == ""
    assert f"batch 1 of issue-4: put down: {PEOPLE} accepted" in err
    assert err.rstrip().endswith("stopped")


def test_a_second_signal_halts_at_once(fleet: Fleet) -> None:
    """What is on its way is not waited for; the batch is given back all the same."""
    with silent_server() as (port, _listener):
        configure(fleet, port)
        answer = fleet.act("send", "4", "--workers", "--sink", "smtp", "--yes")
        assert answer.status == 0, answer.err
        process = started(fleet)
        held = "SELECT 1 FROM batch WHERE state = 'held'"
        wait_until(lambda: bool(fleet.ask(held)))
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert fleet.ask("SELECT state, holder FROM batch") == [("waiting", "")]
    assert fleet.ask("SELECT DISTINCT state FROM delivery") == [("claimed",)]


def test_what_it_had_to_leave_is_told_by_its_status(
    handed: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else goes on with it when they have noticed."""

    def fail(*_: object) -> None:
        hired.haste = Haste.HALT
        raise OSError("no more files")

    monkeypatch.setattr(Workshops, "sink", fail)
    with handed.working() as hired:
        hired.thread.join(60)
    assert hired.is_clean is False


@pytest.mark.slow
def test_a_database_that_stays_away_leaves_it_something(
    own_postgres: Server, tmp_path: Path
) -> None:
    """It waits for it a while; with the second signal it waits no more, and says 75."""
    house = open_house(tmp_path / "letter", 5, own_postgres.new_database())
    fleet = Fleet(house)
    with silent_server() as (port, _listener):
        configure(fleet, port)
        answer = fleet.act("send", "4", "--workers", "--sink", "smtp", "--yes")
        assert answer.status == 0, answer.err
        process = started(fleet)
        held = "SELECT 1 FROM batch WHERE state = 'held'"
        wait_until(lambda: bool(fleet.ask(held)))
        own_postgres.stop("immediate")
        process.send_signal(signal.SIGTERM)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(3)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=60)
        own_postgres.start()
    assert process.returncode == 75, err
    assert "Traceback" not in err
    assert fleet.ask("SELECT state FROM batch") == [("held",)]


def test_errors_are_objects_too(fleet: Fleet) -> None:
    """A program that reads lines gets one about what was wrong."""
    path = fleet.folder / "distribute.toml"
    text = path.read_text("utf-8").replace(fleet.url, f"{fleet.url}_gone")
    path.write_text(text, "utf-8")
    answer = fleet.act("--json", "worker")
    assert answer.status == 2
    assert len(answer.out.splitlines()) == 1
    assert answer.document["error"]["kind"] == "AudienceError"


def test_a_port_that_is_taken_is_an_error(handed: Fleet) -> None:
    """So is one that cannot be read; it is said before anything is sent."""
    with silent_server() as (port, _):
        answer = handed.act("worker", "--metrics", f"127.0.0.1:{port}")
    assert (answer.status, "nothing can listen" in answer.err) == (2, True)
    for said in ("x", "localhost:", "99999", "-1"):
        answer = handed.act("worker", "--metrics", said)
        assert (answer.status, "HOST:PORT" in answer.err) == (2, True)
    assert handed.state == "going"


@pytest.mark.parametrize("said", ["1s", "0s", "soon"])
def test_a_lease_that_is_too_short_is_refused(fleet: Fleet, said: str) -> None:
    """Nobody could give a sign of life within it."""
    answer = fleet.act("worker", "--stalled-after", said)
    assert (answer.status, "--stalled-after" in answer.err) == (2, True)


def test_signs_of_life_come_often_enough_for_others() -> None:
    """Who is patient is not taken for dead by those who are as patient as usual."""
    patient, hasty = rhythm_of(timedelta(minutes=5)), rhythm_of(timedelta(seconds=4))
    assert (patient.heartbeat, patient.stalled_after) == (5.0, 300.0)
    assert (hasty.heartbeat, hasty.look, hasty.poll) == (1.0, 1.0, 1.0)


def test_without_the_extra_it_says_so(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the words that install it."""
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    monkeypatch.delitem(sys.modules, "distribute.cli.fleet.metrics", raising=False)
    monkeypatch.delattr("distribute.cli.fleet.metrics", raising=False)
    answer = fleet.act("worker", "--metrics", "0")
    assert answer.status == 2
    assert "pip install 'distribute-newsletter[metrics]'" in answer.err


def test_connections_that_nobody_uses_are_closed(
    fleet: Fleet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are kept from batch to batch, and for half a minute."""
    with serving(tmp_path / "record", Manners(keeps=True)) as server:
        configure(fleet, server.port)
        answer = fleet.act("send", "4", "--workers", "--sink", "smtp", "--yes")
        assert answer.status == 0, answer.err
        with fleet.working() as hired:
            wait_until(lambda: fleet.state == "done")
            assert hired.worker.connections > 0
            monkeypatch.setattr(workshop, "_IDLE", 0.0)
            wait_until(lambda: hired.worker.connections == 0)
            assert hired.thread.is_alive()
        assert len(server.record.arrived) == PEOPLE


def test_nothing_depends_on_the_roll() -> None:
    """Who can not write there goes on; it says that the database is away."""
    meter = Meter()
    nowhere = PostgresUrl("postgresql://nobody@127.0.0.1:1/nothing")
    tidied = Event()
    caretaker = Caretaker(nowhere, member_here(1), meter, tidy=tidied.set, counts=True)
    with caretaker.at_work():
        assert tidied.wait(30)
        wait_until(lambda: not meter.is_database_up)


def test_the_meter_counts_by_campaign() -> None:
    """Of the last minute apart; a batch that others have taken is none."""
    seconds = [1000.0]
    took: list[float] = []
    meter = Meter(lambda: seconds[0])
    meter.on_batch = took.append
    good = Entry(parcel("ada@example.org"), Receipt(Outcome.ACCEPTED))
    for campaign in (1, 2):
        with meter.working_on(BatchId(campaign, 1)) as course:
            course.is_taken = campaign == 1
            held = Hold(batch=course.batch, fence=1, first=1, last=3)
            meter.heard(held, [good, good])
            meter.heard(held, [good])
            seconds[0] += 50
    shares = meter.shares()
    assert shares[1] == Share(batches=1, ended={Outcome.ACCEPTED: 3}, recent=0)
    assert shares[2] == Share(batches=0, ended={Outcome.ACCEPTED: 3}, recent=3)
    assert (took, meter.course) == ([50.0], None)


def test_that_nobody_reads_it_stops_no_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever followed what it tells may have gone."""

    class Gone(io.StringIO):
        """A pipe that nobody reads."""

        def write(self, _text: str) -> int:
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stderr", Gone())
    Journal("here:1", lambda: 0, as_json=False).say("ready", BatchId(1, 2))


def test_who_is_to_halt_waits_for_no_database() -> None:
    """Who is only to stop waits for a while."""
    told: list[str] = []
    patience = Patience(lambda: True, told.append, is_halted=lambda: True)

    def fail() -> None:
        raise AwayError("it is away")

    with pytest.raises(AwayError):
        patience(fail)
    assert told == []


def shown(port: int) -> str:
    """Read the metrics."""
    return httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=30).text


def configure(fleet: Fleet, port: int) -> None:
    """Name a mail server in the settings."""
    path = fleet.folder / "distribute.toml"
    path.write_text(path.read_text("utf-8").replace("port = 25", f"port = {port}"))
