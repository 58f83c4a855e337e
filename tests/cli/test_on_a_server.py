"""A newsletter whose database is on a server of PostgreSQL, from its commands' own words."""

import socket
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.cli.conftest import Run
from tests.commands import Answer, finish, start
from tests.processes import wait_until

Call = Callable[..., Answer]
PEOPLE = 'email,languages\nada@example.org,en\nbo@example.net,"de, en"\n'


@pytest.fixture
def house(
    small: Path, empty_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Give a newsletter of which the environment alone says where its database is."""
    settings = small / "distribute.toml"
    text = settings.read_text("utf-8")
    settings.write_text(f'{text}\n[store]\nurl_env = "NEWS_DATABASE"\n', "utf-8")
    for file in small.glob("distribute.db*"):
        file.unlink()
    (small / "people.csv").write_text(PEOPLE, "utf-8")
    monkeypatch.setenv("NEWS_DATABASE", empty_postgres_url)
    return small


@pytest.fixture
def call(house: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Run commands in this process, with what the environment is to hold."""

    def call_with(*words: str, **environment: str) -> Answer:
        with monkeypatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            return run("-C", house, *words)

    return call_with


def test_all_of_it_works_without_a_file(call: Call, small: Path) -> None:
    """From an empty database on, which nothing makes before there is something to keep."""
    before = call("plan", "4")
    assert (before.status, "there are no subscribers yet" in before.err) == (2, True)
    assert "there is no postgresql://" in call("doctor").out
    tried = call("audience", "import", "--dry-run", str(small / "people.csv"))
    assert tried.status == 0, tried.err
    assert call("plan", "4").status == 2
    assert call("audience", "import", str(small / "people.csv")).status == 0
    assert call("--json", "plan", "4").document["planned"] == 2
    sent = call("--json", "send", "4")
    assert (sent.status, sent.document["outcomes"]["accepted"]) == (0, 2), sent.err
    assert "accepted" in call("explain", "ada@example.org", "4").out
    assert call("--json", "send", "4").document["planned"] == 0
    assert call("status", "4").status == 0
    (small / "mails").mkdir()
    assert call("bounces", "read", str(small / "mails")).status == 0
    assert call("audience", "forget", "ada@example.org", "--yes").status == 0
    assert "ada@" not in call("audience", "export").out
    assert "can be written" in call("doctor").out
    assert not list(small.glob("distribute.db*"))


def test_a_variable_that_is_missing_is_told(call: Call) -> None:
    """What needs no database goes on."""
    answer = call("plan", "4", NEWS_DATABASE="")
    assert (answer.status, "NEWS_DATABASE is empty" in answer.err) == (2, True)
    assert "NEWS_DATABASE is not set" in call("doctor", NEWS_DATABASE="").out
    assert call("build", NEWS_DATABASE="").status == 0


def test_a_server_that_is_away_is_a_matter_of_time(call: Call) -> None:
    """`send` ends with 75, so that cron tries again; no password is shown."""
    port = _free_port()
    url = f"postgresql://news:geheim@127.0.0.1:{port}/news"
    answer = call("send", "4", NEWS_DATABASE=url)
    assert (answer.status, "does not answer" in answer.err) == (75, True)
    assert "geheim" not in answer.err + call("doctor", NEWS_DATABASE=url).out
    assert "Traceback" not in answer.err


def test_the_doctor_looks_at_the_server(
    call: Call, small: Path, empty_postgres_url: str
) -> None:
    """Of a password that stands in the settings it says where, and not which it is."""
    password = urlsplit(empty_postgres_url).password or "-"
    well = call("doctor")
    assert "Database server" in well.out
    assert "is SUPERUSER" in well.out
    assert "stands in the settings" not in well.out
    settings = small / "distribute.toml"
    text = settings.read_text("utf-8")
    named = f'url = "{empty_postgres_url}"'
    settings.write_text(text.replace('url_env = "NEWS_DATABASE"', named), "utf-8")
    told = call("doctor")
    assert "stands in the settings, as part of [store] url" in told.out
    assert password not in told.out + told.err


def test_people_join_and_leave(call: Call, small: Path) -> None:
    """`serve`, a process of its own, keeps what they ask for in the same database."""
    assert call("audience", "import", str(small / "people.csv")).status == 0
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    words = ("serve", "--port", str(port), "--sink", "file")
    process = start("-C", small, *words)
    try:
        wait_until(lambda: _answers(url) or process.poll() is not None)
        assert call("send", "4").status == 0
        body = {"List-Unsubscribe": "One-Click"}
        assert httpx.post(f"{url}/u/{_token(small)}", data=body).is_success
    finally:
        process.terminate()
        finish(process)
    left = call("audience", "list", "--status", "unsubscribed")
    assert "ada@example.org" in left.out


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz").is_success
    except httpx.TransportError:
        return False


def _free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port: int = taken.getsockname()[1]
    return port


def _token(folder: Path) -> str:
    """Find the token in the mail to Ada."""
    mails = [path.read_text("utf-8") for path in (folder / "out").rglob("*.eml")]
    (mail,) = [mail.replace("\n ", " ") for mail in mails if "ada@" in mail]
    (line,) = [
        line for line in mail.splitlines() if line.startswith("List-Unsubscribe:")
    ]
    address = line.partition("<")[2].partition(">")[0]
    return urlsplit(address).path.rpartition("/")[2]
