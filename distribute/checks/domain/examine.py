"""Everything that can be judged of a newsletter's sending, with and without the DNS."""

from collections.abc import Iterator
from functools import partial

from distribute.checks.domain.connection import judge_connections
from distribute.checks.domain.dmarc import Vouchers, judge_dmarc
from distribute.checks.domain.exchange import judge_exchange
from distribute.checks.domain.judgement import Judgement, Part, Verdict
from distribute.checks.domain.keeping import judge_keeping
from distribute.checks.domain.lookup import Lookup
from distribute.checks.domain.names import domain_of
from distribute.checks.domain.public import judge_public
from distribute.checks.domain.published_key import is_published, judge_published_keys
from distribute.checks.domain.reverse import judge_reverse
from distribute.checks.domain.sender import judge_sender
from distribute.checks.domain.sending import Origin
from distribute.checks.domain.signing import judge_signing
from distribute.checks.domain.situation import Situation
from distribute.checks.domain.spf.judge import judge_spf
from distribute.checks.domain.store import judge_store
from distribute.checks.domain.volume import judge_volume

_WITH_DNS = (
    ("spf-record", Part.SPF, "who may send"),
    ("dkim-record", Part.DKIM, "public keys"),
    ("dmarc-record", Part.DMARC, "policy, our mails"),
    ("smtp-server", Part.SERVER, "answer, name"),
    ("mail-exchanger", Part.RETURN, "bounces, replies"),
    ("unsubscribe-server", Part.WEB, "certificate"),
)


def examine(situation: Situation) -> Iterator[Judgement]:
    """Judge what needs no question to anybody."""
    yield from judge_sender(situation)
    yield from judge_signing(situation)
    yield from judge_connections(situation.servers)
    yield from judge_public(situation.public)
    yield from judge_store(situation.database)
    yield from judge_keeping(situation.database, situation.output)
    yield from judge_volume(
        situation.audience, is_signed=bool(situation.signing_domain)
    )


def left_open() -> Iterator[Judgement]:
    """List what cannot be judged without looking it up."""
    for id_, part, about in _WITH_DNS:
        yield Judgement(
            id=id_, part=part, verdict=Verdict.OPEN, about=about, found="with --dns"
        )


def examine_domain(
    situation: Situation, lookup: Lookup, origin: Origin
) -> Iterator[Judgement]:
    """Judge what the DNS says of our domains; nothing without a sender."""
    sender = situation.sender
    if sender is None:
        return
    envelope = sender.bounces.wire_address
    spf = tuple(judge_spf(lookup, envelope, origin))
    keys = tuple(judge_published_keys(lookup, situation))
    yield from spf
    yield from keys
    vouchers = Vouchers(
        spf_domain="" if _fails(spf) else domain_of(envelope),
        dkim_domain=situation.signing_domain if is_published(keys) else "",
    )
    ours = domain_of(sender.mailbox.wire_address)
    yield from judge_dmarc(lookup, ours, vouchers)
    yield from judge_reverse(lookup, origin)
    yield from _judge_return(situation, lookup)


def _fails(spf: tuple[Judgement, ...]) -> bool:
    """Tell whether SPF is known not to pass: no usable record, or not our server."""
    return any(each.verdict is Verdict.PROBLEM for each in spf)


def _judge_return(situation: Situation, lookup: Lookup) -> Iterator[Judgement]:
    sender = situation.sender
    if sender is None:
        return
    uses: dict[str, list[str]] = {}
    answered = sender.reply_to or sender.mailbox
    for use, mailbox in (("bounces", sender.bounces), ("replies", answered)):
        uses.setdefault(domain_of(mailbox.wire_address), []).append(use)
    judge = partial(judge_exchange, lookup)
    for domain, wanted in uses.items():
        yield judge(domain, wanted)
