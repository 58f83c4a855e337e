"""The shape of ``distribute.toml``, table by table: its keys, their types and defaults.

A field with a trailing underscore stands for the key without it (``from`` is a word of
Python). What a value means is decided in `distribute.config.settings`.
"""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectTable:
    """Which posts belong to the newsletter: those with any of these tags."""

    tags: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsletterTable:
    """The newsletter as a whole."""

    title: str
    url: str
    tag: str
    languages: list[str]
    fallbacks: list[str] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    posts: str = "posts"
    suffixes: list[str] = field(default_factory=list)
    select: SelectTable = field(default_factory=SelectTable)
    authors: str = ""
    address: str = ""
    subscribe: str = ""
    permalink: str = "/:lang/:slug/"
    timezone: str = "UTC"
    time: str = "00:00"


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderTable:
    """Who the newsletter comes from."""

    from_: str
    bounces: str = ""
    reply_to: str = ""
    verp: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerTable:
    """What can be said of any server that takes messages, but where it is."""

    name: str = ""
    port: int = 25
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str = ""
    password_env: str = ""
    password_file: str = ""
    token_command: str = ""
    auth: Literal["", "plain", "login", "scram-sha-256", "xoauth2"] = ""
    ca_file: str = ""
    ehlo_name: str = ""
    connections: int = 4
    renew_after: int = 1000
    timeout: str = ""
    patience: str = "60s"
    rate: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayTable(ServerTable):
    """One more server."""

    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpTable(ServerTable):
    """The server that takes the messages, and those that help it."""

    host: str = "localhost"
    domains: dict[str, str] = field(default_factory=dict)
    relays: list[RelayTable] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedsTable:
    """How the feeds are made."""

    limit: int = 20
    size: int = 512 * 1024
    hub: str = ""
    ids: Literal["tag", "jekyll", "hugo"] = "tag"
    combined: bool = False
    editor: str = ""
    rights: str = ""
    icon: str = ""
    logo: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteTable:
    """What the site holds besides pages and feeds."""

    redirects: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeTable:
    """How mails, pages and feeds look."""

    preset: str = ""
    width: int | None = None
    radius: int | None = None
    logo: str = ""
    logo_alt: str = ""
    logo_width: int | None = None
    logo_dark: str = ""
    light: dict[str, str] = field(default_factory=dict)
    dark: dict[str, str] = field(default_factory=dict)
    fonts: dict[str, str | list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreTable:
    """Where subscribers and the ledger live."""

    url: str = ""
    url_env: str = ""
    suppressions: str = "suppressions.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicTable:
    """Where personal links lead, and what signs them."""

    url: str = ""
    key_env: str = ""
    retired_key_envs: list[str] = field(default_factory=list)
    answers: Literal["serve", "mail"] = "serve"
    privacy: str = ""
    confirm_within: str = "7d"
    proxies: list[str] = field(default_factory=lambda: ["127.0.0.0/8", "::1"])
    hooks: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryTable:
    """What happens to deliveries that do not end at once."""

    retry_after: str = "5m"
    give_up_after: str = "48h"
    on_uncertain: Literal["ask", "resend", "skip"] = "ask"
    overdue: str = "7d"
    late: Literal["nobody", "missed", "fallback"] = "missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DkimKeyTable:
    """One DKIM key."""

    selector: str
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DkimTable:
    """How messages are signed (RFC 6376)."""

    domain: str
    keys: list[DkimKeyTable]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckTable:
    """Which rules of `distribute check` are off and why, and how strict it is."""

    off: dict[str, str] = field(default_factory=dict)
    strict: bool = False
    clients: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapTable:
    """The mailbox that bounces arrive in."""

    host: str
    username: str
    password_env: str
    port: int = 0
    folder: str = "INBOX"
    security: Literal["tls", "starttls", "none"] = "tls"


@dataclass(frozen=True, slots=True, kw_only=True)
class BouncesTable:
    """What happens to mail that comes back."""

    strikes: int = 5
    within: str = "30d"
    imap: ImapTable | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigFile:
    """The whole file."""

    newsletter: NewsletterTable
    sender: SenderTable | None = None
    feeds: FeedsTable = field(default_factory=FeedsTable)
    smtp: SmtpTable = field(default_factory=SmtpTable)
    site: SiteTable = field(default_factory=SiteTable)
    theme: ThemeTable = field(default_factory=ThemeTable)
    store: StoreTable = field(default_factory=StoreTable)
    public: PublicTable = field(default_factory=PublicTable)
    delivery: DeliveryTable = field(default_factory=DeliveryTable)
    dkim: DkimTable | None = None
    check: CheckTable = field(default_factory=CheckTable)
    bounces: BouncesTable = field(default_factory=BouncesTable)
