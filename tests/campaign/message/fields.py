"""Read header fields as others do."""

import email
import email.policy
from email.header import decode_header
from email.message import EmailMessage

from hypothesis import strategies as st

VISIBLE = st.characters(
    exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\u202d\u202e"
)


def parsed(field: bytes) -> EmailMessage:
    """Read a field as Python's new parser does."""
    message = email.message_from_bytes(field + b"\r\n", policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def legacy(field: bytes, name: str) -> str:
    """Read a field as Python's old parser does."""
    raw = email.message_from_bytes(field + b"\r\n")[name]
    return "".join(
        part.decode(charset or "ascii") if isinstance(part, bytes) else part
        for part, charset in decode_header(raw.replace("\r\n", ""))
    )


def lines_of(field: bytes) -> list[bytes]:
    """Cut a field into its lines, proving that CRLF ends each of them."""
    assert field.endswith(b"\r\n")
    assert field.count(b"\n") == field.count(b"\r") == field.count(b"\r\n")
    return field.split(b"\r\n")[:-1]
