"""``distribute serve``: somebody joins, chooses and leaves, and the server stops well."""

import email
import email.policy
import signal
import sys
from email.message import EmailMessage
from pathlib import Path
from time import monotonic, sleep

import pytest

from distribute.audience.reception.letters import Fate, Kind
from distribute.audience.store import Store
from distribute.audience.subscriber import Status
from tests.cli.serving import letters, link_in, serving, write_newsletter
from tests.commands import call
from tests.mailroom import Inbox, open_mailroom

GRACE = "grace@example.org"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a newsletter."""
    return write_newsletter(tmp_path / "news")


def _status(folder: Path) -> Status | None:
    with Store.open(folder / "distribute.db") as store:
        known = store.get(GRACE)
        return known.status if known else None


def test_somebody_joins_chooses_and_leaves(folder: Path) -> None:
    """By the letter that they get, and the links on the pages behind it."""
    with serving(folder) as visitor:
        assert visitor.join(GRACE, first="ar", second="en") == 200
        (letter,) = letters(folder, 1)
        assert (letter["To"], letter["Auto-Submitted"]) == (GRACE, "auto-generated")
        assert _status(folder) is None
        status, page = visitor.ask(link_in(letter), {})
        assert (status, _status(folder)) == (200, Status.CONFIRMED)
        choices = _link(page, "/p/")
        assert visitor.ask(choices, {"first": "de", "pause": "30"})[0] == 200
        leave = _link(visitor.ask(choices)[1], "/u/")
        assert visitor.ask(leave, {"List-Unsubscribe": "One-Click"})[0] == 200
        assert _status(folder) is Status.UNSUBSCRIBED
        _, _, log = visitor.stop()
    assert "There is no site yet" in visitor.greeting[2]
    assert "POST /u/… 200" in log
    assert "letters: 1 sent" in log
    assert not [each for each in (GRACE, leave, choices, "127.0.0.1") if each in log]


def _link(page: str, start: str) -> str:
    return start + page.partition(f'href="{start}')[2].partition('"')[0]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_when_it_is_told_to(folder: Path, number: signal.Signals) -> None:
    """With a word, and as if all was well, for it is."""
    with serving(folder) as visitor:
        assert visitor.ask("/healthz") == (200, "ok\n")
        code, out, err = visitor.stop(number)
    assert (code, out.splitlines()[-1]) == (0, "Stopped; what was asked for is done.")
    assert "Traceback" not in err


@pytest.mark.slow
def test_nothing_is_lost_when_it_is_killed(folder: Path) -> None:
    """What was answered for is on the disk; the letter leaves after the next start.

    The server of mail does not answer at first, so the letter cannot have left.
    """
    settings = folder / "distribute.toml"
    there = settings.read_text("utf-8")
    smtp = there + '[smtp]\nport = {}\nsecurity = "none"\n'
    settings.write_text(smtp.format(1), "utf-8")
    with serving(folder, "--sink", "smtp") as visitor:
        assert visitor.join(GRACE) == 200
        visitor.stop(signal.SIGKILL)
    with Store.open(folder / "distribute.db") as store:
        query = "SELECT kind, outcome FROM letter"
        assert store.connection.execute(query).fetchall() == [(Kind.JOIN, Fate.WAITING)]
        store.connection.execute("UPDATE letter SET due = 0")  # as if it were later
    with open_mailroom() as inbox:
        settings.write_text(smtp.format(inbox.port), "utf-8")
        with serving(folder, "--sink", "smtp") as visitor:
            letter = email.message_from_bytes(
                _arrived(inbox), policy=email.policy.default
            )
            assert isinstance(letter, EmailMessage)
            assert visitor.ask(link_in(letter), {})[0] == 200
    assert _status(folder) is Status.CONFIRMED


def _arrived(inbox: Inbox) -> bytes:
    """Wait for the one letter."""
    end = monotonic() + 60
    while not inbox.messages and monotonic() < end:
        sleep(0.02)
    return inbox.messages[GRACE]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[sender]\nfrom", "[smtp]\n#", "[sender] is missing"),
        ('address = "1 Example Street"', "", "newsletter.address is missing"),
    ],
)
def test_it_does_not_start_without_a_sender(
    folder: Path, old: str, new: str, says: str
) -> None:
    """Letters have to come from somebody, and have to say where they live."""
    settings = folder / "distribute.toml"
    text = settings.read_text("utf-8").replace(old, new)
    settings.write_text(text.replace('bounces = "bounces@example.org"', ""), "utf-8")
    answer = call("-C", folder, "serve", "--port", "0")
    assert answer.status == 2
    assert says in answer.err


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ('[public]\nanswers = "mail"', 'answers is "mail"'),
        ('[public]\nproxies = ["nginx"]', "public.proxies: 'nginx' is neither"),
        ('[public]\nconfirm_within = "5m"', "public.confirm_within: '5m' is too short"),
        ('[public.hooks]\nsparkpost = "X"', "public.hooks.sparkpost: no such provider"),
        ('[public.hooks]\npostmark = "NOT_SET"', "variable NOT_SET is empty"),
    ],
)
def test_what_the_settings_say_has_to_make_sense(
    folder: Path, more: str, says: str
) -> None:
    """Else it does not start, and says what to mend."""
    settings = folder / "distribute.toml"
    settings.write_text(settings.read_text("utf-8") + more, "utf-8")
    answer = call("-C", folder, "serve", "--port", "0")
    assert answer.status == 2
    assert says in answer.err


def test_without_its_libraries_it_says_how_to_get_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They come with an extra that most do not need."""
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    answer = call("-C", folder, "serve")
    assert answer.status == 2
    assert "pip install 'distribute-newsletter[web]'" in answer.err
