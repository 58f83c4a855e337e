"""``distribute.toml``: read whole, with every mistake and its line."""

import re
from contextlib import suppress
from datetime import time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distribute.config.outgoing import DkimSettings, Retrying
from distribute.config.settings import Settings, parse_settings, read_settings
from distribute.errors import ConfigError
from distribute.language import Language
from distribute.mailbox import Mailbox

LEAST = """\
[newsletter]
title = "Tide Letter"
url = "https://tide.example.org/"
tag = "example.org,2026"
languages = ["en", "pt_BR", "zh-hans"]
"""

FULL = (
    LEAST
    + """\
posts = "letters"
suffixes = ["txt"]
select = { tags = ["newsletter"] }
authors = "authors.yml"
address = "1 Harbour Street, Example"
subscribe = "mailto:join@example.org?subject=Tide"
permalink = "/:title/"
timezone = "Europe/Paris"
time = "06:30"

[newsletter.titles]
pt-BR = "Carta da Maré"

[site]
redirects = true

[sender]
from = "Tide Letter <news@example.org>"
bounces = "bounces@example.org"

[smtp]
host = "mail.example.org"
port = 587
security = "starttls"
username = "news"
password_env = "SMTP_PASSWORD"
connections = 12
renew_after = 0
timeout = "90s"
auth = "scram-sha-256"
rate = "30/m"
domains = { "Gmail.com" = "10/s", "xn--bcher-kva.example" = "60/h" }

[store]
url = "sqlite:///state/people.db"

[public]
url = "https://join.example.org"
key_env = "DISTRIBUTE_KEY"

[delivery]
retry_after = "90s"
give_up_after = "2d"
on_uncertain = "skip"

[dkim]
domain = "example.org"
keys = [{ selector = "s1", file = "s1.pem" }]
"""
)


def settings_of(text: str) -> Settings:
    """Read a file's text as that of a folder named ``letter``."""
    return parse_settings(text, folder=Path("letter"), path=Path("distribute.toml"))


def problems_of(text: str) -> tuple[str, ...]:
    """Give the mistakes found in a file's text."""
    with pytest.raises(ConfigError) as caught:
        settings_of(text)
    return caught.value.problems


def test_five_keys_are_enough_to_build() -> None:
    """Everything else has a default that a newcomer would expect."""
    settings = settings_of(LEAST)
    assert settings.publication.url == "https://tide.example.org"
    assert settings.publication.default_language == Language("en")
    assert [lang.tag for lang in settings.publication.languages] == [
        "en",
        "pt-BR",
        "zh-Hans",
    ]
    assert settings.posts == Path("letter/posts")
    assert settings.database == Path("letter/distribute.db")
    assert settings.public_url == "https://tide.example.org"
    assert settings.sender is None
    assert settings.authors is None
    assert not settings.redirects


def test_every_key_reaches_its_stage() -> None:
    """Each value is parsed once and lands where it is used."""
    settings = settings_of(FULL)
    assert settings.publication.title_in(Language("pt-BR")) == "Carta da Maré"
    assert settings.publication.title_in(Language("zh-Hans")) == "Tide Letter"
    assert settings.publication.subscribe == "mailto:join@example.org?subject=Tide"
    assert ".txt" in settings.suffixes
    assert settings.rules.select_tags == {"newsletter"}
    assert settings.rules.permalink == "/:title/"
    assert settings.redirects
    assert (settings.rules.zone, settings.rules.hour) == (
        ZoneInfo("Europe/Paris"),
        time(6, 30),
    )
    assert settings.sender is not None
    assert settings.sender.mailbox == Mailbox("news@example.org", "Tide Letter")
    assert (settings.smtp.host, settings.smtp.port) == ("mail.example.org", 587)
    assert settings.relays[0].password_source == "env:SMTP_PASSWORD"
    assert (settings.smtp.connections, settings.smtp.renew_after) == (12, 0)
    assert (settings.smtp.timeout, settings.smtp.auth) == (90, "scram-sha-256")
    assert settings.rates.overall == pytest.approx(0.5)
    assert settings.rates.domains == pytest.approx(
        {"gmail.com": 10, "bücher.example": 1 / 60}
    )
    assert settings.database == Path("letter/state/people.db")
    assert settings.retrying == Retrying(
        retry_after=timedelta(seconds=90),
        give_up_after=timedelta(days=2),
        on_uncertain="skip",
    )
    assert settings.dkim == DkimSettings(
        domain="example.org", keys=(("s1", Path("letter/s1.pem")),)
    )


