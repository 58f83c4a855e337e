"""What the README shows for running workers fits how they behave."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from distribute.cli.fleet.cancelling import PATIENCE

README = (Path(__file__).parents[3] / "README.md").read_text("utf-8")


def shown(kind: str, name: str) -> str:
    """Give the file of this name that the README shows."""
    (found,) = re.findall(
        rf"```{kind}\n# \S+/{re.escape(name)}\n(.*?)```", README, re.DOTALL
    )
    return str(found)


def services() -> Any:
    """Give the services of the compose file."""
    return yaml.safe_load(shown("yaml", "compose.yaml"))["services"]


def texts(document: object) -> Iterator[str]:
    """Give every text in a document."""
    if isinstance(document, dict):
        for key, value in document.items():
            yield from texts(key)
            yield from texts(value)
    elif isinstance(document, list):
        for value in document:
            yield from texts(value)
    else:
        yield str(document)


def test_systemd_understands_the_workers_unit(tmp_path: Path) -> None:
    """Every word of it."""
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("there is no systemd-analyze")
    text = shown("ini", "newsletter-worker@.service")
    for ours, here in (
        ("/opt/distribute/bin/distribute", "/bin/true"),
        ("User=newsletter", "User=root"),
        ("WorkingDirectory=/srv/newsletter", "WorkingDirectory=/"),
    ):
        assert ours in text
        text = text.replace(ours, here)
    unit = tmp_path / "newsletter-worker@1.service"
    unit.write_text(text, "utf-8")
    seen = subprocess.run(  # noqa: S603 - our own file
        [analyze, "verify", "--man=no", unit],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert not [line for line in seen.stderr.splitlines() if "newsletter" in line]


def test_a_worker_is_stopped_by_a_signal_that_it_hears() -> None:
    """It alone; and it is waited for until it has given back what it has in hand."""
    unit = shown("ini", "newsletter-worker@.service")
    assert "KillSignal" not in unit  # SIGTERM
    assert "KillMode=mixed\n" in unit
    assert "SuccessExitStatus=75\n" in unit
    (seconds,) = re.findall(r"TimeoutStopSec=(\d+)\n", unit)
    assert int(seconds) > PATIENCE


def test_containers_come_back_by_themselves() -> None:
    """Workers only once the database answers, by the way in which they ask it."""
    database, worker = services()["database"], services()["worker"]
    assert {database["restart"], worker["restart"]} == {"always"}
    assert worker["depends_on"] == {"database": {"condition": "service_healthy"}}
    check = database["healthcheck"]["test"]
    assert check[:2] == ["CMD", "pg_isready"]
    assert check[check.index("-h") + 1] == "127.0.0.1"  # not the one that only sets up


def test_no_password_stands_in_the_compose_file() -> None:
    """They come from files that nobody commits."""
    database, worker = services()["database"], services()["worker"]
    assert database["environment"]["POSTGRES_PASSWORD_FILE"].startswith("/run/secrets/")
    assert worker["env_file"] == "newsletter.env"
    assert "environment" not in worker
    assert not [text for text in texts(services()) if re.search("://|PASSWORD=", text)]


def test_containers_keep_the_version_that_they_were_built_with() -> None:
    """To start again must not upgrade one of many."""
    recipe = services()["worker"]["build"]["dockerfile_inline"]
    assert re.search(r"distribute-newsletter\[postgres\]==\d", recipe)
    assert "pip" not in services()["worker"]["command"]
