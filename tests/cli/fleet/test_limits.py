"""The limits that people are shown are those that workers keep, under the same names."""

from pathlib import Path

from distribute.campaign.run.pace import Bucket, Throttle
from distribute.cli.fleet.limits import limits_of
from distribute.cli.newsletter.outlets import pace_of, relay_paces
from distribute.config.settings import Settings, parse_settings

NEWSLETTER = """\
[newsletter]
title = "Fair Letter"
url = "https://fair.example.org/"
tag = "example.org,2026"
languages = ["en"]

[smtp]
host = "a.example.org"
"""
MORE = """
[[smtp.relays]]
name = "beta"
host = "b.example.org"

[[smtp.relays]]
host = "c.example.org"
rate = "2/s"
"""
RATES = """\
rate = "30/s"
domains = { "Slow.example" = "30/m" }
"""


def settings_of(text: str) -> Settings:
    """Read a file's text."""
    return parse_settings(
        NEWSLETTER + text, folder=Path("letter"), path=Path("distribute.toml")
    )


def kept(settings: Settings) -> dict[str, float]:
    """Give the rates that workers keep together, by the names the database has."""
    rates: dict[str, float] = {}

    def bucket(name: str, rate: float) -> Throttle:
        rates[name] = rate
        return Bucket(rate)

    if len(settings.relays) > 1:
        relay_paces(settings, bucket)
    pace_of(settings, "smtp", bucket)
    return rates


def test_without_rates_there_are_none() -> None:
    """Messages go as fast as they are taken."""
    assert limits_of(settings_of("")) == []
    assert kept(settings_of("")) == {}


def test_one_server_and_a_domain_have_theirs() -> None:
    """In words for people, too."""
    settings = settings_of(RATES)
    shown = {limit.name: limit.per_second for limit in limits_of(settings)}
    assert (
        shown
        == kept(settings)
        == {"relay a.example.org": 30, "domain slow.example": 0.5}
    )
    words = [limit.words for limit in limits_of(settings)]
    assert words == ["by a.example.org", "to slow.example"]
    assert [limit.domain for limit in limits_of(settings)] == ["", "slow.example"]


def test_each_of_several_servers_has_its_own() -> None:
    """Those without a rate are not among them."""
    settings = settings_of(RATES + MORE)
    shown = {limit.name: limit.per_second for limit in limits_of(settings)}
    assert shown == kept(settings)
    assert list(shown) == [
        "relay a.example.org",
        "relay c.example.org",
        "domain slow.example",
    ]
