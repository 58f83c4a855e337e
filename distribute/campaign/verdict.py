"""What a server's answer means for a delivery: done, try again and when, or never.

A 4xx is tried again with growing waits, a 5xx is final for that address (RFC 5321 section
4.2.1). A refusal of MAIL says nothing about whoever was to get the message, so it only
puts the delivery off.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

from distribute.campaign.campaign import Entry, Outcome, Parcel, Receipt, Stage

LEAST_TRIES = 5
"""So many attempts come before anybody is given up, however long ago the first was.

Time alone says little: where nobody ran the sending for days, a greylisting server has had
one look at somebody, or two. With waits that double, five take 75 minutes at the usual
first wait of five, which is as long as greylisting lasts as a rule.
"""
LONGEST_WAIT = 6 * 3_600_000
"""Waits stop growing here, in milliseconds; jitter comes on top."""

_JITTER = 0.2
NOT_THE_MAILBOX = ("5.1.5", "5.1.7", "5.1.8", "5.1.9")
"""Of the address class: one about no failure, two about the sender, one about a relay."""
UNCLEAR = "5.1.0"
"""Something about an address; often it is ours that is blocked."""


class RetryPolicy(NamedTuple):
    """When to try again and when to give up, both in milliseconds."""

    retry_after: int = 300_000
    """The first wait after a 4xx; each further one is twice as long."""
    give_up_after: int = 48 * 3_600_000
    """From the first attempt on; the next 4xx after that is final, but not before the
    attempt `LEAST_TRIES`."""


def is_gone(receipt: Receipt) -> bool:
    """Tell whether the server says for certain that there is no such mailbox."""
    return is_unknown(receipt) and receipt.enhanced != UNCLEAR


def is_unknown(receipt: Receipt) -> bool:
    """Tell whether the server will not know a mailbox (RFC 3463, X.1.X)."""
    return (
        receipt.code >= 500
        and receipt.enhanced.startswith("5.1.")
        and receipt.enhanced not in NOT_THE_MAILBOX
        and receipt.stage in (Stage.RCPT, Stage.END)
        and receipt.outcome is Outcome.REJECTED
    )


def is_policy(receipt: Receipt) -> bool:
    """Tell whether it was refused for who sends it or for what it says (X.7.X)."""
    return receipt.code >= 500 and receipt.enhanced.startswith("5.7.")


def blames_sender(receipt: Receipt) -> bool:
    """Tell whether MAIL was refused for good: that would befall anybody on the list."""
    return receipt.stage is Stage.MAIL and receipt.code >= 500


def entries_of(
    receipts: Iterable[tuple[Parcel, Receipt]], now: int, policy: RetryPolicy
) -> list[Entry]:
    """Judge all the answers of a turn; `now` is in milliseconds since 1970."""
    accepted = Outcome.ACCEPTED
    return [
        Entry(parcel, receipt)
        if receipt.outcome is accepted
        else entry_of(parcel, receipt, now, policy)
        for parcel, receipt in receipts
    ]


def entry_of(parcel: Parcel, receipt: Receipt, now: int, policy: RetryPolicy) -> Entry:
    """Judge one answer: what is to be recorded, and when to try again if it is deferred.

    Only a server's own 4xx is ever the last one: not a lost connection, a stop, or what
    was said to MAIL in general.
    """
    if blames_sender(receipt):
        receipt = receipt._replace(outcome=Outcome.DEFERRED)
    if receipt.outcome is not Outcome.DEFERRED:
        return Entry(parcel, receipt)
    if 400 <= receipt.code < 500 and _is_last(parcel, now, policy):
        words = f"gave up after {_duration(policy.give_up_after)}: {receipt.text}"
        return Entry(parcel, receipt._replace(outcome=Outcome.REJECTED, text=words))
    return Entry(parcel, receipt, now + wait_before_next(parcel, policy))


def wait_before_next(parcel: Parcel, policy: RetryPolicy) -> int:
    """Compute how long to wait after this attempt, in milliseconds.

    It doubles each time up to `LONGEST_WAIT`, give or take a fifth. That jitter comes
    from the delivery and the attempt, so it is the same whenever it is computed, and
    people deferred together do not all come back together.
    """
    longest = max(LONGEST_WAIT, policy.retry_after)
    wait = min(max(policy.retry_after, 1) << min(parcel.attempt, 40), longest)
    seed = sha256(f"{parcel.id} {parcel.attempt}".encode()).digest()
    fraction = int.from_bytes(seed[:4], "big") / 0xFFFFFFFF
    return round(wait * (1 + _JITTER * (2 * fraction - 1)))


def _is_last(parcel: Parcel, now: int, policy: RetryPolicy) -> bool:
    """Tell whether this attempt was the last one, if it did not succeed."""
    was_patient = parcel.since and now - parcel.since >= policy.give_up_after
    return bool(was_patient) and parcel.attempt + 1 >= LEAST_TRIES


def _duration(milliseconds: int) -> str:
    for size, unit in ((3_600_000, "h"), (60_000, "m"), (1000, "s")):
        if milliseconds >= size and not milliseconds % size:
            return f"{milliseconds // size}{unit}"
    return f"{milliseconds}ms"
