"""What happens to mail that comes back, and from where it is fetched."""

from dataclasses import dataclass, field
from typing import Literal

from distribute.campaign.returned.policy import BouncePolicy
from distribute.config.interpreter import Interpreter
from distribute.config.tables import BouncesTable, ImapTable
from distribute.config.values import parse_duration, parse_port

_MOST_STRIKES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapSettings:
    """The mailbox that bounces arrive in, all but its password."""

    host: str
    port: int
    username: str
    password_env: str
    """The environment variable that holds the password."""
    folder: str
    security: Literal["tls", "starttls", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BounceSettings:
    """What to do about what comes back."""

    policy: BouncePolicy = field(default_factory=BouncePolicy)
    imap: ImapSettings | None = None


def read_bounces(table: BouncesTable, reader: Interpreter) -> BounceSettings | None:
    """Say when failures add up, and where reports arrive."""
    strikes = reader.take("bounces.strikes", _parse_strikes, table.strikes)
    within = reader.take("bounces.within", parse_duration, table.within)
    if strikes is None or within is None:
        return None
    if within.days < 1:
        reader.problems.add(
            "bounces.within",
            f"{table.within!r} is less than a day: no two strikes count",
        )
    return BounceSettings(
        policy=BouncePolicy(strikes=strikes, within=within),
        imap=_read_imap(table.imap, reader),
    )


def _read_imap(table: ImapTable | None, reader: Interpreter) -> ImapSettings | None:
    if table is None:
        return None
    for name in ("host", "username", "password_env", "folder"):
        if not getattr(table, name).strip():
            reader.problems.add(f"bounces.imap.{name}", "must not be empty")
    usual = 993 if table.security == "tls" else 143
    port = reader.take("bounces.imap.port", parse_port, table.port or usual)
    return ImapSettings(
        host=table.host,
        port=port or usual,
        username=table.username,
        password_env=table.password_env,
        folder=table.folder,
        security=table.security,
    )


def _parse_strikes(number: int) -> int:
    if not 0 < number <= _MOST_STRIKES:
        raise ValueError(f"{number} strikes: it takes between 1 and {_MOST_STRIKES}")
    return number
