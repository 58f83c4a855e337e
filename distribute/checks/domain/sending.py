"""From which addresses mail reaches the world, as far as we can know."""

from dataclasses import dataclass

from distribute.checks.domain.lookup import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The addresses that receivers will see, or may see."""

    addresses: tuple[Address, ...]
    is_certain: bool
    """Whether somebody has said so; else they are those of the server in [smtp], which
    may hand its mail to others that deliver it."""
    host: str
    """The server in [smtp]."""
    problem: str = ""
    """Why there are none, in words."""

    def of(self, address: Address) -> str:
        """Name an address, and whose it is."""
        return str(address) if self.is_certain else f"{address} of {self.host}"
