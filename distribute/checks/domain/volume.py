"""Judge the size of the list: from which on the large providers have rules for it."""

from collections.abc import Iterator
from functools import partial

from distribute.checks.domain.judgement import Judgement, Part, Verdict
from distribute.checks.domain.names import is_below
from distribute.checks.domain.situation import Audience

MANY = 5000
"""Mails a day to one provider's mailboxes that make a bulk sender: Google (and for good,
once reached), Microsoft since May 2025; Yahoo names no figure and means the same."""
_SOON = 4000
_PROVIDERS = {
    "Google": ("gmail.com", "googlemail.com"),
    "Yahoo": (
        *("yahoo.com", "ymail.com", "rocketmail.com", "aol.com", "yahoo.co.uk"),
        *("yahoo.fr", "yahoo.de", "yahoo.com.br", "yahoo.es", "yahoo.it"),
    ),
    "Microsoft": (
        *("outlook.com", "hotmail.com", "live.com", "msn.com", "hotmail.fr"),
        *("hotmail.co.uk", "outlook.fr", "outlook.de", "live.fr", "hotmail.de"),
    ),
}
_RULES = (
    "They then want SPF and DKIM to pass, DMARC with at least p=none and aligned, "
    "encryption, names that lead to your addresses and back, one-click unsubscribing "
    "honoured within two days, and complaints below 0.1 %, never 0.3 %"
)
_Judgement = partial(Judgement, part=Part.LIST)


def provider_of(domain: str) -> str:
    """Name the large provider whose rules hold for a domain; empty for all others.

    >>> provider_of("gmail.com"), provider_of("example.org")
    ('Google', '')
    """
    for provider, domains in _PROVIDERS.items():
        if any(is_below(domain, each) for each in domains):
            return provider
    return ""


def judge_volume(audience: Audience | None, *, is_signed: bool) -> Iterator[Judgement]:
    """Judge which rules an issue of this newsletter comes under."""
    if audience is None:
        return
    readers = _counted(audience.active)
    judgement = partial(_Judgement, id="list-size", about="readers")
    large = [name for name, count in audience.by_provider if count >= MANY]
    soon = [name for name, count in audience.by_provider if _SOON <= count < MANY]
    if large:
        yield judgement(
            verdict=Verdict.OK if is_signed else Verdict.ADVICE,
            found=f"{readers}: a bulk sender for {_listed(large)}",
            why=f"{_RULES}.",
            remedy=""
            if is_signed
            else "Sign your mails, or see that your server does.",
        )
    elif soon:
        yield judgement(
            verdict=Verdict.ADVICE,
            found=f"{readers}, soon a bulk sender for {_listed(soon)}",
            why=f"From {MANY:,} mails a day the rules are strict. {_RULES}.",
            remedy="See with --dns that all of it holds before you get there.",
        )
    else:
        yield judgement(
            verdict=Verdict.OK,
            found=f"{readers}; fewer than {MANY:,} a day for any one provider",
        )


def _counted(count: int) -> str:
    return "one reader" if count == 1 else f"{count:,} readers"


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
