"""Sending by SMTP to servers that say no, or later: what is told, and how to go on."""

import csv
import io
import sqlite3
import subprocess
from pathlib import Path

import pytest

from distribute.campaign.dkim import DkimKey, dns_record
from tests.cli.conftest import ISSUE, NOW, PEOPLE, act
from tests.dkim_verifiers import ask_dkimpy
from tests.faults.fault import Fault, Manners
from tests.faults.server import FaultServer
from tests.scenarios.office import Office, check_sum, wait_until

LATER = "451 4.2.1 come back tomorrow"
GONE = "550 5.1.1 nobody of this name"


def test_a_summary_adds_up_and_names_some(office: Office, server: FaultServer) -> None:
    """Everybody is in one count; who is in trouble is named with the server's words."""
    server.behave(
        Manners(
            faults=(
                Fault(stage="rcpt", reply=GONE, share=0.2),
                Fault(stage="end", reply=LATER, share=0.3),
            )
        )
    )
    answer = act(office, "send", ISSUE, "--sink", "smtp", "--yes")
    counts = office.count_states()
    assert counts["rejected"]
    assert counts["deferred"]
    assert (
        f"{PEOPLE} planned: {counts['accepted']} accepted, {counts['deferred']} deferred, "
        f"{counts['rejected']} rejected, 0 uncertain, 0 not reached; "
    ) in answer.out
    assert "rejected: 550 5.1.1 nobody of this name" in answer.out
    assert "deferred: 451 4.2.1 come back tomorrow" in answer.out
    assert (
        f"{counts['deferred']} to be tried again, by `distribute -C {office.folder} send "
        f"{ISSUE} --sink smtp`; the next is due at 2026-11-06 22:"
    ) in answer.out
    assert f"{counts['rejected']} refused: " in answer.out
    assert answer.status == 75


def test_a_program_gets_the_same_and_more(office: Office, server: FaultServer) -> None:
    """Seconds, processor seconds, the rate, the next attempt, and who gets nothing."""
    server.behave(Manners(faults=(Fault(stage="rcpt", reply=LATER, share=0.3),)))
    act(office, "audience", "remove", office.readers[0].address)
    document = check_sum(office.send())
    assert document["planned"] == PEOPLE - 1
    assert (document["passed_over"], document["skipped"]) == (1, {"unsubscribed": 1})
    assert document["seconds"] > 0
    assert document["cpu_seconds"] > 0
    assert document["per_second"] == pytest.approx(
        document["planned"] / document["seconds"], rel=0.05
    )
    assert document["next_attempt"].startswith("2026-11-06T22:")


def test_who_gets_nothing_is_counted_when_nobody_is_due(office: Office) -> None:
    """A run with nothing to do says why: all have had it, or are not to have it."""
    act(office, "audience", "remove", office.readers[0].address)
    assert act(office, "send", ISSUE).status == 0
    document = act(office, "--json", "send", ISSUE).document
    expected = {"accepted before": PEOPLE - 1, "unsubscribed": 1}
    assert (document["planned"], document["skipped"]) == (0, expected)


def test_the_plan_that_was_approved_is_sent_without_a_list_of_names(
    office: Office, server: FaultServer
) -> None:
    """The digest of `plan` is the one that `send --plan` finds while it counts."""
    digest = act(office, "--json", "plan", ISSUE).document["digest"]
    assert office.send("--plan", digest, "--limit", "5").status == 0
    assert office.send("--plan", digest).status == 0
    act(office, "audience", "add", "new@example.org")
    assert office.send("--plan", digest).status == 4
    assert server.record.count == PEOPLE


def test_twenty_in_trouble_are_named_and_the_rest_counted(
    office: Office, server: FaultServer
) -> None:
    """A long list of refusals is not printed; the command that lists them is."""
    server.behave(
        Manners(faults=(Fault(stage="rcpt", reply="550 5.2.0 out of order"),))
    )
    answer = act(office, "send", ISSUE, "--sink", "smtp", "--yes")
    assert answer.out.count("out of order") == 20
    lists = f"`distribute -C {office.folder} status {ISSUE} --failed`"
    assert f"… and {PEOPLE - 20} more; {lists}" in answer.out
    assert answer.status == 1


