"""Everything a server can do wrong: everybody who can be served is served exactly once."""

from dataclasses import replace

import pytest

from tests.faults.fault import Fault, Manners, Stage, part_of
from tests.scenarios.conftest import Serve
from tests.scenarios.office import Office, check_sum

SHARE = 0.12
SLICE = 0.04
"""Of the readers, for one of several faults at a stage."""
LATER = ("421 4.3.2", "450 4.2.1", "451 4.3.0", "452 4.2.2")
NEVER = ("550 5.2.1", "552 5.2.2", "554 5.6.0")
INSIDE: tuple[Stage, ...] = ("rcpt", "data", "end")

pytestmark = pytest.mark.usefixtures("haste")


def slices(stage: Stage, *faults: Fault) -> list[Fault]:
    """Let each fault meet a small part of the readers at a stage, and none the same."""
    return [
        replace(fault, stage=stage, share=SLICE * number)
        for number, fault in enumerate(faults, 1)
    ]


def met(office: Office, stage: Stage, share: float = SHARE) -> set[str]:
    """Say whom a fault at a stage meets."""
    return {who for who in office.everybody if part_of(who, stage) < share}


@pytest.mark.parametrize("replies", [LATER, NEVER], ids=["4xx", "5xx"])
def test_refusals_of_a_recipient_or_a_message(
    office: Office, serve: Serve, replies: tuple[str, ...]
) -> None:
    """4xx is only later, and 5xx is final, for whom it was said and nobody else."""
    final = replies is NEVER
    faults = [
        fault
        for stage in INSIDE
        for fault in slices(
            stage,
            *(
                Fault(stage=stage, reply=f"{reply} on purpose", times=0 if final else 1)
                for reply in replies
            ),
        )
    ]
    server = serve(Manners(faults=tuple(faults)))
    office.configure(server.port)
    answers = office.send_till_done()

    parts = (met(office, stage, SLICE * len(replies)) for stage in INSIDE)
    rejected = set().union(*parts) if final else set[str]()
    assert office.in_state("rejected") == rejected
    assert server.record.arrived.keys() == office.everybody - rejected
    statuses = [answer.status for answer in answers]
    assert (statuses[-1], len(statuses) > 1) == ((1, False) if final else (0, True))
    assert set(statuses[:-1]) <= {75}
    office.check(server.record)


@pytest.mark.parametrize("stage", ["connect", "ehlo", "mail"])
def test_refusals_of_everybody(office: Office, serve: Serve, stage: Stage) -> None:
    """Of the connection, the greeting or the sender: nobody is marked as refused."""
    faults = [
        Fault(stage=stage, reply=f"{reply} on purpose", times=1)
        for reply in (*LATER, *NEVER)
    ]
    server = serve(Manners(faults=tuple(faults)))
    office.configure(server.port)
    office.send_till_done()
    assert server.record.arrived.keys() == office.everybody
    office.check(server.record)


@pytest.mark.parametrize("manners", [Manners(), Manners(pipelining=False)], ids=str)
def test_connections_lost_before_the_message(
    office: Office, serve: Serve, manners: Manners
) -> None:
    """Nothing of it has left, so all of them are served and nobody is uncertain."""
    ways = (
        Fault(stage="rcpt", act="close", times=1),
        Fault(stage="rcpt", act="reset", times=1),
    )
    once = [
        replace(way, stage=stage, times=2)
        for stage in ("connect", "ehlo", "mail")
        for way in ways
    ]
    faults = (*once, *slices("rcpt", *ways), *slices("data", *ways))
    server = serve(replace(manners, faults=faults))
    office.configure(server.port)
    office.send_till_done()
    assert server.record.arrived.keys() == office.everybody
    office.check(server.record)


