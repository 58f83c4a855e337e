"""Know the server: where it is, how many connections it bears, and what it means.

A server is told apart from its connections here: they come and go, and what was learned
from those that went decides about the next.
"""

from collections.abc import Sequence
from functools import cache

from distribute.campaign.campaign import Receipt
from distribute.errors import DeliveryError
from distribute.sinks.smtp.allowance import Allowance
from distribute.sinks.smtp.connection import tls_context
from distribute.sinks.smtp.conversation import Conversation
from distribute.sinks.smtp.phase import Phase
from distribute.sinks.smtp.route import Route
from distribute.sinks.smtp.server import SmtpServer


class Host:
    """Opens conversations with a server, as many and as fast as it deserves.

    Raises `DeliveryError` where no further conversation would fare better.
    """

    def __init__(self, server: SmtpServer) -> None:
        self._server = server
        self._route = Route(server)
        self._allowance = Allowance(server.connections, server.patience)
        self._tls = cache(lambda: tls_context(server))
        self._may_pipeline = True
        self.has_pipelined = False
        """Whether the server has been seen to keep what it says about PIPELINING."""
        self._most = server.renew_after
        """Messages on one connection; 0: any number."""
        self._counts: tuple[int, ...] = ()
        """How many there were on the last that the server ended between two messages."""

    @property
    def allowed(self) -> int:
        """How many conversations there may be."""
        return self._allowance.allowed

    def wait(self, live: int, now: float) -> float:
        """Give the seconds until one more than `live` may be begun; 0 if it may now."""
        return self._allowance.wait(live, now)

    def call(self, live: int, now: float) -> Conversation | None:
        """Begin a conversation; gives none if that failed at once, and others may not."""
        try:
            address, wait = self._route.next(now)
        except DeliveryError as error:
            self._allowance.failed(error, live, now, was_reached=False)
            return None
        try:
            return Conversation(
                self._server,
                address,
                tls=self._tls,
                may_pipeline=self._may_pipeline,
                most=self._most,
                deadline=now + self._server.wait(wait),
            )
        except DeliveryError as error:
            if self._route.failed(address):
                self._allowance.failed(error, live, now, was_reached=False)
            return None

    def opened(self, conversation: Conversation) -> None:
        """Note that a conversation has come as far as MAIL."""
        self._route.worked(conversation.address)
        self._allowance.opened()

    def heard(self, receipts: Sequence[Receipt], now: float) -> None:
        """Take note of receipts."""
        self._allowance.heard(receipts, now)

    def lost(
        self, conversation: Conversation, error: DeliveryError, live: int, now: float
    ) -> None:
        """Learn from a conversation that is at its end; `live` others are left."""
        if conversation.phase is Phase.CONNECTING:
            if self._route.failed(conversation.address):
                self._allowance.failed(error, live, now, was_reached=False)
            return
        self._judge_pipelining(conversation)
        if live and conversation.is_coming:
            self._allowance.crowded(now)
        if conversation.is_busy and not self._is_limit(conversation):
            self._allowance.failed(error, live, now, was_reached=True)

    def _is_limit(self, conversation: Conversation) -> bool:
        """Tell whether the server ends connections after so many messages, and learn it.

        Thrice in a row after as many is no accident; the next ones end by themselves.
        """
        transactions = conversation.transactions
        is_between = not (transactions.under_way or transactions.is_spoiled)
        if not (is_between and transactions.is_next_unheard):
            return False
        self._counts = (*self._counts[-2:], transactions.count)
        is_limit = self._counts == (transactions.count,) * 3
        if is_limit:
            self._most = transactions.count
        return is_limit

    def _judge_pipelining(self, conversation: Conversation) -> None:
        """Do without PIPELINING where it is offered and does not work.

        As long as it has never worked, try with and without it in turns.
        """
        transactions = conversation.transactions
        if conversation.mistrusts_pipelining:
            self._may_pipeline = False
        elif conversation.is_open and transactions.offered and not self.has_pipelined:
            self._may_pipeline = not transactions.pipelines
