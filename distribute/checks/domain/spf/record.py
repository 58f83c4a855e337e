"""Read an SPF record (RFC 7208 section 12)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network


class SpfSyntaxError(ValueError):
    """A record that no receiver can read: for all of them a permanent error."""


class Qualifier(StrEnum):
    """What a match of the mechanism behind it means."""

    PASS = "+"  # noqa: S105 - a sign, no password
    FAIL = "-"
    SOFTFAIL = "~"
    NEUTRAL = "?"


@dataclass(frozen=True, slots=True)
class Mechanism:
    """One directive: who may, or may not."""

    qualifier: Qualifier
    name: str
    """``all``, ``include``, ``a``, ``mx``, ``ptr``, ``ip4``, ``ip6`` or ``exists``."""
    target: str = ""
    """The domain, with its macros; empty means the one whose record this is."""
    prefixes: tuple[int, int] = (32, 128)
    """How many bits of an address count for ``a`` and ``mx``, for IPv4 and IPv6."""
    network: IPv4Network | IPv6Network | None = None
    """For ``ip4`` and ``ip6``."""
    written: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Record:
    """An SPF record; unknown modifiers are gone, as they shall be."""

    mechanisms: tuple[Mechanism, ...]
    redirect: str = ""
    """Whose record counts where nothing matches; with its macros."""


_VERSION = re.compile(r"v=spf1(?: |\Z)", re.IGNORECASE)
_DIRECTIVE = re.compile(
    r"(?P<qualifier>[-+~?]?)(?P<name>all|include|a|mx|ptr|ip4|ip6|exists)"
    r"(?P<rest>[:/].*)?",
    re.IGNORECASE,
)
_MODIFIER = re.compile(r"(?P<name>[a-z][a-z0-9._-]*)=(?P<value>.*)", re.IGNORECASE)
_EXPANSION = r"%(?:\{[slodiphcrtv]\d*r?[-.+,/_=]*\}|[%_-])"
_MACROS = re.compile(rf"(?:[!-$&-~]|{_EXPANSION})*", re.IGNORECASE)
_EXPLAINING = re.compile(r"%\{[crt]", re.IGNORECASE)
"""Letters that only an explanation may use."""
_NO_DIGITS = re.compile(r"%\{.0+r?[-.+,/_=]*\}", re.IGNORECASE)
_END = re.compile(
    r"%\{[^}]*\}\Z|\.(?:[a-z0-9]*[a-z][a-z0-9]*|[a-z0-9]+-[a-z0-9-]*[a-z0-9])\.?\Z",
    re.IGNORECASE,
)
"""How a domain has to end: with a macro, or with a label that is no number."""
_PREFIXES = re.compile(
    r"(?:/(?P<four>0|[1-9]\d?))?(?://(?P<six>0|[1-9]\d{0,2}))?\Z", re.ASCII
)


def spf_texts(texts: Sequence[str]) -> list[str]:
    """Choose those of a name's TXT records that are SPF records (section 4.5)."""
    return [text for text in texts if _VERSION.match(text)]


def parse_record(text: str) -> Record:
    """Read the text of an SPF record; raises `SpfSyntaxError`.

    >>> [each.written for each in parse_record("v=spf1 mx ip4:192.0.2.0/24 -all").mechanisms]
    ['mx', 'ip4:192.0.2.0/24', '-all']
    """
    if not _VERSION.match(text):
        raise SpfSyntaxError("it does not begin with v=spf1")
    mechanisms, modifiers = [], dict[str, str]()
    for term in filter(None, text[len("v=spf1") :].split(" ")):
        directive = _DIRECTIVE.fullmatch(term)
        if directive:
            mechanisms.append(_mechanism(directive))
        else:
            _add_modifier(term, modifiers)
    return Record(tuple(mechanisms), modifiers.get("redirect", ""))


def _add_modifier(term: str, modifiers: dict[str, str]) -> None:
    modifier = _MODIFIER.fullmatch(term)
    if not modifier:
        raise SpfSyntaxError(f"{_shown(term)} is no term of SPF")
    name, value = modifier["name"].lower(), modifier["value"]
    if name in {"redirect", "exp"}:
        if name in modifiers:
            raise SpfSyntaxError(f"{name}= stands in it twice")
        _check_domain(value, term)
        modifiers[name] = value
    elif not _MACROS.fullmatch(value):
        raise SpfSyntaxError(f"{_shown(term)} cannot be read")


def _mechanism(directive: re.Match[str]) -> Mechanism:
    name, rest = directive["name"].lower(), directive["rest"] or ""
    qualifier = Qualifier(directive["qualifier"] or "+")
    written = directive[0]
    if name == "all":
        if rest:
            raise SpfSyntaxError(f"{_shown(written)}: nothing may follow all")
        return Mechanism(qualifier, name, written=written)
    if name in {"ip4", "ip6"}:
        network = _network(name, rest, written)
        return Mechanism(qualifier, name, network=network, written=written)
    prefixes = (32, 128)
    if name in {"a", "mx"}:
        rest, prefixes = _without_prefixes(rest, written)
    if rest or name in {"include", "exists"}:
        _check_domain(rest.removeprefix(":"), written)
    return Mechanism(qualifier, name, rest[1:], prefixes, written=written)


def _network(name: str, rest: str, written: str) -> IPv4Network | IPv6Network:
    address, slash, bits = rest.removeprefix(":").partition("/")
    kind = IPv4Network if name == "ip4" else IPv6Network
    is_number = re.fullmatch(r"0|[1-9]\d{0,2}", bits, re.ASCII) is not None
    if not address or (slash and not is_number) or "%" in address:
        raise SpfSyntaxError(f"{_shown(written)} is no address or network")
    try:
        return kind(f"{address}/{bits}" if slash else address, strict=False)
    except ValueError:
        raise SpfSyntaxError(f"{_shown(written)} is no address or network") from None


def _without_prefixes(rest: str, written: str) -> tuple[str, tuple[int, int]]:
    """Take ``/24//64`` off the end of ``a`` or ``mx``."""
    found = _PREFIXES.search(rest)
    if found is None:
        raise SpfSyntaxError(f"{_shown(written)}: no such prefix")
    four, six = int(found["four"] or 32), int(found["six"] or 128)
    if four > 32 or six > 128:
        raise SpfSyntaxError(f"{_shown(written)}: an address has not so many bits")
    return rest[: found.start()], (four, six)


def _check_domain(target: str, written: str) -> None:
    """See that a domain can be one once its macros are replaced."""
    is_well_formed = (
        _MACROS.fullmatch(target)
        and _END.search(target)
        and not _EXPLAINING.search(target)
        and not _NO_DIGITS.search(target)
    )
    if not is_well_formed:
        raise SpfSyntaxError(f"{_shown(written)}: no domain stands there")


def _shown(term: str) -> str:
    """Quote a term of somebody's record, whatever is in it, and not too much of it."""
    return ascii(term if len(term) <= 60 else f"{term[:57]}...")
