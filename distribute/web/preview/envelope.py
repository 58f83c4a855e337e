"""The header of a message, as people read it and as it travels."""

from dataclasses import dataclass
from email import message_from_bytes, policy

from distribute.checks.proof import Proof
from distribute.errors import DistributeError


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a header."""

    name: str
    value: str
    """Decoded and unfolded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A message, taken apart; empty, with the reason, where none could be written."""

    fields: tuple[Field, ...] = ()
    head: str = ""
    """The header as it travels, with LF line ends."""
    message: bytes = b""
    obstacle: str = ""


def envelope_of(proof: Proof) -> Envelope:
    """Take apart the message of an edition."""
    try:
        message = proof.message
    except DistributeError as error:
        return Envelope(obstacle=str(error))
    if not message:
        return Envelope(
            obstacle="distribute.toml has no [sender], so nobody can be sent anything"
        )
    head = message.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    parsed = message_from_bytes(head, policy=policy.default)
    return Envelope(
        fields=tuple(Field(name, str(value)) for name, value in parsed.items()),
        head=head.decode("ascii", "replace").replace("\r\n", "\n").strip("\n"),
        message=message,
    )
