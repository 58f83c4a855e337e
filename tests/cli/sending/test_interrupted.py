"""What becomes of a sending that somebody stops, kills, or can no longer see.

Signals go to this very process, while it sends.
"""

import os
import signal
import subprocess
import sys

import pytest

from distribute.campaign.custody.process import this_process
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.cli.process.signals import heard
from tests.cli.conftest import ISSUE, NOW, PEOPLE, act
from tests.cli.signalling import signalled
from tests.commands import finish, start
from tests.databases import reach_into
from tests.faults.fault import Fault, Manners
from tests.faults.server import FaultServer
from tests.judges import run_on_terminal
from tests.scenarios.office import Office, check_sum
from tests.triggers import let_be, refuse

SEND = ("--json", "send", ISSUE, "--sink", "smtp", "--yes")


@pytest.mark.parametrize("names", [["SIGINT"], ["SIGTERM"], ["SIGHUP", "SIGHUP"]])
def test_a_signal_ends_it_in_good_order(
    office: Office, server: FaultServer, names: list[str]
) -> None:
    """Exit status 75, the account on stdout, nothing in doubt; the next run goes on.

    When a terminal is closed, the shell says so to its processes, as the system does.
    """
    server.behave(Manners(faults=(Fault(stage="end", delay=0.2),)))
    with signalled(*names, once=lambda: server.record.count >= 4):
        answer = act(office, *SEND)
    assert answer.status == 75
    document = check_sum(answer)
    assert 0 < document["not_reached"] < PEOPLE
    assert document["outcomes"]["uncertain"] == 0
    server.behave(Manners())
    assert office.send().status == 0
    office.check(server.record)


def test_a_second_signal_ends_it_at_once(office: Office, server: FaultServer) -> None:
    """What had begun to leave is uncertain then, and nothing else."""
    server.behave(Manners(faults=(Fault(stage="end", act="silence"),)))
    started = office.in_state
    with signalled("SIGINT", "SIGTERM", once=lambda: bool(started("started"))):
        answer = act(office, *SEND)
    assert answer.status == 75
    document = check_sum(answer)
    assert 0 < document["outcomes"]["uncertain"] <= 4
    assert document["seconds"] < 40, "or it would wait for the server"


def test_an_ignored_signal_stays_ignored(office: Office, server: FaultServer) -> None:
    """``nohup`` means that a closed terminal does not end it."""
    server.behave(Manners(faults=(Fault(stage="end", delay=0.02),)))
    with signalled("SIGHUP", once=lambda: server.record.count >= 4, ignored=True):
        answer = act(office, *SEND)
    assert (answer.status, server.record.count) == (0, PEOPLE)


def test_signals_do_what_they_did_once_it_is_over() -> None:
    """Whoever handled them before handles them again."""
    before = signal.getsignal(signal.SIGTERM)
    with heard():
        assert signal.getsignal(signal.SIGTERM) is not before
    assert signal.getsignal(signal.SIGTERM) is before


def kill(office: Office, *, claimed: int, started: int) -> None:
    """Leave the ledger as a sender does that is killed: some claimed, some started."""
    with reach_into(office.folder / "distribute.db") as database:
        keys = database.execute("SELECT number FROM delivery ORDER BY key").fetchall()
        for number, state in zip(
            keys, ["claimed"] * claimed + ["started"] * started, strict=False
        ):
            database.execute(
                "UPDATE delivery SET state = ?, closed = NULL, code = 0, enhanced = '',"
                " text = '', stage = '' WHERE number = ?",
                (state, *number),
            )
        database.execute("UPDATE sender SET held = 1, leaves_open = 1, born = '0'")


