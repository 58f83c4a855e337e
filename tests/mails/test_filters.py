"""What the filters of mailbox providers say to a clean message in each language.

They look up SPF, DKIM and DMARC in a network that has nothing but our own DNS.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from tests.dkim_verifiers import ask_mail_dkim, ask_opendkim
from tests.mail_filters import Verdict, ask_rspamd, ask_spamassassin
from tests.mails.signed import DOMAIN, Sent, send_sample

AUTHENTIC = {"SPF_PASS", "DKIM_VALID", "DKIM_VALID_AU", "DKIM_VALID_EF"}
CARELESS = re.compile(
    "HTML_FONT_LOW_CONTRAST|MPART_ALT_DIFF|LONG_INVISIBLE_TEXT|MISSING_|MIME_HTML_ONLY"
    "|UNRESOLVED_TEMPLATE|SUBJ_ALL_CAPS|INVALID_|RCVD_ILLEGAL|SPF_FAIL|DKIM_INVALID|HTML_SHORT"
)
"""Rules that would mean that something about our messages is done without care."""
ALPHABETS = "R_MIXED_CHARSET"
"""A false alarm of rspamd: it takes accented letters for letters of another alphabet."""


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Sent:
    """Send an issue in all languages."""
    return send_sample(tmp_path_factory.mktemp("sent") / "letter")


@pytest.fixture(scope="module")
def by_spamassassin(
    sent: Sent, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Verdict]:
    """Judge all languages, and what somebody has laid hands on."""
    message = sent.messages["1/en"]
    from_elsewhere = replace(sent.wire, ip="198.20.10.99")
    without_list = re.sub(rb"List-[A-Za-z-]+: .*\r\n(?: .*\r\n)*", b"", message)
    without_text = re.sub(
        rb"(Encoding: )\S+\r\n\r\n.*?\r\n--=_",
        rb"\g<1>7bit\r\n\r\nSee it in a browser.\r\n--=_",
        message,
        count=1,
        flags=re.DOTALL,
    )
    changed = {"without list": without_list, "without text": without_text}
    messages = {
        name: sent.wire.traced(each)
        for name, each in {**sent.messages, **_some(sent.letters), **changed}.items()
    }
    messages["from elsewhere"] = from_elsewhere.traced(message)
    folder = tmp_path_factory.mktemp("spamassassin")
    judged = ask_spamassassin([*messages.values()], sent.zone, folder)
    return dict(zip(messages, judged, strict=True))


@pytest.mark.slow
def test_spamassassin_lets_every_language_pass(
    sent: Sent, by_spamassassin: Mapping[str, Verdict]
) -> None:
    """At most -1.0 points, all signatures valid and aligned, and no careless rule."""
    assert len({name.partition("/")[2] for name in sent.messages}) == 8
    for language in sent.messages:
        verdict = by_spamassassin[language]
        assert verdict.rules.keys() >= AUTHENTIC, (language, verdict.rules)
        assert verdict.score <= -1.0, (language, verdict.against)
        assert not [name for name in verdict.rules if CARELESS.match(name)], language


@pytest.mark.slow
def test_spamassassin_lets_letters_pass(
    sent: Sent, by_spamassassin: Mapping[str, Verdict]
) -> None:
    """Whoever asked for one finds it in their inbox."""
    for name in _some(sent.letters):
        verdict = by_spamassassin[name]
        assert verdict.rules.keys() >= AUTHENTIC, (name, verdict.rules)
        assert verdict.score <= 0, (name, verdict.against)
        assert not [rule for rule in verdict.rules if CARELESS.match(rule)], name


def _some(letters: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Choose letters that are told apart by more than their words."""
    return {
        name: letters[name] for name in ("confirm/en", "known/ar", "preferences/zh")
    }


@pytest.mark.slow
def test_spamassassin_is_awake(by_spamassassin: Mapping[str, Verdict]) -> None:
    """From elsewhere, changed on its way or without its text, a message is noticed."""
    forged = by_spamassassin["from elsewhere"]
    assert forged.rules.keys() >= {"SPF_FAIL", "DKIM_VALID_AU"}
    changed = by_spamassassin["without list"]
    assert "DKIM_INVALID" in changed.rules
    assert changed.score > -1.0
    assert "MPART_ALT_DIFF" in by_spamassassin["without text"].rules


def test_every_signature_is_good(sent: Sent, tmp_path: Path) -> None:
    """OpenDKIM finds one it likes, Mail::DKIM the one with RSA, in every language."""
    messages = list(sent.messages.values())
    records = {
        name.removesuffix(" TXT"): values[0]
        for name, values in sent.zone.items()
        if "_domainkey" in name
    }
    assert ask_opendkim(messages, records, tmp_path) == [True] * len(messages)
    found = ask_mail_dkim(messages, records, tmp_path)
    assert all("r1" in selectors for selectors in found)


@pytest.mark.slow
def test_rspamd_lets_every_language_pass(sent: Sent, tmp_path: Path) -> None:
    """SPF, DKIM and DMARC allow, both keys; no points but for what is a false alarm."""
    messages = {**sent.messages, **sent.letters}
    judged = ask_rspamd([*messages.values()], sent.wire, sent.zone, tmp_path)
    for language, verdict in zip(messages, judged, strict=True):
        allowed = {"R_SPF_ALLOW", "R_DKIM_ALLOW", "DMARC_POLICY_ALLOW"}
        assert verdict.rules.keys() >= allowed, (language, verdict.rules)
        assert not verdict.rules.keys() & {"R_DKIM_REJECT", "R_PARTS_DIFFER"}, language
        points = verdict.score - verdict.rules.get(ALPHABETS, 0)
        assert points <= 0, (language, verdict.against)


@pytest.mark.slow
def test_rspamd_rejects_what_is_forged(sent: Sent, tmp_path: Path) -> None:
    """A changed message from elsewhere fails the policy of its domain."""
    changed = sent.messages["1/en"].replace(b"\r\nSubject: ", b"\r\nSubject: Win! ", 1)
    wire = replace(sent.wire, ip="198.20.10.99")
    (verdict,) = ask_rspamd([changed], wire, sent.zone, tmp_path)
    assert verdict.rules.keys() >= {"DMARC_POLICY_REJECT", "R_DKIM_REJECT"}
    assert DOMAIN.encode() in changed
