"""What `distribute serve` needs to know besides where it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_network

from distribute.campaign.returned.provider import Provider
from distribute.config.interpreter import Interpreter
from distribute.config.tables import PublicTable
from distribute.config.values import parse_duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """How the public side answers."""

    confirm_within: timedelta
    """How long the link in a letter that asks to confirm is good."""
    proxies: tuple[str, ...]
    """Networks of those whose X-Forwarded-For is believed."""
    hooks: Mapping[str, str]
    """Environment variable with the secret of each provider that may notify us."""


def read_serving(table: PublicTable, reader: Interpreter) -> Serving | None:
    """Say how the public side answers."""
    within = reader.take("public.confirm_within", _parse_within, table.confirm_within)
    proxies = [
        reader.take("public.proxies", _parse_network, written)
        for written in table.proxies
    ]
    known = [provider.value for provider in Provider]
    for name in table.hooks:
        if name not in known:
            reader.problems.add(
                f"public.hooks.{name}",
                f"no such provider; there are {', '.join(known)}",
            )
    if within is None:
        return None
    return Serving(
        confirm_within=within,
        proxies=tuple(filter(None, proxies)),
        hooks=dict(table.hooks),
    )


def _parse_within(text: str) -> timedelta:
    span = parse_duration(text)
    if span < timedelta(hours=1):
        raise ValueError(f"{text!r} is too short: mail may take an hour to arrive")
    return span


def _parse_network(text: str) -> str:
    """Read an address or a network, such as ``10.0.0.0/8``."""
    try:
        return str(ip_network(text.strip(), strict=False))
    except ValueError as error:
        raise ValueError(
            f"{text!r} is neither an address nor a network such as 10.0.0.0/8"
        ) from error
