"""Segments: what they select, how they are written, and what a wrong one is told."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from distribute.audience.segment.segment import DEEPEST, LONGEST, parse_segment
from distribute.audience.subscriber import Status, Subscriber
from distribute.errors import SegmentError
from distribute.language import Language
from distribute.mailbox import Mailbox


def _person(
    address: str,
    languages: str = "",
    tags: str = "",
    joined: datetime | None = None,
    *,
    source: str = "",
    status: Status = Status.CONFIRMED,
) -> Subscriber:
    return Subscriber(
        mailbox=Mailbox(address),
        languages=tuple(Language(tag) for tag in languages.split()),
        tags=tuple(tags.split()),
        joined=joined,
        source=source,
        status=status,
    )


PEOPLE = (
    _person(
        "ana@example.org", "pt-BR en", "press", datetime(2026, 1, 1, 12, tzinfo=UTC)
    ),
    _person(
        "bo@Example.org", "en", "vip press-office", datetime(2026, 1, 2, tzinfo=UTC)
    ),
    _person(
        "cy@mail.example.org", "es", "", datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
    ),
    _person("di@münchen.example", "", "vip", source="import people.csv"),
    _person("eve@example.net", "pt", source="form", status=Status.BOUNCED),
)


def _chosen(text: str) -> list[str]:
    """Name those of `PEOPLE` who are in a segment."""
    segment = parse_segment(text)
    return [p.mailbox.key.split("@")[0] for p in PEOPLE if segment.matches(p)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("lang:pt", ["ana", "eve"]),
        ("lang:PT-br", ["ana"]),
        ("lang:en", ["ana", "bo"]),
        ("lang:*", ["ana", "bo", "cy", "eve"]),
        ("-lang:*", ["di"]),
        ("tag:press", ["ana"]),
        ('tag:"Press Office"', ["bo"]),
        ("tag:VIP", ["bo", "di"]),
        ("tag=vip", ["bo", "di"]),
        ("tag:*", ["ana", "bo", "di"]),
        ("domain:example.org", ["ana", "bo"]),
        ("domain:@EXAMPLE.org", ["ana", "bo"]),
        ("domain:xn--mnchen-3ya.example", ["di"]),
        ("address:BO@example.org", ["bo"]),
        ("source:form", ["eve"]),
        ('source:"import people.csv"', ["di"]),
        ("source:import*", ["di"]),
        ("source:*", ["ana", "bo", "cy", "di", "eve"]),
        ('source:"import"', []),
        ("status:bounced", ["eve"]),
        ("joined>2026-01-01", ["bo"]),
        ("joined>=2026-01-01", ["ana", "bo"]),
        ("joined<2026-01-01", ["cy"]),
        ("joined<=2026-01-01", ["ana", "cy"]),
        ("joined:2026-01-01", ["ana"]),
        ("joined > 2025", ["ana", "bo"]),
        ("joined:2025-12", ["cy"]),
        ("joined:2026-1", ["ana", "bo"]),
        ("joined:*", ["ana", "bo", "cy"]),
        ("not joined:*", ["di", "eve"]),
    ],
)
def test_each_field_selects(text: str, names: Sequence[str]) -> None:
    """By language, tag, day, origin, domain, address and status; names in any case."""
    assert _chosen(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("lang:en tag:press", ["ana"]),
        ("lang:en and tag:press", ["ana"]),
        ("tag:press or lang:es", ["ana", "cy"]),
        ("lang:es or lang:en tag:vip", ["bo", "cy"]),
        ("(lang:es or lang:en) tag:vip", ["bo"]),
        ("(lang:es OR lang:en)(tag:vip)", ["bo"]),
        ("-tag:press lang:en", ["bo"]),
        ("not tag:press AND lang:en", ["bo"]),
        ("-(tag:press or tag:vip)", ["cy", "eve"]),
        ("NOT NOT tag:press", ["ana"]),
        ("--tag:press", ["ana"]),
        (" \n lang:en\ttag:press ", ["ana"]),
        ("LANG:en Tag:press", ["ana"]),
    ],
)
def test_terms_are_joined(text: str, names: Sequence[str]) -> None:
    """Side by side all hold; `or` binds less, `not` more; parentheses go first."""
    assert _chosen(text) == names


def test_days_begin_at_midnight_in_the_newsletters_zone() -> None:
    """Half past eleven in London on the 31st is the 1st of January in Berlin."""
    berlin = parse_segment("joined>=2026-01-01", ZoneInfo("Europe/Berlin"))
    assert [p.mailbox.address for p in PEOPLE if berlin.matches(p)] == [
        "ana@example.org",
        "bo@Example.org",
        "cy@mail.example.org",
    ]


def test_a_segment_is_shown_as_it_was_written() -> None:
    """On one line, whatever blanks it came with."""
    assert str(parse_segment("lang:pt\n  tag:press ")) == "lang:pt tag:press"


def test_a_value_in_quotes_may_hold_anything_printable() -> None:
    """Also a quote and a backslash, each behind a backslash."""
    segment = parse_segment(r'source:"the \"big\" list (C:\\old) or so"')
    assert segment.matches(_person("x@x.org", source=r'the "big" list (C:\old) or so'))


# The text, the column that it points at, and what it says.
MISTAKES = [
    ("", 1, "empty"),
    (" \t ", 1, "empty"),
    ("tga:press", 1, "there is no field 'tga'"),
    ("lang:pt tga:press", 9, "there is no field 'tga'"),
    ("lang:pt press", 9, "'press' does not say of which field"),
    ("lang:pt 2026", 9, "'2026' does not say of which field"),
    ("lang:pt tag:", 13, "tag has no value"),
    ("tag: press", 5, "tag has no value"),
    ("tag:)", 5, "tag has no value"),
    ('tag:""', 5, "tag has no value"),
    ('tag:","', 5, "is not one tag"),
    ("tag:a,b", 5, "is not one tag"),
    ("lang:pt,es", 6, "is not one language"),
    ("lang:portuguese", 6, "is not a language tag"),
    ("domain:-x", 8, "'-x' is not a domain"),
    ("domain:a@b.org", 8, "is not a domain"),
    ("address:ada", 9, "is not a mailbox"),
    ("status:gone", 8, "there is no status 'gone'"),
    ("joined>soon", 8, "is not a day, a month or a year"),
    ("joined > 2026-02-30", 10, "is not a day, a month or a year"),
    ("joined:2026-13", 8, "is not a day, a month or a year"),
    ("joined<=9999", 9, "is not a day, a month or a year"),
    ("joined<0000", 8, "is not a day, a month or a year"),
    ("joined=>2026-01-01", 8, "joined has no value"),
    ("tag>press", 1, "tag has no order"),
    ("lang:pt (tag:a", 9, "this ( is never closed"),
    ("lang:pt) tag:a", 8, "nothing is open"),
    ("()", 2, "something is missing before )"),
    ("or lang:pt", 1, "something is missing before or"),
    ("lang:pt or", 11, "something is missing before the end"),
    ("lang:pt and or tag:a", 13, "something is missing before or"),
    ("lang:pt - ", 10, "something is missing before the end"),
    ("not", 4, "something is missing before the end"),
    ('tag:"press', 5, "this quote is never closed"),
    ('"press"', 1, "this quote is out of place"),
    ('tag:a"b"', 6, "this quote is out of place"),
    ('source:"a\nb"', 8, "cannot be part of a value"),
    ("tag:a; DROP TABLE subscriber", 8, "'DROP' does not say"),
]


@pytest.mark.parametrize(("text", "column", "reason"), MISTAKES)
def test_a_mistake_is_pointed_at(text: str, column: int, reason: str) -> None:
    """By its column, which counts from 1."""
    with pytest.raises(SegmentError) as caught:
        parse_segment(text)
    assert (caught.value.column, caught.value.text) == (column, text)
    assert reason in caught.value.reason


def test_the_message_shows_the_line_and_a_caret_below_the_place() -> None:
    """And what was probably meant, and what there is."""
    with pytest.raises(SegmentError) as caught:
        parse_segment("lang:pt tga:press")
    assert str(caught.value).splitlines() == [
        "there is no field 'tga', at column 9:",
        "    lang:pt tga:press",
        "            ^",
        "  Did you mean tag? "
        "There are: lang, tag, joined, source, domain, address, status.",
    ]


def test_the_caret_stands_below_the_place_whatever_the_script() -> None:
    """A wide character takes two columns of a terminal, a combining one takes none."""
    with pytest.raises(SegmentError) as caught:
        parse_segment("tag:記者 tag:e\u0301 tga:x")
    _, line, caret, _ = str(caught.value).splitlines()
    assert caught.value.column == 15
    assert caret.index("^") == 4 + len("tag:") + 4 + len(" tag:e ")
    assert line.strip() == "tag:記者 tag:e\u0301 tga:x"


def test_of_a_long_line_the_part_around_the_place_is_shown() -> None:
    """So that the caret is on the screen."""
    with pytest.raises(SegmentError) as caught:
        parse_segment("tag:press " * 20 + "tga:x" + " tag:press" * 20)
    _, line, caret, _ = str(caught.value).splitlines()
    assert line[caret.index("^") :].startswith("tga:x tag:press")
    assert (line.strip()[0], line[-1]) == ("…", "…")
    assert len(line) < 88


def test_a_segment_has_its_limits() -> None:
    """Neither its length nor its depth can wear out the database or the stack."""
    deepest = "(" * DEEPEST + "tag:a" + ")" * DEEPEST
    assert parse_segment(deepest).matches(_person("a@b.org", tags="a"))
    with pytest.raises(SegmentError, match="more than 40 levels deep"):
        parse_segment(f"({deepest})")
    with pytest.raises(SegmentError, match="more than 2,000 characters"):
        parse_segment("tag:a " * LONGEST)


def test_a_pause_does_not_matter_to_a_segment() -> None:
    """It says who is meant, not who may receive today."""
    paused = Subscriber(mailbox=Mailbox("a@b.org"), paused_until=date(2030, 1, 1))
    assert parse_segment("status:confirmed").matches(paused)
