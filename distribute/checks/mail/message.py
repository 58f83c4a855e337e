"""The message of a proof, and why there is none."""

from distribute.checks.proof import Proof
from distribute.errors import MailboxError, PlanError, RenderError


def message_of(proof: Proof) -> bytes:
    """Give the message of a proof; empty where there is none, or none can be written."""
    return b"" if obstacle_to(proof) else proof.message


def obstacle_to(proof: Proof) -> PlanError | MailboxError | RenderError | None:
    """Say why nobody can be sent the message of a proof; `None` if nothing is wrong."""
    try:
        _ = proof.message
    except (PlanError, MailboxError, RenderError) as error:
        return error
    return None
