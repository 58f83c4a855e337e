"""A rehearsal says what an import would do, and changes nothing."""

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.audience.intake.bringing import Order, bring_in, rehearse
from distribute.audience.intake.files import Source
from distribute.audience.intake.report import Foremost, ImportReport, Kind
from distribute.audience.intake.staging import Place
from distribute.audience.store import Store
from distribute.audience.subscriber import Status
from distribute.audience.suppression.suppression import Hasher, Reason
from distribute.errors import AudienceError

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ORDER = Order(by="import people.csv")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Open a store with two people, one of whom has left."""
    with Store.open(tmp_path / "distribute.db") as opened:
        begin = "email,name,languages,status\n"
        people = "ada@example.org,Ada,en,\nbo@example.org,Bo,fr,unsubscribed\n"
        bring_in(opened, _sources(begin + people), ORDER, now=NOW)
        yield opened


def _sources(*texts: str) -> list[Source]:
    return [
        Source(f"{number}.csv", io.BytesIO(text.encode()))
        for number, text in enumerate(texts)
    ]


def _state(store: Store) -> object:
    history = [store.history(p.mailbox.key) for p in store.subscribers()]
    consents = [store.consents(p.mailbox.key) for p in store.subscribers()]
    return list(store.subscribers()), history, consents


def _counts(report: ImportReport) -> tuple[int, ...]:
    r = report
    return r.added, r.updated, r.unchanged, r.kept_out, r.folded, r.bad


def test_the_difference_is_told_field_by_field(store: Store) -> None:
    """Who would be new, what would change about whom, and who is kept out."""
    before = _state(store)
    text = (
        "email,name,languages,tags\n"
        "cy@example.org,Cy,,press\n"
        "Ada@example.org,Ada L,fr; en,\n"
        "bo@example.org,Bo,,\n"
    )
    report = rehearse(store, _sources(text), ORDER, now=NOW)
    assert _counts(report) == (1, 1, 0, 1, 0, 0)
    new, changed = report.differences
    assert (new.line, new.address, new.is_new) == (2, "cy@example.org", True)
    assert ("tags", "", "press") in new.changes
    assert (changed.line, changed.is_new) == (3, False)
    assert list(changed.changes) == [
        ("name", "Ada", "Ada L"),
        ("languages", "en", "fr en"),
    ]
    assert [remark.kind for remark in report.remarks] == [Kind.KEPT_OUT]
    assert _state(store) == before


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["ada@example.org", "BO@example.org", "cy@example.org", "bad"]),
        st.sampled_from(["", "Ada", "Bo"]),
        st.sampled_from(["", "en", "fr!", "nonsense"]),
        st.sampled_from(["", *Status, "nonsubscribed", "odd"]),
    ),
    max_size=8,
)


@given(rows=ROWS, more=ROWS)
@settings(max_examples=40, deadline=None)
def test_a_rehearsal_counts_as_the_import_does(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, ...]],
    more: list[tuple[str, ...]],
) -> None:
    """The counts and the remarks are the same, whatever is in the files."""
    head = "email,name,languages,status\n"
    texts = [head + "\n".join(map(",".join, each)) + "\n" for each in (rows, more)]
    path = tmp_path_factory.mktemp("list") / "distribute.db"
    with Store.open(path) as store:
        bring_in(store, _sources(head + "bo@example.org,,,bounced\n"), ORDER, now=NOW)
        gravity = {p.mailbox.key: p.status.gravity for p in store.subscribers()}
        foreseen = rehearse(store, _sources(*texts), ORDER, now=NOW)
        seen = bring_in(store, _sources(*texts), ORDER, now=NOW)
        assert _counts(foreseen) == _counts(seen)
        assert foreseen.remarks == seen.remarks
        assert sum(_counts(seen)) == len(rows) + len(more)
        assert len(foreseen.differences) == seen.added + seen.updated
        for person in store.subscribers():
            assert person.status.gravity >= gravity.get(person.mailbox.key, 0)


def test_several_files_are_one_import(store: Store) -> None:
    """Whoever left in one of them has left, and the remark says where they stood first."""
    report = bring_in(
        store,
        _sources("email\ncy@example.org\n", "email,status\ncy@example.org,bounced\n"),
        ORDER,
        now=NOW,
    )
    assert _counts(report) == (1, 0, 0, 0, 1, 0)
    (remark,) = report.remarks
    assert (remark.file, remark.line) == ("1.csv", 2)
    assert remark.reason == "stands on line 2 of 0.csv already"
    found = store.get("cy@example.org")
    assert found is not None
    assert found.status is Status.BOUNCED


def test_the_suppressed_are_kept_out(store: Store) -> None:
    """Whoever is on the list of suppressions is not added, and it is said why."""
    suppressions = store.suppressions(Hasher([b"k" * 32]))
    suppressions.add("cy@example.org", Reason.FORGOTTEN, date(2026, 1, 1), now=NOW)
    text = "email\ncy@example.org\ndi@example.org\n"
    for run in (rehearse, bring_in):
        report = run(store, _sources(text), ORDER, now=NOW)
        assert _counts(report) == (1, 0, 0, 1, 0, 0)
        assert "forgotten" in report.remarks[0].reason
    assert store.get("cy@example.org") is None


def test_tags_and_a_bound_for_everybody(store: Store) -> None:
    """What the operator says of all of them holds for each."""
    order = Order(by="import x", at_best=Status.PENDING, tags=("fair",))
    text = "email,status,tags\ncy@example.org,confirmed,vip\n"
    bring_in(store, _sources(text), order, now=NOW)
    found = store.get("cy@example.org")
    assert found is not None
    assert (found.status, found.tags) == (Status.PENDING, ("fair", "vip"))


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 50)), unique=True))
@settings(max_examples=100, deadline=None)
def test_the_foremost_are_kept_in_their_order(places: list[tuple[int, int]]) -> None:
    """However they come, and however many there are."""
    kept: Foremost[tuple[int, int]] = Foremost(5)
    for place in places:
        kept.add(Place(*place), place)
    assert list(kept) == sorted(places)[:5]


def test_people_by_the_thousands(store: Store) -> None:
    """However many there are, all are read before any is written, and none is lost."""
    lines = "".join(f"u{number}@example.org\n" for number in range(2500))
    report = bring_in(store, _sources("email\n" + lines), ORDER, now=NOW)
    assert _counts(report) == (2500, 0, 0, 0, 0, 0)
    again = rehearse(store, _sources("email\n" + lines), ORDER, now=NOW)
    assert _counts(again) == (0, 0, 2500, 0, 0, 0)
    assert again.differences == ()


class Leaving(io.BytesIO):
    """A file during whose reading somebody else writes to the list."""

    def __init__(self, path: Path, text: str) -> None:
        super().__init__(text.encode())
        self.path = path

    def read(self, size: int | None = -1, /) -> bytes:
        """Have somebody leave meanwhile, without waiting for a lock."""
        with Store.open(self.path, patience=0) as store:
            store.set_status("ada@example.org", Status.UNSUBSCRIBED, by="page", now=NOW)
        return super().read(size)

    read1 = read


def test_the_list_is_not_locked_while_a_file_is_read(store: Store, path: Path) -> None:
    """Whoever leaves in the meantime has left, and the import does not bring them back."""
    source = Source("slow.csv", Leaving(path, "email,name\nada@example.org,A L\n"))
    report = bring_in(store, [source], ORDER, now=NOW)
    assert _counts(report) == (0, 0, 0, 1, 0, 0)
    found = store.get("ada@example.org")
    assert found is not None
    assert found.status is Status.UNSUBSCRIBED


def test_what_goes_wrong_while_writing_leaves_the_list_as_it_was(store: Store) -> None:
    """All or nothing: whoever was written before is taken back."""
    before = _state(store)
    store.connection.execute("CREATE UNIQUE INDEX each_once ON subscriber (name)")
    lines = "".join(f"u{n}@example.org,U {n % 1499}\n" for n in range(1500))
    with pytest.raises(AudienceError, match=r"(?i)unique constraint"):
        bring_in(store, _sources("email,name\n" + lines), ORDER, now=NOW)
    assert _state(store) == before
