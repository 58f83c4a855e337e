"""Where messages go: one server alone, or several with what each of them needs."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from distribute.campaign.run.pace import Pace
from distribute.cli.newsletter.outlets import open_outlet, pace_of, servers_of
from distribute.config.settings import Settings, parse_settings
from distribute.errors import ConfigError
from distribute.sinks.smtp.sink import SmtpSink
from tests.faults.fault import Manners
from tests.faults.server import FaultServer, serving
from tests.mailroom import free_port
from tests.sinks.driver import Driver, addresses, parcel_to

HEAD = """\
[newsletter]
title = "Tide Letter"
url = "https://tide.example.org/"
tag = "example.org,2026"
languages = ["en"]
[smtp]
host = "127.0.0.1"
security = "none"
"""
MORE = '[[smtp.relays]]\nname = "beta"\nhost = "127.0.0.1"\nsecurity = "none"\n'


@pytest.fixture
def server(tmp_path: Path) -> Iterator[FaultServer]:
    """Give a server."""
    with serving(tmp_path / "record", Manners()) as server:
        yield server


def settings_of(folder: Path, text: str) -> Settings:
    """Read settings."""
    return parse_settings(HEAD + text, folder=folder, path=folder / "distribute.toml")


def test_one_server_needs_nobody_to_choose(tmp_path: Path) -> None:
    """It is the sink itself, with nothing around it, and its rate that of the whole."""
    settings = settings_of(tmp_path, 'port = 2525\nrate = "5/s"\n')
    with open_outlet(settings, "smtp") as sink:
        assert type(sink) is SmtpSink
        assert sink.room() == 12
    assert pace_of(settings, "smtp").page == 10
    assert servers_of(settings) == "127.0.0.1:2525"


def test_several_are_asked_for_their_room_together(tmp_path: Path) -> None:
    """Each has its own connections; the page to look up is that of all."""
    settings = settings_of(
        tmp_path, f'rate = "5/s"\n{MORE}connections = 1\nrate = "3/s"\n'
    )
    with open_outlet(settings, "smtp") as sink:
        assert sink.room() == 2, "one each, for now, at their pace"
    assert pace_of(settings, "smtp").page == 16
    unlimited = settings_of(tmp_path, f"{MORE}connections = 1\n")
    with open_outlet(unlimited, "smtp") as sink:
        assert sink.room() == 15
    assert pace_of(unlimited, "smtp").page == 500


def test_a_pace_can_be_kept_together_with_others(
    tmp_path: Path, server: FaultServer
) -> None:
    """Whoever shares a relay with other machines hands in a pace of their own."""

    class Shared(Pace):
        spent = 0

        def spend(self, count: int, now: float) -> None:
            self.spent += count

    pace = Shared()
    settings = settings_of(
        tmp_path, f"port = {server.port}\n{MORE}port = {server.port}\n"
    )
    with open_outlet(settings, "smtp", paces={"beta": pace}) as sink:
        Driver(sink).deliver([parcel_to(each) for each in addresses(12)])
    assert server.record.count == 12
    assert 0 < pace.spent < 12


def test_one_that_is_not_there_is_told_and_done_without(
    tmp_path: Path, server: FaultServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """On stderr, or to whoever wants to know."""
    text = f"port = {server.port}\n{MORE}port = {free_port()}\n"
    told: list[str] = []
    for number, tell in enumerate((None, told.append)):
        with open_outlet(settings_of(tmp_path, text), "smtp", tell=tell) as sink:
            driver = Driver(sink)
            driver.deliver([parcel_to(f"{number}-{each}") for each in addresses(9)])
    assert set(server.record.arrived.values()) == {1}
    assert Counter(server.record.arrived).total() == 18
    said = capsys.readouterr().err.splitlines()
    assert said == told
    assert said[0].startswith("The relay beta is left alone for a while: ")


def test_each_password_is_named_by_its_table(tmp_path: Path) -> None:
    """The file of one that cannot be read is told with where it is asked for."""
    text = f'{MORE}username = "news"\npassword_file = "beta.secret"\n'
    settings = settings_of(tmp_path, text)
    with pytest.raises(ConfigError) as caught, open_outlet(settings, "smtp"):
        pass
    assert "[[smtp.relays]] beta password_file" in caught.value.hint
    (tmp_path / "beta.secret").write_text("s3cret\n", "utf-8")
    with open_outlet(settings, "smtp") as sink:
        assert "s3cret" not in repr(sink)
