"""The tables about how mail goes out: the servers, their pace, and the signatures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from distribute.campaign.plan.late import LatePolicy
from distribute.campaign.sender import Sender
from distribute.config.interpreter import Interpreter
from distribute.config.tables import DeliveryTable, DkimTable, RelayTable, SmtpTable
from distribute.config.values import (
    parse_connections,
    parse_domain,
    parse_duration,
    parse_limit,
    parse_name,
    parse_port,
    parse_rate,
    parse_renewal,
    parse_selector,
    parse_timeout,
)
from distribute.sinks.smtp.server import SmtpServer


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """How many messages go out in a second at most; 0 means as fast as they are taken."""

    overall: float = 0.0
    """By all relays together: the sum of their rates, 0 where any has none."""
    domains: Mapping[str, float] = field(default_factory=dict)
    """By domain of the recipient, as `Mailbox.key` has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelaySettings:
    """One of the servers that take the messages."""

    name: str
    """No two have the same."""
    table: str
    """How messages name the table of its settings: ``[smtp]``."""
    server: SmtpServer
    """How to reach it, all but the password."""
    password_source: str = ""
    """Where the password comes from: ``env:NAME``, ``file:PATH``, or empty."""
    rate: float = 0.0
    """Messages that it gets in a second at most; 0: as fast as it takes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrying:
    """What happens to deliveries that do not end at once."""

    retry_after: timedelta
    """The first wait after a reply that asks for patience; later ones are longer."""
    give_up_after: timedelta
    on_uncertain: str
    """About those that may have arrived: ``ask``, ``resend`` or ``skip``."""
    overdue: timedelta = timedelta(days=7)
    """An issue that is later than its time by more is not begun by itself."""
    late: LatePolicy = LatePolicy.MISSED
    """Who gets an edition that comes after its issue was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DkimSettings:
    """Which domain signs, and where its keys lie (RFC 6376)."""

    domain: str
    """That of the sender, or a parent of it."""
    keys: tuple[tuple[str, Path], ...]
    """Selector and PEM file of each."""


def read_relays(table: SmtpTable, reader: Interpreter) -> tuple[RelaySettings, ...]:
    """Say by which servers mail goes out; the one of ``[smtp]`` is the first.

    Those in which there is a mistake are left out.
    """
    others = {f"smtp.relays[{n}]": each for n, each in enumerate(table.relays, 1)}
    tables: dict[str, SmtpTable | RelayTable] = {"smtp": table} | others
    relays: dict[str, RelaySettings] = {}
    for at, each in tables.items():
        relay = _read_relay(at, each, reader)
        if relay is not None and relay.name in relays:
            reason = f"{relay.name!r} stands there twice; give one of them another name"
            reader.problems.add(f"{at}.{'name' if each.name else 'host'}", reason)
        elif relay is not None:
            relays[relay.name] = relay
    return tuple(relays.values())


def _read_relay(
    at: str, table: SmtpTable | RelayTable, reader: Interpreter
) -> RelaySettings | None:
    """Read one server's settings, whose key is `at`."""
    name = reader.take(f"{at}.name", parse_name, table.name or None)
    rate = reader.take(f"{at}.rate", parse_rate, table.rate)
    server = _read_server(at, table, reader)
    if server is None:
        return None
    name = name or table.host
    return RelaySettings(
        name=name,
        table="[smtp]" if at == "smtp" else f"[[smtp.relays]] {name}",
        server=server,
        password_source=_password_source(table),
        rate=rate or 0.0,
    )


def _read_server(
    at: str, table: SmtpTable | RelayTable, reader: Interpreter
) -> SmtpServer | None:
    """Say how to reach the server, all but the password."""
    port = reader.take(f"{at}.port", parse_port, table.port)
    connections = reader.take(f"{at}.connections", parse_connections, table.connections)
    renewal = reader.take(f"{at}.renew_after", parse_renewal, table.renew_after)
    timeout = reader.take(f"{at}.timeout", parse_timeout, table.timeout)
    patience = reader.take(f"{at}.patience", parse_duration, table.patience)
    for key, problem in _contradictions(at, table):
        reader.problems.add(f"{at}.{key}", problem)
    if port is None or connections is None or renewal is None or patience is None:
        return None
    return SmtpServer(
        host=table.host,
        port=port,
        security=table.security,
        username=table.username,
        token_command=table.token_command,
        auth=table.auth,
        ehlo_name=table.ehlo_name,
        ca_file=reader.beside(table.ca_file),
        connections=connections,
        renew_after=renewal,
        timeout=timeout,
        patience=patience.total_seconds(),
    )


