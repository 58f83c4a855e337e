"""``preview --serve``: an author writes, and sees it by the time they look."""

import contextlib
import http.client
import re
import signal
import threading
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from queue import Queue
from urllib.parse import urlsplit

import pytest

from distribute.cli.newsletter.sample import copy_sample
from tests.browsers import chromium
from tests.cli.conftest import Run
from tests.commands import start
from tests.scenarios.office import keep_one_issue

POST = "posts/2026-10-09-the-village-that-switched-off.en.md"
PATIENCE = 6
"""Signs of life, ten seconds apart, until something new has to be there."""


class Look:
    """A running ``preview --serve``, and a browser that looks at it."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        self.process = start(
            "-C", folder, "preview", "--serve", "--port", "0", *options
        )
        self.lines: Queue[str] = Queue()
        assert self.process.stdout
        assert self.process.stderr
        self._listeners = [
            threading.Thread(target=self._listen, args=(stream,), daemon=True)
            for stream in (self.process.stdout, self.process.stderr)
        ]
        for listener in self._listeners:
            listener.start()
        said = self.says("Ctrl-C ends it")
        self.port = urlsplit(said.split()[0]).port or 0
        self.status, self.page = self.get()

    def _listen(self, stream: Iterator[str]) -> None:
        for line in stream:
            self.lines.put(line.rstrip())

    def says(self, words: str) -> str:
        """Wait for a line with these words; gives it."""
        while words not in (line := self.lines.get(timeout=60)):
            assert not line.startswith("Traceback")
        return line

    def get(self, path: str = "/") -> tuple[int, str]:
        """Ask for a page."""
        with contextlib.closing(self._ask(path)) as line:
            response = line.getresponse()
            return response.status, response.read().decode("utf-8")

    def _ask(self, path: str) -> http.client.HTTPConnection:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        line.request("GET", path)
        return line

    def shows(self, words: str = "", *, status: int = 200) -> None:
        """Load the page whenever it is told to, until it is as expected.

        A file may be seen when it is not yet written to its end.
        """
        self.status, self.page = self.get()
        while words not in self.page or self.status != status:
            found = re.search(r'(?:since=|data-version=")(\d+)', self.page)
            assert found
            self._hear(f"/events?since={found[1]}")
            self.status, self.page = self.get()

    def _hear(self, path: str) -> None:
        """Wait for news; the server says from time to time that it is still there."""
        with contextlib.closing(self._ask(path)) as line:
            heard = (each for each in line.getresponse() if each.strip())
            assert b"data: new\n" in islice(heard, PATIENCE)

    def write(self, name: str, text: str) -> None:
        """Save a file of the newsletter."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def read(self, name: str) -> str:
        """Read a file of the newsletter."""
        return (self.folder / name).read_text("utf-8")

    def end(self) -> None:
        """End it, and hear its last word before anybody closes its streams."""
        self.process.kill()
        for listener in self._listeners:
            listener.join()


@pytest.fixture(scope="module")
def look(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Look]:
    """Start it on a newsletter of one issue; the tests leave it whole."""
    folder = tmp_path_factory.mktemp("look") / "letter"
    copy_sample(folder)
    keep_one_issue(folder)
    with running(folder) as looking:
        yield looking


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Look]:
    """Start it; the first page is there."""
    looking = Look(folder)
    with looking.process:
        yield looking
        looking.end()


def test_what_is_saved_is_seen_without_being_asked_for(look: Look) -> None:
    """A post, again and again; its front matter; the settings. The terminal says so too."""
    for words in ("The hedgehog came back.", "And it brought a friend."):
        look.write(POST, f"{look.read(POST)}\n{words}\n")
        look.shows(words)
        assert "shown anew in" in look.says(POST)
    look.write(POST, look.read(POST).replace("---\n", "---\nextra: one\n", 1))
    look.shows("extra: one")
    settings = look.read("distribute.toml")
    look.write("distribute.toml", settings.replace("Lights Out", "Dim Light"))
    look.shows("Dim Light")


def test_templates_of_ones_own_are_seen_and_broken_ones_explained(look: Look) -> None:
    """With file and line, in the page and on the terminal; mended, the page is back."""
    shipped = Path(__file__).parents[3] / "templates/email/email.html"
    mine = shipped.read_text("utf-8").replace("<body", "<body data-mine=yes", 1)
    look.write("templates/email/email.html", mine)
    look.shows("data-mine")
    look.write("templates/email/email.html", "<p>\n{% if %}\n")
    look.shows("email.html:2", status=503)
    assert "{% if %}" in look.page
    look.says("email.html:2: ")
    (look.folder / "templates/email/email.html").unlink()
    look.shows()
    assert "data-mine" not in look.page


def test_posts_and_settings_saved_halfway_are_explained(look: Look) -> None:
    """No gallery is shown without the post, as if nothing were wrong."""
    assert "since=" not in look.read("out/preview/index.html")
    assert "connect-src" not in look.read("out/preview/index.html")
    for name, half in (
        (POST, '---\ntitle: "Half of\n'),
        ("distribute.toml", "[nonsense]"),
    ):
        text = look.read(name)
        look.write(name, half)
        look.shows(Path(name).name, status=503)
        look.write(name, text)
        look.shows()


def test_a_browser_shows_it_by_itself(look: Look) -> None:
    """Chromium loads the page anew, at the place it was, and back from a mistake."""
    text = look.read(POST)
    complaints: list[str] = []
    with chromium() as browser:
        page = browser.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(f"http://localhost:{look.port}/#en/text")
        for content, words in (
            (f"{text}\nThe hedgehog came back.\n", "The hedgehog came back."),
            ('---\ntitle: "Half of\n', "No preview for now"),
            (text, "In other languages"),
        ):
            look.write(POST, content)
            page.wait_for_function(
                "words => document.body.textContent.includes(words)",
                arg=words,
                timeout=60_000,
            )
            assert page.url.endswith("#en/text")
    refused = [each for each in complaints if "503" not in each]
    assert refused == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_is_a_good_end(look: Look, number: int) -> None:
    """Also while a browser waits: exit status 0, and no trace of Python."""

    def wait() -> None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            look.get("/events?since=1")  # it may end before it is answered

    waiting = threading.Thread(target=wait, daemon=True)
    waiting.start()
    look.process.send_signal(number)
    assert look.process.wait(timeout=60) == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--serve", "--json"), "--serve"),
        (("--serve", "--all"), "one issue"),
        (("--serve", "--png"), "no pictures"),
        (("--port", "8000"), "--serve"),
    ],
)
def test_refuses_what_makes_no_sense(
    run: Run, small: Path, options: tuple[str, ...], said: str
) -> None:
    """Before anything is made."""
    answer = run("-C", small, "preview", *options)
    assert answer.status == 2
    assert said in f"{answer.err}{answer.out}"
    assert not (small / "out" / "preview").exists()


def test_the_browser_is_opened_where_the_preview_is(
    small: Path, tmp_path: Path
) -> None:
    """At the file, or at the server's address."""
    note = tmp_path / "opened"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" >> "{note}"\n', encoding="utf-8")
    browser.chmod(0o700)
    environment = {"BROWSER": str(browser)}
    process = start("-C", small, "preview", "--open", env=environment)
    process.communicate(timeout=120)
    assert process.returncode == 0
    assert note.read_text("utf-8").strip() == (
        (small / "out/preview/index.html").resolve().as_uri()
    )
