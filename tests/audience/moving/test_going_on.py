"""A copy that was broken off goes on; what is there already is not overwritten."""

from contextlib import closing
from pathlib import Path

import pytest

from distribute.audience.database.database import open_database
from distribute.audience.database.place import Place, PostgresUrl
from distribute.errors import AudienceError, BusyError
from tests.audience.moving.copying import change, content_of, copy, empty, interrupt
from tests.postgres import Server

pytestmark = pytest.mark.sqlite_only("copies between SQLite and PostgreSQL")


def test_nobody_opens_what_is_not_complete(source: Path, target: Place) -> None:
    """It is said how to go on; then it is a database like any other."""
    interrupt(source, target)
    with pytest.raises(AudienceError, match="begun and not finished") as caught:
        open_database(target)
    assert "store copy" in caught.value.hint
    assert copy(source, target).again == []
    assert content_of(target) == content_of(source)


def test_what_changed_while_it_was_down_is_copied_again(
    source: Path, target: Place
) -> None:
    """In the source, or in the target by whatever mishap; and all that refers to it."""
    interrupt(source, target)
    change(source, "UPDATE delivery SET text = 'new' WHERE number = 1")
    change(target, "UPDATE campaign SET id = 'damaged' WHERE number = 2")
    copied = copy(source, target)
    assert copied.again == ["campaign", "delivery", "earlier_attempt"]
    assert content_of(target) == content_of(source)


def test_rows_that_the_target_does_not_keep_are_found(
    source: Path, server: PostgresUrl, tmp_path: Path
) -> None:
    """By content and by number; it is not complete then."""
    change(
        server,
        "CREATE FUNCTION spoil() RETURNS TRIGGER LANGUAGE plpgsql AS"
        " $$ BEGIN new.text = 'spoilt'; RETURN new; END $$",
        "CREATE TRIGGER spoil BEFORE INSERT ON delivery FOR EACH ROW"
        " WHEN (new.number = 2) EXECUTE FUNCTION spoil()",
        "CREATE FUNCTION lose() RETURNS TRIGGER LANGUAGE plpgsql AS"
        " $$ BEGIN RETURN NULL; END $$",
        "CREATE TRIGGER lose BEFORE INSERT ON wave FOR EACH ROW"
        " EXECUTE FUNCTION lose()",
    )
    for _ in range(2):
        with pytest.raises(AudienceError, match="does not hold") as caught:
            copy(source, server)
        assert "delivery (other content)" in caught.value.reason
        assert "wave (0 rows of 3)" in caught.value.reason
    with pytest.raises(AudienceError, match="not finished"):
        open_database(server)


def test_what_is_complete_is_left_alone(source: Path, target: Place) -> None:
    """As long as nothing changes in the source, whatever happens in the copy."""
    copy(source, target)
    change(target, "UPDATE delivery SET text = 'later' WHERE number = 1")
    again = copy(source, target)
    assert not again.is_news
    assert content_of(target) != content_of(source)


def test_what_came_afterwards_is_brought_over(source: Path, target: Place) -> None:
    """As long as nobody uses the copy."""
    copy(source, target)
    change(source, "DELETE FROM subscriber WHERE id = 2")
    copied = copy(source, target)
    assert copied.is_news
    assert {"subscriber", "consent", "change"} <= set(copied.again)
    assert content_of(target) == content_of(source)


def test_two_that_are_both_in_use_stay_as_they_are(source: Path, target: Place) -> None:
    """Neither is right for sure."""
    copy(source, target)
    change(source, "UPDATE subscriber SET name = 'here' WHERE id = 2")
    change(target, "UPDATE subscriber SET name = 'there' WHERE id = 3")
    before = content_of(target)
    with pytest.raises(AudienceError, match=r"in use since.*: subscriber"):
        copy(source, target)
    assert content_of(target) == before


def test_another_database_is_not_touched(
    source: Path, target: Place, tmp_path: Path
) -> None:
    """One with anything in it, or the copy of another one."""
    change(target, "INSERT INTO wording VALUES ('v', 'en', 'words')")
    with pytest.raises(AudienceError, match="not empty: it has rows in wording"):
        copy(source, target)
    empty(target)
    interrupt(source, target)
    other = tmp_path / "other.db"
    with pytest.raises(AudienceError, match=r"a copy of .*old\.db"):
        copy(other, target)


def test_one_that_is_open_elsewhere_is_not_cleared(source: Path, target: Place) -> None:
    """Whoever uses the copy already would lose what they write meanwhile."""
    copy(source, target)
    change(source, "DELETE FROM subscriber WHERE id = 2")
    with closing(open_database(target)) as running:
        with pytest.raises(BusyError, match="something has it open"):
            copy(source, target)
        assert running.execute("SELECT count(*) FROM subscriber").fetchone() == (3,)
        running.execute("SELECT 1")
    assert "subscriber" in copy(source, target).again


def test_newsletters_that_share_a_database_are_two(
    postgres: Server, empty_postgres_url: str, source: Path, tmp_path: Path
) -> None:
    """The copy of one is not taken for that of the other."""
    database = empty_postgres_url.rpartition("/")[2]
    postgres.ask("CREATE SCHEMA one", "CREATE SCHEMA two", database=database)
    one, two = (
        PostgresUrl(f"{empty_postgres_url}?options=-csearch_path%3D{name}")
        for name in ("one", "two")
    )
    copy(source, one)
    change(source, "UPDATE subscriber SET name = 'other'")
    copy(source, two)
    copy(one, tmp_path / "new.db")
    with pytest.raises(AudienceError, match=r"holds a copy of .*schema one"):
        copy(two, tmp_path / "new.db")


def test_what_other_programs_have_there_stays(
    postgres: Server, source: Path, server: PostgresUrl, tmp_path: Path
) -> None:
    """Beside ours, in the same schema; it is not even counted."""
    database = server.url.rpartition("/")[2]
    postgres.ask("CREATE TABLE stranger AS SELECT 1 AS x", database=database)
    assert "stranger" not in copy(source, server).sums
    assert copy(server, tmp_path / "new.db").left == {}
    assert postgres.ask("SELECT x FROM stranger", database=database) == [(1,)]
