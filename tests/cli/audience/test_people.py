"""``audience add, list, tag`` and ``explain``: the subscribers one by one."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from distribute.audience.consent import Act, Consent
from distribute.audience.reception.application import Application, Applications
from distribute.audience.store import Store
from distribute.audience.subscriber import Status
from distribute.mailbox import Mailbox
from tests.cli.conftest import ISSUE, Run

RUI = "rui@example.org"
NOW = datetime(2026, 11, 6, 9, tzinfo=UTC)


def test_tags_are_given_and_taken(run: Run, small: Path) -> None:
    """However they are written; the list shows them."""
    given = run("-C", small, "audience", "tag", RUI, "--add", "Press; VIP")
    assert f"<{RUI}>: press; vip" in given.out
    taken = run("-C", small, "audience", "tag", RUI, "--remove", "vip", "--add", "a b")
    assert f"<{RUI}>: a-b; press" in taken.out
    assert "a-b; press" in run("-C", small, "audience", "list").out
    document = run("-C", small, "explain", RUI, ISSUE, "--json").document
    assert document["subscriber"]["tags"] == ["a-b", "press"]
    assert [change["field"] for change in document["changes"]] == ["tags", "tags"]


def test_of_several_all_are_tagged_or_none(run: Run, small: Path) -> None:
    """A stranger among them is an error, and nothing is changed."""
    answer = run("-C", small, "audience", "tag", RUI, "who@example.org", "--add", "x")
    assert answer.status == 2
    assert "no tags" in run("-C", small, "audience", "tag", RUI).out


def test_who_adds_answers_for_it(run: Run, small: Path) -> None:
    """What was done is on record as evidence, and so is that they left."""
    run("-C", small, "audience", "add", "ada@example.net", "--tag", "Press")
    run("-C", small, "audience", "remove", "ada@example.net")
    document = run("-C", small, "explain", "ada@example.net", ISSUE, "--json").document
    acts = [(act["act"], act["source"]) for act in document["consents"]]
    assert acts == [("added", "command line"), ("left", "command line")]
    assert document["subscriber"]["tags"] == ["press"]


def test_nobody_is_removed_who_is_suppressed_already(run: Run, small: Path) -> None:
    """They stay suppressed, and the answer says so."""
    run("-C", small, "audience", "suppress", RUI)
    answer = run("-C", small, "audience", "remove", RUI)
    assert answer.out == f"{RUI}: suppressed\n"


def test_removing_brings_nobody_nearer(run: Run, small: Path) -> None:
    """Whoever complained has complained, and nothing is noted as if they had left."""
    with Store.open(small / "distribute.db") as store:
        store.set_status(RUI, Status.COMPLAINED, by="test", now=NOW)
    assert run("-C", small, "audience", "remove", RUI).out == f"{RUI}: complained\n"
    with Store.open(small / "distribute.db") as store:
        assert Act.LEFT not in [consent.act for consent in store.consents(RUI)]


@pytest.fixture
def talked_about(small: Path) -> Path:
    """Give a newsletter that knows much about one person."""
    with Store.open(small / "distribute.db") as store:
        store.note_consent(
            RUI,
            Consent(
                at=NOW,
                act=Act.CONFIRMED,
                source="form",
                wording=store.keep_wording("en", "Yes, please."),
                network="203.0.113.0/24",
            ),
        )
        connection = store.connection
        connection.execute(
            "INSERT INTO letter (kind, key, address, name, language, asked, due, attempt,"
            " outcome, text) VALUES ('confirm', ?, ?, '', 'en', 0, NULL, 1, 'accepted',"
            " '250 OK')",
            (RUI, RUI),
        )
        connection.execute(
            "INSERT INTO judgement VALUES (?, 0, 0, 'mbox', 'failed', ?, 'issue-4', 'd',"
            " '5.1.1', ?, 'ignored', 'no such thing')",
            (b"1", RUI, "unknown \x1b[2J user"),
        )
        connection.execute("INSERT INTO strike VALUES (?, 0, 'mailbox full')", (RUI,))
        connection.execute("UPDATE subscriber SET paused = '2099-01-31'")
    return small


def test_explain_has_the_words_that_are_not_confirmed_yet(
    run: Run, small: Path
) -> None:
    """Whoever asks what is known of them is told what they were asked to agree to."""
    path = small / "distribute.db"
    with Store.open(path) as store:
        version = store.keep_wording("en", "Yes, please.")
        application = Application(
            mailbox=Mailbox("new@example.org", "Noé"),
            at=NOW,
            source="form",
            wording=version,
        )
        Applications(path, store.connection).note(application)
    told = run("-C", small, "--json", "explain", "new@example.org").document
    assert told["words"] == {version: "Yes, please."}
    assert told["application"]["name"] == "Noé"


def test_explain_needs_no_issue(run: Run, small: Path) -> None:
    """People come before the first one is written, and may ask what is known of them."""
    for post in (small / "posts").iterdir():
        post.unlink()
    told = run("-C", small, "--json", "explain", RUI).document
    assert told["subscriber"]["email"] == RUI
    assert (told["issue"], told["verdict"]) == (None, None)
    assert "There is no issue yet." in run("-C", small, "explain", RUI).out
    assert run("-C", small, "explain", RUI, "5").status == 2


def test_explain_tells_where_consent_came_from(run: Run, talked_about: Path) -> None:
    """And the letters, the bounces, the pause; nothing that would play with a terminal."""
    out = run("-C", talked_about, "explain", RUI, ISSUE).out
    with Store.open(talked_about / "distribute.db") as store:
        (consent,) = [c for c in store.consents(RUI) if c.act is Act.CONFIRMED]
        assert store.wording(consent.wording) == "Yes, please."
    assert (
        f"consent: confirmed (form, from 203.0.113.0/24, words {consent.wording})"
        in out
    )
    assert f"words {consent.wording}: Yes, please." in out
    assert "letter confirm: accepted: 250 OK" in out
    assert "report: ignored: no such thing (failed: 5.1.1 unknown" in out
    assert "user; issue-4, mbox)" in out
    assert "strike: mailbox full" in out
    assert "pauses     until 2099-01-31" in out
    assert "\x1b" not in out


def test_explain_knows_of_those_who_are_not_on_the_list(run: Run, small: Path) -> None:
    """Whoever is suppressed, or asked and has yet to confirm."""
    with Store.open(small / "distribute.db") as store:
        store.connection.execute(
            "INSERT INTO application VALUES ('bo@example.org', 'bo@example.org', '', 'en',"
            " 0, ?, 'form', '', '203.0.113.0/24')",
            (NOW.isoformat(),),
        )
    out = run("-C", small, "explain", "bo@example.org", ISSUE).out
    assert "not on the list" in out
    assert "(form, from 203.0.113.0/24), and has yet to confirm" in out
    run("-C", small, "audience", "suppress", "bo@example.org")
    document = run("-C", small, "explain", "bo@example.org", ISSUE, "--json").document
    assert document["suppressed"]["reason"] == "asked"
    assert document["verdict"]["reason"] == "not on the list"


def test_an_operator_may_change_what_somebody_chose(run: Run, letter: Path) -> None:
    """They say so in so many words, and answer for it; a file does not."""
    run("-C", letter, "audience", "add", "ada@example.org", "--languages", "fr")
    now = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
    with Store.open(letter / "distribute.db") as store:
        chose = Consent(at=now, act=Act.CHOSE, source="form")
        store.note_consent("ada@example.org", chose)
    file = letter / "people.csv"
    file.write_text("email,languages\nada@example.org,de\n", encoding="utf-8")
    brought = run("-C", letter, "audience", "import", file)
    assert "1 unchanged (1 as they chose themselves)" in brought.out
    assert "people.csv:2: chosen: ada@example.org: stays as they chose" in brought.out
    added = run(
        "-C",
        letter,
        "--json",
        "audience",
        "add",
        "ada@example.org",
        "--languages",
        "de",
    )
    assert added.document["verdict"] == "updated"
    assert added.document["languages"] == ["de"]
