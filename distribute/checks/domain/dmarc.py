"""Judge DMARC: whether anything will speak for the address in From (RFC 9989)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from distribute.checks.domain.dmarc_record import DmarcRecord, Policy, dmarc_texts
from distribute.checks.domain.judgement import Judgement, Part, Verdict
from distribute.checks.domain.lookup import Lookup
from distribute.checks.domain.names import domain_of, is_below
from distribute.checks.domain.walk import Walk, walk_up

_Judgement = partial(Judgement, part=Part.DMARC)
_WHY = (
    "Google, Yahoo and Microsoft want one of whoever sends much, and without one anybody "
    "can write in your name."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouchers:
    """What may speak for a mail, and whether it works."""

    spf_domain: str
    """That of the envelope; empty where SPF is known not to pass."""
    dkim_domain: str
    """That of the signature; empty where none can be checked."""


def judge_dmarc(lookup: Lookup, domain: str, vouchers: Vouchers) -> Iterator[Judgement]:
    """Judge the policy for mails from an address of `domain`, and foresee its result."""
    walk = walk_up(lookup, domain)
    step = walk.governing
    record = step.record if step else None
    if walk.steps[0].problem or record is None or step is None:
        yield _judge_missing(walk)
    else:
        is_own = step.domain == domain
        yield _judge_policy(record, step.domain, is_own=is_own)
        yield from _judge_tags(record, step.domain)
        yield from _judge_reports(lookup, record, walk.organisation)
    yield _judge_alignment(lookup, walk, record, vouchers)


def _judge_missing(walk: Walk) -> Judgement:
    judgement = partial(
        _Judgement, id="dmarc-record", verdict=Verdict.PROBLEM, why=_WHY
    )
    problem = walk.problem
    if problem is None:
        return judgement(
            about=f"policy of {walk.domain}",
            found="there is none, at it or above it",
            remedy=f'Publish _dmarc.{walk.domain} TXT "v=DMARC1; p=none; '
            f'rua=mailto:ADDRESS" to begin with.',
        )
    return judgement(
        about=f"policy of {problem.domain}",
        found=f"_dmarc.{problem.domain}: {problem.problem}",
        remedy="Ask again later; if it stays so, see to the name servers of the domain."
        if problem.is_unknown
        else "Leave one record that begins with v=DMARC1 and says p=none, p=quarantine "
        "or p=reject.",
    )


def _judge_policy(record: DmarcRecord, domain: str, *, is_own: bool) -> Judgement:
    policy = record.policy if is_own else record.subdomains
    written = f"{'p' if is_own else 'sp'}={policy}"
    judgement = partial(_Judgement, id="dmarc-record", about=f"policy of {domain}")
    if not record.has_policy:
        return judgement(
            verdict=Verdict.ADVICE,
            found="says no valid p=, which counts as p=none",
            why="Receivers that go by the older RFC 7489 ignore the record.",
            remedy="Write p=none, p=quarantine or p=reject right behind v=DMARC1;.",
        )
    if policy is Policy.NONE:
        return judgement(
            verdict=Verdict.ADVICE,
            found=f"{written}: reports are sent, and nothing else happens",
            why="That will do for large providers; forged mail in your name is delivered.",
            remedy="Once the reports show that all mail of yours passes, go on to "
            "p=quarantine and then p=reject.",
        )
    if record.is_test:
        return judgement(
            verdict=Verdict.ADVICE,
            found=f"{written} as a test (t=y)",
            why="Receivers apply a policy one step milder.",
            remedy="Take t=y out once the reports show that all mail of yours passes.",
        )
    return judgement(verdict=Verdict.OK, found=written)


def _judge_tags(record: DmarcRecord, domain: str) -> Iterator[Judgement]:
    if record.gone:
        tags = ", ".join(record.gone)
        yield _Judgement(
            id="dmarc-gone",
            verdict=Verdict.ADVICE,
            about=f"policy of {domain}",
            found=f"has tags that no longer mean anything: {tags}",
            why="RFC 9989 has done away with pct, rf and ri, and receivers ignore them.",
            remedy="Leave them out; for a trial write t=y.",
        )


def _judge_reports(
    lookup: Lookup, record: DmarcRecord, organisation: str
) -> Iterator[Judgement]:
    judgement = partial(_Judgement, id="dmarc-reports", about="reports")
    if not record.reports:
        yield judgement(
            verdict=Verdict.ADVICE,
            found="go to nobody",
            why="They alone tell which of your mail fails, and who writes in your name.",
            remedy="Add rua=mailto:ADDRESS to the record.",
        )
        return
    for address in record.reports:
        host = domain_of(address)
        if is_below(host, organisation) or _agrees(lookup, organisation, host):
            yield judgement(verdict=Verdict.OK, found=f"go to {ascii(address)[1:-1]}")
        else:
            name = f"{organisation}._report._dmarc.{host}"
            yield judgement(
                verdict=Verdict.ADVICE,
                found=f"{ascii(host)[1:-1]} has not agreed to take them",
                why="Reports go to another domain only with its consent (RFC 9990).",
                remedy=f'Have its owner publish {ascii(name)[1:-1]} TXT "v=DMARC1;".',
            )


def _agrees(lookup: Lookup, organisation: str, host: str) -> bool:
    answer = lookup.texts(f"{organisation}._report._dmarc.{host}")
    return answer.is_unknown or bool(dmarc_texts(answer.values))


def _judge_alignment(
    lookup: Lookup, walk: Walk, record: DmarcRecord | None, vouchers: Vouchers
) -> Judgement:
    """Foresee what DMARC will say: one voucher whose domain belongs to ours is enough."""
    spf = _is_aligned(
        lookup, walk, vouchers.spf_domain, strict=bool(record and record.strict_spf)
    )
    dkim = _is_aligned(
        lookup, walk, vouchers.dkim_domain, strict=bool(record and record.strict_dkim)
    )
    judgement = partial(_Judgement, id="dmarc-alignment", about="our mails")
    if spf and dkim:
        return judgement(verdict=Verdict.OK, found="will pass, by SPF and by DKIM")
    if dkim or spf:
        one, other = ("DKIM", "SPF") if dkim else ("SPF", "DKIM")
        return judgement(
            verdict=Verdict.ADVICE,
            found=f"will pass by {one} alone",
            why="Where that fails, as SPF does for mail that is passed on, nothing is left."
            if spf
            else "Large providers want both to pass.",
            remedy=f"See above what keeps {other} from speaking for {walk.domain}.",
        )
    return judgement(
        verdict=Verdict.PROBLEM,
        found=f"will fail: neither SPF nor DKIM speaks for {walk.domain}",
        why="Receivers then do what the policy says, and large ones refuse the mail.",
        remedy="Let bounces be an address of that domain with an SPF record that names "
        "your server, or sign as it with [dkim].",
    )


def _is_aligned(lookup: Lookup, walk: Walk, domain: str, *, strict: bool) -> bool:
    """Tell whether two domains are of one organisation (section 4.4)."""
    domain = domain.lower()
    if strict or not domain or domain == walk.domain:
        return bool(domain) and domain == walk.domain
    return walk_up(lookup, domain).organisation == walk.organisation
