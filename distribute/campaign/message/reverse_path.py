"""The envelope's sender, which may name what it is the sender of (RFC 5233 section 4)."""

from distribute.campaign.message.delivery_ids import ID_LENGTH
from distribute.campaign.message.heading import own_address
from distribute.campaign.sender import Sender
from distribute.errors import PlanError

_LONGEST_LOCAL_PART = 64


def halves_of(sender: Sender) -> tuple[str, str] | None:
    """Give what stands before and behind an id; `None` where none is to be named.

    Raises `PlanError` if the address for bounces is none, or too long to name anything.
    """
    bounces = own_address(sender.bounces)
    if not sender.verp:
        return None
    local, at, domain = bounces.rpartition("@")
    if len(local) + 1 + ID_LENGTH > _LONGEST_LOCAL_PART:
        raise PlanError(
            f"{bounces} is too long to name a delivery in it",
            hint="Shorten [sender] bounces, or leave verp out.",
        )
    return f"{local}+", at + domain


def reverse_path(sender: Sender, id_: str) -> str:
    """Write the envelope's sender of one message; raises as `halves_of` does."""
    halves = halves_of(sender)
    return id_.join(halves) if halves else own_address(sender.bounces)