def test_a_server_that_knows_nobody_is_not_believed(
    office: Office, server: FaultServer
) -> None:
    """The wrong host stops the run, and the list stands as before it.

    Whoever it did not know waits for the next run, which serves them at the right one.
    """
    server.behave(Manners(faults=(Fault(stage="rcpt", reply=GONE),)))
    answer = act(office, "--json", "send", ISSUE, "--sink", "smtp", "--yes")
    document = check_sum(answer)
    assert answer.status == 2
    assert document["error"]["kind"] == "PermanentDeliveryError"
    assert "knows hardly anybody" in document["error"]["reason"]
    assert "the list stands as before" in document["error"]["hint"]
    assert document["not_reached"] > 0
    assert document["outcomes"]["rejected"] == 0
    assert document["outcomes"]["deferred"] > 20
    assert {each["outcome"] for each in document["troubled"]} == {"deferred"}
    listed = act(office, "--json", "audience", "list", "--status", "confirmed").document
    assert len(listed["subscribers"]) == PEOPLE
    server.behave(Manners())
    right = check_sum(office.send())
    assert right["outcomes"]["accepted"] == right["planned"] == PEOPLE
    office.check(server.record)


def test_a_retry_at_the_wrong_server_is_taken_back_as_well(
    office: Office, server: FaultServer
) -> None:
    """Whoever it did not know waits for `send`, and each is in one count."""
    server.behave(Manners(faults=(Fault(stage="end", reply="550 5.2.1 no"),)))
    assert office.send().status == 1
    server.behave(Manners(faults=(Fault(stage="rcpt", reply=GONE),)))
    retry = act(office, "--json", "retry", ISSUE, "--failed", "--yes")
    document = check_sum(retry)
    assert (retry.status, document["planned"]) == (2, PEOPLE)
    assert document["outcomes"]["deferred"] == office.count_states()["deferred"] > 20
    assert document["outcomes"]["rejected"] == 0
    server.behave(Manners())
    assert check_sum(office.send())["outcomes"]["accepted"] > 20
    act(office, "retry", ISSUE, "--failed", "--yes")
    office.check(server.record)


def test_nobody_has_bounced_by_a_sending_that_was_killed(
    office: Office, server: FaultServer
) -> None:
    """Whether the server erred nobody can tell any more: the next run asks it again."""
    server.behave(Manners(faults=(Fault(stage="rcpt", reply=GONE, delay=0.2),)))
    with office.start() as sending:
        wait_until(lambda: len(office.in_state("rejected")) > 2)
        sending.kill()
    killed = office.in_state("rejected")
    assert 2 < len(killed) < 20
    bounced = ("--json", "audience", "list", "--status", "bounced")
    people = act(office, *bounced).document["subscribers"]
    assert len(people) == len(killed)
    server.behave(Manners())
    again = check_sum(office.send())
    assert again["outcomes"]["accepted"] == again["planned"] == PEOPLE
    assert not act(office, *bounced).document["subscribers"]
    office.check(server.record)


def test_so_many_and_no_more(office: Office, server: FaultServer) -> None:
    """``--limit`` ends with 0 when all of them were accepted, and says how many are left."""
    send = ("send", ISSUE, "--sink", "smtp", "--yes", "--limit", "15")
    first = act(office, *send)
    assert (first.status, server.record.count) == (0, 15)
    assert "25 people left: run it again to go on." in first.out
    document = check_sum(act(office, "--json", *send))
    assert (document["planned"], document["not_reached"]) == (25, 10)
    last = act(office, *send)
    assert (last.status, server.record.count) == (0, PEOPLE)
    assert "left" not in last.out
    office.check(server.record)


