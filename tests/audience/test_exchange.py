"""The subscribers go out, and what went out comes in again the same."""

import io
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from distribute.audience.bulk import Bulk
from distribute.audience.consent import Act, Consent, version_of
from distribute.audience.exchange import export_csv, export_jsonl
from distribute.audience.intake.bringing import Order, bring_in
from distribute.audience.intake.files import Source
from distribute.audience.intake.report import ImportReport
from distribute.audience.store import Store
from distribute.audience.subscriber import Subscriber
from distribute.language import Language
from distribute.mailbox import Mailbox

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SOURCE = "import people.csv"


def _import(store: Store, text: str, *, now: datetime = NOW) -> ImportReport:
    source = Source("people.csv", io.BytesIO(text.encode()))
    return bring_in(store, [source], Order(by=SOURCE), now=now)


def _export(store: Store) -> str:
    out = io.StringIO(newline="")
    export_csv(store.subscribers(), out)
    return out.getvalue()


def _export_in_full(store: Store) -> str:
    out = io.StringIO()
    export_jsonl(store.subscribers(), out, Bulk(store.place, store.connection))
    return out.getvalue()


def test_the_export_is_a_table_in_the_order_of_addresses(store: Store) -> None:
    """The export has a fixed form, so that it can live in git."""
    _import(
        store,
        'email,name,languages\nzoe@example.org,=Zoë,zh; en!\nada@example.org,"A, L",\n',
    )
    assert _export(store) == (
        "email,name,languages,status,joined,source,tags,paused_until\n"
        'ada@example.org,"A, L",,confirmed,2026-11-20T09:00:00+00:00,import people.csv,'
        ",\n"
        "zoe@example.org,'=Zoë,zh; en!,confirmed,2026-11-20T09:00:00+00:00,"
        "import people.csv,,\n"
    )


def test_json_lines_hold_the_same(store: Store) -> None:
    """One object per line, with languages as a list."""
    _import(store, "email,name,languages\nzoe@example.org,=Zoë,zh; en!\n")
    out = io.StringIO()
    assert export_jsonl(store.subscribers(), out) == 1
    assert json.loads(out.getvalue()) == {
        "email": "zoe@example.org",
        "name": "=Zoë",
        "languages": ["zh", "en"],
        "only_these": True,
        "status": "confirmed",
        "joined": "2026-11-20T09:00:00+00:00",
        "source": "import people.csv",
        "tags": [],
        "paused_until": None,
    }
    assert "Zoë" in out.getvalue()


def test_an_export_can_be_imported_elsewhere(store: Store, tmp_path: Path) -> None:
    """A list that is exported and imported is the same list, consent and status too."""
    _import(
        store,
        "email,name,languages,status,joined,source\n"
        "ada@example.org,@Ada,pt-BR; en!,unsubscribed,2020-02-02T02:02:02+02:00,fair\n"
        "büro@bücher.example,'Büro',zh,bounced,,\n",
    )
    with Store.open(tmp_path / "other.db") as other:
        _import(other, _export(store), now=NOW + timedelta(days=1))
        assert list(other.subscribers()) == list(store.subscribers())


def test_nothing_is_lost_in_json_lines(store: Store, tmp_path: Path) -> None:
    """Tags, a pause and the evidence of consent come back as they went out."""
    person = Subscriber(
        mailbox=Mailbox("zoe@example.org", "Zoë"),
        languages=(Language("zh"), Language("en")),
        only_these=True,
        joined=NOW - timedelta(days=9),
        source="form",
        tags=("press", "vip"),
        paused_until=date(2027, 1, 31),
    )
    consents = (
        Consent(at=NOW - timedelta(days=9), act=Act.ASKED, source="form"),
        Consent(
            at=NOW - timedelta(days=8),
            act=Act.CONFIRMED,
            source="mail",
            wording="0123456789ab",
            network="2001:db8:1::/48",
        ),
    )
    store.put(person, by="form", now=NOW)
    for consent in consents:
        store.note_consent("zoe@example.org", consent)
    text = _export_in_full(store)
    with Store.open(tmp_path / "other.db") as other:
        for _ in range(2):
            _import(other, text, now=NOW + timedelta(days=1))
        assert list(other.subscribers()) == [person]
        assert other.consents("zoe@example.org") == consents
        assert _export_in_full(other) == text


def test_the_words_agreed_to_come_along(store: Store, tmp_path: Path) -> None:
    """Each line has those of its person, and no others, in the language they were in."""
    words = {
        store.keep_wording("de", "Ja, schickt mir den Brief.\nDatenschutz: /d"): [
            "ada"
        ],
        store.keep_wording("ar", "أوافق"): ["ada", "bo"],
        store.keep_wording("en", "Nobody has seen this."): [],
        "": ["cy"],
    }
    for name in ("ada", "bo", "cy"):
        person = Subscriber(mailbox=Mailbox(f"{name}@example.org"), source="form")
        store.put(person, by="form", now=NOW)
    for days, (version, names) in enumerate(words.items()):
        at = NOW + timedelta(days=days)
        act = Consent(at=at, act=Act.CONFIRMED, source="form", wording=version)
        for name in names:
            store.note_consent(f"{name}@example.org", act)
    text = _export_in_full(store)
    ada, bo, cy = (json.loads(line)["wordings"] for line in text.splitlines())
    assert [each["language"] for each in ada] == ["de", "ar"]
    assert [each["words"] for each in bo] == ["أوافق"]
    assert cy == []
    with Store.open(tmp_path / "other.db") as other:
        assert _import(other, text).bad == 0
        assert _export_in_full(other) == text
        kept = [other.wording(version) for version in words]
    assert kept == [*map(store.wording, list(words)[:2]), None, None]


def test_words_that_nobody_kept_cost_no_line(store: Store) -> None:
    """As of a database that was restored in part; the version still says which."""
    store.put(Subscriber(mailbox=Mailbox("ada@example.org")), by="form", now=NOW)
    act = Consent(at=NOW, act=Act.ASKED, source="form", wording="0123456789ab")
    store.note_consent("ada@example.org", act)
    person = json.loads(_export_in_full(store))
    assert person["consents"][0]["wording"] == "0123456789ab"
    assert person["wordings"] == []


@pytest.mark.parametrize(
    ("wordings", "why"),
    [
        ([{"version": version_of("yes"), "words": "no", "language": "en"}], "version"),
        ([{"version": version_of("a\0b"), "words": "a\0b", "language": "en"}], "print"),
        ([{"version": version_of(""), "words": "", "language": "en"}], "no sense"),
        ([{"version": version_of("yes"), "words": "yes", "language": "!"}], "language"),
        ([{"version": version_of("yes"), "words": 5, "language": "en"}], "no sense"),
        (["yes"] * 3 + [{}], "no object"),
        ({"words": "yes"}, "no list"),
    ],
)
def test_words_that_are_not_those_of_their_version_are_not_taken_in(
    store: Store, wordings: object, why: str
) -> None:
    """Nobody is told to have agreed to what they never saw."""
    line = json.dumps({"email": "ada@example.org", "wordings": wordings})
    report = _import(store, line)
    assert (report.added, report.bad) == (0, 1)
    assert why in report.remarks[0].reason
