"""One sender at a time, one that is stopped, and what nobody knows the end of."""

import asyncio
import signal
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from distribute.campaign.ledger.ledger import SqliteLedger
from tests.cli.conftest import Run
from tests.commands import finish, start
from tests.databases import reach_into
from tests.mailroom import Inbox, open_mailroom, use_server


def test_a_second_sender_is_turned_away(run: Run, small: Path) -> None:
    """Exit status 3 while another process holds the campaign."""
    now = datetime(2026, 11, 6, 20, tzinfo=UTC)
    with (
        SqliteLedger(small / "distribute.db", "file") as other,
        other.lock("issue-4", now),
    ):
        answer = run("-C", small, "send", "4")
    assert answer.status == 3
    assert run("-C", small, "send", "4").status == 0


class SlowInbox(Inbox):
    """Keeps the first sender waiting for its reply until it is told to go on."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.go_on = threading.Event(), threading.Event()

    async def handle_DATA(self, server: SMTP, session: Session, it: Envelope) -> str:
        self.reached.set()
        await asyncio.to_thread(self.go_on.wait, 60)
        return await super().handle_DATA(server, session, it)


def test_sigterm_finishes_the_message_at_hand_and_goes_on_later(
    run: Run, small: Path
) -> None:
    """Exit status 75; the next run sends the rest, and nobody gets a second copy."""
    due = {
        d["address"]
        for d in run("-C", small, "--json", "plan", "4").document["deliveries"]
    }
    send = ("-C", small, "send", "4", "--sink", "smtp", "--yes")
    inbox = SlowInbox()
    with open_mailroom(inbox):
        use_server(small, inbox.port)
        with start(*send) as process:
            assert inbox.reached.wait(60)
            process.send_signal(signal.SIGTERM)
            inbox.go_on.set()
            answer = finish(process)
        assert answer.status == 75, answer.out + answer.err
        assert 0 < len(inbox.messages) < len(due)
        assert run(*send).status == 0
    assert inbox.messages.keys() == due


def lose_sight_of_rui(run: Run, small: Path) -> None:
    """Send, and leave the ledger as if one reply had never come."""
    assert run("-C", small, "send", "4").status == 0
    with reach_into(small / "distribute.db") as database:
        database.execute(
            "UPDATE delivery SET state = 'uncertain', due = 0"
            " WHERE key = 'rui@example.org'"
        )


def test_the_uncertain_are_listed_and_not_sent_again(run: Run, small: Path) -> None:
    """Exit status 5 until somebody decides, and the words that say how."""
    lose_sight_of_rui(run, small)
    answer = run("-C", small, "send", "4")
    assert answer.status == 5
    assert "1 may or may not have arrived" in answer.out
    assert f"`distribute -C {small} retry 4 --uncertain` sends them" in answer.out
    assert run("-C", small, "--json", "send", "4").document["planned"] == 0


@pytest.mark.parametrize(("policy", "sent"), [("skip", 0), ("resend", 1)])
def test_a_policy_may_decide_about_the_uncertain(
    run: Run, small: Path, policy: str, sent: int
) -> None:
    """``on_uncertain`` lets them rest, or sends them once more; so does the option."""
    lose_sight_of_rui(run, small)
    options = ("--on-uncertain", policy) if sent else ()
    if not sent:
        with (small / "distribute.toml").open("a", encoding="utf-8") as settings:
            settings.write(f'\n[delivery]\non_uncertain = "{policy}"\n')
    answer = run("-C", small, "--json", "send", "4", *options)
    assert answer.status == 0
    assert answer.document["outcomes"]["accepted"] == sent
    assert run("-C", small, "send", "4", "--on-uncertain", "ask").status == 5 * (
        not sent
    )
