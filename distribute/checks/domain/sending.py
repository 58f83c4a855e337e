"""From which addresses mail reaches the world, as far as we can know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from distribute.checks.domain.lookup import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The addresses that receivers will see, or may see."""

    addresses: tuple[Address, ...]
    is_certain: bool
    """Whether somebody has said so; else they are those of the servers in [smtp], which
    may hand their mail to others that deliver it."""
    hosts: Mapping[Address, str]
    """The server in [smtp] that has an address."""
    problem: str = ""
    """Why there are none, or none of some server, in words."""

    def of(self, address: Address) -> str:
        """Name an address, and whose it is."""
        return (
            str(address) if self.is_certain else f"{address} of {self.hosts[address]}"
        )


def all_of(origins: Sequence[Origin]) -> Origin:
    """Take those of several servers together, each address once."""
    hosts = {address: host for each in origins for address, host in each.hosts.items()}
    addresses = dict.fromkeys(a for each in origins for a in each.addresses)
    return Origin(
        addresses=tuple(addresses),
        is_certain=all(each.is_certain for each in origins),
        hosts=hosts,
        problem="; ".join(
            filter(None, dict.fromkeys(each.problem for each in origins))
        ),
    )
