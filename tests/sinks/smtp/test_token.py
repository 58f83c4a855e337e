"""Access tokens for XOAUTH2, from a command that knows how to get one."""

import shlex
import sys
from pathlib import Path

import pytest

from distribute.errors import (
    DeliveryError,
    PermanentDeliveryError,
    TransientDeliveryError,
)
from distribute.sinks.smtp import token
from distribute.sinks.smtp.token import Tokens


def python(program: str) -> str:
    """Write a command that runs a program."""
    return shlex.join([sys.executable, "-c", program])


def counting(path: Path) -> str:
    """Write a command whose token is how often it ran."""
    path.write_text("")
    return python(
        f"p = __import__('pathlib').Path({str(path)!r})\n"
        "p.write_text(p.read_text() + 'x')\n"
        "print('token', len(p.read_text()), sep='-')"
    )


@pytest.mark.parametrize(
    "program",
    ["print('ya29.a-b_c~+/=')", "print('  ya29.a-b_c~+/=  \\r\\nexpires: soon')"],
)
def test_a_token_is_the_first_line(program: str) -> None:
    """Without the spaces around it."""
    assert Tokens().get(python(program)) == "ya29.a-b_c~+/="


def test_words_are_split_as_a_shell_does_but_there_is_none() -> None:
    """Quotes hold words together; nothing is expanded or piped."""
    program = shlex.quote("import sys; print(len(sys.argv), *sys.argv[1:], sep='/')")
    command = f"{sys.executable} -c {program} 'a$HOME' '*' '|' ';'"

    assert Tokens().get(command) == "5/a$HOME/*/|/;"


def test_a_token_is_kept_for_five_minutes(tmp_path: Path) -> None:
    """So that each of many connections need not run the command."""
    now = 1000.0
    tokens = Tokens(lambda: now)
    command = counting(tmp_path / "runs")
    first = tokens.get(command)
    now += 299
    second = tokens.get(command)
    now += 2
    third = tokens.get(command)

    assert (first, second, third) == ("token-1", "token-1", "token-2")


def test_a_refused_token_is_not_given_again(tmp_path: Path) -> None:
    """But one that has taken its place meanwhile is."""
    tokens = Tokens()
    command = counting(tmp_path / "runs")
    tokens.forget(tokens.get(command))

    assert tokens.get(command) == "token-2"
    tokens.forget("token-1")
    assert tokens.get(command) == "token-2"


@pytest.mark.parametrize(
    ("command", "error", "words"),
    [
        (python("raise SystemExit('one\\ntwo  \\n\\n')"), PermanentDeliveryError,
         r"failed with status 1: two\n"),
        (python("raise SystemExit(3)"), PermanentDeliveryError, r"with status 3\n"),
        (python("import sys; print('no net', file=sys.stderr); sys.exit(75)"),
         TransientDeliveryError, "status 75: no net"),
        (python("import os; os.kill(os.getpid(), 9)"), TransientDeliveryError, "-9"),
        (python("print('\\x1b[31m!', file=__import__('sys').stderr); exit(1)"),
         PermanentDeliveryError, "status 1: \ufffd.31m!"),
        (python(""), PermanentDeliveryError, "did not print a token"),
        (python("print()\nprint('later')"), PermanentDeliveryError, "did not print"),
        (python("print('two words')"), PermanentDeliveryError, "did not print a token"),
        (python("print('a\\x01b')"), PermanentDeliveryError, "did not print a token"),
        (python("print('x' * 9000)"), PermanentDeliveryError, "did not print a token"),
        ("/nowhere/print-token --key s3cret", PermanentDeliveryError,
         "cannot be run: print-token: No such file"),
        ("print 'token", PermanentDeliveryError, "cannot be split into words"),
        ("  ", PermanentDeliveryError, "is empty"),
        ("''", PermanentDeliveryError, "is empty"),
        ("a\0b", PermanentDeliveryError, "cannot be run"),
    ],
)  # fmt: skip
def test_a_command_that_fails_is_named_and_its_token_is_not(
    command: str, error: type[DeliveryError], words: str
) -> None:
    """The error has the program's name and its last words, never what it printed."""
    with pytest.raises(DeliveryError, match=words) as raised:
        Tokens().get(command)
    assert type(raised.value) is error
    assert raised.value.hint
    assert "s3cret" not in str(raised.value)
    assert "two words" not in str(raised.value)


def test_a_command_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sending must not wait for somebody to type; another time it may work."""
    monkeypatch.setattr(token, "_PATIENCE", 0.2)
    with pytest.raises(TransientDeliveryError, match="no token within"):
        Tokens().get(python("import time; time.sleep(30)"))


def test_a_command_that_asks_gets_no_answer() -> None:
    """Its standard input is empty."""
    with pytest.raises(PermanentDeliveryError, match="EOFError"):
        Tokens().get(python("input('password? ')"))
