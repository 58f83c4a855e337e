"""How the command line begins: help, quickly; and mistakes, in words."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run

HEAVY = (
    "babel",
    "feedgen",
    "frontmatter",
    "jinja2",
    "mistune",
    "nh3",
    "premailer",
    "rich",
)


def test_help_loads_nothing_heavy() -> None:
    """``distribute --help`` answers at once because it imports no library but click."""
    program = (
        "import sys; from distribute.cli import group\n"
        "group(['--help'], standalone_mode=False)\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    result = subprocess.run(  # noqa: S603 - our own arguments
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert result.stdout.endswith("[]\n"), result.stdout


@pytest.mark.parametrize(
    "command",
    [
        *("demo", "init", "status", "check", "build"),
        *("plan", "send", "retry", "explain", "audience"),
    ],
)
def test_every_command_has_help(run: Run, command: str) -> None:
    """Each command of the design is there and explains itself."""
    answer = run(command, "--help")
    assert answer.status == 0
    assert "Usage:" in answer.out
    assert command in run("--help").out


def test_a_misspelt_command_is_a_usage_error(run: Run) -> None:
    """Exit status 2, and nothing on stdout."""
    answer = run("sned", "5")
    assert (answer.status, answer.out) == (2, "")


def test_a_folder_that_is_no_newsletter_says_how_to_begin(
    run: Run, tmp_path: Path
) -> None:
    """Exit status 2, and the next step."""
    answer = run("-C", tmp_path, "status")
    assert answer.status == 2
    assert "distribute init" in answer.err


def test_an_error_is_a_json_document_too(run: Run, tmp_path: Path) -> None:
    """Programs that asked for JSON get JSON, whatever happens."""
    answer = run("-C", tmp_path, "--json", "status")
    assert answer.status == 2
    assert answer.document["error"]["kind"] == "ConfigError"
    assert answer.document["error"]["hint"]


def test_a_clock_that_is_no_clock_is_a_usage_error(run: Run, letter: Path) -> None:
    """``SOURCE_DATE_EPOCH`` must be a number."""
    answer = run("-C", letter, "status", now="yesterday")
    assert answer.status == 2
    assert "SOURCE_DATE_EPOCH" in answer.err
