"""Knock at a web server, to learn of its TLS, its certificate, and whether it answers."""

import ssl
from collections.abc import Sequence
from datetime import UTC, datetime
from http.client import HTTPException, HTTPResponse
from socket import create_connection

from distribute.checks.domain.encounter import Encounter

TIMEOUT = 10.0
"""Seconds for each step."""


def knock(
    host: str, port: int, addresses: Sequence[str], *, timeout: float = TIMEOUT
) -> Encounter:
    """Visit ``https://host:port/`` at the first of its addresses that can be reached.

    Nothing is changed there: the question is HEAD. Never raises.
    """
    where = f"{host}:{port}"
    problem = "it has no address"
    for address in addresses:
        try:
            return _visit(host, port, address, timeout)
        except ssl.SSLCertVerificationError as error:
            return Encounter(
                where=where,
                problem=f"its certificate is not valid: {error.verify_message}",
                hint=f"Get one for {host} that is valid, with the whole chain.",
            )
        except (OSError, HTTPException, ValueError) as error:
            problem = _words(error)
    return Encounter(where=where, problem=problem)


def expiry(certificate: object) -> datetime | None:
    """Tell when a certificate ends, as `ssl.SSLSocket.getpeercert` gives it."""
    end = certificate.get("notAfter") if isinstance(certificate, dict) else None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(end), UTC) if end else None


def _visit(host: str, port: int, address: str, timeout: float) -> Encounter:
    context = ssl.create_default_context()
    with (
        create_connection((address, port), timeout) as plain,
        context.wrap_socket(plain, server_hostname=host) as line,
    ):
        line.sendall(
            f"HEAD / HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n"
            "User-Agent: distribute-doctor\r\n\r\n".encode("ascii")
        )
        response = HTTPResponse(line, method="HEAD")
        response.begin()
        return Encounter(
            where=f"{host}:{port}",
            protocol=line.version() or "",
            expires=expiry(line.getpeercert()),
            status=response.status,
        )


def _words(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ssl.SSLError):
        return f"no TLS: {error.reason or error}"
    if isinstance(error, OSError):
        return f"cannot be reached: {error.strerror or error}"
    return f"does not speak HTTP: {type(error).__name__}"
