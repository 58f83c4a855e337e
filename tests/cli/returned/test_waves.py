"""Whoever says that half a provider's mailboxes are gone is not believed at once."""

from pathlib import Path

from tests.cli.conftest import Run
from tests.cli.returned.mails import Mails, status_of
from tests.databases import reach_into


def test_a_wave_is_an_alarm_and_nobody_is_taken_off(
    run: Run, letters: Path, mails: Mails
) -> None:
    """What came of it before is put right, in the table as well."""
    with reach_into(letters / "distribute.db") as connection:
        for number in range(25):
            key, id_ = f"p{number:02}@large.example", f"{number:024x}"
            values = {"key": key, "id": id_, "number": 1000 + number}
            connection.execute(
                "INSERT INTO subscriber (key, address, name, languages, only_these,"
                " status, joined, source, tags, paused)"
                " VALUES (:key, :key, '', '', 0, 'confirmed', '2026-01-01T00:00:00+00:00',"
                " '', '', '')",
                values,
            )
            connection.execute(
                "INSERT INTO delivery (number, campaign, key, state, attempt, opened,"
                " choice, since, id, address, code, enhanced, text, stage)"
                " SELECT :number, number, :key, 'accepted', 1, 0, 0, 0, :id, :key, 250,"
                " '', '', '' FROM campaign WHERE id = 'issue-4'",
                values,
            )
            mails.deliveries.insert(number, (key, id_))
    for number in range(22):
        mails.report(number, "5.1.1")
    answer = run("-C", letters, "bounces", "read", mails.folder)
    assert answer.status == 1
    assert (
        "ALARM: issue-4: 20 of 25 mailboxes at large.example are said to be gone;"
        " 19 of them stand on the list as before" in answer.out
    )
    assert "22 messages: 22 strike" in answer.out
    assert "audience import FILE --status bounced" in answer.out
    assert status_of(run, letters, "p00@large.example") == "confirmed"
    told = run("-C", letters, "explain", "p00@large.example").out
    assert "taken back" in told
    again = run("-C", letters, "bounces", "read", mails.folder)
    assert again.status == 0
    assert again.out == "22 messages: 22 before\n"
