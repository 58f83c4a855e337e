"""Tokens: who made them for whom and for what, and nothing else to be learnt."""

import hmac
import pickle
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.audience.reception.token import Grant, Purpose, Signer
from distribute.errors import AudienceError
from distribute.mailbox import Mailbox

KEY = bytes(range(32))
OTHER_KEY = bytes(range(1, 33))
ADA = Mailbox("Ada@example.org")
LONG_AFTER = datetime(2030, 1, 1, tzinfo=UTC)

mailbox_keys = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]),
    min_size=1,
    max_size=120,
)
purposes = st.sampled_from(Purpose)
examples = settings(max_examples=200, deadline=None)


def _bytes(token: str) -> bytes:
    return urlsafe_b64decode(token + "=" * (-len(token) % 4))


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


@given(mailbox_keys, purposes)
@examples
def test_what_is_signed_is_read_again(key: str, purpose: Purpose) -> None:
    """Every mailbox key comes back for the purpose it was signed for."""
    assert Signer(KEY).read(Signer(KEY).sign(key, purpose), purpose) == key


@given(mailbox_keys, purposes, st.data())
@examples
def test_any_flipped_bit_is_refused(
    key: str, purpose: Purpose, data: st.DataObject
) -> None:
    """A token that differs in one bit, wherever it is, is nobody's."""
    token = _bytes(Signer(KEY).sign(key, purpose))
    bit = data.draw(st.integers(0, 8 * len(token) - 1))
    forged = (int.from_bytes(token, "big") ^ (1 << bit)).to_bytes(len(token), "big")
    assert Signer(KEY).read(_text(forged), purpose) is None


@given(mailbox_keys, st.data())
@examples
def test_any_other_character_is_refused(key: str, data: st.DataObject) -> None:
    """Nor is a character replaced by another, also in the unused bits of the last one."""
    token = Signer(KEY).sign(key, Purpose.UNSUBSCRIBE)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters().filter(lambda c: c != token[place]))
    forged = token[:place] + other + token[place + 1 :]
    assert Signer(KEY).read(forged, Purpose.UNSUBSCRIBE) is None


def test_a_truncated_or_lengthened_token_is_refused() -> None:
    """No beginning of a token is a token, and nothing can be added to one."""
    token = Signer(KEY).unsubscribe(ADA)
    for end in range(len(token)):
        assert Signer(KEY).read(token[:end], Purpose.UNSUBSCRIBE) is None
    for tail in ("A", "=", "==", "\n", " ", "AAAA"):
        assert Signer(KEY).read(token + tail, Purpose.UNSUBSCRIBE) is None


@given(st.text(max_size=100))
@examples
def test_any_text_at_all_can_be_asked_about(text: str) -> None:
    """Whatever stands in a URL, the answer is no, and never an error."""
    assert Signer(KEY).read(text, Purpose.UNSUBSCRIBE) is None


def test_a_very_long_text_is_refused() -> None:
    """Nothing is computed over a megabyte that somebody sent."""
    assert Signer(KEY).read("A" * 1_000_000, Purpose.UNSUBSCRIBE) is None


@given(mailbox_keys)
@examples
def test_a_token_for_one_purpose_is_none_for_another(key: str) -> None:
    """An unsubscribe link opens nobody's preferences, and the other way round."""
    signer = Signer(KEY)
    token = signer.sign(key, Purpose.UNSUBSCRIBE)
    assert signer.read(token, Purpose.PREFERENCES) is None
    assert signer.sign(key, Purpose.PREFERENCES) != token


def test_a_token_of_another_newsletter_is_refused() -> None:
    """Only who has the key makes tokens that we read."""
    token = Signer(OTHER_KEY).unsubscribe(ADA)
    assert Signer(KEY).read(token, Purpose.UNSUBSCRIBE) is None


def test_retired_keys_are_read_and_no_longer_written() -> None:
    """After a change of keys the old links work, and the new ones use the new key."""
    old = Signer(OTHER_KEY).unsubscribe(ADA)
    signer = Signer(KEY, retired=(OTHER_KEY,))
    assert signer.read(old, Purpose.UNSUBSCRIBE) == ADA.key
    assert signer.unsubscribe(ADA) == Signer(KEY).unsubscribe(ADA) != old
    assert signer.read(signer.unsubscribe(ADA), Purpose.UNSUBSCRIBE) == ADA.key


def test_the_same_on_every_run() -> None:
    """The same mailbox and key give the same token, in any case of the address.

    The value is frozen here: links that are out there must work with every version.
    """
    token = Signer(KEY).unsubscribe(ADA)
    assert token == Signer(KEY).unsubscribe(Mailbox("ada@EXAMPLE.org".lower()))
    assert token == "AdDO4goggeQZzVyQDFF_u0k1K5PD42MqpTzCcnsaCbg0"


def test_nothing_of_the_address_shows() -> None:
    """Neither the address nor its length can be seen, and the URL stays short."""
    short, long = (
        Signer(KEY).unsubscribe(Mailbox(address))
        for address in ("a.bcd@example.org", "somebody.with.a.name@example.org")
    )
    assert len(short) == len(long) == 66
    for part in (b"example", b"bcd", b"org"):
        assert part not in _bytes(short)
    assert all(c.isalnum() or c in "-_" for c in short)


