"""Judge whether mail can come back: bounces, and readers' replies."""

from collections.abc import Iterator, Sequence
from functools import partial

from distribute.checks.domain.judgement import Judgement, Part, Verdict
from distribute.checks.domain.lookup import (
    Answer,
    Exchanger,
    Lookup,
    State,
    all_addresses,
)

_MOST_HOSTS = 10
_WHY = {
    "bounces": "Many servers refuse mail whose sender cannot be answered, and nobody "
    "tells you who could not be reached.",
    "replies": "Readers who answer get an error, and large providers want replies to work.",
}
_LATER = "Ask again later; if it stays so, see to the name servers of the domain."


def judge_exchange(lookup: Lookup, domain: str, uses: Sequence[str]) -> Judgement:
    """Judge who takes the mail of a domain; `uses` are ``bounces`` and ``replies``."""
    judgement = partial(
        Judgement,
        id="mail-exchanger",
        part=Part.RETURN,
        about=f"{' and '.join(uses)} to {domain}",
    )
    bad = partial(
        judgement, verdict=Verdict.PROBLEM, why=" ".join(_WHY[use] for use in uses)
    )
    answer = lookup.exchangers(domain)
    if answer.is_unknown:
        return bad(
            found=f"who takes them, nobody can say: {answer.reason}", remedy=_LATER
        )
    if answer.state is State.MISSING:
        remedy = f"Check the address, or register {domain}."
        return bad(found="the domain does not exist", remedy=remedy)
    if not answer.values:
        return _judge_fallback(lookup, domain, judgement, bad)
    hosts = [each.host for each in answer.values]
    if "" in hosts:
        found = "the domain says that it takes no mail (null MX, RFC 7505)"
        remedy = "Use an address that takes mail, or give the domain a mail server."
        return bad(found=found, remedy=remedy)
    return _judge_hosts(lookup, answer, judgement, bad)


def _judge_fallback(
    lookup: Lookup,
    domain: str,
    judgement: "partial[Judgement]",
    bad: "partial[Judgement]",
) -> Judgement:
    """Judge a domain without MX, whose address then counts (RFC 5321 section 5.1)."""
    addresses = all_addresses(lookup, domain)
    if addresses.is_unknown:
        return bad(found=addresses.reason, remedy=_LATER)
    if not addresses.values:
        remedy = f"Give {domain} an MX record, or use an address elsewhere."
        return bad(found="nobody takes them: no MX, no address", remedy=remedy)
    return judgement(
        verdict=Verdict.ADVICE,
        found=f"no MX; {addresses.values[0]} itself would have to take them",
        why="Spam filters distrust senders whose domain names no mail server.",
        remedy=f"Give {domain} an MX record.",
    )


def _judge_hosts(
    lookup: Lookup,
    answer: Answer[Exchanger],
    judgement: "partial[Judgement]",
    bad: "partial[Judgement]",
) -> Judgement:
    hosts = [each.host for each in answer.values[:_MOST_HOSTS]]
    lost = list(_unreachable(lookup, hosts))
    if len(lost) == len(hosts):
        remedy = "Let the MX records name hosts that have addresses."
        return bad(found=f"{', '.join(lost)} cannot be found", remedy=remedy)
    if lost:
        return judgement(
            verdict=Verdict.ADVICE,
            found=f"{', '.join(lost)} cannot be found; others are there",
            why="Whoever tries that one first loses time, or gives up.",
            remedy="Take its MX record out.",
        )
    more = "" if len(answer.values) == 1 else f" and {len(answer.values) - 1} more"
    return judgement(verdict=Verdict.OK, found=f"are taken by {hosts[0]}{more}")


def _unreachable(lookup: Lookup, hosts: Sequence[str]) -> Iterator[str]:
    for host in hosts:
        answer = all_addresses(lookup, host)
        if not answer.values:
            yield f"{host} ({answer.reason})" if answer.reason else host
