"""What a lost connection means for those whose delivery was going on there."""

from distribute.campaign.campaign import Outcome, Receipt, Stage
from distribute.sinks.smtp.replies import Reply, receipt_of

TRIES = 3
"""How often a parcel may lose its connection before it is put off."""

_OUT_OF_STEP = (500, 503)
"""Replies of a server that has not understood, or not in this order."""


def unconfirmed(reason: str) -> Receipt:
    """Say that a message has left to its last octet, and nobody answered for it."""
    text = f"sent, but not confirmed: {reason}"
    return Receipt(Outcome.UNCERTAIN, text=text, stage=Stage.END)


def put_off(reason: str, words: Reply | None) -> Receipt:
    """Say that a delivery lost one connection after the other, nothing having left.

    With the server's last words, where it said that it is busy.
    """
    if words and words.is_transient:
        return receipt_of(words, Stage.NONE)
    return Receipt(Outcome.DEFERRED, text=reason)


def stands(refusal: Receipt) -> bool:
    """Tell whether a refusal holds although the server hung up on the commands behind it.

    Some refuse a recipient and hang up at once. A refused sender may mean that the server
    will not have several commands at once, and so may what it did not understand: that is
    tried again.
    """
    return (
        refusal.stage is Stage.RCPT
        and refusal.code not in _OUT_OF_STEP
        and not refusal.enhanced.startswith("5.5.")
    )