def test_connections_lost_behind_the_message(office: Office, serve: Serve) -> None:
    """They may have it or not: they are listed, and never sent again by themselves."""
    faults = slices(
        "end",
        Fault(stage="end", act="close", times=1),
        Fault(stage="end", act="reset", times=1),
        Fault(stage="end", raw="HTTP/1.1 200 OK\r\n", times=1),
        Fault(stage="end", raw="250 ok\n", times=1),
        Fault(stage="end", reply="354 once more", times=1),
    )
    server = serve(Manners(faults=tuple(faults)))
    office.configure(server.port)
    answers = office.send_till_done()
    unlucky = met(office, "end", SLICE * len(faults))
    assert office.in_state("uncertain") == unlucky
    assert office.in_state("accepted") == office.everybody - unlucky
    assert answers[-1].status == 5
    office.check(server.record, unclear=len(unlucky))


def test_connections_lost_inside_the_message(office: Office, serve: Serve) -> None:
    """A small one may have left already; whoever is not uncertain is served."""
    faults = slices(
        "body",
        Fault(stage="body", act="close", times=1),
        Fault(stage="body", act="reset", times=1),
        Fault(stage="body", after=700, act="close", times=1),
        Fault(stage="body", after=700, act="reset", times=1),
    )
    server = serve(Manners(faults=tuple(faults)))
    office.configure(server.port)
    office.send_till_done()
    unlucky = met(office, "body", SLICE * len(faults))
    assert office.in_state("uncertain") <= unlucky
    assert office.in_state("accepted") >= office.everybody - unlucky
    office.check(server.record, unclear=len(unlucky))


def test_a_refusal_inside_the_message(office: Office, serve: Serve) -> None:
    """A server that has had enough and says so was heard, or else it is uncertain."""
    fault = Fault(
        stage="body", after=300, reply="552 5.3.4 enough", act="close", share=SHARE
    )
    server = serve(Manners(faults=(fault,)))
    office.configure(server.port)
    office.send_till_done()
    unlucky = met(office, "body")
    assert office.in_state("uncertain", "rejected") == unlucky
    office.check(server.record, unclear=len(unlucky))


SLOW = {
    "octet-by-octet": Manners(trickle=True),
    "one-by-one": Manners(one_by_one=True),
    "late": Manners(latency=0.02),
    "late-verdicts": Manners(
        faults=(Fault(stage="end", delay=0.2, share=0.2),), latency=0.001
    ),
    "no-pipelining": Manners(pipelining=False),
    "no-extensions": Manners(pipelining=False, extensions=()),
    "helo": Manners(faults=(Fault(stage="ehlo", reply="502 what?", times=1),)),
    "per-connection": Manners(per_connection=7),
    "two-messages-each": Manners(per_connection=2, pipelining=False),
    "two-connections": Manners(at_most=2),
    "one-connection": Manners(at_most=1, per_connection=9),
}


@pytest.mark.parametrize("manners", SLOW.values(), ids=SLOW)
def test_servers_that_are_only_peculiar(
    office: Office, serve: Serve, manners: Manners
) -> None:
    """However they speak and whatever they limit: all are served, and none is put off."""
    server = serve(manners)
    office.configure(server.port)
    answers = office.send_till_done()
    assert server.record.arrived.keys() == office.everybody
    assert [answer.status for answer in answers][-1] == 0
    office.check(server.record)


@pytest.mark.parametrize(
    "manners",
    [
        Manners(keeps=True),
        Manners(keeps=True, eager=True),
        Manners(keeps=True, pipelining=False),
    ],
    ids=["554-to-DATA", "354-to-DATA", "no-pipelining"],
)
def test_a_refused_recipient_inside_a_pipeline(
    office: Office, serve: Serve, manners: Manners
) -> None:
    """Whatever DATA is answered with, nobody gets a message meant for somebody else."""
    refusal = Fault(stage="rcpt", reply="550 5.1.1 nobody of this name", share=0.3)
    server = serve(replace(manners, faults=(refusal,)))
    office.configure(server.port)
    office.send_till_done()
    unlucky = met(office, "rcpt", 0.3)
    assert office.in_state("rejected") == unlucky
    for reader in office.readers:
        if reader.wire not in unlucky:
            head, _, _ = server.record.messages[reader.wire].partition(b"\r\n\r\n")
            assert reader.wire.encode() in head
    office.check(server.record)


