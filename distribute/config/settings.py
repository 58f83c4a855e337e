"""What the keys of ``distribute.toml`` mean: the settings of each stage, parsed once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from functools import partial
from pathlib import Path
from typing import Literal

from distribute.audience.database.place import Place
from distribute.campaign.sender import Sender
from distribute.checks.settings import CheckSettings
from distribute.config.bounces import BounceSettings, read_bounces
from distribute.config.check import read_check
from distribute.config.feeds import read_feeds
from distribute.config.interpreter import Interpreter
from distribute.config.joining import with_joining
from distribute.config.outgoing import (
    DkimSettings,
    Rates,
    RelaySettings,
    Retrying,
    read_dkim,
    read_rates,
    read_relays,
    read_retrying,
)
from distribute.config.public import Serving, read_serving
from distribute.config.reading import Problems, line_of, parse_toml, read_table
from distribute.config.store import StoreSettings, read_store
from distribute.config.tables import ConfigFile, NewsletterTable, SenderTable
from distribute.config.theme import read_style
from distribute.config.values import (
    parse_address,
    parse_contact,
    parse_permalink,
    parse_tag,
    parse_zone,
)
from distribute.editions.publication import Publication
from distribute.editions.resolve import EditionRules
from distribute.errors import ConfigError
from distribute.feeds.options import FeedOptions
from distribute.language import Language
from distribute.mailbox import Mailbox
from distribute.posts.filename import MARKDOWN_SUFFIXES
from distribute.render.theme.style import Style
from distribute.sinks.smtp.server import SmtpServer

FILE_NAME = "distribute.toml"


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
    feeds: FeedOptions
    redirects: bool
    """Whether the site lists old addresses in ``_redirects``, for its host."""
    style: Style
    authors: Path | None
    sender: Sender | None
    relays: tuple[RelaySettings, ...]
    """The servers that take the messages, at least one; that of ``[smtp]`` is the first."""
    rates: Rates
    store: StoreSettings
    suppressions: Path | None
    """The file that names, by keyed hashes, who must never be written to."""
    public_url: str
    """Where personal links lead, without a trailing slash."""
    key_env: str
    """Environment variable with the signing key; empty: it is kept in the database."""
    retired_key_envs: tuple[str, ...]
    """Environment variables with keys that signed before, and are still read."""
    answers: Literal["serve", "mail"]
    """What answers readers who leave or choose: pages on the web, or our mailbox."""
    serving: Serving
    retrying: Retrying
    dkim: DkimSettings | None
    """Who signs the messages; `None` leaves that to the server."""
    check: CheckSettings
    bounces: BounceSettings
    """What happens to mail that comes back."""

    @property
    def database(self) -> Place:
        """Where subscribers and the ledger are. Raises `ConfigError` if nobody says it."""
        return self.store.place

    @property
    def smtp(self) -> SmtpServer:
        """The first of the servers that take the messages, or the only one."""
        return self.relays[0].server


def read_settings(
    folder: Path,
    *,
    shown: Path | None = None,
    environment: Mapping[str, str] = {},
) -> Settings:
    """Read ``distribute.toml`` of a folder.

    `shown` is how messages write the file's path. Of the `environment` only what the file
    names is read, and no secret but the URL of the database. Raises `ConfigError` with every mistake
    in it, or saying how to begin where there is no such file.
    """
    path = folder / FILE_NAME
    name = shown or path
    try:
        text = path.read_text("utf-8-sig")
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
    return parse_settings(text, folder=folder, path=name, environment=environment)


def parse_settings(
    text: str, *, folder: Path, path: Path, environment: Mapping[str, str] = {}
) -> Settings:
    """Make settings of the file's text; see `read_settings`."""
    problems = Problems(path, text)
    file = read_table(ConfigFile, parse_toml(text, path), problems)
    reader = _Reader(Interpreter(folder, problems), environment)
    settings = None if file is None else reader.settings(file)
    if settings is None or problems.found:
        raise problems.error()
    return settings


