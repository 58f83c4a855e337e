"""URLs: make them absolute and legal (RFC 3986), or say why they cannot be linked.

Nothing is guessed: an address is repaired in its spelling only (what RFC 3986 wants
percent-encoded, a host in A-labels), never in what it points to.
"""

import re
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import SplitResult, urljoin, urlsplit

from distribute.mailbox import Mailbox
from distribute.render.characters import clean

_PLAIN = re.compile(
    r"https?://(?=[^/?#]{1,253}(?:[/?#]|\Z))"
    r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_\-]{0,61}[A-Za-z0-9_])?\.)+[A-Za-z]{2,63}"
    r"(?:[/?#](?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*)?"
)
"""An address with nothing to settle, as nearly all are: whole, legal, and no more than
scheme and host before its path."""
_LONG = 2000
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_NETWORK_SCHEMES = frozenset({"http", "https"})
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_\-]{0,61}[a-z0-9_])?")
_TOP_LABEL = re.compile(r"[a-z]{2,63}|xn--[a-z0-9\-]{1,59}")
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ILLEGAL = re.compile(r"[^A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]")
_WHITE = re.compile(r"[\t\n\r\f\v]+")
_WEB_ADDRESS = re.compile(r"https?://[^\s\"'<>()]+")
_MISSPELT = re.compile(
    r"(?:(?:t{1,2}ps?|htps?|hhttps?|httpss|htt?):|h?t?tps?)//(?=[^/])(.+)",
    re.IGNORECASE,
)
_NO_COLON = re.compile(r"h?t?tps?//", re.IGNORECASE)
_PHONE = re.compile(r"\+?[0-9().\-]{2,40}(?:;[^\s]*)?")
_FILE_NAME = re.compile(
    r".*\.(?:[sx]?html?|php|aspx?|jsp|md|markdown|txt|pdf|e?ps|tex|bib|[ct]sv|json|xml"
    r"|ya?ml|toml|rss|atom|ics|zip|gz|tar|tgz|bz2|xz|7z|png|jpe?g|gif|svg|webp|avif|ico"
    r"|mp[34]|m4a|og[gav]|wav|webm|mov|avi|py|ipynb|rb|js|css|ts|r|docx?|pptx?|xlsx?"
    r"|od[tps]|epub)",
    re.IGNORECASE,
)


