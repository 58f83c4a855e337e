"""``[[smtp.relays]]``: several servers, each with settings of its own."""

from pathlib import Path

import pytest

from distribute.config.settings import Settings, parse_settings
from distribute.errors import ConfigError

LEAST = """\
[newsletter]
title = "Tide Letter"
url = "https://tide.example.org/"
tag = "example.org,2026"
languages = ["en"]
"""
TWO_MORE = """\
[smtp]
host = "a.example.org"
rate = "30/s"
domains = { "example.net" = "5/s" }

[[smtp.relays]]
name = "beta"
host = "b.example.org"
port = 465
security = "tls"
username = "news"
password_env = "BETA_PASSWORD"
connections = 9
timeout = "90s"
patience = "10s"
renew_after = 7
rate = "600/m"
ca_file = "ca.pem"
ehlo_name = "tide.example.org"
auth = "plain"

[[smtp.relays]]
host = "c.example.org"
rate = "5/s"
"""


def settings_of(text: str) -> Settings:
    """Read a file's text as that of a folder named ``letter``."""
    return parse_settings(
        LEAST + text, folder=Path("letter"), path=Path("distribute.toml")
    )


def problems_of(text: str) -> tuple[str, ...]:
    """Give the mistakes found in a file's text."""
    with pytest.raises(ConfigError) as caught:
        settings_of(text)
    return caught.value.problems


def test_one_server_is_one_relay() -> None:
    """It has its host for a name, and its rate is that of the whole."""
    settings = settings_of('[smtp]\nhost = "a.example.org"\nrate = "3/s"\n')
    (relay,) = settings.relays
    assert (relay.name, relay.table) == ("a.example.org", "[smtp]")
    assert (relay.rate, settings.rates.overall) == (3.0, 3.0)
    assert settings.smtp is relay.server
    assert settings_of("").relays[0].name == "localhost"


def test_each_has_all_the_keys() -> None:
    """The first stands in ``[smtp]``; a name is its host where none is written."""
    settings = settings_of(TWO_MORE)
    first, beta, last = settings.relays
    names = [relay.name for relay in settings.relays]
    assert names == ["a.example.org", "beta", "c.example.org"]
    assert settings.smtp is first.server
    server = beta.server
    assert (server.host, server.port, server.security) == ("b.example.org", 465, "tls")
    assert (server.username, server.auth) == ("news", "plain")
    assert (server.connections, server.renew_after) == (9, 7)
    assert (server.timeout, server.patience) == (90, 10)
    assert server.ca_file == Path("letter/ca.pem")
    assert server.ehlo_name == "tide.example.org"
    assert beta.password_source == "env:BETA_PASSWORD"
    assert beta.table == "[[smtp.relays]] beta"
    assert (last.server.port, last.server.security) == (25, "starttls")


def test_the_whole_pace_is_the_sum() -> None:
    """Unless one of them may go as fast as it can; domains are for all together."""
    settings = settings_of(TWO_MORE)
    assert [relay.rate for relay in settings.relays] == [30, 10, 5]
    assert settings.rates.overall == 45
    assert settings.rates.domains == {"example.net": 5}
    unlimited = settings_of(TWO_MORE.replace('rate = "5/s"\n', ""))
    assert unlimited.rates.overall == 0


def test_all_mistakes_are_told_at_once_each_with_its_line() -> None:
    """Relays are counted from 1, as they stand in the file."""
    text = (
        TWO_MORE.replace("port = 465", "port = 0")
        .replace('rate = "5/s"', 'rate = "fast"\nconections = 3\ndomains = {}')
        .replace("connections = 9", 'connections = "9"')
        .replace('auth = "plain"', 'token_command = "t"')
    )
    written = (LEAST + text).splitlines()
    problems = problems_of(text)
    expected = {
        "port = 0": "smtp.relays[1].port: 0 is not a port",
        'connections = "9"': "smtp.relays[1].connections: expected a whole number",
        'rate = "fast"': "smtp.relays[2].rate: 'fast' is not a rate",
        "conections = 3": "relays[2].conections: unknown key, did you mean 'connections'",
        "domains = {}": "smtp.relays[2].domains: unknown key",
    }
    for line, words in expected.items():
        (problem,) = [each for each in problems if words in each]
        assert problem.startswith(f"distribute.toml:{written.index(line) + 1}: "), words


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ('name = "b"', "smtp.relays[1].host: is missing"),
        ('host = "b"\nname = "Be Ta"', "smtp.relays[1].name: 'Be Ta' is not a name of"),
        ('host = "a"', "smtp.relays[1].host: 'a' stands there twice"),
        ('host = "b"\nname = "a"', "smtp.relays[1].name: 'a' stands there twice"),
        (
            'host = "b"\nauth = "plain"',
            "smtp.relays[1].auth: needs smtp.relays[1].user",
        ),
        ('host = "b"\nusername = "u"', "smtp.relays[1].username: needs a password"),
        (
            'host = "b"\nsecurity = "ssl"',
            "relays[1].security: 'ssl' is none of starttls",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(table: str, words: str) -> None:
    """And nothing else is said of it."""
    (problem,) = problems_of(f'[smtp]\nname = "a"\n[[smtp.relays]]\n{table}\n')
    assert words in problem


def test_mistakes_in_braces_are_on_the_line_of_the_list() -> None:
    """Tables may be written there too."""
    (problem,) = problems_of('[smtp]\nrelays = [{ host = "b", port = 0 }]\n')
    assert problem.startswith("distribute.toml:7: smtp.relays[1].port: ")
    (problem,) = problems_of("[smtp]\nrelays = 5\n")
    assert problem.startswith("distribute.toml:7: smtp.relays: expected a list")


def test_no_password_is_in_what_is_shown() -> None:
    """Settings name the place of a secret, and servers not even that."""
    shown = f"{settings_of(TWO_MORE)}"
    assert "BETA_PASSWORD" in shown
    assert "password=" not in shown
