"""The limits that workers keep together, for people who wonder why it goes no faster."""

from collections.abc import Sequence
from dataclasses import dataclass

from distribute.config.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One rate of ``distribute.toml``."""

    words: str
    """Whose it is, for people: ``by smtp.example.org``, ``to example.com``."""
    name: str
    """The same in the database: ``relay a``, ``domain example.com``."""
    per_second: float
    domain: str = ""
    """Whose it is, if it is a domain's, as `Mailbox.key` has it."""


def limits_of(settings: Settings) -> Sequence[Limit]:
    """List those of relays and of domains, as the settings have them; of SMTP only."""
    relays = [
        Limit(
            words=f"by {relay.name}",
            name=f"relay {relay.name}",
            per_second=relay.rate,
        )
        for relay in settings.relays
        if relay.rate
    ]
    domains = [
        Limit(
            words=f"to {domain}",
            name=f"domain {domain.casefold()}",
            per_second=per_second,
            domain=domain,
        )
        for domain, per_second in settings.rates.domains.items()
    ]
    return [*relays, *domains]
