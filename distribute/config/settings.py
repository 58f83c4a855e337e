"""What the keys of ``distribute.toml`` mean: the settings of each stage, parsed once."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from distribute.campaign.campaign import Sender
from distribute.config.reading import Problems, parse_toml, read_table
from distribute.config.tables import ConfigFile, NewsletterTable, SenderTable
from distribute.editions.addresses import pattern_problem
from distribute.editions.publication import Publication
from distribute.editions.resolve import EditionRules
from distribute.errors import ConfigError, DistributeError
from distribute.language import Language
from distribute.mailbox import Mailbox
from distribute.posts.filename import MARKDOWN_SUFFIXES
from distribute.sinks.smtp_server import SmtpServer

FILE_NAME = "distribute.toml"

Value = TypeVar("Value")
_TAG = re.compile(r"[a-z0-9.-]+(?:@[a-z0-9.-]+)?,\d{4}(?:-\d{2}(?:-\d{2})?)?", re.I)
_DURATION = re.compile(r"(\d+)\s*(s|m|h|d)")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_RATE = re.compile(r"(\d+(?:\.\d+)?)\s*/\s*(s|m|h)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything ``distribute.toml`` says, in the words of the stage it is for."""

    folder: Path
    """The newsletter's folder, where the file lies; all other paths start here."""
    publication: Publication
    posts: Path
    suffixes: frozenset[str]
    """Of file names that are posts, in lower case, with their dot."""
    rules: EditionRules
    authors: Path | None
    sender: Sender | None
    smtp: SmtpServer
    password_source: str
    """Where the SMTP password comes from: ``env:NAME``, ``file:PATH``, or empty."""
    rate: float
    """Messages per second; 0 means as fast as the server takes them."""
    database: Path
    public_url: str
    """Where personal links lead, without a trailing slash."""
    key_env: str
    """Environment variable with the signing key; empty: it is kept in the database."""
    on_uncertain: str
    retry_after: timedelta
    give_up_after: timedelta
    signs_dkim: bool
    """Whether ``[dkim]`` asks for signatures."""


