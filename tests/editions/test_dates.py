"""When a post was published."""

from collections.abc import Callable
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.editions.dates import decide_date, parse_instant
from distribute.finding import Severity
from distribute.posts.post import Post

MakePost = Callable[..., Post]
BERLIN = ZoneInfo("Europe/Berlin")
EIGHT = time(8)


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-01-02", "2026-01-02T08:00:00+01:00"),
        ("2026-7-2", "2026-07-02T08:00:00+02:00"),
        ("2026/01/02", "2026-01-02T08:00:00+01:00"),
        ("2026-01-02 10:30", "2026-01-02T10:30:00+01:00"),
        ("2026-01-02 10:30:15", "2026-01-02T10:30:15+01:00"),
        ("2026-01-02T10:30:15Z", "2026-01-02T11:30:15+01:00"),
        ("2026-01-02 10:30:15 UTC", "2026-01-02T11:30:15+01:00"),
        ("2026-01-02 10:30:15 +0800", "2026-01-02T03:30:15+01:00"),
        ("2026-01-02 10:30:15.123 -03:00", "2026-01-02T14:30:15+01:00"),
        ("2026-01-01 23:30:00 -0300", "2026-01-02T03:30:00+01:00"),
        ("2026-01-02T10:30:15+05", "2026-01-02T06:30:15+01:00"),
    ],
)
def test_days_and_instants(written: str, instant: str) -> None:
    """A day gets the hour, a time the zone, and all are in the newsletter's zone."""
    found = parse_instant(written, zone=BERLIN, hour=EIGHT)
    assert found is not None
    assert found.isoformat() == instant


@pytest.mark.parametrize(
    "written",
    [
        "",
        "soon",
        "2026-02-30",
        "02/01/2026",
        "2026-01-02 25:00",
        "0001-01-01",
        "2026",
        "2026-01-02 10:30 +9900",
        "2026-01-02x",
        "٢٠٢٦-٠١-٠٢",
        "9999-12-31",
    ],
)
def test_what_is_no_date(written: str) -> None:
    """It is none, rather than a guess."""
    assert parse_instant(written, zone=BERLIN, hour=EIGHT) is None


def test_front_matter_wins_over_the_file_name(make_post: MakePost) -> None:
    """And says so."""
    post = make_post("2026-01-02-a.md", "date: 2026-01-05")
    decision = decide_date(post, zone=UTC, hour=EIGHT)
    assert decision.published == datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert (decision.reason, decision.findings) == ("front matter date", ())
    decision = decide_date(make_post("2026-1-2-a.md"), zone=UTC, hour=EIGHT)
    assert decision.published == datetime(2026, 1, 2, 8, tzinfo=UTC)
    assert decision.reason == "file name"


def test_no_date_is_a_named_error(make_post: MakePost) -> None:
    """It is never now."""
    decision = decide_date(make_post("a.md", "title: a"), zone=UTC, hour=EIGHT)
    assert (decision.published, decision.updated) == (None, None)
    assert [(f.rule, f.severity) for f in decision.findings] == [
        ("date-missing", Severity.ERROR)
    ]
    assert decision.findings[0].hint


def test_an_unreadable_date_is_reported(make_post: MakePost) -> None:
    """The file name helps where it can; otherwise the date is missing too."""
    post = make_post("2026-01-02-a.md", "title: a\ndate: 5 May")
    decision = decide_date(post, zone=UTC, hour=EIGHT)
    assert decision.published == datetime(2026, 1, 2, 8, tzinfo=UTC)
    assert [(f.rule, f.line) for f in decision.findings] == [("date-invalid", 3)]
    decision = decide_date(make_post("a.md", "date: 5 May"), zone=UTC, hour=EIGHT)
    assert [f.rule for f in decision.findings] == ["date-invalid", "date-missing"]


@pytest.mark.parametrize(
    ("modified", "updated", "rules"),
    [
        ("", datetime(2026, 1, 2, 8, tzinfo=UTC), []),
        ("2026-02-03", datetime(2026, 2, 3, 8, tzinfo=UTC), []),
        ("2025-02-03", datetime(2026, 1, 2, 8, tzinfo=UTC), []),
        ("later", datetime(2026, 1, 2, 8, tzinfo=UTC), ["date-invalid"]),
    ],
)
def test_modified(
    make_post: MakePost, modified: str, updated: datetime, rules: list[str]
) -> None:
    """A post is updated when it says so, and never before it was published."""
    post = make_post("2026-01-02-a.md", f"modified: {modified}")
    decision = decide_date(post, zone=UTC, hour=EIGHT)
    assert decision.updated == updated
    assert [f.rule for f in decision.findings] == rules


@settings(max_examples=200, deadline=None)
@given(
    st.datetimes(datetime(1900, 1, 2), datetime(8999, 12, 30)).map(  # noqa: DTZ001
        lambda instant: instant.replace(microsecond=0, tzinfo=UTC)
    )
)
def test_iso_instants_come_back(instant: datetime) -> None:
    """What Python writes is read as the same instant."""
    assert parse_instant(instant.isoformat(), zone=UTC, hour=EIGHT) == instant


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("0123456789-/: TZ+."), max_size=30))
def test_any_text_is_a_date_or_none(text: str) -> None:
    """Reading a date never fails, and the result is aware."""
    found = parse_instant(text, zone=BERLIN, hour=EIGHT)
    assert found is None or found.tzinfo is not None