def test_who_was_put_off_comes_before_those_never_tried(
    office: Office, server: FaultServer
) -> None:
    """Of so many a day, else they would wait for the last day, and be given up then."""
    server.behave(Manners(faults=(Fault(stage="rcpt", reply=LATER, times=1),)))
    days = [str(int(NOW) + 86_400 * day) for day in range(3)]
    send = ("--json", "send", ISSUE, "--sink", "smtp", "--yes", "--due", "--limit")
    first = check_sum(act(office, *send, "15", now=days[0]))
    assert (first["outcomes"]["deferred"], first["not_reached"]) == (15, 25)
    assert act(office, *send, "15", now=days[0]).status == 75
    assert office.count_states() == {"deferred": 30}, "their time has not come"
    server.behave(Manners())
    second = act(office, *send, "20", now=days[1])
    assert (second.status, check_sum(second)["outcomes"]["accepted"]) == (0, 20)
    assert office.count_states() == {"accepted": 20, "deferred": 10}
    third = check_sum(act(office, *send, "20", now=days[2]))
    assert (third["planned"], third["outcomes"]["accepted"]) == (20, 20)
    office.check(server.record)


def test_only_those_whose_time_has_come(office: Office, server: FaultServer) -> None:
    """``--due`` leaves the others in peace; without it, they are tried at once."""
    server.behave(Manners(faults=(Fault(stage="rcpt", reply=LATER),)))
    send = ("--json", "send", ISSUE, "--sink", "smtp", "--yes")
    assert check_sum(act(office, *send))["outcomes"]["deferred"] == PEOPLE
    server.behave(Manners())
    early, late = str(int(NOW) + 600), str(int(NOW) + 2 * 3600)
    answer = act(office, *send, "--due", now=early)
    assert (answer.status, server.record.count) == (75, 0)
    assert check_sum(answer)["outcomes"]["deferred"] == PEOPLE
    answer = act(office, *send, "--due", now=late)
    assert (answer.status, server.record.count) == (0, PEOPLE)


def test_those_due_soon_are_waited_for(office: Office, server: FaultServer) -> None:
    """A greylisted list is served in one run; ``--wait 0s`` would not stay for it."""
    office.configure(server.port, delivery={"retry_after": '"1s"'})
    server.behave(Manners(faults=(Fault(stage="rcpt", reply=LATER, times=1),)))
    document = check_sum(office.send())
    assert document["outcomes"]["accepted"] == PEOPLE
    assert document["troubled"] == []
    assert 0.7 < document["seconds"] < 30


def test_refusals_of_policy_do_no_harm(office: Office, server: FaultServer) -> None:
    """The run stops, nobody is taken off the list, and `retry --failed` makes up for it."""
    server.behave(Manners(faults=(Fault(stage="end", reply="550 5.7.1 spam"),)))
    stopped = act(office, "send", ISSUE, "--sink", "smtp", "--yes")
    refused = office.count_states()["rejected"]
    assert stopped.status == 75
    assert 10 < refused < PEOPLE
    assert "as a matter of policy" in stopped.err
    server.behave(Manners())
    again = act(office, "--json", "retry", ISSUE, "--failed", "--yes")
    assert (again.status, check_sum(again)["planned"]) == (0, refused)
    assert server.record.arrived.keys() == office.in_state("accepted")
    assert act(office, "send", ISSUE, "--sink", "smtp", "--yes").status == 0
    office.check(server.record)


