"""Segments in the database: the same people as in Python, whatever was typed."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import open_database, to_text
from distribute.audience.segment.segment import parse_segment
from distribute.audience.subscriber import Status, Subscriber
from distribute.audience.tags import parse_tags
from distribute.errors import SegmentError
from distribute.language import Language
from distribute.mailbox import Mailbox

LANGUAGES = ["pt", "pt-BR", "pt-PT", "p", "en", "zh-Hans", "zh"]
TAGS = ["press", "press-office", "vip", "%", "_", "a'b", "日本", "ß"]
SOURCES = ["", "form", "import people.csv", "import", "Import", "%", 'a"b', "a'; --"]
DOMAINS = ["example.org", "mail.example.org", "münchen.example", "ample.org"]
DAYS = ["2025", "2026-01", "2025-12-31", "2026-01-01", "2026-01-02"]

people = st.lists(
    st.builds(
        Subscriber,
        mailbox=st.builds(
            lambda local, domain: Mailbox(f"{local}@{domain}"),
            st.sampled_from(["a", "B", "ç", '"x@example.org"', "_"]),
            st.sampled_from(DOMAINS),
        ),
        languages=st.lists(st.sampled_from(LANGUAGES).map(Language), max_size=3).map(
            lambda languages: tuple(dict.fromkeys(languages))
        ),
        status=st.sampled_from(Status),
        joined=st.none()
        | st.datetimes(timezones=st.just(UTC))
        | st.sampled_from(DAYS[2:]).map(
            lambda day: parse_segment(f"joined>={day}").criterion.start  # type: ignore[attr-defined]  # Joined
        ),
        source=st.sampled_from(SOURCES) | st.text(st.characters(codec="utf-8")),
        tags=st.lists(st.sampled_from(TAGS), max_size=3).map(
            lambda tags: parse_tags(",".join(tags))
        ),
    ),
    max_size=6,
    unique_by=lambda person: person.mailbox.key,
)


def _quoted(text: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'


terms = st.one_of(
    st.sampled_from([*LANGUAGES[:3], "*", "en", "zh"]).map("lang:{}".format),
    st.sampled_from([*TAGS, "*"]).map(lambda tag: f"tag:{_quoted(tag)}"),
    st.sampled_from(DOMAINS).map("domain:{}".format),
    st.sampled_from(["a@example.org", "B@example.org"]).map("address:{}".format),
    st.sampled_from([*SOURCES[1:], "*", "imp*", "a*"]).map(
        lambda source: f"source:{_quoted(source)}"
    ),
    st.sampled_from(Status).map("status:{}".format),
    st.builds(
        "joined{}{}".format,
        st.sampled_from(["<", "<=", ">", ">=", ":"]),
        st.sampled_from(DAYS),
    ),
)
segments = st.recursive(
    terms,
    lambda inner: st.one_of(
        st.builds("({} {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        inner.map("-{}".format),
        inner.map("not {}".format),
    ),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def connection(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Connection]:
    """Open a database of our own."""
    path: Path = tmp_path_factory.mktemp("segments") / "distribute.db"
    opened = open_database(path)
    yield opened
    opened.close()


def _put(connection: Connection, subscribers: Sequence[Subscriber]) -> None:
    """Write down people as the store does."""
    connection.executemany(
        "INSERT INTO subscriber (key, address, name, languages, only_these, status,"
        " joined, source, tags) VALUES (?, '', '', ?, 0, ?, ?, ?, ?)",
        [
            (
                person.mailbox.key,
                " ".join(language.tag for language in person.languages),
                person.status,
                to_text(person.joined) if person.joined else None,
                person.source,
                " ".join(person.tags),
            )
            for person in subscribers
        ],
    )


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(segments, people)
@example("-joined>2026", [Subscriber(mailbox=Mailbox("a@b.org"))])
def test_the_database_finds_those_who_match(
    connection: Connection, text: str, subscribers: Sequence[Subscriber]
) -> None:
    """The condition and the predicate agree about anybody, and about the contrary."""
    segment = parse_segment(text)
    condition, values = segment.sql()
    connection.execute("BEGIN")
    try:
        _put(connection, subscribers)
        found, others = (
            {
                key
                for (key,) in connection.execute(
                    f"SELECT s.key FROM subscriber AS s WHERE {where}",  # noqa: S608 - ours
                    dict(values),
                )
            }
            for where in (condition, f"NOT {condition}")
        )
    finally:
        connection.rollback()
    assert found == {p.mailbox.key for p in subscribers if segment.matches(p)}
    assert others == {p.mailbox.key for p in subscribers} - found


_SKELETON = re.compile(
    r"(?:[ ().|,=<>-]|\bs\.(?:languages|tags|key|source|status|joined)\b"
    r"|\b(?:AND|OR|NOT|IS|NULL|instr|substr|length|0|1)\b|' '|'\.'|''|:segment_\d+)*"
)


@settings(max_examples=200, deadline=None)
@given(
    segments
    | st.text(max_size=40)
    | st.builds(
        "{}:{}".format,
        st.sampled_from(["tag", "source", "lang", "domain", "address", "joined"]),
        st.text(max_size=20) | st.text(max_size=20).map(_quoted),
    )
)
@example("""source:"' OR 1=1 --" """)
@example("tag:x');DROP(TABLE")
def test_nothing_that_was_typed_is_in_the_sql(text: str) -> None:
    """Only words of our own; all else stands beside it, as a value with a name."""
    with suppress(SegmentError):
        condition, values = parse_segment(text).sql()
        assert _SKELETON.fullmatch(condition)
        assert set(re.findall(r":(\w+)", condition)) == set(values)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet='langt:"()-<>=or and\\ 2*@.\n', max_size=30) | st.text())
def test_any_text_is_a_segment_or_points_at_a_column(text: str) -> None:
    """Within the text or right behind it; nothing else is ever raised."""
    with suppress(SegmentError), pointing_into(text):
        segment = parse_segment(text)
        assert str(parse_segment(str(segment))) == str(segment)


@contextmanager
def pointing_into(text: str) -> Iterator[None]:
    """See that an error points into a text, and can be printed."""
    try:
        yield
    except SegmentError as error:
        is_within = 1 <= error.column <= len(text) + 1
        if not is_within or ("^" not in str(error) and text.strip()):
            pytest.fail(f"{error.column}: {error}")
        raise


def test_a_long_segment_is_not_too_much_for_the_database(
    connection: Connection,
) -> None:
    """The longest that there can be, in width and in depth."""
    for text in (
        " ".join(["tag:a"] * 333),
        " or ".join(["lang:en"] * 180),
        "(" * 39 + "-tag:a " * 200 + ")" * 39,
    ):
        condition, values = parse_segment(text).sql()
        connection.execute(
            f"SELECT count(*) FROM subscriber AS s WHERE {condition}",  # noqa: S608 - ours
            dict(values),
        ).fetchone()
