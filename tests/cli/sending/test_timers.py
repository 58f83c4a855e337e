"""The timers that the README shows: each is read as its program does, and its command run."""

import configparser
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.conftest import Run, act
from tests.cli.slips import add
from tests.faults.server import FaultServer
from tests.scenarios.office import Office

README = Path(__file__).parents[3] / "README.md"
DUE = "send: 2026-11-06 22:00\n"
WORKFLOWS = ["newsletter.yml", "newsletter-hosted.yml"]
CRON = re.compile(r"`(\*/5 \* \* \* \* [^`]+)`")


def _shown(name: str) -> str:
    """Give the file of this name that the README shows."""
    blocks = re.findall(
        r"```(?:ini|yaml)\n(.*?)```", README.read_text("utf-8"), re.DOTALL
    )
    (found,) = [b for b in blocks if re.match(rf"# \S+/{re.escape(name)}\n", b)]
    return str(found)


def _unit(name: str) -> configparser.ConfigParser:
    unit = configparser.ConfigParser(interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]  # as in systemd.syntax
    unit.read_string(_shown(name))
    return unit


def _workflow(name: str) -> Any:
    document = yaml.safe_load(_shown(name))
    document["on"] = document.pop(True)  # YAML 1.1 takes `on` for a yes
    return document


def _steps(name: str) -> Sequence[Any]:
    (job,) = _workflow(name)["jobs"].values()
    return list(job["steps"])


def _words(line: str) -> list[str]:
    """Give what stands behind the program in a line of a shell."""
    words = shlex.split(line.partition(">")[0])
    (place,) = [i for i, word in enumerate(words) if word.endswith("distribute")]
    return words[place + 1 :]


def _commands() -> Iterator[str]:
    yield _unit("newsletter.service")["Service"]["ExecStart"]
    (line,) = CRON.findall(README.read_text("utf-8"))
    yield line
    for name in WORKFLOWS:
        runs = [step["run"] for step in _steps(name) if "run" in step]
        yield from (line for line in runs if line.startswith("distribute "))


@pytest.mark.parametrize("line", list(_commands()))
def test_each_command_sends_what_is_due_and_only_once(
    office: Office, server: FaultServer, line: str
) -> None:
    """As it stands there; called again, it says in one line that nothing is due."""
    add(office.folder, "", head=DUE)
    assert act(office, *_words(line)).status == 0
    assert server.record.count == len(office.readers)
    again = act(office, *_words(line))
    assert (again.status, again.out) == (0, "Nothing is due.\n")


def test_there_is_one_command_for_each_timer() -> None:
    """A timer of which nothing is run would prove nothing."""
    assert len(list(_commands())) == 4


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_is_one_that_github_reads(name: str) -> None:
    """One job at a time, never cut short by the next, every few minutes, with no rights."""
    workflow = _workflow(name)
    assert workflow["concurrency"]["cancel-in-progress"] is False
    assert workflow["permissions"] == {"contents": "read"}
    assert "workflow_dispatch" in workflow["on"]
    ((when,),) = [each.values() for each in workflow["on"]["schedule"]]
    minutes, *others = when.split()
    assert others == ["*"] * 4
    assert all(0 < int(minute) < 60 for minute in minutes.split(","))
    for step in _steps(name):
        assert ("uses" in step) != ("run" in step)
        assert re.fullmatch(r"actions/[a-z/-]+@v\d+", step.get("uses", "actions/x@v1"))


def test_the_hosted_workflow_carries_the_database() -> None:
    """It is fetched before anything is sent, and kept whatever happened then."""
    names = [step.get("uses", step.get("run")) for step in _steps(WORKFLOWS[1])]
    fetched, sent, kept = (
        next(place for place, name in enumerate(names) if part in name)
        for part in ("cache/restore", "send new", "cache/save")
    )
    assert fetched < sent < kept == len(names) - 1
    steps = _steps(WORKFLOWS[1])
    assert steps[kept]["if"] == "always()"
    assert steps[kept]["with"]["path"] == steps[fetched]["with"]["path"]
    prefix = steps[fetched]["with"]["restore-keys"]
    assert steps[kept]["with"]["key"].startswith(prefix)
    assert "github.run_id" in steps[kept]["with"]["key"], "no key can be written twice"


def test_the_unit_is_called_again_and_not_cut_short() -> None:
    """It may take hours, is no failure when it is to go on, and ends in good order."""
    service = _unit("newsletter.service")["Service"]
    assert service["Type"] == "oneshot"
    assert service["TimeoutStartSec"] == "infinity"
    assert service["SuccessExitStatus"] == "75"
    assert int(service["TimeoutStopSec"]) > 30
    assert _unit("newsletter.timer")["Install"]["WantedBy"] == "timers.target"


def test_a_worker_is_started_again_and_may_hand_back() -> None:
    """It runs for ever, and has the time to give its batch back."""
    service = _unit("newsletter-worker@.service")["Service"]
    assert service["Restart"] == "always"
    assert int(service["TimeoutStopSec"]) > 30
    assert _words(service["ExecStart"]) == ["worker", "--json"]


def test_the_workers_in_containers_hand_back_too() -> None:
    """They hear signals, and read nothing but what they are given."""
    services = yaml.safe_load(_shown("compose.yaml"))["services"]
    worker = services["worker"]
    assert worker["command"] == "distribute worker --json"
    assert worker["stop_grace_period"] == "90s"
    assert worker["init"] is True
    assert worker["volumes"] == ["./newsletter:/newsletter:ro"]
    assert set(worker["depends_on"]) < set(services)


def test_systemd_understands_the_units(tmp_path: Path) -> None:
    """Every word of them, and when the timer comes."""
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("there is no systemd-analyze")
    for name in ("newsletter.service", "newsletter.timer"):
        text = _shown(name).replace("/opt/distribute/bin/distribute", "/bin/true")
        text = text.replace("User=newsletter", "User=root")
        (tmp_path / name).write_text(text.replace("/srv/newsletter", "/"), "utf-8")
    units = [str(tmp_path / f"newsletter.{kind}") for kind in ("service", "timer")]
    seen = subprocess.run(  # noqa: S603 - our own files
        [analyze, "verify", "--man=no", *units],
        capture_output=True,
        text=True,
        check=False,
    )
    complaints = [line for line in seen.stderr.splitlines() if "newsletter." in line]
    assert not complaints
    when = _unit("newsletter.timer")["Timer"]["OnCalendar"]
    told = subprocess.run(  # noqa: S603 - what we just read
        [analyze, "calendar", when], capture_output=True, text=True, check=True
    )
    assert "*-*-* *:00/5:00" in told.stdout


def test_where_the_database_lies_is_a_setting(run: Run, small: Path) -> None:
    """The addresses that the README gives for it are read, and made on first use."""
    urls = re.findall(r'url = "(sqlite:///[^"]+)"`', README.read_text("utf-8"))
    assert len(urls) == 2
    (small / "state").mkdir()
    settings = small / "distribute.toml"
    text = settings.read_text("utf-8")
    for url in urls:
        there = url.replace("/var/lib/newsletter", str(small / "state"))
        settings.write_text(f'{text}\n[store]\nurl = "{there}"\n', "utf-8")
        answer = run("-C", small, "audience", "add", "ada@example.org")
        assert answer.status == 0
        assert (small / "state" / "distribute.db").exists()
        (small / "state" / "distribute.db").unlink()
