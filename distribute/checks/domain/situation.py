"""What is known of a newsletter's sending without asking anybody else."""

from dataclasses import dataclass

from distribute.audience.database.inspection import Inspection
from distribute.campaign.sender import Sender


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarded:
    """A file or variable that holds a secret; never the secret."""

    place: str
    """``SMTP_PASSWORD``, or the path of the file."""
    setting: str
    """Which setting names it: ``[smtp] password_env``."""
    problem: str = ""
    """Why it cannot be used; empty if it can."""
    is_open_to_all: bool = False
    """Whether everybody on this machine may read it."""
    is_open_to_group: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnKey:
    """One of our DKIM keys, as far as anybody may know it."""

    selector: str
    file: Guarded
    algorithm: str = ""
    """``rsa`` or ``ed25519``; empty if the file holds no key that can sign."""
    bits: int = 0
    public: bytes = b""
    """The public half, as the p tag of its record has it, before base64."""
    record: str = ""
    """The TXT record that publishes it."""
    problem: str = ""
    """Why the file holds no key that can sign."""
    remedy: str = ""
    """What to do about that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server that takes the messages."""

    name: str
    """How the settings call it, where there are several."""
    table: str
    """Where they say so: ``[smtp]``."""
    host: str
    port: int
    security: str
    is_local: bool
    """Whether it is this machine, by its name."""
    secret: Guarded | None
    """Where the password is; `None` if none is needed."""
    has_token_command: bool = False
    """Whether the password is a token that a command prints."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Public:
    """What readers and their programs come to see."""

    url: str
    """Where the site is."""
    public_url: str
    """Where personal links lead, such as the one that unsubscribes."""
    key: Guarded | None
    """What signs those links; `None`: it is kept in the database."""
    tag: str
    """The authority of the feed ids."""
    zone: str
    """The time zone of dates without one."""
    address: str
    """The postal address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """Where the subscribers are kept."""

    path: str
    """Or the address of a database on a server; where nobody says it, its variable."""
    exists: bool
    is_file: bool = True
    problem: str = ""
    """Why it cannot be used; empty if it can."""
    is_open_to_all: bool = False
    has_password: bool = False
    """Whether the settings hold the password of its server."""
    may_lead_astray: bool = False
    """Whether the URL names several servers, and takes a standby among them."""
    server: Inspection | None = None
    """How that is set up; `None` if it cannot tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """The folder that runs write to."""

    path: str
    problem: str = ""
    built: bool = False
    """Whether the site is there."""
    free: int | None = None
    """Octets that are left for it on the disk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """How many are written to."""

    active: int
    by_provider: tuple[tuple[str, int], ...] = ()
    """Of those, how many at each of the large providers with rules of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All of it."""

    sender: Sender | None
    signing_domain: str
    """Whose signature our messages carry; empty if we sign none."""
    keys: tuple[OwnKey, ...]
    servers: tuple[Server, ...]
    """At least one; the first is that of ``[smtp]``."""
    public: Public
    database: Database
    output: Output
    audience: Audience | None
    """`None` if the database cannot say."""
