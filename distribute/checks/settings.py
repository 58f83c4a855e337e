"""What the newsletter's settings say about checks."""

from dataclasses import dataclass

from distribute.checks.waiver import Waiver


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSettings:
    """The table ``[check]``."""

    waivers: tuple[Waiver, ...] = ()
    strict: bool = False
    """Whether warnings count as errors."""
    clients: frozenset[str] = frozenset()
    """Ids of the mail programs that readers have; empty stands for all that are known."""
