"""Send over SMTP (RFC 5321): one connection, one recipient per transaction.

The moment that matters is the final dot. Before it has left, a broken connection has
delivered nothing and the message may be sent again; after it, and before the reply,
nobody can know, and the receipt says so.
"""

from contextlib import suppress

from distribute.campaign.campaign import Envelope, Outcome, Receipt
from distribute.errors import DeliveryError, PermanentDeliveryError
from distribute.sinks import smtp_commands as commands
from distribute.sinks.smtp_connection import (
    COMMAND,
    DATA_END,
    DATA_START,
    PARTING,
    LostConnectionError,
)
from distribute.sinks.smtp_replies import CLOSING, Reply, receipt_of
from distribute.sinks.smtp_server import SmtpServer
from distribute.sinks.smtp_session import Session, open_session, refused

__all__ = ["SmtpServer", "SmtpSink"]

_GO_AHEAD = 354


class SmtpSink:
    """Hands messages to one server, and connects when there is something to send."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server
        self._session: Session | None = None
        self._closed = False

    def send(self, envelope: Envelope, message: bytes) -> Receipt:
        """Send one message.

        4xx defers and 5xx rejects this recipient. A connection lost before the final dot
        is made anew once, one lost behind it gives an uncertain receipt. Raises
        `DeliveryError` for what would befall any recipient: no connection, no TLS, a
        refused login or sender, a message larger than the server takes.
        """
        if self._closed:
            raise PermanentDeliveryError("the sink is closed", hint="Open another.")
        content = commands.data(message)
        try:
            return self._attempt(envelope, message, content)
        except LostConnectionError:
            return self._attempt(envelope, message, content)

    def close(self) -> None:
        """Say QUIT, if there is still somebody to say it to."""
        self._closed = True
        if self._session:
            with suppress(DeliveryError):
                self._session.connection.ask(commands.QUIT, PARTING)
            self._hang_up()

    def _attempt(self, envelope: Envelope, message: bytes, content: bytes) -> Receipt:
        """Make one transaction on a connection that is ready, or a new one."""
        try:
            session = self._session = self._session or open_session(self._server)
            receipt = commands.objection(envelope, message, session.extensions)
            if receipt is None:
                commands.check_size(message, session.extensions)
                receipt = self._transact(session, envelope, message, content)
        except BaseException:
            self._hang_up()  # half a transaction must never be gone on with
            raise
        if receipt.code == CLOSING or receipt.outcome is Outcome.UNCERTAIN:
            self._hang_up()
        return receipt

    def _transact(
        self, session: Session, envelope: Envelope, message: bytes, content: bytes
    ) -> Receipt:
        """MAIL, RCPT, DATA, message (RFC 5321 section 3.3)."""
        connection = session.connection
        mail = commands.mail(envelope, message, session.extensions)
        reply = connection.ask(mail, COMMAND)
        if reply.code == CLOSING:
            raise LostConnectionError(f"the server closed the connection: {reply}")
        if reply.is_transient:
            return self._given_up(session, reply)
        if not reply.is_positive:
            raise refused(reply, f"the sender {envelope.mail_from}")
        reply = connection.ask(commands.rcpt(envelope), COMMAND)
        if not reply.is_positive:
            return self._given_up(session, reply)
        reply = connection.ask(commands.DATA, DATA_START)
        if reply.code != _GO_AHEAD:
            return self._given_up(session, reply)
        return self._deliver(session, content)

    def _deliver(self, session: Session, content: bytes) -> Receipt:
        """Send the message with its final dot, and wait for the verdict."""
        try:
            session.connection.write(content)
        except LostConnectionError as lost:
            if lost.reply is None or not _is_refusal(lost.reply):
                raise
            self._hang_up()
            return receipt_of(lost.reply)
        try:
            return receipt_of(session.connection.reply(DATA_END))
        except LostConnectionError as lost:
            return Receipt(
                outcome=Outcome.UNCERTAIN,
                text=f"sent, but not confirmed: {lost.reason}",
            )

    def _given_up(self, session: Session, reply: Reply) -> Receipt:
        """Turn a refusal into a receipt, and clear the server's buffers for the next."""
        if not _is_refusal(reply):
            raise LostConnectionError(f"the server gave an answer out of turn: {reply}")
        if reply.code != CLOSING:
            try:
                cleared = session.connection.ask(commands.RSET, COMMAND).is_positive
            except LostConnectionError:
                cleared = False
            if not cleared:
                self._hang_up()
        return receipt_of(reply)

    def _hang_up(self) -> None:
        if self._session:
            self._session.connection.close()
        self._session = None


def _is_refusal(reply: Reply) -> bool:
    return reply.is_transient or reply.is_permanent
