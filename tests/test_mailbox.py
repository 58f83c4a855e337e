"""Mailboxes: parsed once, and safe to write into headers and commands."""

import pytest
from email_validator import SPECIAL_USE_DOMAIN_NAMES
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.errors import MailboxError
from distribute.mailbox import Mailbox, _parts, _usual_parts


@pytest.mark.parametrize(
    ("text", "address", "name"),
    [
        ("ada@example.org", "ada@example.org", ""),
        (" Ada@EXAMPLE.org ", "Ada@example.org", ""),
        ("Ada Lovelace <ada@example.org>", "ada@example.org", "Ada Lovelace"),
        ('"Lovelace, Ada" <ada@example.org>', "ada@example.org", "Lovelace, Ada"),
        ("نور <nour@example.org>", "nour@example.org", "نور"),
        ("j@münchen.example", "j@münchen.example", ""),
        ("用户@example.org", "用户@example.org", ""),
    ],
)
def test_an_address_is_read_with_or_without_a_name(
    text: str, address: str, name: str
) -> None:
    """The domain is folded to lower case, the local part is left alone."""
    assert Mailbox.parse(text) == Mailbox(address, name)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "ada@",
        "@example.org",
        "a b@example.org",
        "ada@exa mple.org",
        "ada@example.org\r\nBcc: eve@example.org",
        "ada@example.org, eve@example.org",
        "a\0@example.org",
        "<>",
        "a@b@c.org",
        "a@-x.org",
        "x" * 65 + "@example.org",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    """Nothing that could inject a header or a second recipient gets in."""
    with pytest.raises(MailboxError):
        Mailbox.parse(text)


def test_a_name_with_a_line_break_is_refused() -> None:
    """A display name goes into a header, so it must not hold control characters."""
    with pytest.raises(MailboxError):
        Mailbox.parse("ada@example.org", name="Ada\r\nBcc: eve@example.org")


@given(st.text(max_size=60), st.text(max_size=20))
def test_parsing_never_fails_but_with_a_mailbox_error(text: str, name: str) -> None:
    """Whatever was parsed holds exactly one ``@domain`` and no control character."""
    try:
        mailbox = Mailbox.parse(text, name=name)
    except MailboxError:
        return
    assert all(mailbox.address.rpartition("@")[::2])
    assert not any(ord(c) < 32 or ord(c) == 127 for c in mailbox.address + mailbox.name)


def test_the_same_person_in_another_case_has_the_same_key() -> None:
    """Two spellings of an address never make two subscribers."""
    assert Mailbox.parse("Ada@Example.org").key == Mailbox.parse("ada@example.org").key


def test_a_foreign_domain_travels_in_a_labels() -> None:
    """IDNA: the wire sees ASCII, people see their own letters."""
    mailbox = Mailbox.parse("j@münchen.example")
    assert mailbox.wire_address == "j@xn--mnchen-3ya.example"
    assert not mailbox.needs_smtputf8


def test_a_foreign_local_part_needs_smtputf8() -> None:
    """RFC 6531: only the local part cannot be written in ASCII."""
    assert Mailbox.parse("用户@example.org").needs_smtputf8


_LABELS = [
    "a", "a-b", "a--b", "ab--c", "xn--mnchen-3ya", "xn--a", "-a", "b-", "4", "c0m", "x",
    "EXAMPLE", "Org", "org", "example", "com", "co.uk", "test", "tests", "local", "LOCAL",
    "localhost", "arpa", "onion", "invalid", "a_b", "münchen", "mu\u0308nchen", "x" * 63,
    "",
]  # fmt: skip
_LOCALS = st.text("ab0+-_.A!'", max_size=66) | st.sampled_from(["news", "Info", "ü"])
_ADDRESSES = st.builds(
    lambda local, labels: f"{local}@{'.'.join(labels)}",
    _LOCALS,
    st.lists(st.sampled_from(_LABELS), min_size=1, max_size=4),
)
_NAMES = st.sampled_from(
    ["", " ", "Ada ", "Ada  L ", "نور ", "用户", "e\u0301 ", "a.b ", '"a" ']
)


def read_alike(text: str) -> None:
    """Read it in both ways, if it is usual."""
    if (usual := _usual_parts(text)) is not None:
        found, full = _parts(text)
        assert (" ".join(usual[0].split()), usual[1]) == (found, full)


@pytest.mark.parametrize("label", _LABELS)
def test_any_domain_is_read_alike(label: str) -> None:
    """Wherever a label stands, the library has the same to say about it."""
    for domain in (label, f"{label}.org", f"mail.{label}.org", f"mail.{label}"):
        read_alike(f"ada@{domain}")
        read_alike(f"Ada <ada@{domain}>")


@settings(max_examples=200, deadline=None)
@given(text=_ADDRESSES | st.builds("{}<{}>".format, _NAMES, _ADDRESSES))
def test_what_is_read_at_once_is_read_alike_with_care(text: str) -> None:
    """What needs no library to be understood means the same to the library."""
    read_alike(text)


@pytest.mark.parametrize("domain", SPECIAL_USE_DOMAIN_NAMES)
def test_where_no_mail_goes_is_left_to_the_library(domain: str) -> None:
    """Should it come to know more such domains, this asks for them here as well."""
    for text in (f"ada@{domain}", f"ada@mail.{domain}", f"Ada <ada@{domain}>"):
        assert _usual_parts(text) is None
        with pytest.raises(MailboxError):
            Mailbox.parse(text)


@pytest.mark.parametrize(
    "text", ["news@example.org", "Ada Lovelace <ada.l+x@mail-1.example.co.uk>"]
)
def test_the_usual_is_read_at_once(text: str) -> None:
    """Starting up takes no library for an address as most are."""
    assert _usual_parts(text) is not None
