"""Where the state is kept: read from a URL, and written out without its password."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distribute.audience.database.place import PostgresUrl, parse_place

FOLDER = Path("office")
SERVER = "postgresql://news:se%25cret@db.example.org:5433/list?sslmode=require"


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///distribute.db", FOLDER / "distribute.db"),
        ("sqlite:///state/a b.db", FOLDER / "state" / "a b.db"),
        ("sqlite:////var/lib/list.db", Path("/var/lib/list.db")),
    ],
)
def test_a_file_is_looked_for_in_the_folder(url: str, path: Path) -> None:
    """Unless it begins with a fourth slash, as with others who write such URLs."""
    assert parse_place(url, FOLDER) == path


@pytest.mark.parametrize(
    "url",
    [
        SERVER,
        "postgres://db.example.org/list",
        "postgresql:///list?host=/run/postgresql",
        "postgresql://?host=db.example.org&dbname=list",
    ],
)
def test_a_server_is_reached_by_the_url_as_it_stands(url: str) -> None:
    """All that libpq knows can be said in it."""
    assert parse_place(url, FOLDER) == PostgresUrl(url)


@pytest.mark.parametrize(
    "url",
    [
        "", "distribute.db", "sqlite:distribute.db", "sqlite:///", "mysql://h/list",
        "postgresql:list", "postgresql://db.example.org", "postgresql://h/",
        "postgresql://[::1/list", "postgresql://news:pass@word@h/list",
    ],
)  # fmt: skip
def test_anything_else_is_no_place(url: str) -> None:
    """The error says how it is written, and repeats nothing, for there may be secrets."""
    with pytest.raises(ValueError, match=r"expected|names no|%40") as caught:
        parse_place(url, FOLDER)
    assert "pass" not in str(caught.value).replace("user and password", "")


def test_a_password_is_not_shown() -> None:
    """Neither to people nor in a traceback, wherever in the URL it stands."""
    for url in (
        SERVER,
        "postgresql://news@db.example.org:5433/list?password=se%25cret",
    ):
        place = PostgresUrl(url)
        assert str(place) == "postgresql://news@db.example.org:5433/list"
        assert repr(place) == f"PostgresUrl({str(place)!r})"
        assert place.hidden_in(f"no: {url}") == f"no: {place}"
        for said in ("se%cret", "se%25cret"):
            assert place.hidden_in(f"what is {said}?") == "what is ***?"


@given(st.text(st.characters(codec="ascii", exclude_characters="/?#@[]%"), min_size=9))
def test_no_password_at_all_is_shown(secret: str) -> None:
    """Whatever its characters are."""
    place = PostgresUrl(
        f"postgresql://u:{secret}@h/d".translate({9: "", 10: "", 13: ""})
    )
    shown = place.url[15:-4]
    if len(shown) > 8 and shown not in "PostgresUrl('postgresql://u@h/d')":
        assert shown not in f"{place} {place!r} {place.hidden_in(f'[{shown}]')}"


@pytest.mark.parametrize(
    ("url", "has_password"),
    [
        ("postgresql://news@db/news", False),
        ("postgresql://news:s3cret@db/news", True),
        ("postgresql://db/news?user=news&password=s3cret", True),
    ],
)
def test_whether_there_is_a_password_in_it_can_be_told(
    url: str, *, has_password: bool
) -> None:
    """Without saying which."""
    assert PostgresUrl(url).has_password is has_password


def test_of_several_servers_one_may_be_a_copy() -> None:
    """Unless the URL asks for one that can be written to."""
    several = "postgresql://news@a.example,b.example/news"
    assert PostgresUrl(several).may_lead_astray
    asked = f"{several}?target_session_attrs=read-write"
    assert not PostgresUrl(asked).may_lead_astray
    assert not PostgresUrl("postgresql://news@a.example/news").may_lead_astray