class _Reader:
    """Reads the file as a whole."""

    def __init__(self, reader: Interpreter, environment: Mapping[str, str]) -> None:
        self._reader = reader
        self._environment = environment
        self._take = reader.take

    def settings(self, file: ConfigFile) -> Settings | None:
        reader = self._reader
        publication = self._publication(file.newsletter)
        rules = self._rules(file.newsletter)
        feeds = read_feeds(file.feeds, reader)
        sender = self._sender(file.sender)
        relays = read_relays(file.smtp, reader)
        retrying = read_retrying(file.delivery, reader)
        store = read_store(file.store, reader, self._environment)
        public = self._take("public.url", parse_address, file.public.url or None)
        rates = read_rates(file.smtp, relays, reader)
        style = read_style(file.theme, reader)
        dkim = read_dkim(file.dkim, sender, reader)
        serving = read_serving(file.public, reader)
        bounces = read_bounces(file.bounces, reader)
        if publication is None or rules is None or not relays:
            return None
        if store is None or retrying is None or style is None or serving is None:
            return None
        if bounces is None:
            return None
        return Settings(
            folder=reader.folder,
            publication=with_joining(
                publication, file.public, public or publication.url, sender, reader
            ),
            posts=reader.folder / file.newsletter.posts,
            suffixes=MARKDOWN_SUFFIXES | _suffixes(file.newsletter.suffixes),
            rules=rules,
            feeds=feeds,
            redirects=file.site.redirects,
            style=style,
            authors=reader.beside(file.newsletter.authors),
            sender=sender,
            relays=relays,
            rates=rates,
            store=store,
            suppressions=reader.beside(file.store.suppressions),
            public_url=public or publication.url,
            key_env=file.public.key_env,
            retired_key_envs=tuple(file.public.retired_key_envs),
            answers=file.public.answers,
            serving=serving,
            retrying=retrying,
            dkim=dkim,
            check=read_check(file.check, reader),
            bounces=bounces,
        )

    def _publication(self, table: NewsletterTable) -> Publication | None:
        known = self._languages("newsletter.languages", table.languages)
        fallbacks = self._languages("newsletter.fallbacks", table.fallbacks)
        url = self._take("newsletter.url", parse_address, table.url)
        tag = self._take("newsletter.tag", parse_tag, table.tag)
        subscribe = self._take(
            "newsletter.subscribe", parse_contact, table.subscribe or None
        )
        titles = self._by_language("newsletter.titles", table.titles)
        descriptions = self._by_language("newsletter.descriptions", table.descriptions)
        if not table.languages:
            self._reader.problems.add(
                "newsletter.languages", "name at least one language"
            )
        if not table.title.strip():
            self._reader.problems.add("newsletter.title", "must not be empty")
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
            subscribe=subscribe or "",
            line_of=partial(line_of, self._reader.problems.text),
        )

    def _languages(self, key: str, tags: list[str]) -> tuple[Language, ...]:
        languages = (self._take(key, Language.parse, tag) for tag in tags)
        return tuple(dict.fromkeys(filter(None, languages)))

    def _rules(self, table: NewsletterTable) -> EditionRules | None:
        zone = self._take("newsletter.timezone", parse_zone, table.timezone)
        hour = self._take("newsletter.time", time.fromisoformat, table.time)
        permalink = self._take("newsletter.permalink", parse_permalink, table.permalink)
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
        return Sender(
            mailbox=mailbox,
            bounces=bounces or mailbox,
            reply_to=reply_to,
            verp=table.verp,
        )

    def _by_language(self, key: str, table: Mapping[str, str]) -> dict[Language, str]:
        found = {
            self._take(f"{key}.{tag}", Language.parse, tag): text
            for tag, text in table.items()
        }
        return {language: text for language, text in found.items() if language}


def _suffixes(names: list[str]) -> frozenset[str]:
    return frozenset("." + name.strip().lstrip(".").lower() for name in names)
