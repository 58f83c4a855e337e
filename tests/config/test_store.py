"""``[store]``: where the state is, said in the file or in the environment."""

from pathlib import Path

import pytest

from distribute.audience.database.place import PostgresUrl
from distribute.config.settings import Settings, parse_settings
from distribute.errors import ConfigError
from tests.config.test_settings import LEAST

URL = "postgresql://news:geheim@db.example.org/news?sslmode=verify-full"
BY_VARIABLE = '[store]\nurl_env = "NEWS_DATABASE"\n'


def settings_of(table: str, **environment: str) -> Settings:
    """Read settings with this table."""
    path = Path("distribute.toml")
    return parse_settings(
        LEAST + table, folder=Path("letter"), path=path, environment=environment
    )


def test_it_is_a_file_beside_the_settings_if_nothing_is_said() -> None:
    """No server is needed."""
    assert settings_of("").database == Path("letter/distribute.db")


def test_it_may_be_a_database_on_a_server() -> None:
    """Shown to people it has no password."""
    place = settings_of(f'[store]\nurl = "{URL}"\n').database
    assert place == PostgresUrl(URL)
    assert str(place) == "postgresql://news@db.example.org/news"
    assert "geheim" not in repr(place)


def test_the_environment_may_hold_the_url() -> None:
    """For a password should not stand in a file that lies in git."""
    assert settings_of(BY_VARIABLE, NEWS_DATABASE=URL).database == PostgresUrl(URL)
    there = settings_of(BY_VARIABLE, NEWS_DATABASE="sqlite:///state.db").database
    assert there == Path("letter/state.db")


@pytest.mark.parametrize("environment", [{}, {"NEWS_DATABASE": ""}])
def test_a_variable_that_is_missing_is_missed_by_who_needs_it(
    environment: dict[str, str],
) -> None:
    """Whoever only checks or builds does without the database."""
    settings = settings_of(BY_VARIABLE, **environment)
    with pytest.raises(ConfigError, match="NEWS_DATABASE is empty") as caught:
        assert settings.database is None
    assert "[store] url_env" in caught.value.hint


@pytest.mark.parametrize(
    "url", ["geheim", "postgresql://u:geheim@h/", "postgresql://u:ge/heim@h/x"]
)
def test_what_is_wrong_with_a_variable_is_said_without_its_value(url: str) -> None:
    """It names the line, the key and the variable."""
    with pytest.raises(ConfigError) as caught:
        settings_of(BY_VARIABLE, NEWS_DATABASE=url)
    (problem,) = caught.value.problems
    assert "store.url_env: NEWS_DATABASE cannot be read: " in problem
    assert "heim" not in problem
