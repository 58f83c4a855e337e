"""What a clock on the wall will show: in every zone, and when clocks change."""

from datetime import UTC, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.editions.wall_time import WallTime, parse_wall_time

BERLIN = ZoneInfo("Europe/Berlin")
SIX = time(18)


def _read(text: str) -> WallTime:
    return parse_wall_time(text, zone=BERLIN, hour=SIX)


@pytest.mark.parametrize(
    ("text", "instant", "said"),
    [
        ("2026-12-01 09:00", "2026-12-01T08:00Z", "2026-12-01 09:00 Europe/Berlin"),
        ("2026-07-01 09:00", "2026-07-01T07:00Z", "2026-07-01 09:00 Europe/Berlin"),
        (
            "2026-7-1T9:00:30",
            "2026-07-01T07:00:30Z",
            "2026-07-01 09:00:30 Europe/Berlin",
        ),
        ("2026-12-01", "2026-12-01T17:00Z", "2026-12-01 18:00 Europe/Berlin"),
        (
            " 2026-12-01  09:00  America/New_York ",
            "2026-12-01T14:00Z",
            "2026-12-01 09:00 America/New_York",
        ),
        ("2026-12-01 09:00 UTC", "2026-12-01T09:00Z", "2026-12-01 09:00 UTC"),
        ("2026-12-01T09:00:00Z", "2026-12-01T09:00Z", "2026-12-01 09:00 UTC"),
        ("2026-12-01 09:00 +0530", "2026-12-01T03:30Z", "2026-12-01 09:00 +05:30"),
        ("2026-12-01 09:00-03:00", "2026-12-01T12:00Z", "2026-12-01 09:00 -03:00"),
        (
            "2026-12-01 09:00 Etc/GMT+3",
            "2026-12-01T12:00Z",
            "2026-12-01 09:00 Etc/GMT+3",
        ),
        (
            "2026-12-01 Asia/Kathmandu",
            "2026-12-01T12:15Z",
            "2026-12-01 18:00 Asia/Kathmandu",
        ),
    ],
)
def test_a_time_is_an_instant(text: str, instant: str, said: str) -> None:
    """In its own zone, or the newsletter's; a day alone is at the newsletter's hour."""
    found = _read(text)
    assert found.at == datetime.fromisoformat(instant)
    assert (found.said, found.remark) == (said, "")


@pytest.mark.parametrize(
    ("text", "instant", "remark"),
    [
        ("2026-03-29 02:30", "2026-03-29T01:30Z", "does not exist"),
        ("2026-03-29 02:00", "2026-03-29T01:00Z", "does not exist"),
        ("2026-03-29 01:59", "2026-03-29T00:59Z", ""),
        ("2026-03-29 03:00", "2026-03-29T01:00Z", ""),
        ("2026-10-25 02:30", "2026-10-25T00:30Z", "comes twice"),
        ("2026-10-25 01:59", "2026-10-24T23:59Z", ""),
        ("2026-10-25 03:00", "2026-10-25T02:00Z", ""),
        ("2026-10-25 02:30 +01:00", "2026-10-25T01:30Z", ""),
        ("2026-04-05 01:45 Australia/Lord_Howe", "2026-04-04T14:45Z", "comes twice"),
        ("2026-10-04 02:10 Australia/Lord_Howe", "2026-10-03T15:40Z", "does not exist"),
        ("2011-12-30 12:00 Pacific/Apia", "2011-12-30T22:00Z", "does not exist"),
    ],
)
def test_when_clocks_change_it_is_decided_and_said(
    text: str, instant: str, remark: str
) -> None:
    """What is left out moves on by the gap; of what comes twice the first is meant."""
    found = _read(text)
    assert found.at == datetime.fromisoformat(instant)
    assert remark in found.remark
    assert bool(found.remark) == bool(remark)


def test_the_remark_says_what_is_meant_instead() -> None:
    """As the clock shows it then."""
    assert _read("2026-03-29 02:30").remark == (
        "2026-03-29 02:30 Europe/Berlin does not exist, for clocks are put forward: "
        "it is 03:30 that is meant"
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is not a time such as"),
        ("soon", "is not a time such as"),
        ("09:00", "is not a time such as"),
        ("1.12.2026 09:00", "is not a time such as"),
        ("2026-12-01 9", "is not a time such as"),
        ("2026-12-01 9:00 pm Europe/Berlin", "is not a time such as"),
        ("2026-12-01 09:00 pm", "'pm' is not a time zone"),
        ("2026-12-01 09:00 Europe/Berlinn", "'Europe/Berlinn' is not a time zone"),
        ("2026-12-01 09:00 ../../etc/passwd", "is not a time such as"),
        ("2026-12-01 09:00 +99:00", "is not an offset"),
        ("2026-02-30 09:00", "there is no such day"),
        ("2026-12-01 25:00", "no clock shows that"),
        ("9999-12-31 09:00", "too far away"),
    ],
)
def test_anything_else_is_refused(text: str, reason: str) -> None:
    """It is none, rather than a guess."""
    with pytest.raises(ValueError, match=reason):
        _read(text)


zones = st.sampled_from(
    [
        ZoneInfo(name)
        for name in ("UTC", "Europe/Berlin", "America/St_Johns", "Asia/Tokyo")
    ]
    + [ZoneInfo("Australia/Lord_Howe"), timezone(timedelta(hours=-3, minutes=-30))]
)


@settings(max_examples=200, deadline=None)
@given(st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1)), zones)  # noqa: DTZ001 - walls
def test_the_clock_then_shows_what_was_said(wall: datetime, zone: ZoneInfo) -> None:
    """Unless the remark says otherwise; and what was said means the same again."""
    wall = wall.replace(microsecond=0)
    found = parse_wall_time(wall.isoformat(), zone=zone, hour=SIX)
    shown = found.at.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    assert (shown == wall) or "does not exist" in found.remark
    assert parse_wall_time(found.said, zone=UTC, hour=SIX).at == found.at


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("0123456789-/: TZ+.Eu"), max_size=30))
def test_any_text_is_a_time_or_a_reason(text: str) -> None:
    """Reading never fails in another way, and the result is aware."""
    try:
        found = _read(text)
    except ValueError:
        return
    assert found.at.tzinfo is not None