@pytest.mark.parametrize(
    "manners",
    [Manners(lie="discards"), Manners(lie="silent"), Manners(lie="refuses")],
    ids=lambda manners: manners.lie,
)
def test_a_server_that_lies_about_pipelining(
    office: Office, serve: Serve, manners: Manners
) -> None:
    """It is found out, and spoken to one command at a time."""
    server = serve(manners)
    office.configure(server.port, smtp={"timeout": '"2s"'})
    office.send_till_done()
    assert server.record.arrived.keys() == office.everybody
    office.check(server.record)


GARBAGE = (
    "HTTP/1.1 400 Bad Request\r\n\r\n",
    "250 ok\n",
    "\x00\xff\xfe\x80\r\n",
    "ok\r\n",
    "199 what\r\n",
    "250-one\r\n354 two\r\n",
    f"250 {'x' * 5000}\r\n",
)


@pytest.mark.parametrize("stage", ["connect", "ehlo", "mail", "rcpt", "data"])
def test_garbage_before_the_message(office: Office, serve: Serve, stage: Stage) -> None:
    """Each kind of it once: it is no answer, and it does no harm."""
    faults = [Fault(stage=stage, raw=raw, times=1) for raw in GARBAGE]
    if stage in INSIDE:
        faults = slices(stage, *faults)
    server = serve(Manners(faults=tuple(faults)))
    office.configure(server.port, smtp={"timeout": '"30s"'})
    office.send_till_done()
    assert server.record.arrived.keys() == office.everybody
    office.check(server.record)


def test_a_server_that_never_stops_talking(office: Office, serve: Serve) -> None:
    """A line without an end is cut off, and so is the connection."""
    faults = (
        Fault(stage="connect", act="endless", times=1),
        Fault(stage="mail", act="endless", times=1),
    )
    server = serve(Manners(faults=faults))
    office.configure(server.port, smtp={"timeout": '"30s"'})
    office.send_till_done()
    office.check(server.record)


def test_a_server_that_falls_silent(office: Office, serve: Serve) -> None:
    """At any stage: patience ends some time, and only behind the message it is unclear."""
    stages: tuple[Stage, ...] = ("connect", "ehlo", "mail", "rcpt", "data")
    faults = [Fault(stage=stage, act="silence", times=1, share=0.9) for stage in stages]
    first = office.readers[0].wire
    faults[3:] = [replace(fault, address=first) for fault in faults[3:]]
    last = office.readers[-1].wire
    faults.append(Fault(stage="end", act="silence", address=last, times=1))
    server = serve(Manners(faults=tuple(faults)))
    office.configure(server.port, smtp={"timeout": '"2s"'})
    office.send_till_done()
    assert office.in_state("uncertain") == {last}
    office.check(server.record, unclear=1)


def test_a_message_too_large_for_the_server(office: Office, serve: Serve) -> None:
    """It is not even offered, and nobody is marked."""
    server = serve(Manners(size=1000))
    office.configure(server.port)
    answer = office.send("--wait", "0s")
    assert (answer.status, server.record.count) == (2, 0)
    office.check_nobody_marked()
    server.behave(Manners())
    assert office.send("--wait", "0s").status == 0
    office.check(server.record)


def test_greylisting_is_waited_out_in_the_same_run(
    office: Office, serve: Serve
) -> None:
    """Whoever is put off for a second gets theirs before the run ends."""
    fault = Fault(stage="rcpt", reply="451 4.7.1 greylisted", share=SHARE, times=1)
    server = serve(Manners(faults=(fault,)))
    office.configure(server.port)
    answer = office.send("--wait", "10s")
    document = check_sum(answer)
    assert (answer.status, document["outcomes"]["accepted"]) == (0, len(office.readers))
    office.check(server.record)
