"""Judge who the mails say they are from, as far as that shows without the DNS."""

from collections.abc import Iterator
from functools import partial

from distribute.campaign.sender import Sender
from distribute.checks.domain.judgement import Judgement, Part, Verdict
from distribute.checks.domain.names import domain_of, is_below, labels_in_common
from distribute.checks.domain.situation import Situation

_Judgement = partial(Judgement, part=Part.SENDER)
_RESERVED = ("example", "test", "invalid", "localhost", "local", "internal", "onion")
_EXAMPLES = ("example.com", "example.net", "example.org")


def judge_sender(situation: Situation) -> Iterator[Judgement]:
    """Judge the addresses of [sender], and the postal one."""
    sender = situation.sender
    if sender is None:
        yield _Judgement(
            id="sender-missing",
            verdict=Verdict.PROBLEM,
            about="sender",
            found="the settings have none",
            why="Nothing can be sent, and most of what follows cannot be judged.",
            remedy="Write [sender] with from and bounces into distribute.toml.",
        )
    else:
        yield _judge_from(sender)
        yield _judge_bounces(sender, is_signed=bool(situation.signing_domain))
        if sender.reply_to:
            yield _Judgement(
                id="sender-reply-to",
                verdict=Verdict.OK,
                about="replies",
                found=f"go to {sender.reply_to.address}",
            )
    yield _judge_postal_address(situation.public.address)


def _judge_from(sender: Sender) -> Judgement:
    domain = domain_of(sender.mailbox.wire_address)
    about = "From"
    if _is_reserved(domain):
        return _Judgement(
            id="sender-from",
            verdict=Verdict.ADVICE,
            about=about,
            found=f"{sender.mailbox.address}: nobody can own {domain}",
            why="The name is reserved for examples and tests (RFC 2606, RFC 6761).",
            remedy="Write an address of a domain of yours as `from` in [sender].",
        )
    if not sender.mailbox.name:
        return _Judgement(
            id="sender-from",
            verdict=Verdict.ADVICE,
            about=about,
            found=f"{sender.mailbox.address} has no name",
            why="The name is what an inbox shows first, and what readers know you by.",
            remedy='Write from = "Name of the newsletter <address>" in [sender].',
        )
    return _Judgement(
        id="sender-from", verdict=Verdict.OK, about=about, found=str(sender.mailbox)
    )


def _judge_bounces(sender: Sender, *, is_signed: bool) -> Judgement:
    """Judge whether SPF will speak for the domain in From (RFC 9989 section 5.2)."""
    ours = domain_of(sender.mailbox.wire_address)
    theirs = domain_of(sender.bounces.wire_address)
    judgement = partial(_Judgement, id="sender-bounces", about="bounces")
    if is_below(theirs, ours) or (is_below(ours, theirs) and "." in theirs):
        return judgement(
            verdict=Verdict.OK,
            found=f"{sender.bounces.address} is aligned with {ours}",
        )
    if labels_in_common(ours, theirs) > 1:
        return judgement(
            verdict=Verdict.OPEN,
            found=f"whether {theirs} and {ours} are of one organisation, "
            "the DNS decides: with --dns",
        )
    return judgement(
        verdict=Verdict.ADVICE if is_signed else Verdict.PROBLEM,
        found=f"{sender.bounces.address} is not aligned with {ours}",
        why="SPF judges the domain of this address, and DMARC counts it only where that "
        "is of the same organisation as From"
        + (
            "; it will rest on the DKIM signature alone."
            if is_signed
            else "; nor do we sign, so nothing speaks for From."
        ),
        remedy=f"Let `bounces` in [sender] be an address at {ours} or below it.",
    )


def _judge_postal_address(address: str) -> Judgement:
    judgement = partial(_Judgement, id="postal-address", about="postal address")
    if address:
        return judgement(verdict=Verdict.OK, found=" ".join(address.split()))
    return judgement(
        verdict=Verdict.PROBLEM,
        found="there is none",
        why="Laws ask for it under every mail (CAN-SPAM, 15 U.S.C. 7704), and without "
        "one nothing is sent.",
        remedy="Write it as `address` in [newsletter].",
    )


def _is_reserved(domain: str) -> bool:
    return domain.rpartition(".")[2] in _RESERVED or any(
        is_below(domain, each) for each in _EXAMPLES
    )
