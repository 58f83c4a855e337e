"""Send over SMTP (RFC 5321): many conversations at once, one recipient per transaction."""

from collections import deque
from collections.abc import Sequence
from math import inf
from selectors import BaseSelector
from time import monotonic

from distribute.campaign.campaign import Outcome, Parcel, Receipt, Turn
from distribute.errors import (
    DeliveryError,
    LostConnectionError,
    PermanentDeliveryError,
)
from distribute.sinks.smtp.conversation import Conversation
from distribute.sinks.smtp.host import Host
from distribute.sinks.smtp.job import Job
from distribute.sinks.smtp.server import SmtpServer
from distribute.sinks.smtp.watch import Watch

_IN_HAND = 3
"""Parcels per connection: one judged, one offered, one to offer behind the next dot."""
_BETWEEN_LOOKS = 0.25
"""Seconds between two looks at the deadlines."""
_FAREWELL = 2.0
"""Seconds that all goodbyes together may take."""
_LAST_WORDS = 10.0
"""Seconds in which what has left may still be answered for when the sink has failed."""


class SmtpSink:
    """Implements `distribute.campaign.campaign.Sink` with a pool of connections.

    Connects when there is something to send. A connection lost before the final dot is
    made up for on another one, and one lost behind it gives an uncertain receipt. Raises
    `DeliveryError` from `turn` for what would befall any recipient: no server, no TLS, a
    refused login, a message larger than the server takes; but not before whatever has
    left was answered for, or ten seconds have passed.
    """

    def __init__(
        self, server: SmtpServer, selector: BaseSelector | None = None
    ) -> None:
        self._host = Host(server)
        self._watch = Watch(selector)
        self._conversations: set[Conversation] = set()
        self._jobs: deque[Job] = deque()
        self._offered: dict[str, Conversation] = {}
        """Who speaks for the mailboxes whose envelope is said, and not their message."""
        self._in_hand = 0
        self._receipts: list[tuple[Parcel, Receipt]] = []
        self._ready: list[Parcel] = []
        self._somebody_is_idle = False
        self._next_look = -inf
        self._failure: tuple[DeliveryError, float] | None = None
        self._closed = False

    @property
    def connections(self) -> int:
        """How many connections there are, those that are just made or ended too."""
        return len(self._conversations)

    def room(self) -> int:
        """Count how many parcels more can be put to use."""
        return max(_IN_HAND * self._host.allowed - self._in_hand, 0)

    def take(self, parcels: Sequence[Parcel]) -> None:
        """Accept parcels to deliver."""
        if self._closed:
            raise PermanentDeliveryError("the sink is closed", hint="Open another.")
        self._in_hand += len(parcels)
        self._jobs.extend(map(Job, parcels))

    def turn(self, wait: float) -> Turn:
        """Look at all connections once, waiting `wait` seconds at most for the first."""
        pause = self.prepare()
        return self.look(min(wait, pause))

    def prepare(self) -> float:
        """Begin what can begin; gives the seconds until a turn is due, whatever happens."""
        now = monotonic()
        self._report_failure(now)
        pause = self._set_to_work(now)
        if self._receipts or self._ready:
            return 0.0
        return _BETWEEN_LOOKS if self._failure else pause

    def look(self, wait: float) -> Turn:
        """Do the rest of a turn, waiting `wait` seconds at most; only after `prepare`."""
        for conversation, can_read, can_write in self._watch.select(wait):
            now = monotonic()
            self._attend(conversation, now, can_read=can_read, can_write=can_write)
        now = monotonic()
        if now >= self._next_look:
            self._next_look = now + _BETWEEN_LOOKS
            self._enforce_deadlines(now)
        turn = Turn(self._ready, self._receipts)
        self._ready, self._receipts = [], []
        self._in_hand -= len(turn.receipts)
        if turn.receipts:
            self._host.heard([receipt for _, receipt in turn.receipts], now)
        return turn

    def release(self, ready: Sequence[Parcel]) -> None:
        """Let messages leave, each with the next envelope behind it."""
        now = monotonic()
        for parcel in ready:
            conversation = self._offered.pop(parcel.key)
            try:
                conversation.release(self._next_job, now)
            except DeliveryError as error:
                self._lose(conversation, error)
            else:
                self._carry_on(conversation)

    def halt(self) -> Turn:
        """Give up at once; see `distribute.campaign.campaign.Sink.halt`."""
        for conversation in list(self._conversations):
            self._jobs.extend(self._drop(conversation, "the sending was stopped"))
        stopped = Receipt(Outcome.DEFERRED, text="stopped before the message had left")
        for job in self._jobs:
            if job.is_released:
                self._receipts.append((job.parcel, stopped))
        self._jobs.clear()
        self._in_hand = 0
        receipts, self._receipts, self._ready = self._receipts, [], []
        return Turn((), receipts)

    def close(self) -> None:
        """Say QUIT wherever there is somebody to say it to."""
        self._closed = True
        for conversation in list(self._conversations):
            if conversation.is_open and conversation.transactions.is_idle:
                self._part(conversation)
            else:
                self._drop(conversation, "closed")
        give_up = monotonic() + _FAREWELL
        while self._conversations and (wait := give_up - monotonic()) > 0:
            for conversation, can_read, can_write in self._watch.select(wait):
                now = monotonic()
                self._attend(conversation, now, can_read=can_read, can_write=can_write)
        for conversation in list(self._conversations):
            self._drop(conversation, "closed")
        self._watch.close()

    def _next_job(self) -> Job | None:
        return self._jobs.popleft() if self._jobs and not self._failure else None

    def _set_to_work(self, now: float) -> float:
        """Offer waiting jobs to whoever is idle, and open connections for the others.

        Gives the seconds until there is reason to look again, whatever happens.
        """
        if not self._jobs or self._failure:
            return inf
        if self._somebody_is_idle:
            self._somebody_is_idle = False
            for conversation in list(self._conversations):
                if conversation.may_offer:
                    self._offer_next(conversation)
        if len(self._conversations) >= self._host.allowed:
            return inf
        coming = sum(conversation.is_coming for conversation in self._conversations)
        for _ in range(len(self._jobs) - coming):
            wait = self._host.wait(len(self._conversations), now)
            if wait > 0 or self._failure:
                return wait
            self._open(now)
        return inf

    def _offer_next(self, conversation: Conversation) -> None:
        """Give a conversation its next job, past those that its server cannot serve."""
        try:
            while (job := self._next_job()) and not conversation.offer(
                job, monotonic()
            ):
                continue
        except DeliveryError as error:
            self._lose(conversation, error)
            return
        self._somebody_is_idle |= job is None
        self._carry_off(conversation)
        self._watch.look_after(conversation)

    def _open(self, now: float) -> None:
        """Begin a conversation with the host."""
        try:
            conversation = self._host.call(len(self._conversations), now)
        except DeliveryError as error:
            self._fail(error, now)
            return
        if conversation is not None:
            self._conversations.add(conversation)
            self._watch.look_after(conversation)

    def _attend(
        self, conversation: Conversation, now: float, *, can_read: int, can_write: int
    ) -> None:
        """Let a conversation go on that can."""
        was_open = conversation.is_open
        try:
            if can_read and was_open:  # first, for its last words may be there
                conversation.on_readable(now)
            if can_write:
                conversation.on_writable(now)
            if can_read and not was_open:
                conversation.on_readable(now)
        except DeliveryError as error:
            self._lose(conversation, error)
            return
        if not was_open and conversation.is_open:
            self._host.opened(conversation)
        self._carry_on(conversation)

    def _carry_on(self, conversation: Conversation) -> None:
        """Carry off what a conversation brought, and give it what comes next."""
        transactions = conversation.transactions
        if transactions.ended or transactions.ready:
            self._carry_off(conversation)
        if transactions.offered is None:
            if conversation.may_offer:
                self._offer_next(conversation)
            elif conversation.is_done:
                self._part(conversation)
        if conversation.connection.wants_to_write is not conversation.is_watched:
            self._watch.look_after(conversation)

    def _carry_off(self, conversation: Conversation) -> None:
        """Take what the conversation brought: who is ready, and who has been answered."""
        transactions = conversation.transactions
        if transactions.ended:
            for job, receipt in transactions.ended:
                self._receipts.append((job.parcel, receipt))
            transactions.ended.clear()
        if transactions.ready:
            if transactions.pipelines:
                self._host.has_pipelined = True
            (job,) = transactions.ready
            transactions.ready.clear()
            self._offered[job.parcel.key] = conversation
            if job.is_released:  # on record as started already, and has never left
                self.release([job.parcel])
            else:
                self._ready.append(job.parcel)

    def _part(self, conversation: Conversation) -> None:
        try:
            conversation.part(monotonic())
        except DeliveryError:
            self._drop(conversation, "closed")
        else:
            self._watch.look_after(conversation)

    def _lose(self, conversation: Conversation, error: DeliveryError) -> None:
        """End a conversation that broke, and see to it that its jobs are done elsewhere.

        One that only could not offer a job of its own accord goes on to be answered.
        """
        now = monotonic()
        if conversation.is_open and not isinstance(error, LostConnectionError):
            self._fail(error, now)
            return
        try:
            self._host.lost(conversation, error, len(self._conversations) - 1, now)
        except DeliveryError as final:
            self._fail(final, now)
        self._jobs.extendleft(self._drop(conversation, error.reason))

    def _drop(self, conversation: Conversation, reason: str) -> Sequence[Job]:
        """Let go of a connection; gives the jobs that may go over another one."""
        self._conversations.discard(conversation)
        self._watch.forget(conversation)
        offered = conversation.transactions.offered
        again = conversation.break_off(reason)
        if offered and self._offered.pop(offered.parcel.key, None):
            self._ready = [one for one in self._ready if one.key != offered.parcel.key]
        self._carry_off(conversation)
        return again

    def _fail(self, error: DeliveryError, now: float) -> None:
        """Begin nothing more; the first failure is the one to be told."""
        self._failure = self._failure or (error, now + _LAST_WORDS)

    def _report_failure(self, now: float) -> None:
        """Raise what the sink failed of, once all that left is answered for."""
        if self._failure is None or self._receipts:
            return
        error, latest = self._failure
        waiting = any(one.transactions.under_way for one in self._conversations)
        if now >= latest or not waiting:
            raise error

    def _enforce_deadlines(self, now: float) -> None:
        for conversation in list(self._conversations):
            if now <= conversation.deadline:
                continue
            if conversation.is_open and conversation.transactions.is_idle:
                self._part(conversation)
            else:
                self._lose(conversation, conversation.run_out())