def test_status_tells_the_truth_after_a_kill(
    office: Office, server: FaultServer
) -> None:
    """Before anybody goes on, what the next run will find is what `status` says."""
    assert office.send("--limit", "30").status == 0
    kill(office, claimed=12, started=3)
    dead = f"process {this_process().pid} on {this_process().host}"
    (issue,) = act(office, "--json", "status", ISSUE).document["issues"]
    counts: dict[str, int] = {}
    for states in issue["sending"]["smtp"].values():
        for state, count in states.items():
            counts[state] = counts.get(state, 0) + count
    assert counts == {"planned": PEOPLE - 18, "accepted": 15, "uncertain": 3}
    assert issue["in_the_hands_of"] == {"smtp": ""}
    assert issue["forsaken_by"] == {"smtp": dead}
    again = f"`distribute -C {office.folder} send {ISSUE} --sink smtp` goes on"
    shown = act(office, "status", ISSUE).out
    assert f"smtp: {dead} ended without a word; {again}" in shown
    listed = act(office, "--json", "status", ISSUE, "--uncertain").document
    assert [each["state"] for each in listed["deliveries"]] == ["uncertain"] * 3
    went_on = office.send()
    assert (went_on.status, check_sum(went_on)["planned"]) == (5, PEOPLE - 18)
    assert office.count_states() == {"accepted": PEOPLE - 3, "uncertain": 3}


def test_a_plan_tells_the_truth_after_a_retry_was_killed(
    office: Office, server: FaultServer
) -> None:
    """Whoever was only taken up by it counts as they did before, also in a dry run."""
    server.behave(
        Manners(faults=(Fault(stage="end", reply="550 5.2.1 no", share=0.4),))
    )
    assert office.send().status == 1
    refused = office.count_states()["rejected"]
    with reach_into(office.folder / "distribute.db") as database:
        database.execute(
            "INSERT INTO earlier_attempt SELECT number, attempt, state, opened, closed,"
            " due, choice, id, code, enhanced, text, stage FROM delivery"
            " WHERE state = 'rejected'"
        )
        database.execute(
            "UPDATE delivery SET state = 'claimed', attempt = 2, due = NULL"
            " WHERE state = 'rejected'"
        )
        database.execute("UPDATE sender SET held = 1, leaves_open = 1, born = '0'")
    plan = act(office, "--json", "plan", ISSUE, "--sink", "smtp").document
    assert (plan["planned"], plan["skipped"]["rejected before"]) == (0, refused)
    dry = act(office, "--json", "send", ISSUE, "--dry-run", "--sink", "smtp").document
    assert (dry["planned"], dry["digest"]) == (0, plan["digest"])
    (issue,) = act(office, "--json", "status", ISSUE).document["issues"]
    by_language = issue["sending"]["smtp"].values()
    assert sum(states.get("rejected", 0) for states in by_language) == refused
    assert check_sum(office.send("--plan", plan["digest"]))["planned"] == 0


@pytest.mark.parametrize(
    ("words", "question"),
    [
        (f"retry {ISSUE} --uncertain", "Send once more to 3 people who may have it"),
        (f"retry {ISSUE} --uncertain --sink smtp", "Send once more to 3 people"),
        (f"send {ISSUE} --sink smtp", f"Send {PEOPLE - 3} messages by"),
    ],
)
def test_nothing_goes_out_unasked_after_a_kill(
    office: Office, server: FaultServer, words: str, question: str
) -> None:
    """Who was in the hands of a dead sender counts when it is asked whether to send."""
    assert office.send().status == 0
    kill(office, claimed=PEOPLE - 3, started=3)
    answer = act(office, *words.split())
    assert answer.status == 2
    assert question in answer.err
    assert server.record.count == PEOPLE


def test_a_retry_after_a_kill_serves_the_uncertain(
    office: Office, server: FaultServer
) -> None:
    """It need not be sent before they are known to be uncertain."""
    assert office.send().status == 0
    kill(office, claimed=0, started=3)
    dry = act(office, "--json", "retry", ISSUE, "--uncertain", "--dry-run").document
    assert len(dry["deliveries"]) == 3
    again = act(office, "--json", "retry", ISSUE, "--uncertain", "--yes")
    assert (again.status, check_sum(again)["outcomes"]["accepted"]) == (0, 3)


