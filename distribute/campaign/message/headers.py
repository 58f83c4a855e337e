"""The header fields of a message, as RFC 5322 has them: ASCII, folded, never forged.

Our own writer, because the standard library's folding encodes long URLs as if they were
text, which hides the unsubscribe button, and puts stray spaces into subjects. Every line
leaves through `field`, the one gate that no control character passes.
"""

import re
import unicodedata
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache

from distribute.campaign.message.encoded_words import encoded_words
from distribute.errors import MailboxError, PlanError
from distribute.mailbox import Mailbox

FOLD = "\r\n "
"""What continues a field on the next line (RFC 5322 section 2.2.3)."""
_TARGET = 78
_LIMIT = 998
"""Longest line without its CRLF, wished for and allowed (RFC 5322 section 2.1.1)."""
_ENCODED_LINE = 76
"""Longest line that holds an encoded word (RFC 2047 section 2)."""
_SAFE = re.compile(r"[\x20-\x7e]*(?:\r\n [\x21-\x7e][\x20-\x7e]*)*")
"""Printable ASCII; a line end only as `FOLD`, with something behind it."""
_SAFE_UTF8 = re.compile(
    r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]*"
    r"(?:\r\n [^\x00-\x20\x7f-\x9f\u2028\u2029\ud800-\udfff]"
    r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]*)*"
)
"""The same beyond ASCII, but for all that is or breaks a line, and lone surrogates."""
_FIELD = re.compile(rb"[^ \t].*\r\n(?:[ \t].*\r\n)*")
_BREAKS = re.compile("(?<! ) *[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]\\s*")
"""A tab or line end, with the spaces around it."""
_WHITE_SPACE = re.compile("[\t\n\v\f\r \x1c-\x1f\x85\u2028\u2029]+")
"""What separates words; no-break and other wide spaces belong to a name."""
_USUAL_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9._-]{1,189}"
)
"""ASCII, and short enough: what nearly all look like, and quick to see."""
_ADDRESS = re.compile(
    r"[^\s\x00-\x20\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff"
    r"<>()\[\]:;,\"\\@]+@[A-Za-z0-9._-]+"
)
"""Nothing that begins or ends a quotation, comment, path, list or direction; an ASCII
domain."""
_LONGEST_ADDRESS = 254
"""Octets that fit between the brackets of a path (RFC 5321 section 4.5.3.1.3)."""
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!#-;=?-Z\[\]_a-z~%]+")
"""A scheme, then only what RFC 3986 allows: no space, quotation mark or ``<``."""
_OVERRIDES = frozenset("\u202d\u202e")
"""Characters that force a direction on what follows: they make text lie."""


def field(name: str, value: str, *, utf8: bool = False) -> bytes:
    """Write one header field with its CRLF.

    `value` is complete: encoded where needed, and folded with `FOLD`. Raises `PlanError`
    if it could break out of its field or a line is too long; with `utf8`, characters
    beyond ASCII may stand as they are (RFC 6532).
    """
    safe = _SAFE_UTF8 if utf8 else _SAFE
    if not safe.fullmatch(value) or not value:
        raise PlanError(
            f"the header {name} cannot be written: {value!r}",
            hint="It is empty, or holds a control character or one beyond ASCII.",
        )
    line = f"{name}: {value}\r\n".encode()
    if max(map(len, line.split(b"\r\n"))) > _LIMIT:
        raise PlanError(
            f"the header {name} has a line of more than {_LIMIT} characters",
            hint="Shorten the address or URL in it.",
        )
    return line


def subject(text: str) -> bytes:
    """Write the Subject exactly; only tabs and line ends become spaces.

    Raises `PlanError` if it is empty or holds control or direction override characters.
    """
    tidy = _BREAKS.sub(" ", text).strip(" ")
    bad = next((c for c in tidy if _is_control(c)), "")
    if bad or not tidy:
        problem = f"holds the control character U+{ord(bad):04X}" if bad else "is empty"
        raise PlanError(
            f"the subject {tidy!r} {problem}", hint="Correct the title of the post."
        )
    return field("Subject", _unstructured(tidy, column=len("Subject: ")))


def mailbox(name: str, value: Mailbox) -> bytes:
    """Write a field of one mailbox: From, Reply-To, To (RFC 5322 section 3.4).

    The display name loses control and direction override characters, which nobody's name
    has. Raises `MailboxError` for an address that is not one. Only an address whose
    local part is not ASCII makes the field UTF-8 (RFC 6532): there is no other way.
    """
    address = checked_address(value)
    shown = display_name(value.name)
    if not shown:
        return field(name, address, utf8=value.needs_smtputf8)
    phrase = _phrase(shown, column=len(name) + 2)
    last_line = f"{name}: {phrase}".rpartition(FOLD)[2]
    joint = " " if len(last_line) + len(address) + 3 <= _ENCODED_LINE else FOLD
    return field(name, f"{phrase}{joint}<{address}>", utf8=value.needs_smtputf8)


