"""`send new`: what is due, once, whoever calls it and how often."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.cli.mailing.turns import Called, turns_at
from distribute.errors import AudienceError
from tests.cli.conftest import ISSUE, NOW, Run, act
from tests.cli.signalling import signalled
from tests.cli.slips import BROKEN, add, configure
from tests.faults.fault import Fault, Manners
from tests.faults.server import FaultServer
from tests.mailroom import messages_in
from tests.scenarios.office import Office

BEGAN = datetime.fromtimestamp(int(NOW), UTC)
DUE = "send: 2026-11-06 22:00\n"
LATER = "send: 2026-11-07 09:00\n"
NEW = ("send", "new", "--sink", "smtp", "--yes", "--wait", "0s")


def _now(**span: float) -> str:
    return str(int((BEGAN + timedelta(**span)).timestamp()))


def _sent(folder: Path) -> int:
    return len(list((folder / "out" / "mail").rglob("*.eml")))


def _join(run: Run, folder: Path, address: str) -> None:
    assert run("-C", folder, "audience", "add", address).status == 0


def test_an_issue_is_sent_once_its_posts_say_so(run: Run, small: Path) -> None:
    """Not before, nor a second time, nor to who joins afterwards."""
    add(small, "", head=LATER)
    assert "issue 4 is next, at 2026-11-07 09:00" in run("-C", small, "send", "new").out
    morning = _now(hours=11)
    planned = run("-C", small, "--json", "plan", "4").document["planned"]
    sent = run("-C", small, "send", "new", now=morning)
    assert sent.status == 0
    assert sent.out.startswith(
        "Issue 4 is due since 2026-11-07 09:00 Europe/Berlin.\n"
        f"{planned} planned: {planned} accepted"
    )
    _join(run, small, "late@example.org")
    for _ in range(2):
        again = run("-C", small, "send", "new", now=morning)
        assert (again.status, again.out) == (0, "Nothing is due.\n")
    assert _sent(small) == planned


def test_what_is_overdue_is_not_begun_and_told(run: Run, small: Path) -> None:
    """Exit status 1, since somebody has to decide; by hand it goes all the same."""
    add(small, "", head=DUE)
    late = _now(days=7, hours=1)
    answer = run("-C", small, "send", "new", now=late)
    assert answer.status == 1
    assert "issue 4 was to be sent at 2026-11-06 22:00 Europe/Berlin, 7 d" in answer.err
    assert f"`distribute -C {small} send 4 --sink file` sends it" in answer.err
    document = run("-C", small, "--json", "send", "new", now=late).document
    assert [left["deed"] for left in document["left"]] == ["overdue"]
    assert not _sent(small)
    configure(small, '[delivery]\noverdue = "8d"')
    assert run("-C", small, "send", "new", now=late).status == 0
    assert _sent(small)


def test_who_stops_a_round_stops_all_of_it(office: Office, server: FaultServer) -> None:
    """Exit status 75, and the issue behind it is not begun; the next round does both."""
    add(office.folder, "", head=DUE)
    (office.folder / "posts" / "2026-11-06-more.md").write_text(
        '---\ntitle: "More #5"\nlang: en\ntags: [newsletter]\n'
        "send: 2026-11-06 22:10\n---\nMore of it.\n",
        encoding="utf-8",
    )
    server.behave(Manners(faults=(Fault(stage="end", delay=0.1),)))
    with signalled("SIGTERM", once=lambda: server.record.count >= 4):
        answer = act(office, *NEW)
    assert answer.status == 75
    assert "Issue 5" not in answer.out
    server.behave(Manners())
    rest = act(office, "--json", *NEW).document["sent"]
    assert [account["campaign"] for account in rest] == ["issue-4", "issue-5"]
    assert rest[1]["outcomes"]["accepted"] == len(office.readers)


def test_a_dry_round_says_what_it_would_do(run: Run, small: Path) -> None:
    """And does nothing."""
    add(small, "", head=DUE)
    shown = run("-C", small, "send", "new", "--dry-run")
    assert shown.out == "Issue 4 is due since 2026-11-06 22:00 Europe/Berlin.\n"
    assert not (small / "out" / "mail").exists()
    assert run("-C", small, "send", "4").status == 0
    assert run("-C", small, "send", "new", "--dry-run").out == "Nothing is due.\n"


def test_what_cannot_be_sent_is_told_and_keeps_no_other(run: Run, pair: Path) -> None:
    """Errors of one issue; a time that cannot be read; the other one goes out."""
    broken = add(pair, BROKEN, head=DUE)
    other = pair / "posts" / "2026-06-12-first-light.md"
    written = other.read_text("utf-8")
    other.write_text(written.replace("---\n", f"---\n{DUE}", 1), encoding="utf-8")
    run("-C", pair, "audience", "import", pair / "subscribers.csv")
    answer = run("-C", pair, "--json", "send", "new")
    assert answer.status == 1
    assert [sent["campaign"] for sent in answer.document["sent"]] == ["issue-1"]
    (left,) = answer.document["left"]
    assert (left["issue"], left["kind"]) == ("4", "CheckError")

    text = broken.read_text("utf-8").replace(DUE, "send: soon\n")
    broken.write_text(text, encoding="utf-8")
    answer = run("-C", pair, "send", "new")
    assert (answer.status, answer.out) == (1, "Nothing is due.\n")
    assert "'soon' is not a time" in answer.err


def test_what_another_sender_has_in_hand_is_left_to_it(run: Run, small: Path) -> None:
    """Two at once are no failure: the second says so and goes on."""
    add(small, "", head=DUE)
    with (
        SqliteLedger(small / "distribute.db", "file") as ledger,
        ledger.lock("issue-4", BEGAN),
    ):
        answer = run("-C", small, "send", "new")
        told = run("-C", small, "plan", "--since", "2026-11-01").out
    assert answer.status == 0
    assert "Issue 4 is left to process" in answer.out
    assert "in the hands of process" in told
    assert not _sent(small)


def test_two_rounds_that_saw_the_same_send_it_once(
    run: Run, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever joins between the two does not get what the first has finished."""
    add(small, "", head=DUE)

    def overtaken(*given: Any) -> Sequence[Called]:
        """Decide, and let another round do it all before this one begins."""
        called = turns_at(*given)
        monkeypatch.undo()
        assert run("-C", small, "send", "new").status == 0
        _join(run, small, "late@example.org")
        return called

    monkeypatch.setattr("distribute.cli.sending.rounds.turns_at", overtaken)
    assert run("-C", small, "send", "new").status == 0
    assert _sent(small)
    assert "late@example.org" not in messages_in(small / "out" / "mail")