def test_who_is_gone_is_not_tried_again(office: Office, server: FaultServer) -> None:
    """5.1.1 ends the subscription: `retry --failed` leaves them out, as `send` does.

    It says so, and how to put somebody back by hand; then it serves them.
    """
    somebody = office.readers[3]
    fault = Fault(stage="rcpt", reply=GONE, address=somebody.wire)
    server.behave(Manners(faults=(fault,)))
    assert office.send().status == 1
    server.behave(Manners())
    again = act(office, "--json", "retry", ISSUE, "--failed", "--yes")
    assert (again.status, check_sum(again)["planned"]) == (0, 0)
    assert again.document["skipped"] == {"left or bounced since": 1}
    told = act(office, "retry", ISSUE, "--failed", "--yes").out
    add = f"`distribute -C {office.folder} audience add"
    assert (
        f"1 person left out, for they have left or bounced since: {add} ADDRESS`"
        in told
    )
    person = act(office, "--json", "explain", somebody.address, ISSUE).document
    assert person["subscriber"]["status"] == "bounced"
    assert server.record.count == PEOPLE - 1
    assert act(office, "audience", "add", somebody.address).status == 0
    act(office, "retry", ISSUE, "--failed", "--yes")
    office.check(server.record)


def test_a_second_copy_is_known_as_one(office: Office, server: FaultServer) -> None:
    """The uncertain are sent once more when asked for, with the same Message-ID."""
    somebody = office.readers[5].wire
    lost = Fault(stage="end", act="close", address=somebody, times=1)
    server.behave(Manners(faults=(lost,), keeps=True))
    assert office.send().status == 5
    first = server.record.messages[somebody]
    assert act(office, "retry", ISSUE, "--uncertain").status == 2  # nobody to ask
    listed = act(office, "--json", "retry", ISSUE, "--uncertain", "--dry-run").document
    assert [each["state"] for each in listed["deliveries"]] == ["uncertain"]
    assert act(office, "retry", ISSUE, "--uncertain", "--yes").status == 0
    assert server.record.arrived[somebody] == 2
    assert server.record.messages[somebody] == first
    assert act(office, "send", ISSUE, "--sink", "smtp", "--yes").status == 0


def test_status_lists_who_and_why(office: Office, server: FaultServer) -> None:
    """People get lines, spreadsheets a table that they do not run, programs a document."""
    words = '451 4.2.1 =HYPERLINK("http://x.example")'
    server.behave(
        Manners(
            faults=(
                Fault(stage="rcpt", reply=GONE, share=0.2),
                Fault(stage="end", reply=words, share=0.3),
            )
        )
    )
    office.send()
    counts = office.count_states()
    text = act(office, "status", ISSUE, "--failed").out
    assert text.count("rejected: 550 5.1.1 nobody of this name") == counts["rejected"]
    assert text.splitlines()[-1] == f"{counts['rejected']} deliveries"
    rows = list(csv.DictReader(io.StringIO(act(office, "status", ISSUE, "--csv").out)))
    assert len(rows) == counts["rejected"] + counts["deferred"]
    later = [row for row in rows if row["state"] == "deferred"]
    assert {row["words"] for row in later} == {'\'=HYPERLINK("http://x.example")'}
    assert {(row["code"], row["enhanced"], row["stage"]) for row in later} == {
        ("451", "4.2.1", "end")
    }
    assert all(row["next_attempt"] > row["last_attempt"] for row in later)
    document = act(office, "--json", "status", ISSUE, "--deferred").document
    assert len(document["deliveries"]) == counts["deferred"]
    assert {each["attempts"][0]["code"] for each in document["deliveries"]} == {451}


def test_status_counts_everybody(office: Office, server: FaultServer) -> None:
    """The planned, who have no entry yet, make the numbers whole."""
    office.send("--limit", "12")
    last = max(office.readers, key=lambda reader: reader.address.casefold())
    act(office, "audience", "remove", last.address)
    document = act(office, "--json", "status", ISSUE).document["issues"][0]
    by_state = list(document["sending"]["smtp"].values())
    assert sum(states.get("accepted", 0) for states in by_state) == 12
    assert sum(states.get("planned", 0) for states in by_state) == PEOPLE - 13
    shown = act(office, "status", ISSUE).out
    assert "planned" in shown
    assert "in the hands of" not in shown


