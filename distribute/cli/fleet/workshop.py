"""What a worker has at hand for each campaign: its messages, a sink, and the pace."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

from distribute.audience.database.database import explained
from distribute.audience.store import Store
from distribute.campaign.campaign import Sink
from distribute.campaign.fleet.frozen import Frozen, from_bytes
from distribute.campaign.fleet.portion import DecidedChoices
from distribute.campaign.fleet.shared_pace import shared_buckets
from distribute.campaign.message.links import Linking
from distribute.campaign.message.message import Addressing
from distribute.campaign.run.alarm import Alarm
from distribute.campaign.run.pace import Pace
from distribute.campaign.run.page import Desk
from distribute.campaign.run.run import Haste, Steering
from distribute.campaign.verdict import RetryPolicy
from distribute.cli.newsletter.credentials import delivery_ids, dkim_signer, link_signer
from distribute.cli.newsletter.outlets import open_outlet, pace_of, relay_paces
from distribute.cli.sending.sending import milliseconds
from distribute.config.settings import Settings
from distribute.errors import PlanError

if TYPE_CHECKING:
    from distribute.audience.database.postgres.connection import PostgresConnection

_CAMPAIGNS = 4
"""How many campaigns are kept at hand."""
_IDLE = 30.0
"""Seconds after which connections to servers are closed that nobody uses."""
_SINCE = "SELECT at FROM frozen WHERE campaign = ?"
_FROZEN = """
    SELECT c.sink, f.content, f.at FROM frozen AS f JOIN campaign AS c ON c.number = f.campaign
    WHERE f.campaign = ?
"""


class CampaignShop:
    """Implements `distribute.campaign.fleet.work.Workshop`."""

    def __init__(self, shops: "Workshops", sink: str, desk: Desk, at: int) -> None:
        self._shops = shops
        self._sink = sink
        self.desk = desk
        self._alarm = Alarm()
        self.at = at
        """When it was handed over; it may be anew, and say something else then."""

    @property
    def sink(self) -> Sink:
        """Where its messages go."""
        return self._shops.sink(self._sink)

    def discard(self) -> None:
        """Close the sink; the next batch gets another, of which nothing is known yet."""
        self._shops.close_sinks()
        self._alarm = Alarm()

    def steering(self, haste: Callable[[], Haste]) -> Steering:
        """Say what directs a run; the alarm hears what the batches before brought too.

        A batch may be too small for it to go off: then a server that knows nobody would
        be believed batch after batch.
        """
        return replace(self._shops.steering(self._sink, haste), alarm=self._alarm)


class Workshops:
    """Has everything ready, from batch to batch; close it at the end.

    Whoever has a batch in hand is `at_work` meanwhile, so that no sink is closed then.
    """

    def __init__(
        self,
        settings: Settings,
        connection: "PostgresConnection",
        clock: Callable[[], int],
        tell: Callable[[str], object],
    ) -> None:
        """Take the open database, which also keeps the pace, and who is told of trouble."""
        self._settings = settings
        self._connection = connection
        self._clock = clock
        self._tell = tell
        self._bucket = shared_buckets(connection, tell)
        self._shops: OrderedDict[int, CampaignShop] = OrderedDict()
        self._open = ExitStack()
        self._sinks: dict[str, Sink] = {}
        self._paces: dict[str, Pace] = {}
        self._in_use = Lock()
        self._used = monotonic()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Have a batch in hand."""
        with self._in_use:
            try:
                yield
            finally:
                self._used = monotonic()

    def of(self, campaign: int) -> CampaignShop:
        """Give what is needed for one campaign, by its number."""
        shop = self._shops.pop(campaign, None)
        if shop is None or shop.at != self._handed_over(campaign):
            shop = self._make(campaign)
        self._shops[campaign] = shop
        if len(self._shops) > _CAMPAIGNS:
            self._shops.popitem(last=False)
        return shop

    def sink(self, name: str) -> Sink:
        """Open a sink, once."""
        if name not in self._sinks:
            outlet = open_outlet(
                self._settings,
                name,
                paces=relay_paces(self._settings, self._bucket),
                tell=self._tell,
            )
            self._sinks[name] = self._open.enter_context(outlet)
        return self._sinks[name]

    def steering(self, sink: str, haste: Callable[[], Haste]) -> Steering:
        """Say what directs a run at this sink; its pace goes on from batch to batch."""
        retrying = self._settings.retrying
        if sink not in self._paces:
            self._paces[sink] = pace_of(self._settings, sink, self._bucket)
        return Steering(
            clock=self._clock,
            timer=monotonic,
            haste=haste,
            pace=self._paces[sink],
            policy=RetryPolicy(
                retry_after=milliseconds(retrying.retry_after),
                give_up_after=milliseconds(retrying.give_up_after),
            ),
            stay=0.0,
        )

    @property
    def connections(self) -> int:
        """How many connections to servers there are."""
        sinks = tuple(self._sinks.values())
        return sum(int(getattr(sink, "connections", 0)) for sink in sinks)

    def close_sinks(self) -> None:
        """Say goodbye to all servers."""
        self._sinks.clear()
        self._open.close()

    def close_idle(self) -> None:
        """Do so if nobody has needed them for a while, from any thread."""
        if self._sinks and self._in_use.acquire(blocking=False):
            try:
                if monotonic() - self._used >= _IDLE:
                    self.close_sinks()
            finally:
                self._in_use.release()

    def _handed_over(self, campaign: int) -> int | None:
        with explained(self._settings.database):
            row = self._connection.execute(_SINCE, (campaign,)).fetchone()
        return row[0] if row else None

    def _make(self, campaign: int) -> CampaignShop:
        with explained(self._settings.database):
            row = self._connection.execute(_FROZEN, (campaign,)).fetchone()
        if row is None:
            raise PlanError(
                f"campaign {campaign} was never handed over to workers",
                hint="`distribute send ISSUE --workers` does that.",
            )
        sink, content, at = row
        return CampaignShop(self, sink, self._desk(from_bytes(content)), at)

    def _desk(self, frozen: Frozen) -> Desk:
        store = Store.sharing(self._settings.database, self._connection)
        signer = link_signer(self._settings, store)
        dkim = dkim_signer(self._settings, frozen.campaign.started)
        return Desk(
            campaign=frozen.campaign.id,
            choices=DecidedChoices(),
            messages=frozen.messages(dkim),
            addressing=Addressing(frozen.campaign),
            ids=delivery_ids(signer),
            links=Linking(signer, self._settings.public_url).by_key(),
        )
