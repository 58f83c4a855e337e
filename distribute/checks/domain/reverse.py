"""Judge whether a sending address has a name that leads back to it."""

from collections.abc import Iterator
from functools import partial
from ipaddress import ip_address

from distribute.checks.domain.judgement import Judgement, Part, Verdict
from distribute.checks.domain.lookup import (
    Address,
    Answer,
    Lookup,
    State,
    Version,
    all_addresses,
)
from distribute.checks.domain.sending import Origin

_MOST_NAMES = 10


def judge_reverse(lookup: Lookup, origin: Origin) -> Iterator[Judgement]:
    """Judge each address that mail may come from."""
    if origin.problem:
        yield Judgement(
            id="reverse",
            part=Part.SERVER,
            verdict=Verdict.OPEN,
            about="name of its address",
            found=f"{origin.problem}: say --from-ip ADDRESS",
        )
    for address in origin.addresses:
        yield _judge(lookup, address, origin)


def _judge(lookup: Lookup, address: Address, origin: Origin) -> Judgement:
    bad = partial(
        Judgement,
        id="reverse",
        part=Part.SERVER,
        verdict=Verdict.PROBLEM if origin.is_certain else Verdict.ADVICE,
        about=f"name of {origin.of(address)}",
        why="Google and many others refuse mail from an address without a name that leads "
        "back to it"
        + ("." if origin.is_certain else "; it matters if it delivers mail itself."),
    )
    answer = lookup.names(address)
    if answer.is_unknown:
        return bad(found=answer.reason, remedy="Ask again later.")
    if not answer.values:
        remedy = "Whoever gave you the address, your hoster, can set its PTR record."
        return bad(found="it has none (PTR)", remedy=remedy)
    for name in answer.values[:_MOST_NAMES]:
        if address in _addresses(lookup, name, address):
            return Judgement(
                id="reverse",
                part=Part.SERVER,
                verdict=Verdict.OK,
                about=f"name of {origin.of(address)}",
                found=f"{name}, which leads back to it",
            )
    return bad(
        found=f"{answer.values[0]} does not lead back to it",
        remedy=f"Give {answer.values[0]} the address {address}, or the address another name.",
    )


def _addresses(lookup: Lookup, name: str, like: Address) -> tuple[Address, ...]:
    version: Version = 4 if like.version == 4 else 6
    return lookup.addresses(name, version).values


def _addresses_of(lookup: Lookup, host: str) -> Answer[Address]:
    """Find the addresses of a host; one that is written as an address has that."""
    try:
        return Answer(State.FOUND, (ip_address(host),))
    except ValueError:
        return all_addresses(lookup, host)


def origin_of(
    lookup: Lookup, host: str, stated: tuple[Address, ...], *, is_local: bool
) -> Origin:
    """Find out from where mail will come: what was stated, or the server's addresses."""
    if stated:
        return Origin(addresses=stated, is_certain=True, hosts={})
    unknown = partial(Origin, addresses=(), is_certain=False, hosts={})
    if is_local:
        return unknown(
            problem="nobody knows from where this machine's mail reaches others"
        )
    answer = _addresses_of(lookup, host)
    public = tuple(each for each in answer.values if each.is_global)
    if public:
        hosts = dict.fromkeys(public, host)
        return Origin(addresses=public, is_certain=False, hosts=hosts)
    if answer.values:
        return unknown(problem=f"{host} has no public address")
    reason = answer.reason or "it has no address"
    return unknown(problem=f"{host}: {reason}")
