"""Judge the SPF record of the domain that the envelope names."""

from collections.abc import Iterator
from functools import partial
from ipaddress import IPv4Address

from distribute.checks.domain.judgement import Judgement, Part, Verdict
from distribute.checks.domain.lookup import Address, Lookup
from distribute.checks.domain.names import domain_of
from distribute.checks.domain.sending import Origin
from distribute.checks.domain.spf.check import (
    MOST_LOOKUPS,
    Outcome,
    Result,
    check_host,
)
from distribute.checks.domain.spf.record import (
    Mechanism,
    Qualifier,
    Record,
    SpfSyntaxError,
    parse_record,
    spf_texts,
)

STRANGER = IPv4Address("192.0.2.1")
"""Who is nobody's host (RFC 5737): whatever lets it pass lets everybody."""
_Judgement = partial(Judgement, part=Part.SPF)
_ADMITS_ALL = {Mechanism(Qualifier.PASS, "all")}
_MANY = MOST_LOOKUPS - 1
_WHY = "Receivers find out by it which hosts may send for the domain of the envelope."
_NAME_SERVERS = (
    "Ask again later; if it stays so, see to the name servers of the domain."
)


def judge_spf(lookup: Lookup, sender: str, origin: Origin) -> Iterator[Judgement]:
    """Judge the record for mails whose envelope names `sender`."""
    domain = domain_of(sender)
    trouble, record = _find(lookup, domain)
    if record is None:
        if trouble:
            yield trouble
        return
    yield _judge_strictness(check_host(lookup, STRANGER, sender), record, domain)
    yield from _judge_terms(record, domain)
    if origin.problem:
        yield _Judgement(
            id="spf-sender",
            verdict=Verdict.OPEN,
            about="our server",
            found=f"{origin.problem}: say --from-ip ADDRESS",
        )
    for address in origin.addresses:
        yield _judge_address(check_host(lookup, address, sender), address, origin)


def _find(lookup: Lookup, domain: str) -> tuple[Judgement | None, Record | None]:
    """Find the one record, or say why there is none to be judged."""
    judgement = partial(
        _Judgement,
        id="spf-record",
        verdict=Verdict.PROBLEM,
        about=f"record of {domain}",
        why=_WHY,
    )
    answer = lookup.texts(domain)
    texts = spf_texts(answer.values)
    if answer.is_unknown:
        return judgement(found=answer.reason, remedy=_NAME_SERVERS), None
    if len(texts) > 1:
        found = f"there are {len(texts)}, so none counts (RFC 7208 section 4.5)"
        remedy = "Make one TXT record of them that names all who send for you."
        return judgement(found=found, remedy=remedy), None
    if not texts:
        remedy = (
            f'Publish {domain} TXT "v=spf1 include:PROVIDER -all", '
            "or with ip4:ADDRESS of your server."
        )
        return judgement(found="there is none", remedy=remedy), None
    try:
        return None, parse_record(texts[0])
    except SpfSyntaxError as error:
        remedy = "Mend it; receivers take the whole record for an error."
        return judgement(found=f"cannot be read: {error}", remedy=remedy), None


def _judge_strictness(outcome: Outcome, record: Record, domain: str) -> Judgement:
    """Judge the record by what it makes of a stranger."""
    judgement = partial(_Judgement, id="spf-record", about=f"record of {domain}")
    asked = f"{outcome.lookups} of {MOST_LOOKUPS} lookups"
    if outcome.result is Result.PASS or _ADMITS_ALL & set(record.mechanisms):
        return judgement(
            verdict=Verdict.PROBLEM,
            found="lets everybody send"
            + (f", by {outcome.reason}" if outcome.result is Result.PASS else ""),
            why="Anybody can send in your name, and receivers think little of such a record.",
            remedy="End it with -all or ~all, and name only hosts of yours.",
        )
    if outcome.result is Result.TEMPERROR:
        return judgement(
            verdict=Verdict.PROBLEM,
            found=f"cannot be followed to its end: {outcome.reason}",
            why="Receivers that see the same put the mail off.",
            remedy=_NAME_SERVERS,
        )
    if outcome.result is Result.PERMERROR:
        return judgement(
            verdict=Verdict.PROBLEM,
            found=outcome.reason,
            why="Whoever comes behind that point in the record fails (RFC 7208 section 4.6.4).",
            remedy="Take out what you no longer use; write ip4: and ip6: instead of names.",
        )
    if outcome.result is Result.NEUTRAL:
        return judgement(
            verdict=Verdict.ADVICE,
            found=f"says nothing of strangers: {outcome.reason}",
            why="It then keeps nobody from sending in your name.",
            remedy="End it with ~all, and with -all once everything of yours passes.",
        )
    return judgement(
        verdict=Verdict.ADVICE if outcome.lookups >= _MANY else Verdict.OK,
        found=f"strangers get {outcome.result}, by {outcome.reason}; {asked}",
        why="One more include, of yours or of your provider's, may be one too many."
        if outcome.lookups >= _MANY
        else "",
        remedy="Take out what you no longer use." if outcome.lookups >= _MANY else "",
    )


def _judge_terms(record: Record, domain: str) -> Iterator[Judgement]:
    """Point at terms that do not do what one may think."""
    judgement = partial(_Judgement, verdict=Verdict.ADVICE, about=f"record of {domain}")
    names = [each.name for each in record.mechanisms]
    if "ptr" in names:
        yield judgement(
            id="spf-ptr",
            found="uses ptr",
            why="It is slow, and some receivers skip it (RFC 7208 section 5.5).",
            remedy="Write a, mx, ip4: or ip6: instead.",
        )
    if "all" in names and (names[-1] != "all" or record.redirect):
        yield judgement(
            id="spf-unreachable",
            found="has terms behind all, which nobody reads",
            why="What they name is not let through.",
            remedy="Let all be the last term, and leave out redirect=.",
        )


def _judge_address(outcome: Outcome, address: Address, origin: Origin) -> Judgement:
    judgement = partial(_Judgement, id="spf-sender", about=origin.of(address))
    if outcome.result is Result.PASS:
        return judgement(verdict=Verdict.OK, found=f"passes, by {outcome.reason}")
    return judgement(
        verdict=Verdict.PROBLEM if origin.is_certain else Verdict.ADVICE,
        found=f"gets {outcome.result}: {outcome.reason}",
        why="Receivers then refuse the mail or take it for spam, unless DKIM speaks for it."
        if origin.is_certain
        else "If it delivers the mail itself, SPF will not speak for it.",
        remedy=f"Add ip{address.version}:{address} to the record."
        if origin.is_certain
        else "Add what your provider tells you to include, or say with --from-ip from "
        "where it delivers.",
    )