def test_the_account_is_given_when_the_ledger_fails(
    office: Office, server: FaultServer
) -> None:
    """A disk that is full ends the run; everybody is counted, and the next one goes on."""
    with reach_into(office.folder / "distribute.db") as database:
        accepted = "(SELECT count(*) FROM delivery WHERE state = 'accepted')"
        condition = f"new.state = 'accepted' AND {accepted} >= 10"
        refuse(database, "UPDATE ON delivery", condition, "no room")
        broken = act(office, *SEND)
        let_be(database, "delivery")
    assert broken.status == 2
    document = check_sum(broken)
    assert document["planned"] == PEOPLE
    assert 0 < document["outcomes"]["accepted"] <= 10
    assert 0 < document["outcomes"]["uncertain"] <= 4
    assert document["error"]["kind"] == "AudienceError"
    assert "no room" in broken.err
    again = office.send()
    uncertain = document["outcomes"]["uncertain"]
    assert (again.status, check_sum(again)["uncertain_in_all"]) == (5, uncertain)
    office.check(server.record, unclear=uncertain)


def test_closed_streams_are_no_reason_to_fail(
    office: Office, server: FaultServer
) -> None:
    """A service may start it without stdin, stdout and stderr."""
    closed = ("sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh")
    words = ("send", ISSUE, "--sink", "smtp", "--yes")
    answer = finish(start("-C", office.folder, *words, before=closed))
    assert (answer.status, server.record.count) == (0, PEOPLE)


def test_a_terminal_shows_how_far_it_is(office: Office, server: FaultServer) -> None:
    """A line that lives while it goes on, and the summary when it is over."""
    server.behave(Manners(faults=(Fault(stage="end", delay=0.12),)))
    command = [sys.executable, "-m", "distribute", "-C", str(office.folder)]
    screen = run_on_terminal([*command, "send", ISSUE, "--sink", "smtp", "--yes"])
    assert "━" in screen
    assert "accepted, 0 deferred, 0 rejected, " in screen
    assert "/s, " in screen
    assert f"{PEOPLE} planned: {PEOPLE} accepted" in screen


def test_a_terminal_shows_that_a_test_waits_for_the_server(
    office: Office, server: FaultServer
) -> None:
    """``--only`` has the same line while a server takes its time."""
    server.behave(Manners(faults=(Fault(stage="end", delay=0.5),)))
    command = [sys.executable, "-m", "distribute", "-C", str(office.folder)]
    to = ("--sink", "smtp", "--only", "editor@example.org")
    screen = run_on_terminal([*command, "send", ISSUE, *to])
    assert "0% 0 accepted, 0 deferred, 0 rejected" in screen
    assert "accepted: 250" in screen.rpartition("\x1b[K")[2]


def test_a_database_in_use_is_a_matter_of_time(
    office: Office, server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While an import writes, `send` ends with 75, so that cron tries again."""
    patience = SqliteLedger.__init__.__kwdefaults__
    assert patience is not None
    monkeypatch.setitem(patience, "patience", 0.05)
    with reach_into(office.folder / "distribute.db") as writer:
        writer.execute("BEGIN IMMEDIATE")
        answer = act(office, *SEND)
    assert answer.status == 75
    assert answer.document["error"]["kind"] == "BusyError"
    assert "Another distribute is writing" in answer.err
    assert (
        "Another distribute is writing to it; run again when it is done." in answer.err
    )
    assert server.record.count == 0
    assert office.send().status == 0


def test_sending_loads_nothing_that_it_does_not_need(
    office: Office, server: FaultServer
) -> None:
    """What renders the messages is loaded in a process that is gone when they leave."""
    program = (
        "import sys\nfrom distribute.cli import group\n"
        f"group({['-C', str(office.folder), 'send', ISSUE]!r}, standalone_mode=False)\n"
        "heavy = ('premailer', 'cssutils', 'rich', 'mistune', 'feedgen', 'nh3')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run(  # noqa: S603 - our own arguments
        [sys.executable, "-c", program], capture_output=True, text=True, check=False,
        env=os.environ | {"SOURCE_DATE_EPOCH": NOW},
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "[]", done.stdout + done.stderr
