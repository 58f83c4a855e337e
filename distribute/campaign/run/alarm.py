"""Raise the alarm when a server refuses not this recipient or that, but us."""

from collections import Counter, deque
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from distribute.campaign.campaign import Entry, Outcome, Receipt
from distribute.campaign.verdict import blames_sender, is_policy, is_unknown
from distribute.errors import (
    DeliveryError,
    NobodyKnownError,
    PermanentDeliveryError,
    PolicyRefusalError,
)

WINDOW = 200
"""How many answers are looked at together."""
TOLERATED = WINDOW // 20
"""How many of these may be refusals of policy: 5 %."""
GONE_TOLERATED = 20
"""So many unknown mailboxes are a list that has aged, whatever their share."""
MAIL_REFUSALS = 3
"""How often in a row MAIL may be refused for good."""

_LONGEST = 200


class _Refusal(NamedTuple):
    position: int
    words: str


class Alarm:
    """Listens to all answers of a run, and says when it makes no sense to go on."""

    def __init__(self) -> None:
        self._answers = 0
        self._refusals: deque[_Refusal] = deque()
        self._gone: deque[_Refusal] = deque()
        self._mail_refusals = 0
        self._has_found_nobody = False

    def doubts_server(self) -> bool:
        """Tell whether most mailboxes of late are unknown to it, or once too many were.

        However few there are of late: somebody may have seen it, and said stop.
        """
        is_most = 2 * self._lately(self._gone) > min(self._answers, WINDOW)
        return self._has_found_nobody or is_most

    def accepted(self, count: int) -> None:
        """Take in that so many were accepted, and nothing else was said."""
        self._answers += count
        self._mail_refusals = 0

    def hear(self, entries: Sequence[Entry]) -> DeliveryError | None:
        """Take in how some deliveries ended, in order; gives what to stop with, if so."""
        alarms = [self._hear(entry.receipt) for entry in entries]
        return next(filter(None, alarms), None)

    def _hear(self, receipt: Receipt) -> DeliveryError | None:
        self._answers += 1
        if receipt.outcome is Outcome.ACCEPTED:
            self._mail_refusals = 0
        elif is_policy(receipt):
            self._refusals.append(_Refusal(self._answers, _words(receipt)))
        elif is_unknown(receipt):
            self._gone.append(_Refusal(self._answers, _words(receipt)))
        if blames_sender(receipt):
            self._mail_refusals += 1
            if self._mail_refusals >= MAIL_REFUSALS:
                return _sender_refused(receipt)
        return self._policy() or self._nobody_known()

    def _lately(self, refusals: deque[_Refusal]) -> int:
        """Count those among the last answers, and forget the others."""
        oldest = self._answers - WINDOW
        while refusals and refusals[0].position <= oldest:
            refusals.popleft()
        return len(refusals)

    def _nobody_known(self) -> NobodyKnownError | None:
        """Mistrust a server to which most of the list is unknown.

        A list may have aged, but then most of it is still there.
        """
        count, answers = self._lately(self._gone), min(self._answers, WINDOW)
        if count <= GONE_TOLERATED or 2 * count <= answers:
            return None
        self._has_found_nobody = True
        return NobodyKnownError(
            f"the server knows hardly anybody: {count} of the last {answers} mailboxes"
            f" are unknown to it, most often with: {_commonest(self._gone)}",
            hint="Sending has stopped. Check `host` in [smtp]: this may be the wrong"
            " server. So the list stands as before: whom it did not know of late has not"
            " bounced, and is tried again by the next run;"
            " `distribute status ISSUE --deferred` lists them.",
        )

    def _policy(self) -> PolicyRefusalError | None:
        count = self._lately(self._refusals)
        if count <= TOLERATED:
            return None
        return PolicyRefusalError(
            f"the server refused {count} of the last"
            f" {min(self._answers, WINDOW)} messages as a matter of policy,"
            f" most often with: {_commonest(self._refusals)}",
            hint="Sending has stopped; nobody was taken off the list for it. Find out what"
            " the server has against the sender, the links or the content, then run again"
            " to go on; those refused get it by `distribute retry ISSUE --failed`.",
        )


def _sender_refused(receipt: Receipt) -> PermanentDeliveryError:
    return PermanentDeliveryError(
        f"the server refuses the sender (MAIL): {_words(receipt)}",
        hint="Check [sender] bounces and what this account may send as, then run again:"
        " nobody was marked as refused.",
    )


def _commonest(refusals: Iterable[_Refusal]) -> str:
    return Counter(refusal.words for refusal in refusals).most_common(1)[0][0]


def _words(receipt: Receipt) -> str:
    said = " ".join(receipt.text.split())[:_LONGEST]
    return " ".join(
        part for part in (str(receipt.code), receipt.enhanced, said) if part
    )