def _password_source(table: SmtpTable | RelayTable) -> str:
    """Say where the password comes from: ``env:NAME``, ``file:PATH``, or nowhere."""
    if table.password_env:
        return f"env:{table.password_env}"
    return f"file:{table.password_file}" if table.password_file else ""


def read_rates(
    table: SmtpTable, relays: tuple[RelaySettings, ...], reader: Interpreter
) -> Rates:
    """Say how fast messages may go."""
    domains = {}
    for name, written in table.domains.items():
        key = f'smtp.domains."{name}"'
        domain = reader.take(key, parse_domain, name)
        limit = reader.take(key, parse_limit, written)
        if domain and limit:
            domains[domain] = limit
    rates = [relay.rate for relay in relays]
    return Rates(overall=sum(rates) if all(rates) else 0.0, domains=domains)


def read_retrying(table: DeliveryTable, reader: Interpreter) -> Retrying | None:
    """Say how long to go on with what does not end at once."""
    after = reader.take("delivery.retry_after", parse_duration, table.retry_after)
    up = reader.take("delivery.give_up_after", parse_duration, table.give_up_after)
    overdue = reader.take("delivery.overdue", parse_duration, table.overdue)
    if after is None or up is None or overdue is None:
        return None
    return Retrying(
        retry_after=after,
        give_up_after=up,
        on_uncertain=table.on_uncertain,
        overdue=overdue,
        late=LatePolicy(table.late),
    )


def read_dkim(
    table: DkimTable | None, sender: Sender | None, reader: Interpreter
) -> DkimSettings | None:
    """Say who signs; the files are read when there is something to sign."""
    if table is None:
        return None
    from distribute.campaign.message.dkim import is_aligned  # for who signs alone

    domain = reader.take("dkim.domain", parse_domain, table.domain)
    if domain and sender and not is_aligned(domain, sender.mailbox):
        reader.problems.add(
            "dkim.domain",
            f"{domain!r} is neither the domain of sender.from, {sender.mailbox.address},"
            " nor a parent of it, so receivers would not count the signature (DMARC)",
        )
    keys = _read_keys(table, reader)
    return DkimSettings(domain=domain, keys=keys) if domain else None


def _read_keys(table: DkimTable, reader: Interpreter) -> tuple[tuple[str, Path], ...]:
    if not table.keys:
        reader.problems.add("dkim.keys", "name at least one key: selector and file")
    keys: dict[str, Path] = {}
    for number, key in enumerate(table.keys, 1):
        at = f"dkim.keys[{number}]"
        selector = reader.take(f"{at}.selector", parse_selector, key.selector)
        path = reader.beside(key.file)
        if path is None:
            reader.problems.add(f"{at}.file", "names no file")
        elif selector in keys:
            reason = f"{selector!r} stands there twice; the DNS has one key a name"
            reader.problems.add(f"{at}.selector", reason)
        elif selector:
            keys[selector] = path
    return tuple(keys.items())


def _contradictions(at: str, table: SmtpTable | RelayTable) -> list[tuple[str, str]]:
    """Find what makes no sense together."""
    password = bool(table.password_env or table.password_file)
    found = []
    if table.token_command and password:
        reason = "stands beside a password; one of them is too many"
        found.append(("token_command", reason))
    if table.token_command and not table.username:
        found.append(("token_command", f"needs {at}.username: whose token it is"))
    if table.token_command and table.auth not in {"", "xoauth2"}:
        found.append(("auth", f"{table.auth} takes a password, not a token"))
    if table.auth == "xoauth2" and not table.token_command:
        found.append(("auth", f"xoauth2 needs {at}.token_command"))
    if table.auth and not table.username:
        found.append(("auth", f"needs {at}.username"))
    if table.password_env and table.password_file:
        reason = "stands beside password_env; one of them is too many"
        found.append(("password_file", reason))
    if table.username and not (password or table.token_command):
        reason = "needs a password: password_env or password_file, or token_command"
        found.append(("username", reason))
    return found