def display_name(name: str) -> str:
    r"""Tidy a name for headers and bodies alike: one line, single spaces, no controls.

    >>> display_name(" Ada\r\n Lovelace\0")
    'Ada Lovelace'
    """
    if name.isprintable() and "  " not in name:
        return name.strip(" ")
    shown = _WHITE_SPACE.sub(" ", name)
    shown = "".join(c for c in shown if not _is_control(c))
    return " ".join(filter(None, shown.split(" ")))


def checked_address(value: Mailbox) -> str:
    """Give the address with its domain in ASCII.

    Raises `MailboxError` for what is no address, or one that mail cannot be sent to.
    """
    address = value.address
    if _USUAL_ADDRESS.fullmatch(address):
        return address
    if not address.isascii():
        local, _, domain = address.rpartition("@")
        address = f"{local}@{_ascii_domain(domain)}"
    if not _ADDRESS.fullmatch(address) or len(address.encode()) > _LONGEST_ADDRESS:
        raise MailboxError(
            f"{address!r} is not an address mail can be sent to",
            hint="Correct or remove this address.",
        )
    return address


def urls(name: str, *values: str) -> bytes:
    """Write a field of URLs in angle brackets, never encoded (RFC 2369 section 2).

    However long they are, a line ends only behind a comma. Raises `PlanError` for
    anything that is not an absolute ASCII URL.
    """
    for value in values:
        if not _URL.fullmatch(value):
            raise PlanError(
                f"{value!r} cannot stand in the header {name}",
                hint="Write an absolute URL, percent-encoded where it is not ASCII.",
            )
    return field(name, f",{FOLD}".join(f"<{value}>" for value in values))


def date(instant: datetime) -> bytes:
    """Write the Date field in UTC; `instant` is aware."""
    return field("Date", format_datetime(instant.astimezone(UTC)))


def list_id(name: str, identifier: str) -> bytes:
    """Write the List-Id field (RFC 2919).

    A name beyond ASCII is left out: it is only a comment, and filters compare the field
    as it stands.
    """
    quoted = "".join(c for c in name if " " <= c <= "~").strip() == name.strip()
    if not quoted or not name.strip() or len(name) > _TARGET // 2:
        return field("List-Id", f"<{identifier}>")
    text = f"{_quoted(name.strip())} <{identifier}>"
    if len(text) + len("List-Id: ") > _TARGET:
        text = FOLD.join(text.rsplit(" ", 1))
    return field("List-Id", text)


def fields_of(header: bytes) -> list[bytes]:
    """Cut a header into its fields, folded as they are, each with its CRLF."""
    return _FIELD.findall(header)


@lru_cache(4096)
def _ascii_domain(domain: str) -> str:
    """Write a domain in A-labels; the last few thousand are remembered."""
    try:
        return Mailbox(f"x@{domain}").wire_address.removeprefix("x@")
    except UnicodeError as error:
        raise MailboxError(
            f"{domain!r} is not a domain mail can be sent to: {error}",
            hint="Correct or remove this address.",
        ) from error


def _phrase(text: str, *, column: int) -> str:
    """Write a display name: quoted if it is ASCII, else as encoded words.

    Python's own parser is one of those that put a space between two encoded words of a
    phrase, against RFC 2047 section 6.2; a quoted string they all read.
    """
    quoted = _quoted(text)
    if _is_plain(text) and _can_be_folded(quoted, column):
        return _folded(quoted, column)
    return FOLD.join(encoded_words(text, column=column))


def _unstructured(text: str, *, column: int) -> str:
    """Write free text: ASCII folded at spaces, else as encoded words.

    ASCII that looks like an encoded word is encoded, or a decoder would change it.
    """
    if _is_plain(text) and _can_be_folded(text, column):
        return _folded(text, column)
    return FOLD.join(encoded_words(text, column=column))


def _can_be_folded(text: str, column: int) -> bool:
    return max(map(len, text.split(" "))) <= _ENCODED_LINE - column


def _folded(text: str, column: int) -> str:
    """Break a text with single spaces at these, into lines of at most `_TARGET`."""
    lines = [""]
    for word in text.split(" "):
        if column + len(lines[-1]) + 1 + len(word) > _TARGET and lines[-1]:
            lines.append(word)
            column = 1
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return FOLD.join(lines)


def _is_plain(text: str) -> bool:
    """Tell what survives as it is; of two spaces many readers would show one."""
    return text.isascii() and "=?" not in text and "  " not in text


def _quoted(text: str) -> str:
    """Write a quoted-string (RFC 5322 section 3.2.4)."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _is_control(character: str) -> bool:
    return (
        unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}
        or character in _OVERRIDES
    )