def test_all_mistakes_are_told_at_once_with_their_lines() -> None:
    """Whoever mends the file mends it in one go."""
    problems = problems_of(
        LEAST
        + 'titel = "x"\ntimezone = "Mars/Crater"\n\n'
        + '[smtp]\nport = "25"\nrate = "fast"\n\n[smpt]\n'
    )
    assert problems == (
        "distribute.toml:6: newsletter.titel: unknown key, did you mean 'title'?",
        "distribute.toml:7: newsletter.timezone: 'Mars/Crater' is not a time zone "
        "such as Europe/Paris",
        "distribute.toml:10: smtp.port: expected a whole number, got text",
        "distribute.toml:11: smtp.rate: 'fast' is not a rate such as 30/s or 600/m",
        "distribute.toml:13: smpt: unknown key, did you mean 'smtp'?",
    )


@pytest.mark.parametrize(
    ("line", "key", "words"),
    [
        ('languages = ["en"', "", "not TOML"),
        ("languages = []", "newsletter.languages", "at least one"),
        ('languages = ["english"]', "newsletter.languages", "not a language tag"),
        ('languages = "en"', "newsletter.languages", "expected a list, got text"),
        ('tag = "example.org"', "newsletter.tag", "RFC 4151"),
        ('url = "news.example.org"', "newsletter.url", "absolute"),
        ('url = "https://x.example/?a=1"', "newsletter.url", "without ? and #"),
        ('subscribe = "join us"', "newsletter.subscribe", "%20"),
        ('subscribe = "javascript:x"', "newsletter.subscribe", "http(s)"),
        ('subscribe = "mailto:join"', "newsletter.subscribe", "mailto:"),
        ('title = " "', "newsletter.title", "must not be empty"),
        ('permalink = "/news/"', "newsletter.permalink", "needs :slug"),
        ('permalink = "prety"', "newsletter.permalink", "none of date, pretty"),
        ('permalink = "/../:slug/"', "newsletter.permalink", "below the site"),
        ('time = "25:00"', "newsletter.time", ""),
        ('[sender]\nfrom = "nobody"', "sender.from", "not a mailbox"),
        ('[sender]\nbounces = "a@example.org"', "sender.from", "is missing"),
        ('[store]\nurl = "people.db"', "store.url", "expected sqlite"),
        ('[store]\nurl = "postgresql:/x"', "store.url", "postgresql://USER@HOST"),
        ('[store]\nurl = "postgresql://[x"', "store.url", "postgresql://USER@HOST"),
        ('[store]\nurl = "postgresql://db/"', "store.url", "names no database"),
        ('[store]\nurl = "postgresql://a:b@c@db/x"', "store.url", "@ is %40"),
        ('[store]\nurl = "postgresql://a:b/c@db/x"', "store.url", "/ is %2F"),
        ('[store]\nurl = "postgresql://a:b#c@db/x"', "store.url", "# is %23"),
        (
            '[store]\nurl = "sqlite:///x.db"\nurl_env = "URL"',
            "store.url_env",
            "stands beside url",
        ),
        (
            '[smtp]\nsecurity = "ssl"',
            "smtp.security",
            "'ssl' is none of starttls, tls, none",
        ),
        ("[smtp]\nsecurity = 1", "smtp.security", "expected text, got a whole number"),
        ("[smtp]\nport = 65536", "smtp.port", "from 1 to 65535"),
        ("[smtp]\nconnections = 0", "smtp.connections", "at least 1"),
        ("[smtp]\nconnections = 101", "smtp.connections", "at most 100"),
        ("[smtp]\nrenew_after = -1", "smtp.renew_after", "0 means never"),
        ('[smtp]\ntimeout = "0s"', "smtp.timeout", "too short"),
        ('[smtp]\ntimeout = "soon"', "smtp.timeout", "a duration"),
        ('[smtp]\nauth = "cram-md5"', "smtp.auth", "none of plain, login, scram"),
        ('[smtp]\nauth = "plain"', "smtp.auth", "needs smtp.username"),
        (
            '[smtp]\nusername="a"\npassword_env="P"\nauth="xoauth2"',
            "smtp.auth",
            "token_command",
        ),
        ('[smtp]\nusername="a"', "smtp.username", "needs a password"),
        (
            '[smtp]\nusername="a"\npassword_env="P"\npassword_file="p"',
            "smtp.password_file",
            "one of them is too many",
        ),
        (
            '[smtp]\nusername="a"\nauth="plain"\ntoken_command="t"',
            "smtp.auth",
            "a password, not a token",
        ),
        (
            '[smtp]\nusername="a"\npassword_env="P"\ntoken_command="t"',
            "smtp.token_command",
            "one of them is too many",
        ),
        ('[smtp]\ntoken_command="t"', "smtp.token_command", "needs smtp.username"),
        ('[smtp]\ndomains = {"a b" = "1/s"}', 'domains."a b"', "name of a domain"),
        ('[smtp.domains]\n"a.org" = ""', 'domains."a.org"', "not a rate"),
        ('[delivery]\nretry_after = "soon"', "delivery.retry_after", "a duration"),
        ('[delivery]\ngive_up_after = "9999999d"', "give_up_after", "a duration"),
        pytest.param("x = " + "[" * 9999, "", "nested too deeply", id="deep"),
        ("[dkim]\nkeys = []", "dkim.domain", "is missing"),
        ('[dkim]\ndomain = "a.org"', "dkim.keys", "is missing"),
        ('[dkim]\ndomain = "a.org"\nkeys = []', "dkim.keys", "at least one key"),
        (
            '[dkim]\ndomain=" "\nkeys=[{selector="s",file="x"}]',
            "dkim.domain",
            "name of",
        ),
        (
            '[dkim]\ndomain="a.org"\nkeys=[{selector="s 1",file="x"}]',
            "dkim.keys[1].selector",
            "not a selector",
        ),
        (
            '[dkim]\ndomain="a.org"\nkeys=[{selector="s",file="x"},'
            '{selector="S",file="y"}]',
            "dkim.keys[2].selector",
            "twice",
        ),
        (
            '[dkim]\ndomain="a.org"\nkeys=[{selector="s1",file=""}]',
            "dkim.keys[1].file",
            "names no file",
        ),
        (
            '[dkim]\ndomain="a.org"\nkeys=[{file="x"}]',
            "dkim.keys[1].selector",
            "missing",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(
    line: str, key: str, words: str
) -> None:
    """Each mistake names its key and says what would be right."""
    name = line.split("=")[0].strip()
    kept = [each for each in LEAST.splitlines() if each.split("=")[0].strip() != name]
    (problem,) = problems_of("\n".join([*kept, line, ""]))
    assert key in problem
    assert words.lower() in problem.lower()


def test_the_settings_that_we_show_are_settings() -> None:
    """The example of the README is read whole, with what it only mentions as well."""
    readme = Path(__file__).parents[2] / "README.md"
    pattern = r"```toml\n(.*?)```"
    shown, *others = re.findall(pattern, readme.read_text("utf-8"), re.DOTALL)
    assert settings_of(shown).dkim is not None
    assert max(len(settings_of(LEAST + other).relays) for other in others) == 2
    mentioned = re.sub(
        r"(?m)^# (?=(?:timeout|patience|ca_file|renew_after|auth) =)", "", shown
    )
    assert settings_of(mentioned).smtp.timeout == 300


def test_no_wait_is_a_wait() -> None:
    """Zero is what somebody wrote, and not what nobody did."""
    settings = settings_of(LEAST + '[delivery]\nretry_after = "0s"\n')
    assert settings.retrying.retry_after == timedelta()


def test_a_file_saved_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    """Editors on Windows put one in front, and nobody sees it."""
    (tmp_path / "distribute.toml").write_text(LEAST, encoding="utf-8-sig")
    assert read_settings(tmp_path).publication.title == "Tide Letter"


def test_a_folder_without_a_newsletter_says_how_to_begin(tmp_path: Path) -> None:
    """The most common mistake of all gets the most helpful words."""
    with pytest.raises(ConfigError, match="distribute init"):
        read_settings(tmp_path)


@given(st.text(max_size=200))
def test_no_file_crashes_the_reader(text: str) -> None:
    """Whatever stands in the file, it is settings or a `ConfigError` with reasons."""
    with suppress(ConfigError):
        assert settings_of(LEAST + text).publication.languages


@pytest.mark.parametrize("domain", ["mail.example.org", "example.org", "Example.ORG"])
def test_a_signature_of_the_sender_or_above_counts(domain: str) -> None:
    """The signing domain is that of the From field or a parent of it (DMARC)."""
    sender = '[sender]\nfrom = "news@mail.example.org"\n'
    settings = settings_of(LEAST + sender + _dkim(domain))
    assert settings.dkim is not None
    assert settings.dkim.domain == domain.lower()


@pytest.mark.parametrize(
    "domain", ["example.com", "org", "lists.example.org", "ample.org"]
)
def test_a_signature_of_somebody_else_is_refused(domain: str) -> None:
    """It would be valid and worth nothing; the line of the domain is named."""
    sender = '[sender]\nfrom = "news@mail.example.org"\n'
    (problem,) = problems_of(LEAST + sender + _dkim(domain))
    assert problem.startswith("distribute.toml:9: dkim.domain: ")
    assert "mail.example.org" in problem


def _dkim(domain: str) -> str:
    return f'[dkim]\ndomain = "{domain}"\nkeys = [{{ selector = "s1", file = "x" }}]\n'


def test_the_line_of_a_mistake_in_braces_is_found() -> None:
    """What stands in an inline table, or under a quoted key, has a line as well."""
    braces = '[smtp]\nport = 25\ndomains = { "a.example" = "fast" }\n'
    header = '[smtp.domains]\n"b.example" = "1/s"\n"a.example" = "fast"\n'
    for text in (braces, header):
        (problem,) = problems_of(LEAST + text)
        assert problem.startswith('distribute.toml:8: smtp.domains."a.example": ')
