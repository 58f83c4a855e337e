"""What can be asked once it was sent: who, how many, and every attempt."""

import csv
import io

from tests.cli.conftest import ISSUE, PEOPLE, act
from tests.databases import reach_into
from tests.faults.fault import Fault, Manners
from tests.faults.server import FaultServer
from tests.scenarios.office import Office, check_sum

LATER = "451 4.2.1 come back tomorrow"
GONE = "550 5.1.1 nobody of this name"


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
    lines = act(office, "explain", somebody.address, ISSUE).out.splitlines()
    first = next(i for i, line in enumerate(lines) if "deferred after" in line)
    assert "accepted" in lines[first - 1]
    assert "accepted after" in lines[first + 1]


def test_a_retry_of_two_accounts_asks_which(
    office: Office, server: FaultServer
) -> None:
    """Where files and SMTP both have such people, nobody can guess who is meant."""
    server.behave(Manners(faults=(Fault(stage="end", reply="550 5.2.1 no"),)))
    office.send("--limit", "5")
    assert ", by smtp?" in act(office, "retry", ISSUE, "--failed").err
    assert act(office, "send", ISSUE).status == 0
    with reach_into(office.folder / "distribute.db") as database:
        database.execute("UPDATE delivery SET state = 'rejected', due = 0")
    asked = act(office, "retry", ISSUE, "--failed", "--yes")
    assert asked.status == 2
    assert "Say --sink." in asked.err
    again = act(office, "--json", "retry", ISSUE, "--failed", "--sink", "file", "--yes")
    assert check_sum(again)["outcomes"]["accepted"] == PEOPLE
