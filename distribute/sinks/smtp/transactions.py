"""The mail transactions of one connection: replies in, octets out. No socket here.

With PIPELINING (RFC 2920) the MAIL, RCPT and DATA of the next message travel behind the
final dot of the one before it, so that a message costs one round trip. Without it each
command waits for its reply (RFC 5321 section 3.3).

The moment that matters is the final dot. Before it has left, a broken connection has
delivered nothing, and the message may be sent again; after it, and before the reply,
nobody can know, and the receipt says so.
"""

from collections import deque
from collections.abc import Sequence
from math import inf

from distribute.campaign.campaign import Receipt, Stage
from distribute.errors import LostConnectionError
from distribute.sinks.smtp import commands
from distribute.sinks.smtp.awaited import ENVELOPE, STAGES, Asked, wait_for
from distribute.sinks.smtp.commands import Extensions
from distribute.sinks.smtp.job import Job
from distribute.sinks.smtp.loss import TRIES, put_off, stands, unconfirmed
from distribute.sinks.smtp.replies import (
    CLOSING,
    GarbledReplyError,
    Reply,
    parse_replies,
    receipt_of,
)
from distribute.sinks.smtp.usual import UsualEnvelope, usual_verdict
from distribute.sinks.smtp.waits import STALL

_GO_AHEAD = 354


