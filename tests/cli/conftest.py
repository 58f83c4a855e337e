"""The command line run in this process, on the sample newsletter."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from distribute.cli.newsletter.newsletter import Newsletter
from distribute.cli.newsletter.sample import sample_folder
from distribute.render.email.email import render_email
from tests.cli.slips import BROKEN, add
from tests.commands import NOW, Answer, call
from tests.faults.fault import Manners
from tests.faults.server import FaultServer, serving
from tests.scenarios.office import (
    ISSUE,
    Office,
    copy_office,
    keep_one_issue,
    open_office,
)
from tests.sharing import sharing

__all__ = ["ISSUE", "NOW", "Answer", "Run", "add_undated_post"]

Run = Callable[..., Answer]
PEOPLE = 40
"""How many read the newsletter of an `office`."""


@pytest.fixture
def run() -> Run:
    """Give a function that runs ``distribute`` with a fixed clock."""
    return call


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """Give a copy of the sample newsletter, without any subscriber yet."""
    folder = tmp_path / "letter"
    copy_sample(folder)
    return folder


@pytest.fixture
def people(letter: Path, subscribers: Path) -> Path:
    """Give a copy of the sample newsletter with its subscribers imported."""
    shutil.copy(subscribers, letter / subscribers.name)
    return letter


@pytest.fixture
def small(tmp_path: Path, subscribers: Path) -> Path:
    """Give a newsletter of one issue, `ISSUE`, with the sample's subscribers.

    Whatever is not about many issues or languages is as true of it, and seen sooner.
    """
    folder = tmp_path / "letter"
    copy_sample(folder)
    keep_one_issue(folder)
    shutil.copy(subscribers, folder / subscribers.name)
    return folder


@pytest.fixture(scope="session")
def sent_once(tmp_path_factory: pytest.TempPathFactory, subscribers: Path) -> Path:
    """Send `ISSUE` to the sample's subscribers, once for all tests, as files."""
    folder = tmp_path_factory.mktemp("sent") / "letter"
    copy_sample(folder)
    keep_one_issue(folder)
    shutil.copy(subscribers, folder / subscribers.name)
    assert call("-C", folder, "send", ISSUE).status == 0
    return folder


@pytest.fixture
def sent(sent_once: Path, tmp_path: Path) -> Path:
    """Give a newsletter of one's own whose issue has been sent."""
    return Path(shutil.copytree(sent_once, tmp_path / "letter"))


@pytest.fixture(scope="session")
def subscribers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Import the subscribers of the sample, once for all tests; gives the database."""
    folder = tmp_path_factory.mktemp("sample") / "letter"
    copy_sample(folder)
    answer = call("-C", folder, "audience", "import", folder / "subscribers.csv")
    assert answer.status == 0, answer.out
    return folder / "distribute.db"


@pytest.fixture(scope="session", autouse=True)
def rendering_is_warm(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Load what renders, and compile the templates, once instead of for every command.

    Commands render in copies of this process, which would do it each time.
    """
    folder = tmp_path_factory.mktemp("warm") / "letter"
    copy_sample(folder)
    newsletter = Newsletter(folder)
    (edition, *_) = newsletter.editions
    with sharing():
        render_email(
            edition,
            newsletter.content(edition),
            newsletter.issues[0],
            text=newsletter.text(edition),
            publication=newsletter.publication,
            theme=newsletter.theme,
        )


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Make a newsletter with some readers, to be copied."""
    return open_office(tmp_path_factory.mktemp("office") / "letter", PEOPLE)


@pytest.fixture
def office(template: Office, tmp_path: Path) -> Office:
    """Give a newsletter of one's own."""
    return copy_office(template, tmp_path / "letter")


@pytest.fixture
def server(tmp_path: Path, office: Office) -> Iterator[FaultServer]:
    """Give a server that the newsletter's settings name; it has no faults yet."""
    with serving(tmp_path / "record", Manners(keeps=True)) as server:
        office.configure(server.port, delivery={"retry_after": '"1h"'})
        yield server


def copy_sample(folder: Path) -> None:
    """Copy the sample newsletter, without anything that was made of it where it lies."""
    shutil.copytree(sample_folder(), folder, ignore=shutil.ignore_patterns("out"))


def add_undated_post(letter: Path) -> None:
    """Write a post that is left out, with an error: nothing says when it is of."""
    (letter / "posts" / "undated.md").write_text(
        "---\ntitle: x\ntags: [newsletter]\n---\nText\n", encoding="utf-8"
    )


def act(office: Office, *words: str, now: str = NOW) -> Answer:
    """Call the command line for this newsletter."""
    return call("-C", office.folder, *words, now=now)


@pytest.fixture
def pair(letter: Path) -> Path:
    """Give a newsletter of two issues: the fourth, and the first in one language."""
    for post in (letter / "posts").iterdir():
        if not post.name.startswith(("2026-06-12-first-light.md", "2026-10-09")):
            post.unlink()
    return letter


@pytest.fixture
def broken(small: Path) -> Path:
    """Give a newsletter of one issue with a link that has no scheme."""
    add(small, BROKEN)
    return small
