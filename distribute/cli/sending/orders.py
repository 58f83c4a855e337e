"""What whoever calls `send` or `retry` wants done."""

from collections.abc import Sequence
from dataclasses import dataclass

from distribute.campaign.campaign import State
from distribute.campaign.plan.among import EVERYBODY, Among

PATIENCE = 60.0
"""Seconds that a run waits for deliveries whose time comes within them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """Whom to send to, and for how long."""

    fresh: bool = True
    """Those to whom nothing was ever sent of this issue."""
    again: frozenset[State] = frozenset({State.DEFERRED})
    """Those whose last attempt ended so."""
    among: Sequence[Among] = EVERYBODY
    """Whom alone of all these."""
    segment: str = ""
    """The text of the segment among these; empty for everybody."""
    unfinished_only: bool = False
    """Nobody anew where the issue was finished before; somebody else may just have done it."""
    due_only: bool = False
    """Of the deferred only those whose time has come."""
    limit: int | None = None
    """So many people at most."""
    stay: float = PATIENCE
    """Seconds to wait for deferred ones."""
    on_uncertain: str = "ask"
    """``ask``, ``resend`` or ``skip`` those that may have arrived."""
    forced: frozenset[str] = frozenset()
    """Rules of `distribute check` whose errors shall keep nobody from sending."""
    for_workers: bool = False
    """Whether others are to send it; they may have a part of it in hand already."""