def test_what_was_interrupted_goes_on_by_itself(
    office: Office, server: FaultServer
) -> None:
    """The system stopped it; the next round serves the rest, and then it is over."""
    server.behave(Manners(faults=(Fault(stage="end", delay=0.1),)))
    with signalled("SIGTERM", once=lambda: server.record.count >= 4):
        assert act(office, "send", ISSUE, "--sink", "smtp", "--yes").status == 75
    server.behave(Manners())
    answer = act(office, *NEW)
    assert answer.status == 0
    assert answer.out.startswith(f"Issue {ISSUE} was interrupted, and goes on.\n")
    office.check(server.record)
    assert act(office, *NEW).out == "Nothing is due.\n"


def test_a_segment_served_meanwhile_does_not_end_what_was_interrupted(
    office: Office, server: FaultServer
) -> None:
    """The others are still to get it, and do."""
    server.behave(Manners(faults=(Fault(stage="end", delay=0.1),)))
    send = ("send", ISSUE, "--sink", "smtp", "--yes")
    with signalled("SIGTERM", once=lambda: server.record.count >= 4):
        assert act(office, *send).status == 75
    server.behave(Manners())
    assert act(office, *send, "--segment", "lang:de").status == 0
    answer = act(office, *NEW)
    assert answer.out.startswith(f"Issue {ISSUE} was interrupted, and goes on.\n")
    office.check(server.record)
    assert act(office, *NEW).out == "Nothing is due.\n"


def test_what_somebody_stopped_is_left_to_them(
    office: Office, server: FaultServer
) -> None:
    """Ctrl-C means it; so does a limit."""
    server.behave(Manners(faults=(Fault(stage="end", delay=0.1),)))
    with signalled("SIGINT", once=lambda: server.record.count >= 4):
        assert act(office, "send", ISSUE, "--sink", "smtp", "--yes").status == 75
    assert act(office, *NEW).out == "Nothing is due.\n"
    server.behave(Manners())
    limited = act(office, "send", ISSUE, "--sink", "smtp", "--yes", "--limit", "3")
    assert limited.status == 0
    before = server.record.count
    assert act(office, *NEW).out == "Nothing is due.\n"
    assert server.record.count == before


