"""Hand an issue over to workers instead of sending it: ``send ISSUE --workers``."""

from collections.abc import Callable, Iterator, Sequence

from distribute.audience.database.database import explained
from distribute.audience.database.postgres.connection import PostgresConnection
from distribute.campaign.campaign import State
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
from distribute.cli.invocation import Invocation
from distribute.cli.mailing.mailing import Mailing
from distribute.cli.newsletter.outlets import pace_of
from distribute.cli.process.signals import heard
from distribute.cli.sending.handed import HandedOver
from distribute.cli.sending.orders import Orders
from distribute.cli.sending.sending import Sending
from distribute.errors import PlanError

_LEAST = 30
"""Deliveries in a batch at least, however slow it is."""
_STOPPING = (
    "\ndistribute: stopping; what is handed over so far is being sent (run again to"
    " hand over the rest, or `cancel`)\n"
)


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
            self._heed_others()
            editions = tuple(self._editions())
            self._refuse_changes(editions)
            frozen = Frozen(campaign=self._begin(), editions=editions)
            freezer = self._freezer()
            again, uncertain = self._freeze(freezer, frozen)
            count, is_complete = self._cut_all(freezer, haste)
            if is_complete:
                freezer.complete(self._clock(), is_for_all=self._is_for_all())
            elif haste.came_by_hand:
                self._ledger.pursue(campaign, None)  # nor does `send new` go on with it
        return HandedOver(
            campaign=campaign,
            people=count,
            is_complete=is_complete,
            again=again,
            uncertain=uncertain,
        )

    def _freezer(self) -> Freezer:
        return Freezer(
            self._mailing.newsletter.settings.database,
            self._shared_connection(),
            self._ledger.number,
            prove=lambda: self._ledger.prove(self._clock()),
            size=self._size,
        )

    def _freeze(self, freezer: Freezer, frozen: Frozen) -> tuple[int, int]:
        """Begin, with those who may have it from before if the orders say so.

        Gives how many of these are sent it again, and how many are left out.
        """
        resends, wanted = State.UNCERTAIN in self._orders.again, list(self._uncertain())
        again = wanted if resends else []
        freezer.begin(frozen, self._clock(), resends=resends, again=again)
        left = len(list(self._uncertain())) if resends else len(wanted)
        return max(len(wanted) - left, 0), left

    def _is_for_all(self) -> bool:
        """Tell whether nobody is left to whom it is owed, whom this was not about."""
        return self._orders.fresh and not self._reckoning.is_owed_besides()

    def _uncertain(self) -> Iterator[str]:
        """Give the keys of those who may have it, and could be sent it again."""
        after = ""
        with self._due() as due:
            while page := due.again([State.UNCERTAIN], after, STRETCH):
                yield from (person.key for person in page)
                after = page[-1].key

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
        for stretch in self._stretches():
            if haste() is not Haste.NONE:
                return count, False
            count += freezer.cut(decider.decide(stretch), self._clock())
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
        after = ""
        with self._due() as due:
            while self._orders.fresh and (page := due.fresh(after, STRETCH)):
                yield page
                after = page[-1].key

    def _due(self) -> Due:
        return Due(
            self._mailing.newsletter.settings.database,
            sink=self._ledger.sink,
            campaign=self._mailing.campaign_id,
            today=self._today,
            among=self._orders.among,
        )

    def _editions(self) -> Iterator[FrozenEdition]:
        """Give them by language: whoever corrects may name them in any order."""
        mailing = self._mailing
        publication = mailing.newsletter.publication
        for language, edition in sorted(mailing.issue.editions.items()):
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
) -> Sequence[HandedOver]:
    """Hand over an issue with what goes out besides, as far as nobody says stop."""
    make_queue(mailings[0].newsletter.settings)
    done: list[HandedOver] = []
    for mailing in mailings:
        invocation.catch_up()  # after a question, or the mailing before
        done.append(HandingOver(invocation, mailing, ledger, orders).hand_over())
        if not done[-1].is_complete:
            break
    return done
