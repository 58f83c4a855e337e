"""Hand an issue over to workers instead of sending it: ``send ISSUE --workers``."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from shlex import quote

from distribute.audience.database.database import explained
from distribute.audience.database.postgres.connection import PostgresConnection
from distribute.campaign.fleet.freeze import (
    SIZE,
    STRETCH,
    Decider,
    Freezer,
    refuse_changes,
)
from distribute.campaign.fleet.frozen import Frozen, FrozenEdition
from distribute.campaign.ledger.due import Due, Waiting
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.campaign.run.run import Haste
from distribute.cli.fleet.server import make_queue
from distribute.cli.invocation import DONE, INTERRUPTED, Invocation
from distribute.cli.mailing.mailing import Mailing
from distribute.cli.newsletter.outlets import pace_of
from distribute.cli.process.signals import heard
from distribute.cli.sending.orders import Orders
from distribute.cli.sending.sending import Sending
from distribute.cli.terminal.words import many
from distribute.errors import PlanError

_LEAST = 30
"""Deliveries in a batch at least, however slow it is."""
_STOPPING = (
    "\ndistribute: stopping; what is handed over so far is being sent (run again to"
    " hand over the rest, or `cancel`)\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """What came of it."""

    campaign: str
    people: int
    """How many deliveries were handed over now."""
    is_complete: bool
    """Whether nobody is left to be handed over."""


class HandingOver(Sending):
    """One issue on its way into the hands of workers."""

    def hand_over(self) -> HandedOver:
        """Freeze who gets what, and cut it into batches; the first begin meanwhile."""
        campaign, now = self._mailing.campaign_id, self._invocation.now
        with (
            self._ledger.lock(campaign, now, for_workers=True),
            heard(_STOPPING) as haste,
        ):
            self.make_ready()
            editions = tuple(self._editions())
            self._refuse_changes(editions)
            begun = self._begin()
            number = self._ledger.number
            freezer = Freezer(
                self._mailing.newsletter.settings.database,
                self._shared_connection(),
                number,
                prove=lambda: self._ledger.prove(self._clock()),
                size=self._size,
            )
            freezer.begin(Frozen(campaign=begun, editions=editions), self._clock())
            count, is_complete = self._cut_all(freezer, haste)
            if is_complete:
                is_for_all = not self._reckoning.is_owed_besides()
                freezer.complete(self._clock(), is_for_all=is_for_all)
        return HandedOver(campaign=campaign, people=count, is_complete=is_complete)

    def _refuse_changes(self, editions: Sequence[FrozenEdition]) -> None:
        """Refuse to hand over more of a campaign whose text is another by now."""
        connection, ledger = self._shared_connection(), self._ledger
        with explained(ledger.place):
            campaign = self._mailing.campaign_id
            refuse_changes(connection, editions, sink=ledger.sink, campaign=campaign)

    def _cut_all(
        self, freezer: Freezer, haste: Callable[[], Haste]
    ) -> tuple[int, bool]:
        decider = Decider(
            self._mailing.campaign_id, self._mailing.choices, self._mailing.ids
        )
        count = 0
        for people in self._stretches():
            if haste() is not Haste.NONE:
                return count, False
            count += freezer.cut(decider.decide(people), self._clock())
        return count, True

    @property
    def _size(self) -> int:
        """Say how large a batch is: what goes within ten seconds, if there is a pace.

        Whoever leaves while somebody has their batch in hand may still get the issue.
        """
        settings = self._mailing.newsletter.settings
        return min(SIZE, max(_LEAST, 5 * pace_of(settings, self._ledger.sink).page))

    def _stretches(self) -> Iterator[Sequence[Waiting]]:
        """Go through all who were never tried, so many at a time."""
        with Due(
            self._mailing.newsletter.settings.database,
            sink=self._ledger.sink,
            campaign=self._mailing.campaign_id,
            today=self._today,
            among=self._orders.among,
        ) as due:
            after = ""
            while people := due.fresh(after, STRETCH):
                yield people
                after = people[-1].key

    def _editions(self) -> Iterator[FrozenEdition]:
        mailing = self._mailing
        publication = mailing.newsletter.publication
        for language, edition in mailing.issue.editions.items():
            yield FrozenEdition(
                email=mailing.emails[language],
                archive_url=edition.url,
                list_archive_url=publication.home_url(language),
            )

    def _shared_connection(self) -> PostgresConnection:
        connection = self._ledger.connection
        if not isinstance(connection, PostgresConnection):
            raise PlanError("workers need PostgreSQL", hint="See [store] url.")
        return connection


def hand_over(
    invocation: Invocation,
    mailings: Sequence[Mailing],
    ledger: SqliteLedger,
    orders: Orders,
) -> int:
    """Hand over an issue with what goes out besides; gives the exit status."""
    settings = mailings[0].newsletter.settings
    make_queue(settings)
    done = []
    for mailing in mailings:
        handing = HandingOver(invocation, mailing, ledger, orders)
        done.append(handing.hand_over())
        if not done[-1].is_complete:
            break
    invocation.answer(
        {"handed_over": [asdict(each) for each in done], "sink": ledger.sink}
    )
    for each in done:
        invocation.say(f"{each.campaign}: {many(each.people)} handed over to workers.")
    watch = invocation.command(f"status {quote(mailings[0].issue.id)} --watch")
    work = invocation.command("worker")
    invocation.say(f"{work} sends them; {watch} shows how far it is.")
    return DONE if all(each.is_complete for each in done) else INTERRUPTED