class Transactions:
    """What is said and heard on one connection from its first MAIL on.

    `ready`, `ended` and `to_write` fill up and are emptied by whoever holds the
    connection. At any moment at most one job is offered, its envelope being said, and at
    most one is under way, its message being said or judged.
    """

    __slots__ = (
        "_asked", "_extensions", "_is_clean", "_is_muddled", "_last_words", "_refusal",
        "_unsaid", "_usual", "count", "ended", "is_spoiled", "offered",
        "pipelines", "ready", "to_write", "under_way",
    )  # fmt: skip

    def __init__(self, extensions: Extensions, *, may_pipeline: bool = True) -> None:
        self.pipelines = may_pipeline and "PIPELINING" in extensions
        self.offered: Job | None = None
        self.under_way: Job | None = None
        self.count = 0
        """How many messages were said on this connection."""
        self.is_spoiled = False
        """Whether the server gave the connection up in place of a verdict."""
        self.ready: list[Job] = []
        self.ended: list[tuple[Job, Receipt]] = []
        self.to_write: list[bytes] = []
        self._extensions = extensions
        self._usual = UsualEnvelope(extensions)
        self._asked: deque[Asked] = deque()
        self._unsaid: list[tuple[Asked, bytes]] = []
        self._refusal: Receipt | None = None
        self._last_words: Reply | None = None
        self._is_clean = True
        """Whether the server remembers nothing of an envelope that was given up."""
        self._is_muddled = False
        """Whether it took a recipient after it had refused the sender."""

    @property
    def may_offer(self) -> bool:
        """Whether an envelope can be said now, if only behind a message."""
        if self.offered is not None:
            return False
        if not self._asked:
            return True
        return self.pipelines and len(self._asked) == 1 and self.awaits_verdict

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way."""
        return self.offered is None and not self._asked

    @property
    def is_stalling(self) -> bool:
        """Whether the server answered some of the commands sent at once, and not the rest.

        One that offers PIPELINING and does not mean it throws them away.
        """
        if not (self.pipelines and self._asked and self.offered):
            return False
        first = self._asked[0]
        return first is not Asked.END and (first is not Asked.MAIL or self.count > 0)

    @property
    def is_next_unheard(self) -> bool:
        """Whether others were served here, and nothing was said of the next recipient."""
        is_open = Asked.RCPT in self._asked or len(self._unsaid) > 1
        return self.count > 0 and self.offered is not None and is_open

    @property
    def patience(self) -> float:
        """Seconds to wait for the next reply; infinite if none is to come."""
        if not self._asked:
            return inf
        return STALL if self.is_stalling else wait_for(self._asked[0])

    @property
    def awaits_verdict(self) -> bool:
        """Whether the next reply judges a message."""
        return bool(self._asked) and self._asked[0] is Asked.END

    def offer(self, job: Job) -> bool:
        """Begin a transaction; false if this server cannot serve that recipient at all.

        Raises `PermanentDeliveryError` for what would befall any recipient; the job is
        kept until `break_off` gives it back.
        """
        self.offered, self._refusal = job, None
        envelope = self._usual.write(job.parcel)
        if envelope is None:
            objection = commands.objection(job.parcel, self._extensions)
            if objection is not None:
                self.offered = None
                self.ended.append((job, objection))
                return False
            envelope = commands.envelope_commands(job.parcel, self._extensions)
        job.prepare()
        if self.pipelines:
            if not self._is_clean:
                self._say(Asked.RSET, commands.RSET)
                self._is_clean = True
            self._asked.extend(ENVELOPE)
            self.to_write.append(envelope)
        else:
            lines = envelope.splitlines(keepends=True)
            self._unsaid = list(zip(ENVELOPE, lines, strict=True))
            if not self._is_clean:
                self._unsaid.insert(0, (Asked.RSET, commands.RSET))
                self._is_clean = True
            self._say(*self._unsaid.pop(0))
        return True

    def release(self) -> Job:
        """Say the message of the job that is ready, final dot and all."""
        job = _held(self.offered)
        self.to_write.extend(job.content)
        job.is_released = True
        self.offered, self.under_way = None, job
        self.count += 1
        self._asked.append(Asked.END)
        return job

    def hear(self, buffer: bytes, *, dot_has_left: bool = True) -> bytes:
        """Take in what the server said, and give back what is not a whole reply yet.

        `dot_has_left`: whether the message under way has gone out. `LostConnectionError`
        means what is no SMTP, an answer to nothing, or that the server gives up.
        """
        if dot_has_left and self.under_way and self.offered and len(self._asked) == 4:
            receipt = usual_verdict(buffer)
            if receipt is not None:
                self.ended.append((self.under_way, receipt))
                self.ready.append(self.offered)
                self.under_way = None
                self._asked.clear()
                return b""
        length = -1
        while buffer and length:
            try:
                replies, length = parse_replies(buffer)
            except GarbledReplyError as error:
                raise LostConnectionError(f"the server sent {error}") from error
            for reply in replies:
                if not dot_has_left and self.awaits_verdict:
                    self._end_early(reply)
                self._hear(reply)
            buffer = buffer[length:]
            if not self.pipelines and replies and (buffer or replies[1:]):
                raise LostConnectionError("the server spoke out of turn")
        return buffer

    def _hear(self, reply: Reply) -> None:
        if not self._asked:
            raise self._lost(reply, "the server spoke out of turn")
        asked = self._asked.popleft()
        if asked is Asked.END:
            self._end(reply)
        elif reply.code == CLOSING:
            raise self._lost(reply, "the server closed the connection")
        elif asked is Asked.MAIL or asked is Asked.RCPT:
            self._hear_about_envelope(asked, reply)
        elif asked is Asked.DATA:
            self._hear_about_data(reply)
        elif asked is Asked.RSET and not reply.is_positive:
            raise self._lost(reply, "the server would not reset")
        elif self._unsaid:
            self._say(*self._unsaid.pop(0))

    def _end(self, reply: Reply) -> None:
        job, self.under_way = _held(self.under_way), None
        self.ended.append((job, receipt_of(reply, Stage.END)))
        if reply.code == CLOSING or reply.code // 100 == 3:
            self.is_spoiled = True
            raise self._lost(reply, "the server closed the connection")

    def _end_early(self, reply: Reply) -> None:
        """Meet a verdict on a message that has not gone out: only a refusal can be true.

        Whatever followed on this connection would be taken for the rest of the message.
        """
        if reply.code != CLOSING and (reply.is_transient or reply.is_permanent):
            self._end(reply)
        raise self._lost(reply, "the server did not hear the message out")

    def _hear_about_envelope(self, asked: Asked, reply: Reply) -> None:
        """Note a refusal of the sender or recipient; the first one counts."""
        if not reply.is_positive and self._refusal is None:
            if not (reply.is_transient or reply.is_permanent):
                raise self._lost(reply, "the server gave an answer out of turn")
            self._refusal = receipt_of(reply, STAGES[asked])
        elif asked is Asked.RCPT and self._refusal and reply.is_positive:
            self._is_muddled = True
        if self.pipelines:
            return
        if self._refusal is None:
            self._say(*self._unsaid.pop(0))
        else:
            self._give_up(self._refusal)

    def _hear_about_data(self, reply: Reply) -> None:
        job = _held(self.offered)
        if reply.code == _GO_AHEAD:
            if self._refusal is None:
                self.ready.append(job)
            else:
                self._give_up(self._refusal)
                self._end_for_nobody(reply)
        elif reply.is_transient or reply.is_permanent:
            self._give_up(self._refusal or receipt_of(reply, Stage.DATA))
        else:
            raise self._lost(reply, "the server gave an answer out of turn")

    def _end_for_nobody(self, reply: Reply) -> None:
        """Answer 354 where nobody is left to write to (RFC 2920 section 3.1)."""
        if self._is_muddled:  # and a dot alone would be an empty message to somebody
            raise self._lost(reply, "the server took a recipient without a sender")
        self._say(Asked.LONE_DOT, commands.END_OF_DATA)
        self._is_clean = True

    def _give_up(self, refusal: Receipt) -> None:
        """End the offered job with a refusal; the server must forget its envelope."""
        job, self.offered = _held(self.offered), None
        self.ended.append((job, refusal))
        self._unsaid = []
        self._is_clean = False

    def _say(self, asked: Asked, line: bytes) -> None:
        self._asked.append(asked)
        self.to_write.append(line)

    def break_off(self, reason: str, *, dot_has_left: bool) -> Sequence[Job]:
        """End with the connection, and give the jobs that may go over another one.

        A job whose final dot has left, and nobody answered for, is uncertain. One that
        broke its connections again and again is put off, like all that fails in passing.
        """
        is_to_blame = not self.is_next_unheard
        self.ready.clear()
        judged, self.under_way = self.under_way, None
        offered, self.offered = self.offered, None
        if judged and dot_has_left:
            self.ended.append((judged, unconfirmed(reason)))
            judged = None
        if offered and self._refusal and stands(self._refusal):
            self.ended.append((offered, self._refusal))
            offered = None
        again = []
        for job in filter(None, (judged, offered)):
            job.tries += is_to_blame or job is judged
            if job.tries < TRIES:
                again.append(job)
            else:
                self.ended.append((job, put_off(reason, self._last_words)))
        return again

    def _lost(self, reply: Reply, reason: str) -> LostConnectionError:
        self._last_words = reply
        return LostConnectionError(f"{reason}: {reply}")


def _held(job: Job | None) -> Job:
    if job is None:
        raise AssertionError("a reply is expected only where there is a job")
    return job