def test_different_people_have_different_tokens() -> None:
    """A token is for one person."""
    tokens = {Signer(KEY).unsubscribe(Mailbox(f"u{n}@example.org")) for n in range(500)}
    assert len(tokens) == 500


def test_a_short_key_is_refused() -> None:
    """A key that could be guessed is an error that says how long one should be."""
    with pytest.raises(AudienceError, match="too short\n  Use 32 random bytes"):
        Signer(b"secret")
    with pytest.raises(AudienceError, match="too short"):
        Signer(KEY, retired=(b"",))


def test_keys_are_never_shown() -> None:
    """A signer in a log or a traceback does not give its key away."""
    assert repr(Signer(KEY)) == "Signer(1 keys)"


@given(mailbox_keys, purposes)
@examples
def test_a_signer_signs_the_same_in_another_process(key: str, purpose: Purpose) -> None:
    """Pickled, it keeps its keys, retired ones too."""
    signer = Signer(KEY, retired=(OTHER_KEY,))
    elsewhere = pickle.loads(pickle.dumps(signer))  # noqa: S301 - our own, just made
    assert elsewhere.sign(key, purpose) == signer.sign(key, purpose)
    old = Signer(OTHER_KEY).sign(key, purpose)
    assert elsewhere.read(old, purpose) == key


@given(mailbox_keys, purposes, st.binary(min_size=16, max_size=200))
@examples
def test_a_token_is_what_the_construction_says(
    text: str, purpose: Purpose, key: bytes
) -> None:
    """Step by step, with the plain HMAC of the standard library."""
    is_whole = purpose is Purpose.PREFERENCES
    base = Purpose.UNSUBSCRIBE if is_whole else purpose
    siv_key = hmac.digest(key, f"distribute token siv {base}".encode(), "sha256")
    stream_key = hmac.digest(siv_key, b"stream", "sha256")
    padded = text.encode() + b"\0" * (-len(text.encode()) % 16)
    proof = hmac.digest(siv_key, padded, "sha256")
    siv, shown = proof[:16], proof if is_whole else proof[:16]
    version = b"\x02" if is_whole else b"\x01"
    stream = b"".join(
        hmac.digest(stream_key, siv + number.to_bytes(4, "big"), "sha256")
        for number in range(len(padded) // 32 + 1)
    )
    masked = bytes(a ^ b for a, b in zip(padded, stream, strict=False))
    assert _bytes(Signer(key).sign(text, purpose)) == version + shown + masked


@given(mailbox_keys, purposes, st.integers(0, 2**40))
@examples
def test_a_token_with_a_time_is_read_until_then(
    key: str, purpose: Purpose, seconds: int
) -> None:
    """It is good before that instant, and neither at it nor where nobody says now."""
    expires = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds % 2**37)
    token = Signer(KEY).sign(key, purpose, expires)
    before = expires - timedelta(seconds=1)
    assert Signer(KEY).read(token, purpose, before) == key
    assert Signer(KEY).read(token, purpose, expires) is None
    assert Signer(KEY).read(token, purpose) is None
    assert Signer(KEY).grant(token, purpose) == Grant(key, expires)


def test_an_expired_token_can_be_told_from_a_forged_one() -> None:
    """Whoever is late is told so; of what we did not make there is nothing to tell."""
    then = datetime(2026, 1, 1, tzinfo=UTC)
    token = Signer(KEY).sign(ADA.key, Purpose.CONFIRM, then)
    grant = Signer(KEY).grant(token, Purpose.CONFIRM)
    assert grant is not None
    assert grant.has_expired(then)
    assert not grant.has_expired(then - timedelta(seconds=1))
    assert Signer(KEY).grant(token[:-1], Purpose.CONFIRM) is None
    assert Signer(OTHER_KEY).grant(token, Purpose.CONFIRM) is None


def test_one_that_never_expires_is_good_at_any_time() -> None:
    """A link to leave works years later."""
    token = Signer(KEY).unsubscribe(ADA)
    now = datetime(2099, 1, 1, tzinfo=UTC)
    assert Signer(KEY).read(token, Purpose.UNSUBSCRIBE, now) == ADA.key


@given(mailbox_keys, purposes, purposes, st.none() | st.just(LONG_AFTER))
@examples
def test_no_two_purposes_share_a_token(
    key: str, one: Purpose, other: Purpose, expires: datetime | None
) -> None:
    """With a time in it or without, a token is good for its own purpose alone."""
    token = Signer(KEY).sign(key, one, expires)
    assert (Signer(KEY).grant(token, other) is None) == (one is not other)


def test_subkeys_differ_from_each_other_and_follow_the_keys() -> None:
    """Each use has a key of its own, and the retired keys give theirs as well."""
    signer = Signer(KEY, retired=(OTHER_KEY,))
    assert signer.subkey("visit") == Signer(KEY).subkey("visit")
    assert signer.subkeys("visit") == (
        Signer(KEY).subkey("visit"),
        Signer(OTHER_KEY).subkey("visit"),
    )
    assert len({*signer.subkeys("visit"), *signer.subkeys("delivery"), KEY}) == 5
