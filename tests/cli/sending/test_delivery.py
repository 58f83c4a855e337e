"""Sending by SMTP to servers that say no, or later: what is told, and how to go on."""

import pytest

from tests.cli.conftest import ISSUE, NOW, PEOPLE, act
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
    assert document["error"]["kind"] == "NobodyKnownError"
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
    server.behave(Manners(faults=(Fault(stage="rcpt", reply=GONE, delay=0.8),)))
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
