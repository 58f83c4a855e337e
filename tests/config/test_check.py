"""The table about checks."""

from pathlib import Path

import pytest

from distribute.config.settings import Settings, parse_settings
from distribute.errors import ConfigError

HEAD = """[newsletter]
title = "x"
url = "https://news.example.org"
tag = "example.org,2026"
languages = ["en"]
"""


def settings(table: str) -> Settings:
    """Read settings with a table more."""
    path = Path("distribute.toml")
    return parse_settings(HEAD + table, folder=Path("letter"), path=path)


def test_without_the_table_nothing_is_off_and_warnings_pass() -> None:
    """As most newsletters have it."""
    check = settings("").check
    assert (check.waivers, check.strict) == ((), False)


def test_a_rule_is_off_with_a_reason_and_known_by_its_line() -> None:
    """Whoever asks why finds the place."""
    check = settings(
        '[check]\nstrict = true\n[check.off]\nlink-dead = "the old\\n  site"\n'
    ).check
    (waiver,) = check.waivers
    assert check.strict
    assert (waiver.rule, waiver.reason) == ("link-dead", "the old site")
    assert (waiver.path, waiver.line) == (Path("distribute.toml"), 9)
    assert waiver.covers_all


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('[check.off]\nlink-dead = " "\n', "distribute.toml:7: check.off.link-dead"),
        ('[check]\noff = ["link-dead"]\n', "distribute.toml:7: check.off: "),
        ("[check.off]\nlink-dead = true\n", "distribute.toml:6: check.off: "),
        ("[check]\nstrickt = true\n", "did you mean 'strict'"),
    ],
)
def test_without_a_reason_it_is_a_mistake(table: str, said: str) -> None:
    """A list of rules says what, but not why."""
    with pytest.raises(ConfigError) as caught:
        settings(table)
    assert said in str(caught.value)
