"""Judge our DKIM keys by themselves, before anybody looks for their public halves."""

from collections.abc import Iterator, Sequence
from functools import partial

from distribute.checks.domain.guarding import judge_guarded
from distribute.checks.domain.judgement import Judgement, Part, Verdict
from distribute.checks.domain.names import domain_of
from distribute.checks.domain.situation import OwnKey, Situation

GOOD_BITS = 2048
"""What RSA keys should have (RFC 8301 section 3.2)."""
_Judgement = partial(Judgement, part=Part.DKIM)


def judge_signing(situation: Situation) -> Iterator[Judgement]:
    """Judge who signs, and with which keys."""
    if not situation.signing_domain:
        yield _Judgement(
            id="dkim-unsigned",
            verdict=Verdict.ADVICE,
            about="signatures",
            found="we sign nothing",
            why="Google, Yahoo and Microsoft want DKIM of whoever sends much; if your "
            "server signs, it must cover List-Unsubscribe too (RFC 8058 section 4).",
            remedy="See in a mail that came back to you that there is a DKIM-Signature "
            "with your domain as d=; if not, write [dkim] into distribute.toml.",
        )
        return
    if situation.sender:
        yield _judge_domain(
            situation.signing_domain, domain_of(situation.sender.mailbox.wire_address)
        )
    for key in situation.keys:
        yield from _judge_key(key)
    yield from _judge_algorithms(situation.keys)


def _judge_domain(signing: str, ours: str) -> Judgement:
    """Say whose signature it is; the settings refuse one that could not count."""
    is_same = signing.lower() == ours
    return _Judgement(
        id="dkim-domain",
        verdict=Verdict.OK,
        about="signing domain",
        found=f"d={signing} is aligned with From"
        + ("" if is_same else f", {ours}, unless its DMARC says adkim=s"),
    )


def _judge_key(key: OwnKey) -> Iterator[Judgement]:
    about = f"key {key.selector}"
    yield from judge_guarded(key.file, part=Part.DKIM, id_="dkim-file", about=about)
    if key.file.problem:
        return
    if not key.algorithm:
        yield _Judgement(
            id="dkim-key",
            verdict=Verdict.PROBLEM,
            about=about,
            found=f"{key.file.place} holds no key that can sign: {key.problem}",
            why="Without it nothing is sent, for it would go unsigned.",
            remedy=key.remedy,
        )
    elif key.algorithm == "rsa" and key.bits < GOOD_BITS:
        yield _Judgement(
            id="dkim-key",
            verdict=Verdict.ADVICE,
            about=about,
            found=f"RSA with {key.bits:,} bits",
            why=f"Some receivers trust no key below {GOOD_BITS:,} bits (RFC 8301).",
            remedy="Make one of 2,048 bits under a new selector: `openssl genpkey "
            "-algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out s2.pem`.",
        )
    else:
        found = f"RSA with {key.bits:,} bits" if key.algorithm == "rsa" else "Ed25519"
        yield _Judgement(id="dkim-key", verdict=Verdict.OK, about=about, found=found)


def _judge_algorithms(keys: Sequence[OwnKey]) -> Iterator[Judgement]:
    if keys and all(key.algorithm == "ed25519" for key in keys):
        yield _Judgement(
            id="dkim-ed25519-alone",
            verdict=Verdict.ADVICE,
            about="signatures",
            found="Ed25519 alone",
            why="Many receivers, and SpamAssassin, cannot read Ed25519 yet (RFC 8463): "
            "for them the mail is unsigned.",
            remedy="Add an RSA key of 2,048 bits as a second one in [dkim] keys.",
        )
