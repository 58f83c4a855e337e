"""Whole journeys by workers: what is late, what was wrong, and who comes and goes meanwhile."""

import email
import json
from collections.abc import Sequence
from email.policy import default
from pathlib import Path

import pytest

from tests.cli.fleet.conftest import PEOPLE, Fleet

FRENCH = """\
---
title: "Lettre quatre, en retard"
issue: 4
lang: fr
tags: [newsletter]
---

Bonsoir à tous. Cette lettre arrive tard, et elle est courte pour cela.
"""
LATE = ("send", "4", "--late", "fallback", "--workers")
WORDS = ("--correction", "en=It was ten.", "--correction", "de=Es waren zehn.")
CORRECTION = ("send", "4", *WORDS, "--workers")


def come_late(fleet: Fleet) -> None:
    """Have a French edition come when the others have been sent."""
    (fleet.folder / "posts" / "2026-10-30-tard.md").write_text(FRENCH, "utf-8")


def subjects(fleet: Fleet, language: str) -> Sequence[str]:
    """Give the subjects of all messages in a language."""
    paths = (fleet.folder / "out" / "mail").glob(f"issue-*/{language}/*.eml")
    messages = [email.message_from_bytes(p.read_bytes(), policy=default) for p in paths]
    return sorted(str(message["Subject"]) for message in messages)


def test_a_late_edition_goes_to_those_whom_it_suits_better(sent: Fleet) -> None:
    """But for those who left or paused meanwhile; who joined gets it as the issue itself."""
    come_late(sent)
    left, paused, *there = sent.readers_of("fr")
    answer = sent.act("--json", *LATE)
    told = {each["campaign"]: each["people"] for each in answer.document["handed_over"]}
    assert told == {"issue-4": 0, "issue-4.late-fr": 2 + len(there)}
    assert sent.act("audience", "remove", left).status == 0
    sent.ask("UPDATE subscriber SET paused = '2027-01-01' WHERE key = %s", paused)
    joined = "new@example.org"
    assert sent.act("audience", "add", joined, "--languages", "fr").status == 0
    sent.work()
    assert sent.served(2) == there
    assert joined not in sent.served(1)
    sent.ask("UPDATE subscriber SET paused = '' WHERE key = %s", paused)
    assert sent.act(*LATE).status == 0
    sent.work()
    assert sent.served(2) == sorted([paused, *there])
    assert joined in sent.served(1)
    assert subjects(sent, "fr") == ["Lettre quatre, en retard"] * (len(there) + 2)
    told_of = sent.act("explain", paused, "4").out
    assert "issue-4.late-fr by file: fr, accepted" in told_of
    assert sent.act("send", "new").out == "Nothing is due.\n"


@pytest.mark.slow
def test_a_correction_goes_to_each_in_the_language_they_had(sent: Fleet) -> None:
    """Once; not to those who left or paused meanwhile, nor to those who joined since."""
    sent.mend()
    (first, left, paused), others = sent.readers_of("en")[:3], sent.readers_of("fr")
    assert sent.act("audience", "add", "new@example.org").status == 0
    assert sent.act(*CORRECTION).status == 0
    assert sent.act("audience", "remove", left).status == 0
    sent.ask("UPDATE subscriber SET paused = '2027-01-01' WHERE key = %s", paused)
    sent.work()
    got = sent.served(2)
    assert len(got) == PEOPLE - 2
    assert {first, *others} <= set(got)
    assert not {left, paused, "new@example.org"} & set(got)
    assert sent.act(*CORRECTION).status == 0
    sent.ask("UPDATE subscriber SET paused = '' WHERE key = %s", paused)
    assert sent.act(*CORRECTION).status == 0
    sent.work()
    assert sent.served(2) == sorted([*got, paused])
    counted = [
        sum(subject.startswith(word) for subject in subjects(sent, tag))
        for tag, word in (("en", "Correction:"), ("de", "Korrektur:"))
    ]
    assert (sum(counted), min(counted) > 0) == (PEOPLE - 1, True)
    status = sent.act("status", "4").out
    assert "in en: It was ten." in status
    assert "nothing goes on with it" not in status


@pytest.mark.slow
def test_who_may_have_what_went_out_besides_is_sent_it_again_when_asked(
    sent: Fleet,
) -> None:
    """By `retry`, on one machine; it says of whom, and whom it leaves."""
    come_late(sent)
    assert sent.act(*LATE).status == 0
    sent.work()
    uncertain, refused, *_ = sent.served(2)
    for key, state in ((uncertain, "uncertain"), (refused, "rejected")):
        sent.ask(
            "UPDATE delivery SET state = %s, due = 0 WHERE campaign = 2 AND key = %s",
            state,
            key,
        )
    assert "1 delivery" in sent.act("status", "4", "--uncertain").out
    for option in ("--uncertain", "--failed"):
        document = sent.act("--json", "retry", "4", option, "--yes").document
        assert document["campaign"] == "issue-4.late-fr"
        assert document["outcomes"]["accepted"] == 1
    attempts = sent.ask("""
        SELECT outcome, count(*) FROM earlier_attempt GROUP BY outcome ORDER BY outcome
    """)
    assert attempts == [("rejected", 1), ("uncertain", 1)]


REPORT = """\
Return-Path: <>
From: MAILER-DAEMON@mx.example.net
To: bounces@example.org
Subject: Undelivered mail
Message-ID: <report@mx.example.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="cut"

--cut
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; {recipient}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 nobody of this name

--cut
Content-Type: text/rfc822-headers

Message-ID: {message_id}
To: {recipient}

--cut--
"""


@pytest.mark.slow
def test_what_comes_back_of_a_workers_mail_is_known_again(
    sent: Fleet, tmp_path: Path
) -> None:
    """It is said of which campaign it is, and whoever is gone gets nothing more."""
    come_late(sent)
    assert sent.act(*LATE).status == 0
    sent.work()
    first, *_ = sorted((sent.folder / "out" / "mail").glob("issue-4/fr/*.eml"))
    message = email.message_from_bytes(first.read_bytes(), policy=default)
    envelope = json.loads(first.with_suffix(".json").read_text("utf-8"))
    said = {"recipient": envelope["rcpt_to"], "message_id": message["Message-ID"]}
    (tmp_path / "returned").mkdir()
    (tmp_path / "returned" / "one.eml").write_text(REPORT.format(**said), "utf-8")
    answer = sent.act("--json", "bounces", "read", str(tmp_path / "returned"))
    (report,) = answer.document["reports"]
    assert (report["campaign"], report["decision"]) == ("issue-4.late-fr", "bounced")
    sent.mend()
    corrected = sent.act("--json", *CORRECTION).document["handed_over"]
    assert [each["people"] for each in corrected] == [PEOPLE - 1]


def test_what_was_handed_over_first_is_finished_first(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two at once do not take turns: half of each would be late else."""
    monkeypatch.setattr("distribute.cli.fleet.handing.SIZE", 3)
    fleet.hand_over()
    answer = fleet.act("send", "4", "--workers", "--sink", "smtp", "--yes")
    assert answer.status == 0, answer.err
    jobs = fleet.ask("""
        SELECT (args ->> 'campaign')::int FROM procrastinate_jobs
        ORDER BY priority DESC, id
    """)
    assert jobs == [(1,)] * 4 + [(2,)] * 4
