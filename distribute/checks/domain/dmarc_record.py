"""Read a DMARC record: what a domain asks of those who get mail in its name (RFC 9989)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from distribute.checks.domain.tags import TagSyntaxError, parse_tags


class Policy(StrEnum):
    """What is to become of mail that nobody vouches for."""

    NONE = "none"
    QUARANTINE = "quarantine"
    REJECT = "reject"


@dataclass(frozen=True, slots=True, kw_only=True)
class DmarcRecord:
    """A record, with the defaults of section 4.7 filled in."""

    policy: Policy
    subdomains: Policy
    """For names below the record's, as far as they exist."""
    reports: tuple[str, ...]
    """Addresses for aggregate reports."""
    has_policy: bool = True
    """Whether p= says something; else `Policy.NONE` stands in for it."""
    is_test: bool = False
    """Whether the policy is not to be applied yet (t=y)."""
    strict_dkim: bool = False
    strict_spf: bool = False
    suffix: str = "u"
    """Whether the domain is a public suffix: ``y``, ``n``, or ``u``: find out."""
    gone: tuple[str, ...] = ()
    """Tags in it that RFC 9989 has done away with."""


_VERSION = re.compile(r"v\s*=\s*DMARC1\s*(?:;|\Z)")
_GONE = ("pct", "rf", "ri")


def dmarc_texts(texts: Sequence[str]) -> list[str]:
    """Choose those of a name's TXT records that are DMARC records."""
    return [text for text in texts if _VERSION.match(text)]


def parse_dmarc(text: str) -> DmarcRecord:
    """Read a record; raises `TagSyntaxError` where receivers would ignore it.

    >>> parse_dmarc("v=DMARC1; p=reject; sp=none; adkim=s").strict_dkim
    True
    """
    if not _VERSION.match(text):
        raise TagSyntaxError("it does not begin with v=DMARC1;")
    tags = parse_tags(text)
    reports = _addresses(tags.get("rua", ""))
    policy = _policy(tags, "p")
    below = _policy(tags, "sp")
    is_broken = ("p" in tags and policy is None) or ("sp" in tags and below is None)
    if (is_broken or policy is None) and not reports:
        raise TagSyntaxError("p= says neither none nor quarantine nor reject")
    known = policy or Policy.NONE
    return DmarcRecord(
        policy=Policy.NONE if is_broken else known,
        subdomains=Policy.NONE if is_broken else below or known,
        reports=reports,
        has_policy=policy is not None and not is_broken,
        is_test=tags.get("t", "n").lower() == "y",
        strict_dkim=tags.get("adkim", "r").lower() == "s",
        strict_spf=tags.get("aspf", "r").lower() == "s",
        suffix=tags.get("psd", "u").lower(),
        gone=tuple(tag for tag in _GONE if tag in tags),
    )


def _policy(tags: Mapping[str, str], name: str) -> Policy | None:
    try:
        return Policy(tags.get(name, "").lower())
    except ValueError:
        return None


def _addresses(written: str) -> tuple[str, ...]:
    """Read the addresses of ``mailto:`` URIs; what is none is passed over."""
    found = []
    for uri in written.split(","):
        try:
            parts = urlsplit(uri.strip())
        except ValueError:
            continue
        address = parts.path.partition("!")[0]
        if parts.scheme.lower() == "mailto" and "@" in address:
            found.append(address)
    return tuple(found)
