"""What programs get: one JSON document whatever happens, and an exit status."""

import io
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import pytest
from click.testing import CliRunner

from distribute.cli import group
from distribute.cli.invocation import Invocation
from distribute.cli.terminal.asking import Declined, insist_on_yes
from distribute.errors import AudienceError
from tests.cli.conftest import Run, add_undated_post
from tests.commands import finish, start
from tests.judges import json_documents
from tests.mailroom import free_port, open_mailroom, use_server

GOOD = [
    "audience import {letter}/subscribers.csv",
    "audience list",
    "audience add new@example.org --name New --languages tr!",
    "audience remove new@example.org",
    "audience export",
    "audience export --format jsonl -o {letter}/people.jsonl",
    "status",
    "check",
    "check --format sarif",
    "build",
    "plan 4",
    "send 4 --dry-run",
    "send 4 --only editor@example.org",
    "send 4",
    "send 4",
    "retry 4 --failed",
    "retry 4 --uncertain --dry-run",
    "status 4",
    "status 4 --failed --deferred",
    "explain rui@example.org 4",
    "init {letter}/new",
    "demo {letter}/out/demo",
]
BAD = {
    "sned 4": "UsageError",
    "": "UsageError",
    "--bogus status": "UsageError",
    "audience": "UsageError",
    "audience list --status nobody": "UsageError",
    "audience list --lang !": "LanguageError",
    "audience import {letter}/missing.csv": "AudienceError",
    "audience import {letter}/authors.yml": "AudienceError",
    "audience export -o {letter}/posts": "AudienceError",
    "audience add nobody": "MailboxError",
    "audience remove nobody@example.org": "AudienceError",
    "status 77": "PlanError",
    "send": "UsageError",
    "send 4 --lang en": "UsageError",
    "send 4 --sink pigeon": "UsageError",
    "send 4 --sink smtp": "UsageError",
    "send 4 --only nobody": "MailboxError",
    "send 4 --only a@example.org --lang tr": "PlanError",
    "send 4 --plan 0123456789ab": "PlanDriftError",
    "send 4 --limit 0": "UsageError",
    "send 4 --wait soon": "UsageError",
    "send 4 --on-uncertain pray": "UsageError",
    "retry 4": "UsageError",
    "retry 4 --failed --uncertain": "UsageError",
    "retry 77 --failed": "PlanError",
    "status --failed": "UsageError",
    "status --csv": "UsageError",
    "explain nobody@example.org": "AudienceError",
    "init {letter}": "ConfigError",
    "init {letter}/authors.yml/new": "ConfigError",
    "demo {letter}/posts": "ConfigError",
    "demo {letter}/authors.yml/new": "ConfigError",
}


def test_every_command_answers_in_one_document(run: Run, small: Path) -> None:
    """With ``--json``, before the command or behind it, stdout holds nothing else."""
    for number, line in enumerate(GOOD):
        words = line.format(letter=small).split()
        json = (["--json", *words], [*words, "--json"])[number % 2]
        answer = run("-C", small, *json)
        assert answer.status == 0, (line, answer.err)
        (document,) = json_documents(answer.out)
        assert isinstance(document, dict), line
        assert "error" not in document or document["error"] is None, line


def test_every_error_is_one_document(run: Run, small: Path) -> None:
    """Its kind, its reason and the next step on stdout; the words for people on stderr."""
    for line, kind in BAD.items():
        answer = run("-C", small, "--json", *line.format(letter=small).split())
        assert answer.status == (4 if kind == "PlanDriftError" else 2), line
        (document,) = json_documents(answer.out)
        assert document["error"]["kind"] == kind, (line, document)
        assert document["error"]["reason"], line
        assert document["error"]["hint"], line
        if kind != "UsageError":  # click has its own words, or shows the help
            assert document["error"]["reason"].splitlines()[0] in answer.err, line


def test_an_error_with_a_place_says_it_in_fields(run: Run, letter: Path) -> None:
    """Editors jump to path and line; they need not take the sentence apart."""
    (letter / "posts").rename(letter / "texts")
    error = run("-C", letter, "--json", "status").document["error"]
    assert (error["path"], error["line"]) == (str(letter / "posts"), 0)


def test_a_refusal_is_no_success(run: Run, small: Path) -> None:
    """A test says it in one document and ends with 1; so does a sending, for the rest."""
    with open_mailroom() as inbox:
        use_server(small, inbox.port)
        inbox.unknown.add("rui@example.org")
        send = ("-C", small, "--json", "send", "4", "--sink", "smtp")
        test = run(*send, "--only", "rui@example.org")
        everybody = run(*send, "--yes")
    assert (test.status, everybody.status) == (1, 1)
    (document,) = json_documents(test.out)
    assert (document["outcome"], document["code"]) == ("rejected", 550)
    (document,) = json_documents(everybody.out)
    assert document["outcomes"]["rejected"] == 1
    assert document["outcomes"]["accepted"] == document["planned"] - 1
    assert document["troubled"][0]["text"] == "nobody of this name"


