"""Ask the world about a newsletter: the DNS, the mail servers, the web server."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

from distribute.checks.domain.encounter import (
    Encounter,
    judge_mail_server,
    judge_web,
)
from distribute.checks.domain.examine import examine_domain
from distribute.checks.domain.judgement import Judgement
from distribute.checks.domain.lookup import Address, Lookup, all_addresses
from distribute.checks.domain.names import is_local_host
from distribute.checks.domain.reverse import origin_of
from distribute.checks.domain.sending import Origin, all_of
from distribute.checks.domain.situation import Situation
from distribute.errors import DeliveryError
from distribute.sinks.knock import knock
from distribute.sinks.smtp.route import look_up, socket_addresses
from distribute.sinks.smtp.server import SmtpServer
from distribute.sinks.smtp.visit import visit

_HTTPS = 443


def consult(
    situation: Situation,
    lookup: Lookup,
    *,
    servers: Sequence[SmtpServer],
    addresses: tuple[Address, ...],
    now: datetime,
) -> Iterator[Judgement]:
    """Judge all that takes a question; `addresses` are those that mail comes from."""
    yield from examine_domain(situation, lookup, _origin(servers, lookup, addresses))
    for server in servers:
        encounter = _at_mail_server(server, lookup)
        is_local = is_local_host(server.host)
        yield from judge_mail_server(encounter, now, is_local=is_local)
    parts = urlsplit(situation.public.public_url)
    if parts.scheme == "https" and parts.hostname:
        port = parts.port or _HTTPS
        found = _addresses(lookup, parts.hostname)
        yield from judge_web(knock(parts.hostname, port, found), now)


def _origin(
    servers: Sequence[SmtpServer], lookup: Lookup, addresses: tuple[Address, ...]
) -> Origin:
    """Find out from where the mail of all servers comes."""
    return all_of(
        [
            origin_of(lookup, host, addresses, is_local=is_local_host(host))
            for host in dict.fromkeys(server.host for server in servers)
        ]
    )


def _at_mail_server(server: SmtpServer, lookup: Lookup) -> Encounter:
    """Visit it where the DNS says it is; else where this machine knows it."""
    found = _addresses(lookup, server.host)
    try:
        return visit(server, socket_addresses(found, server.port) or look_up(server))
    except DeliveryError as error:
        where = f"{server.host}:{server.port}"
        return Encounter(where=where, problem=error.reason, hint=error.hint)


def _addresses(lookup: Lookup, host: str) -> tuple[str, ...]:
    """Find a host as everybody does."""
    if is_local_host(host):
        return ("127.0.0.1", "::1") if host == "localhost" else (host,)
    try:
        return (str(ip_address(host)),)
    except ValueError:
        return tuple(map(str, all_addresses(lookup, host).values))