def read_settings(folder: Path, *, shown: Path | None = None) -> Settings:
    """Read ``distribute.toml`` of a folder.

    `shown` is how messages write the file's path. Raises `ConfigError` with every mistake
    in it, or saying how to begin where there is no such file.
    """
    path = folder / FILE_NAME
    name = shown or path
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise ConfigError(
            (f"{name}: there is no such file",),
            hint="Run it in a newsletter's folder or say -C DIR; "
            "`distribute init DIR` makes one.",
        ) from None
    except OSError as error:
        raise ConfigError(
            (f"{name}: cannot be read: {error.strerror}",),
            hint="-C names the folder with distribute.toml; see that you may read both.",
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigError(
            (f"{name}: not UTF-8: {error}",), hint="Save the file as UTF-8."
        ) from error
    return parse_settings(text, folder=folder, path=name)


def parse_settings(text: str, *, folder: Path, path: Path) -> Settings:
    """Make settings of the file's text; see `read_settings`."""
    problems = Problems(path, text)
    file = read_table(ConfigFile, parse_toml(text, path), problems)
    settings = None if file is None else _Reader(folder, problems).settings(file)
    problems.raise_any()
    if settings is None:
        raise ConfigError((f"{path}: cannot be used",))
    return settings


class _Reader:
    """Gives the values of a file their meaning, and collects what has none."""

    def __init__(self, folder: Path, problems: Problems) -> None:
        self._folder = folder
        self._problems = problems

    def settings(self, file: ConfigFile) -> Settings | None:
        publication = self._publication(file.newsletter)
        rules = self._rules(file.newsletter)
        sender = self._sender(file.sender)
        waits = [
            self._take(f"delivery.{key}", _duration, value)
            for key, value in (
                ("retry_after", file.delivery.retry_after),
                ("give_up_after", file.delivery.give_up_after),
            )
        ]
        rate = self._take("smtp.rate", _rate, file.smtp.rate)
        database = self._take("store.url", self._database, file.store.url)
        public = self._take("public.url", _address, file.public.url or None)
        if self._problems.found or publication is None or rules is None:
            return None
        return Settings(
            folder=self._folder,
            publication=publication,
            posts=self._folder / file.newsletter.posts,
            suffixes=MARKDOWN_SUFFIXES | _suffixes(file.newsletter.suffixes),
            rules=rules,
            authors=self._beside(file.newsletter.authors),
            sender=sender,
            smtp=SmtpServer(
                host=file.smtp.host,
                port=file.smtp.port,
                security=file.smtp.security,
                username=file.smtp.username,
                ehlo_name=file.smtp.ehlo_name,
                ca_file=self._beside(file.smtp.ca_file),
            ),
            password_source=self._password_source(file),
            rate=rate or 0.0,
            database=database or self._folder / "distribute.db",
            public_url=public or publication.url,
            key_env=file.public.key_env,
            on_uncertain=file.delivery.on_uncertain,
            retry_after=waits[0] or timedelta(minutes=5),
            give_up_after=waits[1] or timedelta(hours=48),
            signs_dkim=file.dkim is not None,
        )

    def _publication(self, table: NewsletterTable) -> Publication | None:
        known = self._languages("newsletter.languages", table.languages)
        fallbacks = self._languages("newsletter.fallbacks", table.fallbacks)
        url = self._take("newsletter.url", _address, table.url)
        tag = self._take("newsletter.tag", _tag, table.tag)
        titles = self._by_language("newsletter.titles", table.titles)
        descriptions = self._by_language("newsletter.descriptions", table.descriptions)
        if not table.languages:
            self._problems.add("newsletter.languages", "name at least one language")
        if not table.title.strip():
            self._problems.add("newsletter.title", "must not be empty")
        if not (known and url and tag):
            return None
        return Publication(
            title=table.title.strip(),
            titles=titles,
            descriptions=descriptions,
            url=url,
            tag=tag,
            languages=known,
            fallbacks=fallbacks,
            address=table.address.strip(),
        )

    def _languages(self, key: str, tags: list[str]) -> tuple[Language, ...]:
        languages = (self._take(key, Language.parse, tag) for tag in tags)
        return tuple(dict.fromkeys(filter(None, languages)))

    def _rules(self, table: NewsletterTable) -> EditionRules | None:
        zone = self._take("newsletter.timezone", _zone, table.timezone)
        hour = self._take("newsletter.time", time.fromisoformat, table.time)
        permalink = self._take("newsletter.permalink", _permalink, table.permalink)
        if zone is None or hour is None or permalink is None:
            return None
        return EditionRules(
            select_tags=frozenset(table.select.tags),
            permalink=permalink,
            zone=zone,
            hour=hour,
        )

    def _sender(self, table: SenderTable | None) -> Sender | None:
        if table is None:
            return None
        mailbox = self._take("sender.from", Mailbox.parse, table.from_)
        bounces = self._take("sender.bounces", Mailbox.parse, table.bounces or None)
        reply_to = self._take("sender.reply_to", Mailbox.parse, table.reply_to or None)
        if mailbox is None:
            return None
        return Sender(mailbox=mailbox, bounces=bounces or mailbox, reply_to=reply_to)

    def _by_language(self, key: str, table: Mapping[str, str]) -> dict[Language, str]:
        found = {
            self._take(f"{key}.{tag}", Language.parse, tag): text
            for tag, text in table.items()
        }
        return {language: text for language, text in found.items() if language}

    def _database(self, url: str) -> Path:
        if url.startswith("postgresql:"):
            reason = "PostgreSQL is not supported by this version; use sqlite:///FILE"
            raise ValueError(reason)
        if not (url.startswith("sqlite:///") and url[10:]):
            raise ValueError("expected sqlite:///FILE")
        return self._folder / url[10:]

    def _beside(self, name: str) -> Path | None:
        return self._folder / name if name else None

    def _password_source(self, file: ConfigFile) -> str:
        if file.smtp.password_env:
            return f"env:{file.smtp.password_env}"
        return f"file:{file.smtp.password_file}" if file.smtp.password_file else ""

    def _take(
        self, key: str, parse: Callable[[str], Value], text: str | None
    ) -> Value | None:
        """Parse one value; a mistake is noted and gives `None`, as no value does."""
        if text is None:
            return None
        try:
            return parse(text)
        except DistributeError as error:
            self._problems.add(key, error.reason)
        except ValueError as error:
            self._problems.add(key, str(error))
        return None


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"{url!r} is not an absolute http(s) address")
    if parts.query or parts.fragment or not url.isascii() or " " in url:
        raise ValueError(f"{url!r} must be a plain ASCII address without ? and #")
    return url.rstrip("/")


def _tag(text: str) -> str:
    if not _TAG.fullmatch(text):
        raise ValueError(
            f"{text!r} is not a tag authority; write a domain you own and a year, "
            "such as example.org,2026 (RFC 4151), and never change it"
        )
    return text


def _permalink(pattern: str) -> str:
    if problem := pattern_problem(pattern):
        raise ValueError(problem)
    return pattern


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is not a time zone such as Europe/Paris") from error


def _duration(text: str) -> timedelta:
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a duration such as 90s, 5m, 48h or 2d")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _rate(text: str) -> float:
    if not text:
        return 0.0
    match = _RATE.fullmatch(text.strip())
    if match is None or float(match[1]) == 0:
        raise ValueError(f"{text!r} is not a rate such as 30/s or 600/m")
    return float(match[1]) / {"s": 1, "m": 60, "h": 3600}[match[2]]


def _suffixes(names: list[str]) -> frozenset[str]:
    return frozenset("." + name.strip().lstrip(".").lower() for name in names)
