"""One worker at its work: the queue brings batches, the engine sends them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from distribute.audience.database.database import from_milliseconds, place_of
from distribute.audience.database.place import PostgresUrl
from distribute.audience.database.postgres.connection import PostgresConnection
from distribute.audience.store import Store
from distribute.campaign.fleet.batch import BatchId
from distribute.campaign.fleet.jobs.crew import Rhythm, run
from distribute.campaign.fleet.roll import Member
from distribute.campaign.fleet.work import Bench, carry_out
from distribute.campaign.run.run import Haste
from distribute.cli.fleet.caretaker import Caretaker
from distribute.cli.fleet.journal import Journal
from distribute.cli.fleet.meter import Course, Meter
from distribute.cli.fleet.recess import Recess
from distribute.cli.fleet.server import open_fleet, server_of
from distribute.cli.fleet.workshop import CampaignShop, Workshops
from distribute.cli.newsletter.heeding import heed_suppressions
from distribute.cli.newsletter.ownership import refuse_strangers
from distribute.cli.process.clock import growing, running_clock
from distribute.cli.process.patience import Patience
from distribute.config.settings import Settings
from distribute.errors import DistributeError


class Worker:
    """Sends until it is told to stop."""

    def __init__(
        self,
        settings: Settings,
        journal: Journal,
        member: Member,
        now: datetime,
        *,
        meter: Meter | None = None,
    ) -> None:
        """Take who it is on the roll; a `meter` is given if its metrics are shown."""
        self._settings = settings
        self._journal = journal
        self._member = member
        self._now = now
        self._clock = growing(running_clock(now))
        self._is_shown = meter is not None
        self._meter = meter or Meter()
        self._shops: Workshops | None = None

    @property
    def connections(self) -> int:
        """How many connections to mail servers it has."""
        return self._shops.connections if self._shops else 0

    def work(self, haste: Callable[[], Haste], *, rhythm: Rhythm) -> bool:
        """Take one batch after the other, whatever becomes of the database meanwhile.

        False if it had to leave something in hand that it could not give back.
        """
        stop = _Stop(haste)
        with open_fleet(self._settings) as connection:
            self._make_ready()
            errands = self._errands(connection, haste)
            url = server_of(self._settings).url
            self._journal.say("ready")
            try:
                with self._caretaker(errands.shops).at_work():
                    say = self._journal.say
                    run(url, errands.handle, stop=stop, log=say, rhythm=rhythm)
            finally:
                errands.shops.close_sinks()
        self._journal.say("stopped", left_something=errands.has_left_something)
        return not errands.has_left_something

    def _errands(
        self, connection: PostgresConnection, haste: Callable[[], Haste]
    ) -> "_Errands":
        errands = _Errands(self._journal, self._meter, haste)
        self._shops = errands.shops = Workshops(
            self._settings, connection, self._clock, errands.say
        )
        errands.bench = Bench(
            place=self._settings.database,
            connection=connection,
            name=self._journal.worker,
            clock=self._clock,
            today=self._today,
            outlast=Patience(
                lambda: haste() is not Haste.NONE,
                errands.say,
                is_halted=lambda: haste() is Haste.HALT,
            ),
            tell=self._meter.heard,
            haste=haste,
        )
        errands.recess = Recess(errands.bench, self._journal.say)
        return errands

    def _caretaker(self, shops: Workshops) -> Caretaker:
        url = server_of(self._settings)
        place = place_of(url)
        return Caretaker(
            place if isinstance(place, PostgresUrl) else url,
            self._member,
            self._meter,
            tidy=shops.close_idle,
            counts=self._is_shown,
        )

    def _make_ready(self) -> None:
        with Store.open(self._settings.database) as store:
            refuse_strangers(store, self._settings)
            heed_suppressions(self._settings, store, self._now)

    def _today(self) -> date:
        now = from_milliseconds(self._clock()).astimezone(UTC)
        return now.astimezone(self._settings.rules.zone).date()


class _Errands:
    """Carries out what the queue brings, and tells of it."""

    shops: Workshops
    bench: Bench
    recess: Recess

    def __init__(
        self, journal: Journal, meter: Meter, haste: Callable[[], Haste]
    ) -> None:
        self._journal = journal
        self._meter = meter
        self._haste = haste
        self.has_left_something = False
        """Whether it ended with something in hand that it could not give back."""

    def say(self, words: str, **facts: object) -> None:
        """Tell something of the batch in hand."""
        course = self._meter.course
        self._journal.say(words, course.batch if course else None, **facts)

    def handle(self, batch: BatchId, job: int, should_stop: Callable[[], bool]) -> None:
        """Carry out one, and rest if it failed."""
        with self.shops.at_work():
            try:
                with self._meter.working_on(batch) as course:
                    failure = self._carry_out(course, job, should_stop)
            except Exception:
                self.has_left_something |= self._haste() is not Haste.NONE
                raise
        if course.is_taken:
            self._tell(course)
        if failure is not None:
            self.recess.after(batch, failure, should_stop)
        elif course.ended:
            self.recess.is_over(batch)

    def _carry_out(
        self, course: Course, job: int, should_stop: Callable[[], bool]
    ) -> DistributeError | None:
        """Do so; gives what ended it early."""

        def shop_of(campaign: int) -> CampaignShop:
            course.is_taken = True
            shop = self.shops.of(campaign)
            self._journal.names[campaign] = shop.desk.campaign
            return shop

        return carry_out(self.bench, shop_of, (course.batch, job), should_stop)

    def _tell(self, course: Course) -> None:
        """Say how it went with a batch, put down for whatever reason."""
        counts = {str(outcome): n for outcome, n in sorted(course.ended.items())}
        said = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
        words = f"put down: {said or 'nobody was tried'}, {course.seconds:.1f} s"
        seconds = round(course.seconds, 3)
        self._journal.say(words, course.batch, ended=counts, seconds=seconds)


def rhythm_of(stalled_after: timedelta) -> Rhythm:
    """Say how often to do what, if somebody is dead after so long."""
    seconds = stalled_after.total_seconds()
    often = min(seconds / 4, 5.0)  # for others may not be as patient
    return Rhythm(
        heartbeat=often,
        stalled_after=seconds,
        look=often,
        poll=often,
    )


class _Stop:
    """Says whether to stop, the way the queue asks it."""

    def __init__(self, haste: Callable[[], Haste]) -> None:
        self._haste = haste

    def is_set(self) -> bool:
        return self._haste() is not Haste.NONE
