"""What the README shows of `distribute serve` is true."""

import configparser
import re
import shlex
from pathlib import Path

import pytest

from distribute.cli import Commands, group
from distribute.cli.serve import command
from distribute.web.public.openapi import description
from tests.web.public.visiting import town

README = (Path(__file__).parents[3] / "README.md").read_text("utf-8")
SECTION = README.partition("### Let people join")[2].partition("\n### ")[0]


def test_every_address_in_the_table_answers(tmp_path: Path) -> None:
    """And every address that answers stands in it."""
    shown = {path.rstrip("…") for path in re.findall(r"^\| `(/\w+)", SECTION, re.M)}
    with town(tmp_path) as here:
        paths = description(here.house)["paths"]
    assert isinstance(paths, dict)
    assert shown == {f"/{path.split('/')[1]}" for path in paths} - {"/confirm"}


def test_the_unit_runs_a_command_that_there_is() -> None:
    """With a folder that it may write to."""
    (text,) = re.findall(r"```ini\n(.*?)```", SECTION, re.DOTALL)
    unit = configparser.ConfigParser(interpolation=None)
    unit.read_string(text)
    _, name, *options = shlex.split(unit["Service"]["ExecStart"])
    assert isinstance(group, Commands)
    assert name in group.list_commands(None)  # type: ignore[arg-type]  # needs none
    context = command.make_context(name, options)
    assert context.params["sink"] == "smtp"
    folder = unit["Service"]["WorkingDirectory"]
    assert unit["Service"]["ReadWritePaths"] == folder


@pytest.mark.parametrize(
    "line", re.findall(r"^distribute (serve.*?)(?: +#.*)?$", SECTION, re.M)
)
def test_every_command_can_be_given(line: str) -> None:
    """As it stands there."""
    _, *options = shlex.split(line)
    command.make_context("serve", options)


def test_the_proxy_says_for_whom_it_asks() -> None:
    """And takes what an application takes, and writes no log of links."""
    (text,) = re.findall(r"```nginx\n(.*?)```", SECTION, re.DOTALL)
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in text
    assert "client_max_body_size 256k;" in text
    assert "access_log off;" in text


def test_the_other_proxy_is_written_as_it_wants_to_be_read() -> None:
    """A Caddyfile is no Caddyfile unless each brace ends a line, or is one."""
    (text,) = re.findall(r"```text\n(.*?)```", SECTION, re.DOTALL)
    site, *inside, end = text.splitlines()
    assert site.endswith(" {")
    assert end == "}"
    assert [line.split() for line in inside] == [["reverse_proxy", "127.0.0.1:8000"]]
