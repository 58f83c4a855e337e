"""Write to a page of people: decide, find out what is each one's own, put it together.

Deciding and encoding is most of the work, and what comes of it is small and plain. So it
can be done in another process (`distribute.campaign.run.ahead`), while this one puts it
between what an edition's messages share, and sends it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from distribute.campaign.campaign import (
    Batch,
    Envelope,
    Message,
    Outcome,
    Parcel,
    Receipt,
)
from distribute.campaign.ledger.due import Waiting
from distribute.campaign.message.compiled import CompiledMessage, Filling
from distribute.campaign.message.delivery_ids import ID_LENGTH, DeliveryIds, tail_of
from distribute.campaign.message.links import Links, PlainLinks
from distribute.campaign.message.message import Addressing
from distribute.campaign.plan.choices import Chooser
from distribute.errors import MailboxError
from distribute.language import Language

_NOTHING = Message((), 0)

_Fill = Callable[[str, str, str, Links | PlainLinks], tuple[str, Filling]]
_PutTogether = Callable[[Filling], Message]
_Wish = tuple[str, int]
_Known = tuple[str, str, str, int, int, int]
_Row = tuple[str, str, str, int, int, int, str, Filling]


class Page(NamedTuple):
    """A page of people, decided about and written to, though not put together yet."""

    rows: Sequence[_Row]
    """Of each parcel its first six fields, `Envelope.rcpt_to`, and a `Filling`.

    Plain tuples, for these are pickled five times as fast as the parcels would be.
    """
    choices: Mapping[int, tuple[str, str]]
    """As in a `Batch`, like what follows."""
    skipped: Sequence[tuple[str, str, int]]
    refused: Sequence[tuple[Parcel, Receipt]]


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the messages of a campaign are written."""

    campaign: str
    """`Campaign.id`."""
    choices: Chooser
    messages: Mapping[Language, CompiledMessage]
    """Of every edition that somebody may get."""
    addressing: Addressing
    ids: DeliveryIds
    links: Callable[[str], Links | PlainLinks]
    """Gives a reader's own links by `Mailbox.key`."""

    def write(self, people: Sequence[Waiting]) -> Page:
        """Decide about a page of people, and encode what is each one's own.

        One body, for this is what every single delivery goes through.
        """
        links, seed = self.links, self.ids.seed(self.campaign)
        decisions = _Decisions(self._decide)
        rows: list[_Row] = []
        skipped, refused = [], []
        for key, address, name, languages, only_these, attempt, since in people:
            number, _, fill, tail = decisions[languages, only_these]
            if fill is None:
                skipped.append((key, address, number))
                continue
            id_ = sha256(seed + f"{key}{tail}".encode()).hexdigest()[:ID_LENGTH]
            try:
                rcpt_to, filling = fill(name, address, id_, links(key))
            except MailboxError as error:
                known = (key, id_, address, number, attempt, since)
                refused.append(_refused(known, error))
            else:
                rows.append(
                    (key, id_, address, number, attempt, since, rcpt_to, filling)
                )
        return Page(rows, decisions.named(), skipped, refused)

    def batch(self, page: Page) -> Batch:
        """Put together the messages of a page, and address them."""
        envelope_to, make = self.addressing.envelope_to, tuple.__new__
        editions, parcels = self._editions(page), []
        for key, id_, address, number, attempt, since, rcpt_to, filling in page.rows:
            folder, put_together = editions[number]
            envelope = envelope_to(rcpt_to, folder, id_)
            message = put_together(filling)
            parcel = (key, id_, address, number, attempt, since, envelope, message)
            parcels.append(make(Parcel, parcel))
        return Batch(parcels, page.choices, page.skipped, page.refused)

    def _decide(self, wish: _Wish) -> "_Decision":
        language, reason, number = self.choices.of(*wish)
        if language is None:
            return _Decision(number, ("", reason))
        fill = self.messages[language].fill
        return _Decision(number, (language.tag, reason), fill, tail_of(language.tag))

    def _editions(self, page: Page) -> Mapping[int, tuple[str, _PutTogether]]:
        """Find what the messages of each choice share: folder, and all the rest."""
        by_tag = {
            language.tag: (language.folder, message.put_together)
            for language, message in self.messages.items()
        }
        return {number: by_tag[tag] for number, (tag, _) in page.choices.items() if tag}


class _Decision(NamedTuple):
    """What comes of a wish."""

    number: int
    choice: tuple[str, str]
    """Language tag and reason."""
    fill: _Fill | None = None
    """Writes for the edition, if there is one."""
    tail: str = ""
    """The end of what a delivery's id is made of."""


class _Decisions(dict[_Wish, _Decision]):
    """Decides about each wish of a page once."""

    def __init__(self, decide: Callable[[_Wish], _Decision]) -> None:
        super().__init__()
        self._decide = decide

    def __missing__(self, wish: _Wish) -> _Decision:
        decision = self[wish] = self._decide(wish)
        return decision

    def named(self) -> Mapping[int, tuple[str, str]]:
        return {decision.number: decision.choice for decision in self.values()}


def _refused(known: _Known, error: MailboxError) -> tuple[Parcel, Receipt]:
    """Turn down somebody who cannot be written to."""
    _, id_, address, *_ = known
    parcel = Parcel(*known, Envelope(id_, "", address), _NOTHING)
    return parcel, Receipt(Outcome.REJECTED, text=error.reason)
