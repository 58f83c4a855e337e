"""Judge whether the DNS has the public halves of our DKIM keys."""

from collections.abc import Iterator, Sequence
from functools import partial

from distribute.checks.domain.dkim_record import KeyRecord, parse_key_record
from distribute.checks.domain.judgement import Judgement, Part, Verdict
from distribute.checks.domain.lookup import Lookup
from distribute.checks.domain.situation import OwnKey, Situation
from distribute.checks.domain.tags import TagSyntaxError

_WHY = "Receivers check the signature with it; without it the mail counts as unsigned."


def judge_published_keys(lookup: Lookup, situation: Situation) -> Iterator[Judgement]:
    """Judge the records of all keys that can sign."""
    for key in situation.keys:
        if key.algorithm:
            yield _judge(lookup, key, situation.signing_domain)


def is_published(judgements: tuple[Judgement, ...]) -> bool:
    """Tell whether receivers can check at least one of our signatures."""
    return any(
        each.id == "dkim-record" and each.verdict in {Verdict.OK, Verdict.ADVICE}
        for each in judgements
    )


def _judge(lookup: Lookup, key: OwnKey, domain: str) -> Judgement:
    name = f"{key.selector}._domainkey.{domain}"
    bad = partial(
        Judgement,
        id="dkim-record",
        part=Part.DKIM,
        verdict=Verdict.PROBLEM,
        about=f"record of key {key.selector}",
        why=_WHY,
    )
    answer = lookup.texts(name)
    if answer.is_unknown:
        remedy = (
            "Ask again later; if it stays so, see to the name servers of the domain."
        )
        return bad(found=f"{name}: {answer.reason}", remedy=remedy)
    if len(answer.values) > 1:
        found = f"there are {len(answer.values)} TXT records at {name}"
        remedy = "Leave one; which of several is taken, nobody knows."
        return bad(found=found, remedy=remedy)
    record = _read(answer.values)
    problem = record if isinstance(record, str) else _problem(record, key)
    if problem or isinstance(record, str):
        remedy = f'Publish {name} TXT "{key.record}"'
        return bad(found=f"{name} {problem}", remedy=remedy)
    return _good(record, key, name)


def _read(texts: Sequence[str]) -> KeyRecord | str:
    """Read the only record, or say what is wrong with it."""
    if not texts:
        return "does not exist, or has no TXT record"
    try:
        return parse_key_record(texts[0])
    except TagSyntaxError as error:
        return f"cannot be read: {error}"


def _problem(record: KeyRecord, key: OwnKey) -> str:
    if record.is_revoked:
        return "says that the key has been taken back (p= is empty)"
    if record.algorithm != key.algorithm:
        return f"is for k={ascii(record.algorithm)[1:-1]}, and ours is {key.algorithm}"
    if not _is_same(record.public, key):
        return f"is another key than that in {key.file.place}"
    if not record.is_for_mail:
        return "is not for mail signed with SHA-256 (s= or h=)"
    return ""


def _is_same(public: bytes, key: OwnKey) -> bool:
    """Compare the keys; RSA may stand there without the wrapping that says it is RSA."""
    is_bare = key.algorithm == "rsa" and public[:1] == b"\x30" and len(public) > 64
    return public == key.public or (is_bare and key.public.endswith(public))


def _good(record: KeyRecord, key: OwnKey, name: str) -> Judgement:
    judgement = partial(
        Judgement,
        id="dkim-record",
        part=Part.DKIM,
        about=f"record of key {key.selector}",
    )
    if record.is_test:
        return judgement(
            verdict=Verdict.ADVICE,
            found=f"{name} is marked as a test (t=y)",
            why="Receivers may treat the mail as if it were not signed.",
            remedy="Take t=y out of the record once mails pass.",
        )
    return judgement(
        verdict=Verdict.OK, found=f"{name} has the public half of {key.file.place}"
    )
