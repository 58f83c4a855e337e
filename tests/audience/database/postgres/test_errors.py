"""What PostgreSQL says, in our words, with the next step, and without any password."""

import re

import pytest

from distribute.audience.database.database import open_database
from distribute.audience.database.place import PostgresUrl
from distribute.errors import AudienceError, AwayError
from tests.postgres import Server

SECRET = "se%zzcret-pass"


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        ((r":[^:@]*@", ":wrong-secret@"), "user and password"),
        ((r":[^:@]*@", "@"), "user and password"),
        ((r"//[^:]*:", "//nobody:"), "user and password"),
        ((r"/\w+$", "/nowhere"), "createdb"),
    ],
)
def test_whoever_is_turned_away_is_told_why(
    postgres: Server, change: tuple[str, str], hint: str
) -> None:
    """That is for somebody to mend, and not to be waited for."""
    url = re.sub(*change, postgres.url("postgres"))
    with pytest.raises(AudienceError, match="cannot be used") as caught:
        open_database(PostgresUrl(url))
    assert not isinstance(caught.value, AwayError)
    assert hint in caught.value.hint
    assert "secret" not in str(caught.value)


def test_a_server_that_does_not_answer_is_waited_for() -> None:
    """Nothing listens there; it may come back."""
    with pytest.raises(AwayError, match="does not answer") as caught:
        open_database(PostgresUrl(f"postgresql://u:{SECRET[5:]}@127.0.0.1:9/list"))
    assert "Nothing is lost" in caught.value.hint
    assert SECRET[5:] not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://u:{SECRET}@h/list",
        f"postgresql://h:port/list?password={SECRET[5:]}",
        f"postgresql://u:{SECRET[5:]}@h/list?nonsense=1",
    ],
)
def test_a_url_that_libpq_cannot_read_is_not_repeated(url: str) -> None:
    """It says what it cannot read, which may be the password."""
    with pytest.raises(
        AudienceError, match=r"cannot be used|does not answer"
    ) as caught:
        open_database(PostgresUrl(url))
    assert "cret-pass" not in str(caught.value)
