"""Some of the people, and people who pause: in plans, sendings and lists."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from distribute.audience.database.database import open_database
from tests.cli.conftest import Run
from tests.mailroom import messages_in


def _pause(folder: Path, address: str, until: str) -> None:
    connection = open_database(folder / "distribute.db")
    connection.execute(
        "UPDATE subscriber SET paused = ? WHERE key = ?", (until, address)
    )
    connection.close()


def _confirmed(run: Run, folder: Path, *options: str) -> Sequence[str]:
    """Name those who have confirmed, and more."""
    listed = run("-C", folder, "--json", "audience", "list", *options).document
    people = listed["subscribers"]
    return [p["email"] for p in people if p["status"] == "confirmed"]


def test_a_plan_for_a_segment_passes_the_others_over(run: Run, small: Path) -> None:
    """With the reason, and the same people as `audience list` and `export` name."""
    chosen = _confirmed(run, small, "--segment", "lang:pt")
    plan = run("-C", small, "--json", "plan", "4", "--segment", "lang:pt").document
    named = {delivery["address"] for delivery in plan["deliveries"]}
    assert 0 < len(chosen) < len(_confirmed(run, small))
    assert named <= set(chosen)
    others = plan["skipped"]["outside the segment lang:pt"]
    assert others == len(_confirmed(run, small)) - len(chosen)
    exported = run("-C", small, "audience", "export", "--segment", "lang:pt").out
    assert all(address in exported for address in chosen)
    assert exported.count("@") == run(
        "-C", small, "audience", "list", "--segment", "lang:pt"
    ).out.count("@")


def test_a_segment_is_sent_and_later_the_rest(run: Run, small: Path) -> None:
    """Whoever was outside is still due, and nobody gets it twice."""
    everybody = run("-C", small, "--json", "plan", "4").document["planned"]
    first = run("-C", small, "--json", "send", "4", "--segment", "lang:pt").document
    assert 0 < first["planned"] < everybody
    assert first["skipped"]["outside the segment lang:pt"] > 0
    rest = run("-C", small, "--json", "send", "4").document
    assert rest["planned"] == everybody - first["planned"]
    assert rest["skipped"]["accepted before"] == first["planned"]
    assert len(messages_in(small / "out" / "mail")) == everybody


def test_the_digest_is_that_of_the_segment(run: Run, small: Path) -> None:
    """Who approved a part has not approved the whole, nor another part."""
    plan = run("-C", small, "--json", "plan", "4", "--segment", "lang:pt").document
    digest = plan["digest"]
    for others in ([], ["--segment", "-lang:pt"]):
        answer = run("-C", small, "send", "4", "--plan", digest, *others)
        assert answer.status == 4
    same = ["--segment", "lang:pt", "--plan", digest]
    assert run("-C", small, "send", "4", *same).status == 0
    assert run("-C", small, "send", "4", *same).status == 0


def test_status_tells_who_was_outside_at_the_last_look(run: Run, small: Path) -> None:
    """As it tells of everybody else who got nothing."""
    run("-C", small, "send", "4", "--segment", "lang:pt")
    assert (
        "passed over: outside the segment lang:pt"
        in run("-C", small, "status", "4").out
    )


@pytest.mark.parametrize(
    "words",
    [["plan", "4"], ["send", "4"], ["audience", "list"], ["audience", "export"]],
)
def test_a_wrong_segment_is_pointed_at_and_nothing_happens(
    run: Run, small: Path, words: Sequence[str]
) -> None:
    """On stderr with a caret, to programs with the column; an empty one is not everybody."""
    answer = run("-C", small, *words, "--segment", "lang:pt tga:x")
    assert (answer.status, answer.out) == (2, "")
    assert answer.err.splitlines()[:3] == [
        "distribute: there is no field 'tga', at column 9:",
        "    lang:pt tga:x",
        "            ^",
    ]
    error = run("-C", small, "--json", *words, "--segment", "").document["error"]
    assert (error["kind"], error["column"]) == ("SegmentError", 1)
    assert not (small / "out" / "mail").exists()


def test_days_are_those_of_the_newsletter(run: Run, small: Path) -> None:
    """Midnight is where the newsletter is at home, not in London."""
    connection = open_database(small / "distribute.db")
    connection.execute("UPDATE subscriber SET joined = '2026-05-31T22:30:00+00:00'")
    connection.close()
    assert _confirmed(run, small, "--segment", "joined:2026-06-01")
    assert not _confirmed(run, small, "--segment", "joined:2026-05-31")


def test_who_pauses_gets_nothing_until_the_day(run: Run, small: Path) -> None:
    """The reason says until when; sent again afterwards, they get it."""
    somebody, *_ = run("-C", small, "--json", "plan", "4").document["deliveries"]
    address = somebody["address"]
    _pause(small, address.casefold(), "2026-11-08")
    explained = run("-C", small, "explain", address, "4").out
    assert "nothing – paused until 2026-11-08" in explained
    plan = run("-C", small, "--json", "plan", "4").document
    assert {"address": address, "reason": "paused until 2026-11-08"} in plan[
        "passed_over"
    ]
    first = run("-C", small, "--json", "send", "4").document
    assert first["skipped"]["paused until 2026-11-08"] == 1
    assert address not in messages_in(small / "out" / "mail")

    late = "1794092400"  # 2026-11-08T00:00+01:00, still the 7th in London
    again = run("-C", small, "--json", "send", "4", now=late).document
    assert again["outcomes"]["accepted"] == 1
    assert address in messages_in(small / "out" / "mail")


def test_a_plan_of_everybody_names_them_one_by_one(run: Run, small: Path) -> None:
    """With their edition, or why they get none."""
    plan = run("-C", small, "--json", "plan", "4").document
    shown = run("-C", small, "plan", "4", "--all").out
    for delivery in plan["deliveries"]:
        words = f"{delivery['address']}  {delivery['language']}  {delivery['reason']}"
        assert f"\n{words}\n" in shown
    for skip in plan["passed_over"]:
        assert f"\n{skip['address']}  -  {skip['reason']}\n" in shown