def test_a_broken_run_says_what_broke_it(run: Run, small: Path) -> None:
    """The account of a run that the sink ended holds the error and the next step."""
    use_server(small, free_port())
    answer = run("-C", small, "--json", "send", "4", "--sink", "smtp", "--yes")
    assert answer.status == 75
    (document,) = json_documents(answer.out)
    assert document["error"]["kind"] == "TransientDeliveryError"
    assert document["error"]["hint"]
    assert document["not_reached"] + document["outcomes"]["deferred"] > 0


def test_posts_that_cannot_be_used_are_mentioned_everywhere(
    run: Run, small: Path
) -> None:
    """Status, plan, build and send go on without them, and say that they do."""
    add_undated_post(small)
    for command in (["status"], ["plan", "4"], ["build"], ["send", "4"]):
        answer = run("-C", small, *command)
        assert answer.status == 0
        assert answer.err == (
            "distribute: 1 error in the posts; `distribute check` lists them\n"
        )


def test_a_list_that_breaks_off_is_one_document_still(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What was listed is there, and the error that ended it behind it."""
    invocation = Invocation(Path(), as_json=True, now=datetime.fromtimestamp(0, UTC))

    def items() -> Iterator[object]:
        yield {"address": "ada@example.org"}
        raise AudienceError("the database is gone", hint="Find it.")

    with pytest.raises(AudienceError):
        invocation.answer_many({"issue": "4"}, deliveries=items())
    (document,) = json_documents(capsys.readouterr().out)
    assert document["deliveries"] == [{"address": "ada@example.org"}]
    assert document["error"]["reason"] == "the database is gone"
    assert invocation.has_answered, "so nobody prints another"


def test_a_defect_is_one_document_too(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where we are broken, programs learn it in their way, and people by a traceback."""

    def break_down(_folder: Path) -> None:
        raise ZeroDivisionError("never")

    monkeypatch.setattr("distribute.cli.status.Newsletter", break_down)
    result = CliRunner().invoke(group, ["-C", str(small), "--json", "status"])
    assert isinstance(result.exception, ZeroDivisionError)
    (document,) = json_documents(result.stdout)
    assert document["error"]["kind"] == "ZeroDivisionError"
    assert "report it" in document["error"]["hint"]


class Typist(io.StringIO):
    """Somebody at a terminal."""

    def isatty(self) -> bool:
        """Say that there is somebody to ask."""
        return True


@pytest.mark.parametrize("answer", ["n", "", "y"])
def test_whoever_is_asked_may_say_no(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], answer: str
) -> None:
    """Nothing goes out then; only a plain yes is a yes."""
    monkeypatch.setattr("sys.stdin", Typist(f"{answer}\n"))
    declined = pytest.raises(Declined) if answer != "y" else nullcontext()
    with declined:
        insist_on_yes("Send 2 messages?", ["English  2"])
    asked = capsys.readouterr().err
    assert asked.startswith("English  2\nSend 2 messages? [y/N]: ")


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_ctrl_c_ends_with_75_and_how_to_go_on(
    run: Run, letter: Path, name: str
) -> None:
    """Also where nothing is being sent; what was half done is not done at all."""
    pipe = letter / "people.csv"
    os.mkfifo(pipe)
    process = start("-C", letter, "--json", "audience", "import", pipe)
    with opened_by_both(pipe, process) as feed:
        feed.write(b"email\nada@example.org\n" * 10_000)
        feed.flush()
        process.send_signal(signal.Signals[name])
        answer = finish(process)
    assert answer.status == 75
    (document,) = json_documents(answer.out)
    assert document["error"]["reason"] == "stopped"
    assert "Traceback" not in answer.err
    assert run("-C", letter, "--json", "audience", "list").document["subscribers"] == []


@contextmanager
def opened_by_both(pipe: Path, reader: subprocess.Popen[str]) -> Iterator[BinaryIO]:
    """Wait until the process reads from the pipe, and write to it."""
    descriptor = -1
    while descriptor < 0:
        assert reader.poll() is None
        time.sleep(0.01)
        with suppress(OSError):
            descriptor = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
    os.set_blocking(descriptor, True)
    with suppress(BrokenPipeError), open(descriptor, "wb") as feed:  # noqa: PTH123
        yield feed
