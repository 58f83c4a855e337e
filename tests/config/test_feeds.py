"""``[feeds]`` in ``distribute.toml``."""

from pathlib import Path

import pytest

from distribute.config.settings import parse_settings
from distribute.errors import ConfigError
from distribute.feeds.options import FeedOptions

LEAST = """\
[newsletter]
title = "Tide Letter"
url = "https://tide.example.org/"
tag = "example.org,2026"
languages = ["en"]

[feeds]
"""


def options_of(lines: str, folder: Path) -> FeedOptions:
    """Read a file with these lines in its table."""
    path = folder / "distribute.toml"
    return parse_settings(LEAST + lines, folder=folder, path=path).feeds


def test_nothing_needs_to_be_written(tmp_path: Path) -> None:
    """By default there are twenty entries, half a mebibyte, no hub, no combined feed."""
    assert options_of("", tmp_path) == FeedOptions(limit=20, size=524_288)


def test_everything_can_be_chosen(tmp_path: Path) -> None:
    """Every key is read; an editor is written as RSS wants it."""
    (tmp_path / "icon.png").write_bytes(b"")
    options = options_of(
        'limit = 5\nsize = 20000\nhub = "https://hub.example.org/"\nids = "jekyll"\n'
        'combined = true\neditor = "Ed (Tor) <ed@example.org>"\nrights = " CC\\n0 "\n'
        'icon = "/icon.png"\nlogo = "https://cdn.example.org/logo.png"\n',
        tmp_path,
    )
    assert options == FeedOptions(
        limit=5,
        size=20_000,
        hub="https://hub.example.org/",
        ids="jekyll",
        combined=True,
        editor="ed@example.org (Ed Tor)",
        rights="CC 0",
        icon="icon.png",
        logo="https://cdn.example.org/logo.png",
    )


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("limit = 0", "feeds.limit: 0 entries: at least 1 is needed"),
        ("limit = 1001", "readers stop at 1000"),
        ("size = 9999", "feeds.size: 9999 bytes: write a number from 10000"),
        ("size = 5000001", "to 5000000; 524288 is what readers take well"),
        ('hub = "hub.example.org"', "feeds.hub: 'hub.example.org' is not an absolute"),
        ('ids = "guid"', "feeds.ids: 'guid' is none of tag, jekyll, hugo"),
        ('editor = "Ed"', "feeds.editor: 'Ed' is not a mailbox"),
        ('icon = "none.png"', "feeds.icon: there is no file 'none.png'"),
        ('logo = "http://"', "feeds.logo: 'http://' is not an absolute"),
        ('limitt = 5', "feeds.limitt: unknown key, did you mean 'limit'?"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(
    line: str, complaint: str, tmp_path: Path
) -> None:
    """The file, the line, the key, and what could be written instead."""
    with pytest.raises(ConfigError) as caught:
        options_of(line, tmp_path)
    (problem,) = caught.value.problems
    assert f"distribute.toml:8: {complaint}" in problem or complaint in problem
    assert "distribute.toml:8: feeds." in problem
