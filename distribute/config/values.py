"""Single values of ``distribute.toml``: what is written becomes what is meant.

Each function raises `ValueError` with what is wrong, in words for whoever wrote it.
"""

import re
from datetime import timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from distribute.editions.address.permalink import pattern_problem
from distribute.errors import MailboxError
from distribute.mailbox import Mailbox

MOST_CONNECTIONS = 100

_TAG = re.compile(r"[a-z0-9.-]+(?:@[a-z0-9.-]+)?,\d{4}(?:-\d{2}(?:-\d{2})?)?", re.I)
_DURATION = re.compile(r"(\d{1,6})\s*(s|m|h|d)")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_SELECTOR = re.compile(rf"{_LABEL}(?:\.{_LABEL})*", re.I)
_NAME = re.compile(r"[a-z0-9-]+")
_RATE = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)\s*/\s*(s|m|h)")
_SECONDS = {"s": 1, "m": 60, "h": 3600}


def parse_address(url: str) -> str:
    """Read where something is published: absolute; the trailing slash goes."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"{url!r} is not an absolute http(s) address")
    if parts.query or parts.fragment or not url.isascii() or " " in url:
        raise ValueError(f"{url!r} must be a plain ASCII address without ? and #")
    return url.rstrip("/")


def parse_contact(url: str) -> str:
    """Read where a link may lead people: a web page, or an address to write to."""
    parts = urlsplit(url)
    if not url.isascii() or any(char.isspace() for char in url):
        raise ValueError(f"{url!r} must be plain ASCII; write %20 for a space")
    web = parts.scheme in {"http", "https"} and parts.hostname
    if not (web or (parts.scheme == "mailto" and "@" in parts.path)):
        raise ValueError(f"{url!r} is neither an http(s) address nor mailto:")
    return url


def parse_tag(text: str) -> str:
    """Read the authority of feed ids (RFC 4151 section 2.1)."""
    if not _TAG.fullmatch(text):
        raise ValueError(
            f"{text!r} is not a tag authority; write a domain you own and a year, "
            "such as example.org,2026 (RFC 4151), and never change it"
        )
    return text


def parse_permalink(pattern: str) -> str:
    """Read where pages lie; see `distribute.editions.address.permalink`."""
    if problem := pattern_problem(pattern):
        raise ValueError(problem)
    return pattern


def parse_zone(name: str) -> ZoneInfo:
    """Read the name of a time zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is not a time zone such as Europe/Paris") from error


def parse_name(text: str) -> str:
    """Read the name of a relay."""
    if not _NAME.fullmatch(text):
        raise ValueError(f"{text!r} is not a name of a-z, 0-9 and hyphens")
    return text


def parse_port(number: int) -> int:
    """Read a port of TCP."""
    if not 0 < number < 65_536:
        raise ValueError(f"{number} is not a port: those go from 1 to 65535")
    return number


def parse_connections(number: int) -> int:
    """Read how many connections are open at a time."""
    if not 0 < number <= MOST_CONNECTIONS:
        raise ValueError(
            f"{number} connections: at least 1 is needed, at most {MOST_CONNECTIONS} go"
        )
    return number


def parse_renewal(number: int) -> int:
    """Read after how many messages a connection is renewed; 0 means never."""
    if number < 0:
        raise ValueError(f"{number} is no number of messages; 0 means never")
    return number


def parse_timeout(text: str) -> float | None:
    """Read the longest wait for the server, in seconds; `None` where none is written."""
    if not text:
        return None
    seconds = parse_duration(text).total_seconds()
    if not seconds:
        raise ValueError(f"{text!r} is too short for any server to answer")
    return seconds


def parse_duration(text: str) -> timedelta:
    """Read a time to wait, such as ``90s`` or ``2d``."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a duration such as 90s, 5m, 48h or 2d")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def parse_limit(text: str) -> float:
    """Read the rate of one domain, which says something."""
    return parse_rate(text or "nothing")


def parse_domain(text: str) -> str:
    """Read the name of a domain, in U-labels or A-labels (RFC 5890); gives the former."""
    try:
        mailbox = Mailbox.parse(f"postmaster@{text}")
    except MailboxError as error:
        raise ValueError(
            f"{text!r} is not the name of a domain such as example.org"
        ) from error
    return mailbox.key.partition("@")[2]


def parse_selector(text: str) -> str:
    """Read the name under which a DKIM key is published (RFC 6376 section 3.1)."""
    if not _SELECTOR.fullmatch(text):
        raise ValueError(
            f"{text!r} is not a selector: the label in front of ._domainkey, such as s1"
        )
    return text.lower()


def parse_rate(text: str) -> float:
    """Read how many messages go out in a second at most; 0 where nothing is written."""
    if not text:
        return 0.0
    match = _RATE.fullmatch(text.strip())
    if match is None or float(match[1]) == 0:
        raise ValueError(f"{text!r} is not a rate such as 30/s or 600/m")
    return float(match[1]) / _SECONDS[match[2]]
