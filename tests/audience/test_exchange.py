"""The subscribers go out, and what went out comes in again the same."""

import io
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from distribute.audience.bulk import Bulk
from distribute.audience.consent import Act, Consent
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
    out = io.StringIO()
    evidence = Bulk(store.place, store.connection)
    export_jsonl(store.subscribers(), out, evidence)
    with Store.open(tmp_path / "other.db") as other:
        for _ in range(2):
            _import(other, out.getvalue(), now=NOW + timedelta(days=1))
        assert list(other.subscribers()) == [person]
        assert other.consents("zoe@example.org") == consents
        again = io.StringIO()
        export_jsonl(other.subscribers(), again, Bulk(other.place, other.connection))
    assert again.getvalue() == out.getvalue()
