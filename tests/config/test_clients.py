"""The mail programs that a newsletter's readers have."""

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


def test_without_a_choice_all_programs_count() -> None:
    """An empty choice stands for all that are known."""
    assert settings("").check.clients == frozenset()


def test_programs_are_chosen_by_their_ids() -> None:
    """Those of the table that comes with the package."""
    chosen = settings('[check]\nclients = ["gmail", "outlook-windows"]\n').check.clients
    assert chosen == {"gmail", "outlook-windows"}


def test_an_unknown_program_is_a_mistake_that_names_the_known_ones() -> None:
    """With its line."""
    with pytest.raises(ConfigError) as caught:
        settings('[check]\nclients = ["gmail", "pegasus"]\n')
    message = str(caught.value)
    assert "distribute.toml:7: check.clients: 'pegasus'" in message
    assert "outlook-windows" in message