class AddressError(ValueError):
    """Why an address cannot be a link, and what to write; it never leaves this stage."""

    def __init__(self, rule: str, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.rule = rule
        self.reason = reason
        self.hint = hint


def resolve(url: str, base: str) -> str:
    """Make an address absolute against `base`, ASCII and legal.

    >>> resolve("../images/ü.png", "https://example.org/a/b/")
    'https://example.org/a/images/%C3%BC.png'

    Existing percent-escapes and the brackets that authors leave in paths stay as they
    are written. Raises `AddressError` for what no reader could follow: another scheme
    than http, https, mailto and tel, no host, or what does not parse at all.
    """
    if is_plain(url):
        return url
    return _resolved(url, base)


def _resolved(url: str, base: str) -> str:
    """Resolve an address of whatever kind."""
    written = _WHITE.sub("", clean(url)).strip()
    if not written:
        raise AddressError("link-empty", "link without a target", "Write the address.")
    scheme = _scheme_of(written)
    if scheme in {"mailto", "tel"}:
        return _contact(written, scheme)
    if scheme and scheme not in _NETWORK_SCHEMES:
        raise _strange_scheme(written, scheme)
    if not scheme:
        _refuse_mangled(written)
    try:
        return _absolute(written, base)
    except AddressError as error:
        hint = error.hint or _suggestion(written)
        raise AddressError(error.rule, error.reason, hint) from None
    except ValueError as error:
        raise AddressError(
            "link-broken", f"{_short(written)} is not an address: {error}", _WRITE_HTTPS
        ) from error


def is_plain(url: str) -> bool:
    """Tell at a glance that there is nothing to settle in a web address."""
    return len(url) <= _LONG and _is_plain(url)


@lru_cache(maxsize=4096)
def _is_plain(url: str) -> bool:
    """Remember the addresses of a text, which are asked for at every stage."""
    return _PLAIN.fullmatch(url) is not None


def is_web_address(url: str) -> bool:
    """Tell whether it can be followed as it stands: http or https, and a real host."""
    if is_plain(url):
        return True
    try:
        return _scheme_of(url) in _NETWORK_SCHEMES and bool(_absolute(url, url))
    except ValueError:
        return False


def encode(text: str) -> str:
    """Percent-encode what RFC 3986 does not allow, leaving what is encoded already."""
    legal = _BARE_PERCENT.sub("%25", text)
    return _ILLEGAL.sub(lambda match: _percent(match[0]), legal)


_WRITE_HTTPS = "Write the whole address, beginning with https://."


def _scheme_of(url: str) -> str:
    match = _SCHEME.match(url)
    return match[0][:-1].lower() if match else ""


def _absolute(written: str, base: str) -> str:
    parts = urlsplit(written)
    if parts.scheme and not parts.netloc:
        raise AddressError(
            "link-broken", f"{_short(written)} has no host", _WRITE_HTTPS
        )
    if not parts.netloc:
        return encode(urljoin(base, written))
    scheme = parts.scheme or urlsplit(base).scheme
    located = parts._replace(scheme=scheme.lower(), netloc=_netloc(parts, written))
    return encode(_unsplit(located, written))


def _unsplit(parts: SplitResult, written: str) -> str:
    """Put an address together again without losing an empty query or fragment."""
    rest = written.partition("//")[2]
    path_on = re.search(r"[/?#]", rest)
    tail = rest[path_on.start() :] if path_on else ""
    return f"{parts.scheme}://{parts.netloc}{tail}"


def _netloc(parts: SplitResult, written: str) -> str:
    """Spell user, host and port; a host that is legal keeps the case it has."""
    user, at, place = parts.netloc.rpartition("@")
    host = _ascii_host(parts.hostname or "")
    if not _is_host(host):
        reason = (
            "leads to the reader's own computer"
            if _is_own(host)
            else "has no host that could exist"
        )
        # The hint is found by `resolve`: to suggest another address means to try it.
        raise AddressError("link-broken", f"{_short(written)} {reason}", "")
    port = "" if parts.port is None else f":{parts.port}"
    return user + at + (place if place.isascii() else host + port)


def _ascii_host(host: str) -> str:
    if host.isascii():
        return host
    # IDNA 2008 is known behind the Mailbox, the one place that asks for it.
    return Mailbox(f"link@{host}").wire_address.rpartition("@")[2]


def _is_own(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _is_host(host: str) -> bool:
    labels = host.lower().removesuffix(".").split(".")
    if len(labels) > 1 and _TOP_LABEL.fullmatch(labels[-1]):
        return len(host) <= 253 and all(map(_LABEL.fullmatch, labels))
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return False


def _contact(written: str, scheme: str) -> str:
    target = written.partition(":")[2]
    if scheme == "tel" and _PHONE.fullmatch(target.replace(" ", "")):
        return "tel:" + encode(target.replace(" ", ""))
    mailboxes = target.partition("?")[0]
    if scheme == "mailto" and re.fullmatch(r"[^@\s]+@[^@\s]+", mailboxes):
        return "mailto:" + encode(target)
    kind = "phone number" if scheme == "tel" else "mail address"
    raise AddressError(
        "link-broken", f"{_short(written)} holds no {kind}", f"Write {scheme}: and one."
    )


def _strange_scheme(written: str, scheme: str) -> AddressError:
    if _TOP_LABEL.fullmatch(scheme.rpartition(".")[2]) and "." in scheme:
        return _no_scheme(written)  # a host and a port: example.org:8080/path
    return AddressError(
        "link-scheme",
        f"{_short(written)} is not an address readers can follow",
        _suggestion(written),
    )


def _refuse_mangled(written: str) -> None:
    path = re.split(r"[?#]", written, maxsplit=1)[0]
    first, slash, _ = path.partition("/")
    if "://" in path or "@" in first or _NO_COLON.match(path):
        raise AddressError(
            "link-broken", f"{_short(written)} is not an address", _suggestion(written)
        )
    is_file = not slash and _FILE_NAME.fullmatch(first)
    if first.strip(".") and not is_file and _is_host(first):
        raise _no_scheme(written)


def _no_scheme(written: str) -> AddressError:
    return AddressError(
        "link-scheme",
        f"{_short(written)} lacks https://, so it would lead into this site",
        f"Write https://{_short(written)}.",
    )


def _suggestion(written: str) -> str:
    inside = _WEB_ADDRESS.search(written, 1)
    if inside and is_web_address(inside[0]):
        return f"Write {inside[0]}."
    misspelt = _MISSPELT.fullmatch(written)
    if misspelt and is_web_address("https://" + misspelt[1]):
        return f"Write https://{misspelt[1]}."
    return _WRITE_HTTPS


def _percent(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "replace"))


def _short(url: str) -> str:
    return url if len(url) <= 80 else url[:77] + "..."
