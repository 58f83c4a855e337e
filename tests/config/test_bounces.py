"""What ``[bounces]`` says about mail that comes back."""

from datetime import timedelta
from pathlib import Path

import pytest

from distribute.config.bounces import BounceSettings
from distribute.config.settings import parse_settings
from distribute.errors import ConfigError

BASE = """
[newsletter]
title = "News"
url = "https://news.example.org"
tag = "example.org,2026"
languages = ["en"]
"""
IMAP = """
[bounces.imap]
host = "imap.example.org"
username = "bounces"
password_env = "BOUNCES_PASSWORD"
"""


def bounces(text: str) -> BounceSettings:
    """Read settings with this in them."""
    path = Path("distribute.toml")
    return parse_settings(BASE + text, folder=Path(), path=path).bounces


def test_five_strikes_within_thirty_days_are_usual() -> None:
    """And no mailbox is fetched."""
    found = bounces("")
    assert (found.policy.strikes, found.policy.within) == (5, timedelta(days=30))
    assert found.imap is None


def test_the_policy_can_be_chosen() -> None:
    """As a number, and a span of days."""
    policy = bounces('[bounces]\nstrikes = 3\nwithin = "60d"\n').policy
    assert (policy.strikes, policy.within) == (3, timedelta(days=60))


@pytest.mark.parametrize(
    ("more", "port"),
    [("", 993), ('security = "starttls"', 143), ("port = 1143", 1143)],
)
def test_a_server_has_its_usual_port(more: str, port: int) -> None:
    """Unless another one is named."""
    imap = bounces(IMAP + more).imap
    assert imap is not None
    assert (imap.port, imap.folder, imap.host) == (port, "INBOX", "imap.example.org")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[bounces]\nstrikes = 0\n", "bounces.strikes"),
        ("[bounces]\nstrikes = 101\n", "bounces.strikes"),
        ('[bounces]\nwithin = "soon"\n', "bounces.within"),
        ('[bounces]\nwithin = "5h"\n', "bounces.within"),
        (IMAP + "port = 99999\n", "bounces.imap.port"),
        (IMAP.replace('"imap.example.org"', '" "'), "bounces.imap.host"),
        (IMAP + 'security = "ssl"\n', "bounces.imap.security"),
    ],
)
def test_mistakes_are_named(text: str, key: str) -> None:
    """With their place in the file."""
    with pytest.raises(ConfigError) as raised:
        bounces(text)
    assert key in str(raised.value)