def test_explain_tells_every_attempt(office: Office, server: FaultServer) -> None:
    """When, how long it took, at which step, and in which words."""
    somebody = office.readers[7]
    fault = Fault(stage="rcpt", reply=LATER, times=1, address=somebody.wire)
    server.behave(Manners(faults=(fault,)))
    office.send()
    waiting = act(office, "explain", somebody.address, ISSUE).out
    assert "at RCPT: 451 4.2.1 come back tomorrow" in waiting
    assert "next attempt 2026-11-06 22:" in waiting
    office.send()
    told = act(office, "explain", somebody.address, ISSUE).out.splitlines()[-3:]
    assert "accepted" in told[0]
    assert "deferred after" in told[1]
    assert "accepted after" in told[2]


def test_a_retry_of_two_accounts_asks_which(
    office: Office, server: FaultServer
) -> None:
    """Where files and SMTP both have such people, nobody can guess who is meant."""
    server.behave(Manners(faults=(Fault(stage="end", reply="550 5.2.1 no"),)))
    office.send("--limit", "5")
    assert ", by smtp?" in act(office, "retry", ISSUE, "--failed").err
    assert act(office, "send", ISSUE).status == 0
    with sqlite3.connect(office.folder / "distribute.db") as database:
        database.execute("UPDATE delivery SET state = 'rejected', due = 0")
    database.close()
    asked = act(office, "retry", ISSUE, "--failed", "--yes")
    assert asked.status == 2
    assert "Say --sink." in asked.err
    again = act(office, "--json", "retry", ISSUE, "--failed", "--sink", "file", "--yes")
    assert check_sum(again)["outcomes"]["accepted"] == PEOPLE


@pytest.mark.parametrize("kind", ["RSA", "ED25519"])
def test_messages_are_signed(office: Office, server: FaultServer, kind: str) -> None:
    """``[dkim]`` signs what is sent, and what is written to files the same."""
    key = office.folder / "s1.pem"
    make_key(kind, key)
    with (office.folder / "distribute.toml").open("a", encoding="utf-8") as settings:
        settings.write(
            '[dkim]\ndomain = "lights-out.example.org"\n'
            'keys = [{ selector = "s1", file = "s1.pem" }]\n'
        )
    assert office.send("--limit", "3").status == 0
    record = {"s1._domainkey.lights-out.example.org": public_record(key)}
    messages = list(server.record.messages.values())
    assert ask_dkimpy(messages, record) == [{"s1"}] * 3


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "cannot be read"), (b"not a key", "not a private key")],
)
def test_a_key_that_is_none_is_named(
    office: Office, server: FaultServer, content: bytes | None, words: str
) -> None:
    """Exit status 2, the file, and the next step, before anything is sent."""
    if content is not None:
        (office.folder / "s1.pem").write_bytes(content)
    with (office.folder / "distribute.toml").open("a", encoding="utf-8") as settings:
        settings.write(
            '[dkim]\ndomain = "lights-out.example.org"\n'
            'keys = [{ selector = "s1", file = "s1.pem" }]\n'
        )
    answer = act(office, "send", ISSUE, "--sink", "smtp", "--yes")
    assert answer.status == 2
    said, hint = answer.err.splitlines()
    assert f"{office.folder / 's1.pem'}: " in said
    assert words in said
    assert hint
    assert server.record.count == 0
    make_key("ED25519", office.folder / "s1.pem")
    later = str(int(NOW) + 86_400)
    send = ("send", ISSUE, "--sink", "smtp", "--yes", "--limit", "1")
    assert act(office, *send, now=later).status == 0
    (message,) = server.record.messages.values()
    assert b"\r\nDate: Sat, 07 Nov 2026 21:20:00 +0000\r\n" in message


def make_key(kind: str, path: Path) -> None:
    """Make a private key as the hint of the program says."""
    command = ["openssl", "genpkey", "-algorithm", kind, "-out", str(path)]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own


def public_record(path: Path) -> str:
    """Write the DNS record of a key."""
    return dns_record(DkimKey("s1", path.read_bytes()))