def test_those_put_off_are_tried_when_their_time_has_come(
    office: Office, server: FaultServer
) -> None:
    """Until then nothing is due, and nobody calls it a failure."""
    server.behave(Manners(faults=(Fault(stage="rcpt", reply="451 4.2.1 later"),)))
    words = ("send", ISSUE, "--sink", "smtp", "--yes", "--wait", "0s")
    assert act(office, *words).status == 75
    assert act(office, *NEW).out == "Nothing is due.\n"
    later = _now(hours=3)
    again = act(office, *NEW, now=later)
    assert again.status == 0
    assert "has some who were put off" in again.out
    server.behave(Manners())
    act(office, "audience", "add", "late@example.org", now=later)
    assert act(office, *NEW, now=_now(days=1)).status == 0
    assert office.count_states() == {"accepted": len(office.readers)}


def test_what_broke_at_its_very_beginning_goes_on(
    run: Run, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As soon as a campaign is on record it is known that somebody shall go on with it."""
    add(small, "", head=DUE)

    def broken(*_: object) -> None:
        raise AudienceError("the disk is full")

    monkeypatch.setattr(SqliteLedger, "recover", broken)
    assert run("-C", small, "send", "new").status != 0
    monkeypatch.undo()
    assert run("-C", small, "send", "new").out.startswith(
        "Issue 4 was interrupted, and goes on.\n"
    )
    assert _sent(small)


def test_a_correction_goes_on_by_itself_as_well(
    office: Office, server: FaultServer
) -> None:
    """Who was put off is tried again; once its text has changed nothing is due."""
    send = ("send", ISSUE, "--sink", "smtp", "--yes", "--wait", "0s")
    assert act(office, *send).status == 0
    add(office.folder, "One more line.")
    server.behave(Manners(faults=(Fault(stage="rcpt", reply="451 4.2.1 later"),)))
    correction = (*send, "--correction", "It was ten.")
    first = act(office, "--json", *correction, now=_now(hours=1)).document
    assert first["outcomes"]["deferred"]
    server.behave(Manners())
    later = _now(hours=4)
    dry = act(office, "--json", *NEW, "--dry-run", now=later).document["turns"]
    assert [turn["campaign"] for turn in dry] == [first["campaign"]]
    with (
        SqliteLedger(office.folder / "distribute.db", "smtp") as ledger,
        ledger.lock(f"issue-{ISSUE}", BEGAN),
    ):
        busy = act(office, *NEW, now=later)
    assert busy.out == "Nothing is due.\n", "somebody sends the issue at this moment"
    answer = act(office, *NEW, now=later)
    assert answer.status == 0, answer.err
    assert answer.out.startswith(f"{first['campaign']} has some who were put off")
    assert f"{first['outcomes']['deferred']} accepted" in answer.out
    assert act(office, *NEW, now=later).out == "Nothing is due.\n"


def test_a_round_by_smtp_wants_a_yes(office: Office, server: FaultServer) -> None:
    """Where nobody can be asked it has to be said; nothing due needs none."""
    quiet = act(office, "send", "new", "--sink", "smtp")
    assert (quiet.status, quiet.out) == (0, "Nothing is due.\n")
    add(office.folder, "", head=DUE)
    asked = act(office, "send", "new", "--sink", "smtp")
    assert asked.status == 2
    assert "Say --yes" in asked.err
    assert server.record.count == 0


def test_all_issues_since_a_day(run: Run, small: Path) -> None:
    """When they are due, how far they are, and how many are owed what."""
    add(small, "", head=LATER)
    plan = run("-C", small, "--json", "plan", "4").document
    (issue,) = run("-C", small, "--json", "plan", "--since", "2026-11-01").document[
        "issues"
    ]
    assert (issue["said"], issue["state"]) == (
        "2026-11-07 09:00 Europe/Berlin",
        "waits",
    )
    assert (issue["owed"], issue["by_language"]) == (
        plan["planned"],
        plan["by_language"],
    )
    run("-C", small, "send", "4", "--limit", "3")
    told = run("-C", small, "plan", "--since", "2026-11-01").out
    assert "begun" in told
    assert f"  {plan['planned'] - 3}  " in told
    run("-C", small, "send", "new", now=_now(days=1))
    _join(run, small, "late@example.org")
    later = run("-C", small, "plan", "--since", "2026-11-01", now=_now(days=2))
    assert "finished 2026-11-07, 1 without it  0     -" in later.out
    nothing = run("-C", small, "plan", "--since", "2026-12-01").out
    assert nothing == "no issue since then\n"


def test_a_day_that_is_none_names_the_next_step(run: Run, small: Path) -> None:
    """Words such as yesterday are not read, and what to write instead is said."""
    answer = run("-C", small, "plan", "--since", "yesterday")
    assert answer.status == 2
    assert "'yesterday' is not a time" in answer.err
    assert "Write the day itself: --since 2026-11-01" in " ".join(answer.err.split())
