"""What the doctor says of our domains, once the DNS was asked."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from ipaddress import ip_address

import pytest

from distribute.checks.domain.examine import examine_domain
from distribute.checks.domain.judgement import Judgement, Verdict
from distribute.checks.domain.reverse import origin_of
from distribute.checks.domain.sending import all_of
from distribute.checks.domain.situation import Situation
from tests.checks.domain.situations import PUBLIC_HALF, SITUATION, sender, situation
from tests.zone import Records, Zone

_OK, _ADVICE, _PROBLEM = Verdict.OK, Verdict.ADVICE, Verdict.PROBLEM
_ADDRESS = ip_address("93.184.215.14")
_KEY = f"v=DKIM1; k=rsa; p={b64encode(PUBLIC_HALF).decode()}"
GOOD: Mapping[tuple[str, str], Sequence[str]] = {
    ("mail.garden.net", "TXT"): ["v=spf1 ip4:93.184.215.14 -all"],
    ("s1._domainkey.garden.net", "TXT"): [_KEY],
    ("_dmarc.garden.net", "TXT"): ["v=DMARC1; p=reject; rua=mailto:d@garden.net"],
    ("garden.net", "MX"): ["10 in.garden.net."],
    ("mail.garden.net", "MX"): ["10 in.garden.net."],
    ("in.garden.net", "A"): ["93.184.215.15"],
    (_ADDRESS.reverse_pointer, "PTR"): ["out.garden.net"],
    ("out.garden.net", "A"): ["93.184.215.14"],
}
_SPF, _DMARC = ("mail.garden.net", "TXT"), ("_dmarc.garden.net", "TXT")
_DKIM, _PTR = ("s1._domainkey.garden.net", "TXT"), (_ADDRESS.reverse_pointer, "PTR")
_MX = ("mail.garden.net", "MX")


def _examined(zone: Zone, of: Situation = SITUATION) -> list[Judgement]:
    origin = origin_of(zone, "smtp.garden.net", (_ADDRESS,), is_local=False)
    return list(examine_domain(of, zone, origin))


def _with(**changes: Sequence[str]) -> Zone:
    """Give the good zone with other records in the places named below."""
    places = {"spf": _SPF, "dmarc": _DMARC, "dkim": _DKIM, "ptr": _PTR, "mx": _MX}
    return Zone({**GOOD, **{places[name]: texts for name, texts in changes.items()}})


def test_finds_nothing_to_say_where_all_is_well() -> None:
    """Every judgement is then ok."""
    judgements = _examined(Zone(GOOD))
    assert {each.verdict for each in judgements} == {_OK}, judgements
    assert {each.id for each in judgements} == {
        "spf-record", "spf-sender", "dkim-record", "dmarc-record", "dmarc-reports",
        "dmarc-alignment", "reverse", "mail-exchanger",
    }  # fmt: skip


_MANY = " ".join(f"a:h{number}.garden.net" for number in range(11))
_HOSTS: Records = {
    (f"h{number}.garden.net", "A"): ["192.0.2.9"] for number in range(11)
}


@pytest.mark.parametrize(
    ("zone", "id_", "verdict", "said"),
    [
        (_with(spf=[]), "spf-record", _PROBLEM, "there is none"),
        (_with(spf=["v=spf1 -all", "v=spf1 a"]), "spf-record", _PROBLEM, "there are 2"),
        (_with(spf=["v=spf1 ip4:x -all"]), "spf-record", _PROBLEM, "cannot be read"),
        (_with(spf=["v=spf1 +all"]), "spf-record", _PROBLEM, "lets everybody send"),
        (_with(spf=["v=spf1 ip4:0.0.0.0/0"]), "spf-record", _PROBLEM, "everybody"),
        (_with(spf=["v=spf1 a:gone.net +all"]), "spf-record", _PROBLEM, "everybody"),
        (_with(spf=["v=spf1 include:x.y +all"]), "spf-record", _PROBLEM, "everybody"),
        (
            _with(spf=[f"v=spf1 {'mx ' * 9} ip4:93.184.215.14 -all"]),
            "spf-record",
            _ADVICE,
            "9 of 10 lookups",
        ),
        (_with(spf=["v=spf1 mx"]), "spf-record", _ADVICE, "says nothing of strangers"),
        (
            _with(spf=["v=spf1 include:gone.net -all"]),
            "spf-record",
            _PROBLEM,
            "gone.net",
        ),
        (_with(spf=["v=spf1 ptr -all"]), "spf-ptr", _ADVICE, "uses ptr"),
        (_with(spf=["v=spf1 -all mx"]), "spf-unreachable", _ADVICE, "behind all"),
        (_with(spf=["v=spf1 mx -all"]), "spf-sender", _PROBLEM, "gets fail"),
        (_with(dkim=[]), "dkim-record", _PROBLEM, "does not exist"),
        (_with(dkim=[_KEY, _KEY]), "dkim-record", _PROBLEM, "there are 2"),
        (_with(dkim=["v=DKIM1; p="]), "dkim-record", _PROBLEM, "taken back"),
        (_with(dkim=["v=DKIM1; p=QUJD"]), "dkim-record", _PROBLEM, "another key"),
        (_with(dkim=["p=QUJD; k=ed25519"]), "dkim-record", _PROBLEM, "ours is rsa"),
        (_with(dkim=["no tags"]), "dkim-record", _PROBLEM, "cannot be read"),
        (_with(dkim=[f"{_KEY}; s=other"]), "dkim-record", _PROBLEM, "not for mail"),
        (_with(dkim=[f"{_KEY}; t=y"]), "dkim-record", _ADVICE, "test"),
        (_with(dmarc=[]), "dmarc-record", _PROBLEM, "there is none"),
        (_with(dmarc=["v=DMARC1; p=no"]), "dmarc-record", _PROBLEM, "cannot be read"),
        (_with(dmarc=["v=DMARC1; p=none"]), "dmarc-record", _ADVICE, "p=none"),
        (_with(dmarc=["v=DMARC1; p=reject; t=y"]), "dmarc-record", _ADVICE, "test"),
        (_with(dmarc=["v=DMARC1; p=reject; pct=5"]), "dmarc-gone", _ADVICE, "pct"),
        (_with(dmarc=["v=DMARC1; p=reject"]), "dmarc-reports", _ADVICE, "nobody"),
        (
            _with(dmarc=["v=DMARC1; p=reject; rua=mailto:a@reports.net"]),
            "dmarc-reports",
            _ADVICE,
            "reports.net has not agreed",
        ),
        (
            _with(dmarc=["v=DMARC1; p=reject; aspf=s"]),
            "dmarc-alignment",
            _ADVICE,
            "DKIM alone",
        ),
        (_with(dkim=[]), "dmarc-alignment", _ADVICE, "SPF alone"),
        (_with(dkim=[], spf=[]), "dmarc-alignment", _PROBLEM, "will fail"),
        (_with(ptr=[]), "reverse", _PROBLEM, "none"),
        (_with(ptr=["in.garden.net"]), "reverse", _PROBLEM, "does not lead back"),
        (_with(mx=["0 ."]), "mail-exchanger", _PROBLEM, "null MX"),
        (
            _with(mx=["5 gone.garden.net"]),
            "mail-exchanger",
            _PROBLEM,
            "cannot be found",
        ),
        (
            _with(mx=["5 gone.garden.net", "9 in.garden.net"]),
            "mail-exchanger",
            _ADVICE,
            "others are there",
        ),
        (_with(mx=[]), "mail-exchanger", _PROBLEM, "no MX, no address"),
        (
            Zone({**GOOD, _MX: [], ("mail.garden.net", "A"): ["93.184.215.14"]}),
            "mail-exchanger",
            _ADVICE,
            "no MX; 93.184.215.14",
        ),
        (
            Zone({**GOOD, **_HOSTS, _SPF: [f"v=spf1 ip4:93.184.215.14 {_MANY}"]}),
            "spf-record",
            _PROBLEM,
            "more than 10",
        ),
    ],
)
def test_says_what_is_wrong_and_what_to_do(
    zone: Zone, id_: str, verdict: Verdict, said: str
) -> None:
    """Each mistake in the DNS has its verdict, its reason and its remedy."""
    judgements = [each for each in _examined(zone) if each.id == id_]
    (judgement,) = (each for each in judgements if each.verdict is verdict)
    assert said in judgement.found
    assert judgement.why
    assert judgement.remedy


@pytest.mark.parametrize(
    "name", sorted({name for name, _ in GOOD} - {"out.garden.net"})
)
def test_a_question_without_an_answer_is_a_problem_of_its_own(name: str) -> None:
    """Whether the server fails or is silent; everything else is judged all the same."""
    for zone in (
        Zone(GOOD, late=frozenset({name})),
        Zone(GOOD, broken=frozenset({name})),
    ):
        judgements = _examined(zone)
        problems = [each for each in judgements if each.verdict is _PROBLEM]
        assert any("DNS" in each.found for each in problems)
        assert len(judgements) > 5


def test_the_record_to_publish_is_written_out() -> None:
    """To be copied as it stands."""
    judgements = {each.id: each for each in _examined(_with(dkim=[]))}
    assert judgements["dkim-record"].remedy == (
        'Publish s1._domainkey.garden.net TXT "v=DKIM1; k=rsa; p=MAAB"'
    )


def test_a_domain_without_a_record_goes_by_that_of_its_organisation() -> None:
    """And by what that says of subdomains."""
    below = situation(sender=sender(mailbox="A <a@letters.garden.net>"))
    zone = _with(dmarc=["v=DMARC1; p=reject; sp=none; rua=mailto:d@garden.net"])
    judgements = {each.id: each for each in _examined(zone, below)}
    assert judgements["dmarc-record"].found.startswith("sp=none")
    assert judgements["dmarc-alignment"].verdict is _OK


def test_siblings_without_a_common_record_are_strangers() -> None:
    """Then neither bounces nor signature speak for From."""
    below = situation(sender=sender(mailbox="A <a@letters.garden.net>"))
    judgements = {each.id: each for each in _examined(_with(dmarc=[]), below)}
    assert judgements["dmarc-alignment"].verdict is _PROBLEM


def test_reports_may_go_to_another_domain_that_agrees() -> None:
    """By a record of its own (RFC 9990)."""
    agreed = {("garden.net._report._dmarc.reports.net", "TXT"): ["v=DMARC1;"]}
    policy = {_DMARC: ["v=DMARC1; p=reject; rua=mailto:a@reports.net"]}
    judgements = {
        each.id: each for each in _examined(Zone({**GOOD, **agreed, **policy}))
    }
    assert judgements["dmarc-reports"].verdict is _OK


def test_the_address_of_a_relay_is_no_more_than_a_guess() -> None:
    """It may hand its mail to others; so what does not fit is advice."""
    zone = Zone({**GOOD, ("smtp.garden.net", "A"): ["93.184.215.20"]})
    origin = origin_of(zone, "smtp.garden.net", (), is_local=False)
    judgements = {each.id: each for each in examine_domain(SITUATION, zone, origin)}
    assert judgements["spf-sender"].verdict is _ADVICE
    assert judgements["reverse"].verdict is _ADVICE
    assert "--from-ip" in judgements["spf-sender"].remedy


def test_the_addresses_of_all_relays_are_judged() -> None:
    """Each with its name; one that nobody knows stays open beside them."""
    hosts = {"a.garden.net": "93.184.215.20", "b.garden.net": "93.184.215.21"}
    zone = Zone({**GOOD, **{(host, "A"): [at] for host, at in hosts.items()}})
    origins = [
        origin_of(zone, host, (), is_local=False) for host in (*hosts, "c.garden.net")
    ]
    judgements = list(examine_domain(SITUATION, zone, all_of(origins)))
    spf = {each.about: each for each in judgements if each.id == "spf-sender"}
    named = {f"{address} of {host}" for host, address in hosts.items()}
    assert spf.keys() == {*named, "our server"}
    assert "c.garden.net" in spf["our server"].found
    stated = [origin_of(zone, host, (_ADDRESS,), is_local=False) for host in hosts]
    together = all_of(stated)
    assert (together.addresses, together.is_certain) == ((_ADDRESS,), True)
    assert together.of(_ADDRESS) == str(_ADDRESS)


def test_from_where_this_machine_sends_somebody_has_to_say() -> None:
    """What cannot be known stays open."""
    zone = Zone(GOOD)
    origin = origin_of(zone, "localhost", (), is_local=True)
    judgements = {each.id: each for each in examine_domain(SITUATION, zone, origin)}
    assert judgements["spf-sender"].verdict is Verdict.OPEN
    assert "--from-ip ADDRESS" in judgements["reverse"].found


def test_a_key_without_its_wrapping_is_the_same_key() -> None:
    """Some publish RSA keys bare, as PKCS#1 has them, at the end of the usual form."""
    bare = b"\x30" + bytes(100)
    key = replace(SITUATION.keys[0], public=b"\x30 wrapping " + bare)
    zone = _with(dkim=[f"p={b64encode(bare).decode()}"])
    judgements = {each.id: each for each in _examined(zone, situation(keys=(key,)))}
    assert judgements["dkim-record"].verdict is _OK


def test_a_server_that_is_written_as_an_address_is_not_looked_up() -> None:
    """It has that one; a private one is nobody's outside."""
    zone = Zone(GOOD)
    origin = origin_of(zone, str(_ADDRESS), (), is_local=False)
    assert (origin.addresses, zone.asked) == ((_ADDRESS,), [])
    inside = origin_of(zone, "10.0.0.5", (), is_local=False)
    assert inside.addresses == ()
    assert "no public address" in inside.problem
