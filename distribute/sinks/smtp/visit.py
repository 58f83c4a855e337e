"""Visit the mail server without sending anything: greeting, EHLO, TLS, and good-bye."""

import select
from collections.abc import Sequence
from dataclasses import replace
from time import monotonic

from distribute.checks.domain.encounter import Encounter
from distribute.errors import DeliveryError, LostConnectionError
from distribute.sinks.knock import expiry
from distribute.sinks.smtp import commands
from distribute.sinks.smtp.connection import (
    Address,
    Connection,
    tls_context,
    unreachable,
)
from distribute.sinks.smtp.dialogue import Say, StartTls
from distribute.sinks.smtp.replies import GarbledReplyError, Reply, parse_reply
from distribute.sinks.smtp.server import SmtpServer
from distribute.sinks.smtp.session import opening

TIMEOUT = 10.0
"""Seconds for all of it."""


def visit(
    server: SmtpServer, addresses: Sequence[Address], *, timeout: float = TIMEOUT
) -> Encounter:
    """Come as far as a sending would before it logs in, by the same steps. Never raises."""
    where = f"{server.host}:{server.port}"
    stranger = replace(server, username="", password="", token_command="")
    error: DeliveryError = unreachable(server)
    for address in addresses:
        try:
            return _Visit(stranger, address, monotonic() + timeout).encounter(where)
        except DeliveryError as failure:
            error = failure
        except OSError as failure:
            error = unreachable(server, failure)
    return Encounter(where=where, problem=error.reason, hint=error.hint)


class _Visit:
    """One connection, waited for at each step."""

    def __init__(self, server: SmtpServer, address: Address, deadline: float) -> None:
        self._server, self._deadline = server, deadline
        self._buffer = b""
        self._connection = Connection(server, address)

    def encounter(self, where: str) -> Encounter:
        """Go through the opening; raises `DeliveryError` where it fails."""
        try:
            self._wait()
            self._connection.check_connected()
            self._open()
            self._connection.write([commands.QUIT])
            tls = self._connection.tls
            return Encounter(
                where=where,
                protocol=(tls.version() or "") if tls else "",
                expires=expiry(tls.getpeercert()) if tls else None,
            )
        finally:
            self._connection.close()

    def _open(self) -> None:
        script = opening(
            self._server,
            is_local=self._connection.is_local,
            address_literal=self._connection.address_literal,
        )
        answer: Reply | None = None
        while True:
            try:
                step = script.send(answer)
            except StopIteration:
                return
            answer = self._carry_out(step)

    def _carry_out(self, step: Say | StartTls) -> Reply | None:
        if isinstance(step, Say):
            if step.content:
                self._connection.write([step.content])
            return self._reply()
        self._connection.begin_tls(tls_context(self._server))
        while not self._connection.shake_hands():
            self._wait()
        return None

    def _reply(self) -> Reply:
        while True:
            try:
                found = parse_reply(self._buffer)
            except GarbledReplyError as error:
                raise LostConnectionError(
                    f"the server does not speak SMTP: {error}"
                ) from error
            if found:
                self._buffer = self._buffer[found[1] :]
                return found[0]
            self._wait()
            self._buffer += self._connection.read()

    def _wait(self) -> None:
        """Wait until the connection can go on, at most until the deadline."""
        writable = [self._connection] if self._connection.wants_to_write else []
        left = max(0.0, self._deadline - monotonic())
        ready = select.select([self._connection], writable, [], left)
        if not (ready[0] or ready[1]):
            raise LostConnectionError("the server did not answer in time")
        if ready[1] and self._connection.unsent:
            self._connection.flush()
