"""A list comes in whole or not at all, every line accounted for."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from distribute.audience.consent import Act, Consent
from distribute.audience.exchange import export_csv
from distribute.audience.intake.bringing import Order, bring_in, rehearse
from distribute.audience.intake.files import Source
from distribute.audience.intake.report import MOST_REMARKS, ImportReport, Kind
from distribute.audience.store import Store
from distribute.audience.subscriber import Status, Subscriber
from distribute.errors import AudienceError
from distribute.language import Language
from distribute.mailbox import Mailbox

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SOURCE = "import people.csv"


def _import(store: Store, text: str, *, now: datetime = NOW) -> ImportReport:
    source = Source("people.csv", io.BytesIO(text.encode()))
    return bring_in(store, [source], Order(by=SOURCE), now=now)


def _status(store: Store, address: str) -> Status:
    found = store.get(address)
    assert found is not None
    return found.status


def _export(store: Store) -> str:
    out = io.StringIO(newline="")
    export_csv(store.subscribers(), out)
    return out.getvalue()


def _numbers(report: ImportReport) -> tuple[int, ...]:
    r = report
    return r.added, r.updated, r.unchanged, r.kept_out, r.folded, r.bad


def test_people_are_added(store: Store) -> None:
    """Each row becomes a subscriber, with how and when they came."""
    report = _import(
        store,
        "email,name,languages,status\n"
        "ada@example.org,Ada,en,confirmed\n"
        "rui@example.org,Rui,pt-PT; en!,pending\n"
        "lea@example.org,,,\n",
    )
    assert _numbers(report) == (3, 0, 0, 0, 0, 0)
    assert list(store.subscribers()) == [
        Subscriber(
            mailbox=Mailbox("ada@example.org", "Ada"),
            languages=(Language("en"),),
            joined=NOW,
            source=SOURCE,
        ),
        Subscriber(mailbox=Mailbox("lea@example.org"), joined=NOW, source=SOURCE),
        Subscriber(
            mailbox=Mailbox("rui@example.org", "Rui"),
            languages=(Language("pt-PT"), Language("en")),
            only_these=True,
            status=Status.PENDING,
            joined=NOW,
            source=SOURCE,
        ),
    ]


def test_the_same_file_again_changes_nothing(store: Store) -> None:
    """An import is safe to repeat."""
    text = "email,name,languages\nada@example.org,Ada,en\nbo@example.org,Bo,fr!\n"
    _import(store, text)
    before = _export(store)
    report = _import(store, text, now=NOW + timedelta(days=9))
    assert _numbers(report) == (0, 0, 2, 0, 0, 0)
    assert _export(store) == before


def test_the_known_are_brought_up_to_date(store: Store) -> None:
    """Names and languages change; an empty cell says nothing and erases nothing."""
    _import(store, "email,name,languages\nada@example.org,Ada,en\n")
    report = _import(store, "email,name,languages\nADA@example.org,,fr; en\n")
    assert _numbers(report) == (0, 1, 0, 0, 0, 0)
    found = store.get("ada@example.org")
    assert found is not None
    assert found.mailbox == Mailbox("ada@example.org", "Ada")
    assert [language.tag for language in found.languages] == ["fr", "en"]
    assert [change.by for change in store.history("ada@example.org")] == [SOURCE]


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.CONFIRMED])
@pytest.mark.parametrize("cell", ["confirmed", ""])
def test_nobody_who_left_is_revived(store: Store, status: Status, cell: str) -> None:
    """An old list imported once more brings nobody back, and says whom it would have."""
    store.put(
        Subscriber(mailbox=Mailbox("ada@example.org"), status=status), by="x", now=NOW
    )
    report = _import(store, f"email,name,status\nAda@example.org,Ada,{cell}\n")
    assert _numbers(report) == (0, 0, 0, 1, 0, 0)
    (remark,) = report.remarks
    assert (remark.line, remark.kind, remark.address) == (
        2,
        Kind.KEPT_OUT,
        "Ada@example.org",
    )
    assert remark.reason.startswith(status)
    assert _status(store, "ada@example.org") is status
    assert store.history("ada@example.org") == ()


def test_an_import_can_take_people_off(store: Store) -> None:
    """Who is unsubscribed in the file is unsubscribed here."""
    _import(store, "email\nada@example.org\n")
    report = _import(store, "email,status\nada@example.org,unsubscribed\n")
    assert _numbers(report) == (0, 1, 0, 0, 0, 0)
    assert _status(store, "ada@example.org") is Status.UNSUBSCRIBED


def test_of_duplicates_the_first_line_counts_and_the_gravest_status(
    store: Store,
) -> None:
    """One person on several lines is one subscriber, and stays away if any line says so."""
    report = _import(
        store,
        "email,name,languages,status\n"
        "ada@example.org,Ada,en,confirmed\n"
        "bo@example.org,Bo,en,confirmed\n"
        "ADA@EXAMPLE.ORG,Countess,fr,unsubscribed\n"
        "ada@example.org,Ada,de,confirmed\n",
    )
    assert _numbers(report) == (2, 0, 0, 0, 2, 0)
    assert [(r.line, r.kind, r.reason) for r in report.remarks] == [
        (4, Kind.FOLDED, "stands on line 2 already"),
        (5, Kind.FOLDED, "stands on line 2 already"),
    ]
    found = store.get("ada@example.org")
    assert found is not None
    assert found.mailbox.name == "Ada"
    assert found.languages == (Language("en"),)
    assert found.status is Status.UNSUBSCRIBED


def test_bad_lines_are_numbered_and_stop_nobody(store: Store) -> None:
    """Every bad line has its number and its reason; the others are imported."""
    report = _import(
        store,
        "email,name,languages,status\n"
        "ada@example.org,Ada,en,confirmed\n"
        "not an address,X,en,confirmed\n"
        "\n"
        "bo@example.org,Bo,english,confirmed\n"
        "cy@example.org,Cy,en,happy\n"
        'di@example.org,"Di\nana",en,confirmed\n'
        'ed@example.org,"Ed,en,confirmed\n'
        "flo@example.org,Flo\0,en,confirmed\n"
        "gil@example.org,Gil,en,confirmed,extra\n"
        "hal@example.org,Hal,en,confirmed\n",
    )
    assert _numbers(report) == (3, 0, 0, 0, 0, 6)
    assert [remark.line for remark in report.remarks] == [3, 5, 6, 9, 10, 11]
    assert {remark.kind for remark in report.remarks} == {Kind.BAD}
    names = [person.mailbox.name for person in store.subscribers()]
    assert names == ["Ada", "Di ana", "Hal"]


def test_unknown_columns_are_reported_once(store: Store) -> None:
    """A column that means nothing to us is told once, not on every line."""
    report = _import(store, "Email;Phone;Lang\na@b.org;1;en\nb@b.org;2;en\n")
    assert report.unknown_columns == ("Phone",)
    assert report.remarks == ()
    assert report.added == 2


def test_nothing_is_half_done(store: Store) -> None:
    """A file that turns out not to be UTF-8 on its last line has added nobody."""
    data = b"email,name\n" + b"".join(b"u%d@example.org,U\n" % n for n in range(500))
    source = Source("people.csv", io.BytesIO(data + b"x@y.org,\xe9\n"))
    with pytest.raises(AudienceError, match="line 502: the text is not UTF-8"):
        bring_in(store, [source], Order(by=SOURCE), now=NOW)
    assert store.count() == {}


def test_a_language_that_nobody_writes_is_kept(store: Store) -> None:
    """Languages are wishes: the newsletter may have them one day."""
    _import(store, "email,languages\nada@example.org,eo\n")
    found = store.get("ada@example.org")
    assert found is not None
    assert found.languages == (Language("eo"),)


def test_remarks_are_bounded_and_counted_all(store: Store) -> None:
    """A file of nothing but bad lines is counted to the end, in bounded memory."""
    report = _import(store, "email\n" + "x\n" * (MOST_REMARKS + 5))
    assert report.bad == MOST_REMARKS + 5
    assert len(report.remarks) == MOST_REMARKS
    assert report.remarks[0].line == 2


def test_a_reason_is_never_endless(store: Store) -> None:
    """What a bad line quotes of itself is cut."""
    report = _import(store, f"email\n{'x' * 60_000}\n")
    assert len(report.remarks[0].reason) <= 300


rows = st.lists(
    st.tuples(
        st.sampled_from(["a@b.org", "A@b.org", "c@d.org", "é@f.example", "bad"]),
        st.text(st.characters(codec="utf-8"), max_size=8),
        st.sampled_from(["", "en", "fr; en!", "english", "zh"]),
        st.sampled_from(["", *Status, "unknown"]),
    ),
    max_size=12,
)


@given(rows=rows)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_every_row_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]
) -> None:
    """The counts of a report add up to the rows, and an export imports as unchanged."""
    with Store.open(tmp_path_factory.mktemp("list") / "distribute.db") as store:
        text = "email\tname\tlanguages\tstatus\n"
        quoted = [
            '"{}"'.format(cell.replace('"', '""')) for row in rows for cell in row
        ]
        lines = ["\t".join(quoted[i : i + 4]) for i in range(0, len(quoted), 4)]
        report = _import(store, text + "\n".join(lines))
        assert sum(_numbers(report)) == len(rows)
        total = sum(store.count().values())
        assert report.added == total
        exported = _export(store)
        again = _import(store, exported, now=NOW + timedelta(days=1))
        assert _numbers(again) == (0, 0, total, 0, 0, 0)
        assert _export(store) == exported


CHOICE = Consent(at=NOW, act=Act.CHOSE, source="form")
HEAD = "email,name,languages,tags,asked_at\n"


def _ada_chose(store: Store, consent: Consent = CHOICE) -> Subscriber:
    """Have Ada on the list, who has chosen for herself."""
    ada = Subscriber(
        mailbox=Mailbox("ada@example.org", "Ada"), languages=(Language("fr"),)
    )
    store.put(ada, by="form", now=NOW)
    store.note_consent("ada@example.org", consent)
    found = store.get("ada@example.org")
    assert found is not None
    return found


def test_an_import_leaves_what_somebody_chose_themselves(store: Store) -> None:
    """It says so; somebody who has not chosen is brought up to date as ever."""
    ada = _ada_chose(store)
    store.put(Subscriber(mailbox=Mailbox("bo@example.org")), by="form", now=NOW)
    later = NOW + timedelta(days=30)
    text = f"{HEAD}ada@example.org,A. L.,de; en,,\nbo@example.org,Bo,de,,\n"
    report = _import(store, text, now=later)
    assert _numbers(report) == (0, 1, 1, 0, 0, 0)
    assert report.chosen == 1
    (remark,) = report.remarks
    assert (remark.line, remark.kind, remark.address) == (
        2,
        Kind.CHOSEN,
        "ada@example.org",
    )
    assert remark.reason == "stays as they chose themselves on 2026-11-20"
    assert store.get("ada@example.org") == ada
    bo = store.get("bo@example.org")
    assert bo is not None
    assert bo.languages == (Language("de"),)


def test_a_rehearsal_says_the_same_of_who_chose(store: Store) -> None:
    """A tag comes in all the same, and is the only difference."""
    _ada_chose(store)
    source = Source(
        "people.csv", io.BytesIO(f"{HEAD}ada@example.org,,de,vip,\n".encode())
    )
    report = rehearse(store, [source], Order(by=SOURCE), now=NOW)
    assert (report.updated, report.chosen) == (1, 1)
    (difference,) = report.differences
    assert difference.changes == [("tags", "", "vip")]


@pytest.mark.parametrize(
    ("asked_at", "languages"), [("2026-11-19", "fr"), ("2026-11-21", "de")]
)
def test_a_file_that_knows_of_later_is_believed(
    store: Store, asked_at: str, languages: str
) -> None:
    """Somebody may have chosen anew where the file comes from."""
    _ada_chose(store)
    _import(
        store,
        f"{HEAD}ada@example.org,,de,,{asked_at}\n",
        now=NOW + timedelta(days=9),
    )
    found = store.get("ada@example.org")
    assert found is not None
    assert found.languages == (Language(languages),)


def test_who_only_came_by_a_file_is_brought_up_to_date(store: Store) -> None:
    """Their confirmation there was no choice here."""
    _ada_chose(store, Consent(at=NOW, act=Act.CONFIRMED, source=SOURCE))
    report = _import(store, f"{HEAD}ada@example.org,,de,,\n")
    assert (report.updated, report.chosen) == (1, 0)
