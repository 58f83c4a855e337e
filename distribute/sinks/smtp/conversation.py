"""One connection to a mail server from its beginning to its end, with its deadlines."""

import errno
import ssl
from collections.abc import Callable, Generator, Sequence
from math import inf

from distribute.errors import (
    DeliveryError,
    LostConnectionError,
    PermanentDeliveryError,
)
from distribute.sinks.smtp import commands
from distribute.sinks.smtp.commands import Extensions
from distribute.sinks.smtp.connection import Address, Connection, unreachable
from distribute.sinks.smtp.dialogue import Say, StartTls
from distribute.sinks.smtp.job import Job
from distribute.sinks.smtp.phase import Phase
from distribute.sinks.smtp.replies import GarbledReplyError, Reply, parse_reply
from distribute.sinks.smtp.server import SmtpServer
from distribute.sinks.smtp.session import opening
from distribute.sinks.smtp.transactions import Transactions
from distribute.sinks.smtp.waits import COMMAND, DATA_BLOCK, IDLE, PARTING

_HUNG_UP = (errno.ECONNRESET, errno.ENOTCONN)  # somebody was there, and is gone again


class Conversation:
    """Drives the opening, then the transactions, of one connection.

    Every method returns at once. Any `DeliveryError` ends the conversation; call
    `break_off` then.
    """

    def __init__(
        self,
        server: SmtpServer,
        address: Address,
        *,
        tls: Callable[[], ssl.SSLContext],
        may_pipeline: bool,
        most: int,
        deadline: float,
    ) -> None:
        """Begin to connect, for `most` messages; raises `DeliveryError` if it cannot."""
        self.address = address
        self.is_watched: bool | None = None
        """Whether somebody looks out for when it can be written to; `None`: or read."""
        self.phase = Phase.CONNECTING
        self.transactions = Transactions({})
        self.mistrusts_pipelining = False
        """Whether the server offered PIPELINING and seems not to mean it."""
        self._server = server
        self._tls = tls
        self._may_pipeline = may_pipeline
        self._most = most
        self._script: Generator[Say | StartTls, Reply | None, Extensions] | None = None
        self._buffer = b""
        self._behind: list[bytes] = []
        """What is said behind the final dot of the message under way."""
        try:
            self.connection = Connection(server, address)
        except OSError as error:
            raise unreachable(server, error) from error
        self.number = self.connection.fileno()
        """What the system calls it, for a selector; stays the same to the end."""
        self._since, self._patience = deadline, 0.0
        """When something happened, in monotonic seconds, and how long until the next
        thing must: worked out anew at each look once the conversation is open."""

    @property
    def deadline(self) -> float:
        """When patience ends with what is being waited for; monotonic seconds."""
        return self._since + (self._wait() if self.is_open else self._patience)

    @property
    def is_busy(self) -> bool:
        """Whether its end would be a failure."""
        if self.is_open:
            return self.transactions.is_spoiled or not self.transactions.is_idle
        return self.phase is not Phase.PARTING

    @property
    def is_open(self) -> bool:
        """Whether messages can be sent on it."""
        return self.phase is Phase.OPEN

    @property
    def is_over(self) -> bool:
        """Whether the connection is closed."""
        return self.phase is Phase.OVER

    @property
    def is_coming(self) -> bool:
        """Whether messages can be sent on it before long."""
        return self.phase not in (Phase.OPEN, Phase.PARTING, Phase.OVER)

    @property
    def is_spent(self) -> bool:
        """Whether it has carried as many messages as one connection shall."""
        return 0 < self._most <= self.transactions.count

    @property
    def is_done(self) -> bool:
        """Whether it has carried all that it shall, and may be ended."""
        return self.is_open and self.is_spent and self.transactions.is_idle

    @property
    def may_offer(self) -> bool:
        """Whether another job can be offered now."""
        return self.is_open and not self.is_spent and self.transactions.may_offer

    def on_writable(self, now: float) -> None:
        """Go on with what waited for the network to take more."""
        if self.phase is Phase.CONNECTING:
            self._begin(now)
        elif self.phase is Phase.SHAKING_HANDS:
            self._shake_hands(now)
        else:
            self.connection.flush()
            self._since = now

    def on_readable(self, now: float) -> None:
        """Hear what has arrived."""
        if self.phase is Phase.OPEN:
            self._hear_replies(now)
        elif self.phase is Phase.OPENING:
            self._buffer += self.connection.read()
            self._go_on_opening(now)
        elif self.phase is Phase.SHAKING_HANDS:
            self._shake_hands(now)
        elif self.phase is Phase.PARTING:
            self.connection.read()
            raise LostConnectionError("the conversation is over")

    def offer(self, job: Job, now: float) -> bool:
        """Begin a transaction; false if this server cannot serve that recipient at all."""
        if not self.transactions.offer(job):
            return False
        unsent = self._behind if self.connection.wants_to_write else []
        self._behind = [*unsent, *self.transactions.to_write]
        self._write(now)
        return True

    def release(self, next_job: Callable[[], Job | None], now: float) -> None:
        """Let the message of the ready job leave, with the next envelope behind it."""
        transactions = self.transactions
        transactions.release()
        said = len(transactions.to_write)
        try:
            if transactions.pipelines and not self.is_spent:
                following = next_job()
                while following is not None and not transactions.offer(following):
                    following = next_job()
        finally:
            self._behind = transactions.to_write[said:]
            self._write(now)

    def part(self, now: float) -> None:
        """Say QUIT; the server's answer ends the conversation."""
        self.phase = Phase.PARTING
        self._be_patient(PARTING, now)
        self.connection.write([commands.QUIT])

    def break_off(self, reason: str) -> Sequence[Job]:
        """Let go of the connection, and give the jobs that may go over another one."""
        dot_has_left = self._dot_has_left
        self.phase = Phase.OVER
        self.connection.close()
        return self.transactions.break_off(reason, dot_has_left=dot_has_left)

    def run_out(self) -> DeliveryError:
        """Say what was waited for in vain."""
        if self.phase is Phase.CONNECTING:
            return unreachable(self._server)
        if self.transactions.is_stalling:
            self.mistrusts_pipelining = True
            return LostConnectionError("the server did not answer pipelined commands")
        return LostConnectionError("the server did not answer in time")

    @property
    def _dot_has_left(self) -> bool:
        return self.connection.unsent <= sum(map(len, self._behind))

    def _begin(self, now: float) -> None:
        """Start the opening on a connection that stands."""
        try:
            self.connection.check_connected()
            is_local = self.connection.is_local
            name = self.connection.address_literal
        except OSError as error:
            if error.errno in _HUNG_UP:
                self.phase = Phase.OPENING
                raise LostConnectionError(f"connection lost: {error}") from error
            raise unreachable(self._server, error) from error
        self._script = opening(self._server, is_local=is_local, address_literal=name)
        self.phase = Phase.OPENING
        self._carry_out(None, now)

    def _go_on_opening(self, now: float) -> None:
        try:
            parsed = parse_reply(self._buffer)
        except GarbledReplyError as error:
            raise LostConnectionError(f"the server sent {error}") from error
        if parsed:
            reply, length = parsed
            self._buffer = self._buffer[length:]
            self._carry_out(reply, now)

    def _carry_out(self, reply: Reply | None, now: float) -> None:
        """Do what the script of the opening wants next."""
        if self._script is None:
            return
        try:
            step = self._script.send(reply)
        except StopIteration as end:
            self._open(end.value, now)
            return
        if isinstance(step, StartTls):
            self._start_tls(now)
            return
        self._refuse_early_words()
        self._be_patient(step.wait, now)
        if step.content:
            self.connection.write([step.content])

    def _refuse_early_words(self) -> None:
        """Make sure that the next reply will be the answer to what is said next."""
        if self._buffer:
            raise LostConnectionError(
                f"the server spoke out of turn: {self._buffer[:80]!r}"
            )

    def _open(self, extensions: Extensions, now: float) -> None:
        self._refuse_early_words()
        self._script = None
        self.phase = Phase.OPEN
        self.transactions = Transactions(extensions, may_pipeline=self._may_pipeline)
        self._since = now

    def _start_tls(self, now: float) -> None:
        """Begin TLS; what came before it in plain text may be an attacker's.

        See RFC 3207 section 4.2.
        """
        if self._buffer:
            raise PermanentDeliveryError(
                "the server sent something in plain text before TLS began",
                hint="Somebody may be tampering with the connection; do not send.",
            )
        self.phase = Phase.SHAKING_HANDS
        self._be_patient(COMMAND, now)
        self.connection.begin_tls(self._tls())
        self._shake_hands(now)

    def _shake_hands(self, now: float) -> None:
        if self.connection.shake_hands():
            self.phase = Phase.OPENING
            self._carry_out(None, now)

    def _hear_replies(self, now: float) -> None:
        heard = self.connection.read()
        if not heard:
            return
        buffer = self._buffer + heard if self._buffer else heard
        all_has_left = not self.connection.wants_to_write
        self._buffer = self.transactions.hear(
            buffer, dot_has_left=all_has_left or self._dot_has_left
        )
        if self.transactions.to_write:
            self._write(now)
        elif len(self._buffer) < len(buffer):  # a reply, and not a part of one
            self._since = now

    def _write(self, now: float) -> None:
        pieces = self.transactions.to_write
        self.transactions.to_write = []
        self._since = now
        self.connection.write(pieces)

    def _be_patient(self, seconds: float, now: float) -> None:
        """Wait so long from now, or as long as is configured."""
        self._since, self._patience = now, self._server.wait(seconds)

    def _wait(self) -> float:
        """Seconds to wait on an open connection; infinite if the next word is ours."""
        wait = self.transactions.patience
        if self.connection.wants_to_write:
            wait = DATA_BLOCK
        if wait < inf:
            return self._server.wait(wait)
        return IDLE if self.transactions.is_idle else inf
