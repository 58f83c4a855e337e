"""A newsletter whose database is on a server of PostgreSQL, from its commands' own words."""

import socket
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urlsplit

import httpx
import pytest

from tests.cli.conftest import NOW
from tests.commands import Answer, finish, start

Call = Callable[..., Answer]
PEOPLE = 'email,languages\nada@example.org,en\nbo@example.net,"de, en"\n'


@pytest.fixture
def call(small: Path, empty_postgres_url: str) -> Call:
    """Run commands as processes of their own; the environment alone says where."""
    settings = small / "distribute.toml"
    text = settings.read_text("utf-8")
    settings.write_text(f'{text}\n[store]\nurl_env = "NEWS_DATABASE"\n', "utf-8")
    for file in small.glob("distribute.db*"):
        file.unlink()
    (small / "people.csv").write_text(PEOPLE, "utf-8")

    def run(*words: str, **environment: str) -> Answer:
        env = {"NEWS_DATABASE": empty_postgres_url, **environment}
        return finish(start("-C", small, *words, env=env))

    return run


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


def test_people_join_and_leave(
    call: Call, small: Path, empty_postgres_url: str
) -> None:
    """`serve` keeps what they ask for in the same database."""
    assert call("audience", "import", str(small / "people.csv")).status == 0
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    words = ("serve", "--port", str(port), "--sink", "file")
    env = {"NEWS_DATABASE": empty_postgres_url, "SOURCE_DATE_EPOCH": NOW}
    process = start("-C", small, *words, env=env)
    try:
        end = monotonic() + 20
        while not _answers(url):
            assert monotonic() < end
            sleep(0.05)
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
