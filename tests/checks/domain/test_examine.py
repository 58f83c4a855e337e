"""What the doctor says without asking anybody."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from distribute.checks.domain.examine import examine
from distribute.checks.domain.judgement import Judgement, Verdict
from distribute.checks.domain.situation import (
    Audience,
    Database,
    Guarded,
    Output,
    Situation,
)
from distribute.mailbox import Mailbox
from tests.checks.domain.situations import (
    KEY,
    PUBLIC,
    SENDER,
    SERVER,
    SITUATION,
    sender,
    situation,
)


def _judged(of: Situation) -> Mapping[str, Judgement]:
    return {each.id: each for each in examine(of)}


def test_finds_nothing_to_say_where_all_is_well() -> None:
    """Every judgement is then ok, and asks for nothing."""
    judgements = list(examine(SITUATION))
    assert {each.verdict for each in judgements} == {Verdict.OK}
    assert not any(each.remedy or each.why for each in judgements)


_LOOSE = Guarded(place="secret", setting="[smtp] password_file", is_open_to_all=True)
_LOST = Guarded(
    place="SMTP_PASSWORD", setting="[smtp] password_env", problem="is not set"
)
_PROBLEM, _ADVICE = Verdict.PROBLEM, Verdict.ADVICE


@pytest.mark.parametrize(
    ("changed", "id_", "verdict", "said"),
    [
        (situation(sender=None), "sender-missing", _PROBLEM, "none"),
        (
            situation(sender=sender(mailbox="A <a@letters.example.org>")),
            "sender-from",
            _ADVICE,
            "letters.example.org",
        ),
        (
            situation(sender=replace(SENDER, mailbox=Mailbox("letters@garden.net"))),
            "sender-from",
            _ADVICE,
            "no name",
        ),
        (
            situation(sender=sender(bounces="b@bounces.mailer.com")),
            "sender-bounces",
            _ADVICE,
            "not aligned with garden.net",
        ),
        (
            situation(
                sender=sender(bounces="b@mailer.com"), signing_domain="", keys=()
            ),
            "sender-bounces",
            _PROBLEM,
            "not aligned",
        ),
        (
            situation(sender=sender(mailbox="A <a@a.garden.net>")),
            "sender-bounces",
            Verdict.OPEN,
            "with --dns",
        ),
        (situation(public=replace(PUBLIC, address="")), "postal-address", _PROBLEM, ""),
        (situation(signing_domain="", keys=()), "dkim-unsigned", _ADVICE, "nothing"),
        (situation(keys=(replace(KEY, bits=1024),)), "dkim-key", _ADVICE, "1,024 bits"),
        (
            situation(keys=(replace(KEY, algorithm="", remedy="Make one."),)),
            "dkim-key",
            _PROBLEM,
            "no key",
        ),
        (
            situation(keys=(replace(KEY, algorithm="ed25519", bits=256),)),
            "dkim-ed25519-alone",
            _ADVICE,
            "alone",
        ),
        (
            situation(keys=(replace(KEY, file=_LOOSE),)),
            "dkim-file",
            _PROBLEM,
            "everybody",
        ),
        (
            situation(servers=(replace(SERVER, security="none"),)),
            "smtp-security",
            _PROBLEM,
            "another machine",
        ),
        (
            situation(servers=(replace(SERVER, security="tls"),)),
            "smtp-security",
            _ADVICE,
            "587",
        ),
        (
            situation(servers=(replace(SERVER, secret=_LOST),)),
            "smtp-secret",
            _PROBLEM,
            "set",
        ),
        (
            situation(public=replace(PUBLIC, public_url="http://garden.net")),
            "unsubscribe-url",
            _PROBLEM,
            "not https",
        ),
        (
            situation(public=replace(PUBLIC, public_url="https://localhost:8000")),
            "unsubscribe-url",
            _PROBLEM,
            "this machine",
        ),
        (
            situation(public=replace(PUBLIC, url="http://garden.net")),
            "newsletter-url",
            _ADVICE,
            "not https",
        ),
        (
            situation(public=replace(PUBLIC, tag="other.net,2026")),
            "feed-tag",
            _ADVICE,
            "other.net",
        ),
        (situation(public=replace(PUBLIC, key=_LOST)), "link-key", _PROBLEM, "not set"),
        (
            situation(database=Database(path="d.db", exists=False)),
            "database",
            _ADVICE,
            "no d.db",
        ),
        (
            situation(database=Database(path="d.db", exists=True, problem="is torn")),
            "database",
            _PROBLEM,
            "torn",
        ),
        (
            situation(database=Database(path="d.db", exists=True, is_open_to_all=True)),
            "database",
            _PROBLEM,
            "everybody",
        ),
        (
            situation(output=Output(path="out", problem="is a file")),
            "output",
            _PROBLEM,
            "",
        ),
        (situation(output=Output(path="out", free=2**20)), "output", _ADVICE, "1 MB"),
    ],
)
def test_says_what_is_wrong_and_what_to_do(
    changed: Situation, id_: str, verdict: Verdict, said: str
) -> None:
    """Each mistake has its verdict, its reason and its remedy."""
    judgement = _judged(changed)[id_]
    assert judgement.verdict is verdict
    assert said in judgement.found
    assert verdict is Verdict.OPEN or (judgement.why and judgement.remedy)


def test_a_server_on_this_machine_needs_no_encryption() -> None:
    """What never leaves it, nobody can read on the way."""
    local = replace(SERVER, host="localhost", security="none", is_local=True)
    assert _judged(situation(servers=(local,)))["smtp-security"].verdict is Verdict.OK


def test_each_of_several_servers_is_named_with_what_is_wrong() -> None:
    """And the remedy names the table to mend; a server alone needs no name."""
    loose = replace(
        SERVER, name="beta", table="[[smtp.relays]] beta", security="none", secret=_LOST
    )
    said = {
        (each.about, each.verdict): each.remedy
        for each in examine(situation(servers=(SERVER, loose)))
        if each.id.startswith("smtp-")
    }
    assert said.keys() == {
        ("encryption of smtp.garden.net", Verdict.OK),
        ("encryption of beta", Verdict.PROBLEM),
        ("password of beta", Verdict.PROBLEM),
    }
    assert "[[smtp.relays]] beta" in said["encryption of beta", Verdict.PROBLEM]
    assert _judged(SITUATION)["smtp-security"].about == "encryption"


def test_never_shows_more_of_a_secret_than_its_place() -> None:
    """The group may read it: that is advice, and names the file."""
    file = Guarded(place="s1.pem", setting="[dkim] keys", is_open_to_group=True)
    judgement = _judged(situation(keys=(replace(KEY, file=file),)))["dkim-file"]
    assert (judgement.verdict, judgement.remedy) == (
        Verdict.ADVICE,
        "Run `chmod 600 s1.pem`.",
    )


@pytest.mark.parametrize(
    ("audience", "signed", "verdict", "said"),
    [
        (Audience(active=1), "signed", Verdict.OK, "one reader"),
        (
            Audience(active=9000, by_provider=(("Google", 4999),)),
            "signed",
            _ADVICE,
            "soon",
        ),
        (
            Audience(active=9000, by_provider=(("Google", 5000), ("Yahoo", 6000))),
            "signed",
            Verdict.OK,
            "a bulk sender for Google and Yahoo",
        ),
        (
            Audience(active=5000, by_provider=(("Google", 5000),)),
            "unsigned",
            _ADVICE,
            "bulk",
        ),
    ],
)
def test_knows_from_how_many_readers_on_the_strict_rules_hold(
    audience: Audience, signed: str, verdict: Verdict, said: str
) -> None:
    """Five thousand a day to one provider."""
    changed = situation(audience=audience)
    if signed == "unsigned":
        changed = replace(changed, signing_domain="", keys=())
    judgement = _judged(changed)["list-size"]
    assert judgement.verdict is verdict
    assert said in judgement.found
