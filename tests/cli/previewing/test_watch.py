"""``distribute build --watch``: an author writes, and the site is there by the time they look."""

import re
import signal
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from queue import Empty, Queue

import pytest

from tests.cli.conftest import Run
from tests.commands import start

POST = "posts/2026-10-09-the-village-that-switched-off.en.md"
PAGE = "out/site/en/the-village-that-switched-off/index.html"


class Watching:
    """A running ``build --watch`` and what it says, line by line."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process = start("-C", folder, "build", "--watch")
        self._lines: Queue[str] = Queue()
        assert self.process.stdout
        assert self.process.stderr
        self._listeners = [
            threading.Thread(target=self._listen, args=(stream,), daemon=True)
            for stream in (self.process.stdout, self.process.stderr)
        ]
        for listener in self._listeners:
            listener.start()

    def end(self) -> None:
        """End it, and hear its last word before anybody closes its streams."""
        self.process.kill()
        for listener in self._listeners:
            listener.join()

    def _listen(self, stream: Iterable[str]) -> None:
        for line in stream:
            self._lines.put(line.rstrip())

    def says(self, words: str, *, within: float = 60) -> str:
        """Wait for a line with these words; gives it."""
        while words not in (line := self._lines.get(timeout=within)):
            assert not line.startswith("Traceback")
        return line

    def write(self, name: str, text: str) -> None:
        """Write a file of the newsletter, at once: half of it is no change to hear of."""
        part = self.folder.with_name("part")
        part.write_text(text, encoding="utf-8")
        part.replace(self.folder / name)

    def add_to(self, name: str, text: str) -> None:
        """Write more at the end of a file."""
        self.write(name, self.read(name) + text)

    def read(self, name: str) -> str:
        """Read a file of the newsletter."""
        return (self.folder / name).read_text("utf-8")


@pytest.fixture
def watching(small: Path) -> Iterator[Watching]:
    """Start it on a newsletter of one issue; the site is there."""
    watching = Watching(small)
    with watching.process:
        watching.says("Watching for changes")
        yield watching
        watching.end()


def test_it_rebuilds_what_changed_and_says_so(watching: Watching) -> None:
    """A line names the post, counts the files and tells the time; then it names them."""
    watching.add_to(POST, "\nThe hedgehog came back.\n")
    assert re.search(r" in \d+\.\d+ s\b", watching.says(f"{POST}: "))
    watching.says("en/the-village-that-switched-off/index.html")
    assert "The hedgehog came back." in watching.read(PAGE)
    watching.write("posts/2026-10-10-a-new-one.md", watching.read(POST))
    watching.says("posts/2026-10-10-a-new-one.md: ")


def test_mistakes_are_shown_and_work_goes_on(watching: Watching) -> None:
    """A post saved halfway and settings without sense are named; mended, all is well."""
    text, settings = watching.read(POST), watching.read("distribute.toml")
    watching.write("posts/2026-10-10-half.md", '---\ntitle: "Half of\n')
    watching.says("2026-10-10-half.md:1: error: ")
    watching.write("distribute.toml", f"{settings}\n[nonsense]\n")
    watching.says("unknown key")
    watching.write("distribute.toml", settings)
    watching.says("distribute.toml: ")
    watching.write("posts/2026-10-10-half.md", "")
    (watching.folder / "posts/2026-10-10-half.md").unlink()
    watching.write(POST, f"{text}\nMended.\n")
    while "Mended." not in watching.read(PAGE):
        watching.says("files written")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_is_a_good_end(watching: Watching, number: int) -> None:
    """Whoever is done says so with Ctrl-C: exit status 0, and no trace of Python."""
    watching.process.send_signal(number)
    assert watching.process.wait(timeout=60) == 0


def test_what_it_writes_itself_is_no_change(watching: Watching) -> None:
    """One change is one build: the site it writes does not set it off again."""
    watching.add_to(POST, "\nOnce.\n")
    watching.says("files written")
    with pytest.raises(Empty):
        watching.says("files written", within=0.6)


def test_it_is_not_for_programs(run: Run, small: Path) -> None:
    """``--json`` promises one document, and this goes on for ever: one of them it is."""
    answer = run("-C", small, "build", "--watch", "--json")
    assert answer.status == 2
    assert "--watch" in answer.document["error"]["reason"]


def test_there_has_to_be_a_newsletter(run: Run, tmp_path: Path) -> None:
    """In a folder without settings it ends at once, and says how to begin."""
    answer = run("-C", tmp_path, "build", "--watch")
    assert answer.status == 2
    assert "distribute init" in answer.err
