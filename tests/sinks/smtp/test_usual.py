"""The short way says and hears exactly what the long way does."""

from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.campaign.campaign import Envelope, Message, Parcel, Receipt, Stage
from distribute.errors import PermanentDeliveryError
from distribute.sinks.smtp.commands import Extensions, envelope_commands, objection
from distribute.sinks.smtp.replies import GarbledReplyError, parse_replies, receipt_of
from distribute.sinks.smtp.usual import UsualEnvelope, usual_verdict

ADDRESSES = st.one_of(
    st.emails(),
    st.text(st.characters(codec="utf-8"), max_size=12).map(
        lambda t: f"{t}@example.org"
    ),
    st.text('ab@<>\r\n\0 .-"\\:;,()[]é', max_size=12),
)
EXTENSIONS = st.dictionaries(
    st.sampled_from(["SIZE", "DSN", "SMTPUTF8", "8BITMIME", "PIPELINING"]),
    st.lists(st.sampled_from(["0", "100", "100000", "x", "²"]), max_size=1),
)
LINES = st.one_of(
    st.sampled_from(
        ["2.0.0 Ok: queued as 42", "2.1.0 Ok", "ok", "", " ", "2.0.0", "2.0.0  twice",
         "5.0.0 no", "2.0.0\t", "Ok\0", "naïve", "2.0 short", "x" * 400]
    ),
    st.text(st.characters(codec="utf-8"), max_size=8),
)  # fmt: skip


def parcel(recipient: str, sender: str, size: int, *, tidy: bool) -> Parcel:
    """Make a parcel with that on its envelope."""
    message = Message((b"x" * size,), size, tidy)
    envelope = Envelope("5/en/a", sender, recipient)
    return Parcel("key", "a", recipient, 0, 0, 0, envelope, message)


@settings(max_examples=200, deadline=None)
@given(
    recipients=st.lists(ADDRESSES, min_size=1, max_size=4),
    sender=ADDRESSES,
    extensions=EXTENSIONS,
    size=st.sampled_from([1, 99, 100, 101]),
    tidy=st.booleans(),
)
def test_says_what_the_long_way_says(
    recipients: list[str], sender: str, extensions: Extensions, size: int, *, tidy: bool
) -> None:
    """Where there is a short way it gives the same octets, and nobody would object."""
    usual = UsualEnvelope(extensions)
    for recipient in recipients:
        one = parcel(recipient, sender, size, tidy=tidy)
        said = usual.write(one)
        if said is not None:
            assert objection(one, extensions) is None
            assert said == envelope_commands(one, extensions)


def test_is_taken_by_nearly_everybody() -> None:
    """Ordinary addresses of all kinds go the short way, or it would be of no use."""
    usual = UsualEnvelope({"SIZE": ["100000"], "PIPELINING": []})
    for address in ("ada@example.org", "o'hara+news@xn--bcher-kva.example", "1_2@a.b"):
        assert usual.write(parcel(address, "b@example.org", 99, tidy=True))
    assert (
        usual.write(parcel("ada@example.org", "b@example.org", 10**6, tidy=True))
        is None
    )


@settings(max_examples=200, deadline=None)
@given(
    codes=st.tuples(*[st.sampled_from([250, 250, 250, 251, 354, 421, 450, 550])] * 4),
    lines=st.tuples(*[LINES] * 4),
    usual=st.booleans(),
    cut=st.integers(0, 3),
)
def test_hears_what_the_long_way_hears(
    codes: tuple[int, ...], lines: tuple[str, ...], *, usual: bool, cut: int
) -> None:
    """Where there is a short way the receipt is the same, and the rest a go-ahead."""
    if usual:
        codes = (250, 250, 250, 354)
    replies = [f"{code} {line}\r\n" for code, line in zip(codes, lines, strict=True)]
    buffer = "".join(replies).encode()
    buffer = buffer[: len(buffer) - cut]
    receipt = usual_verdict(buffer)
    if receipt is not None:
        judged, *others = strictly(buffer)
        assert receipt == judged
        assert [code // 10 for code in others] == [25, 25, 35]


def strictly(buffer: bytes) -> tuple[Receipt, int, int, int]:
    """Read four replies the long way."""
    replies, length = parse_replies(buffer)
    assert length == len(buffer)
    first, *others = replies
    mail, rcpt, data = (reply.code for reply in others)
    return receipt_of(first, Stage.END), mail, rcpt, data


@settings(max_examples=200, deadline=None)
@given(buffer=st.binary(max_size=60))
def test_hears_nothing_in_garbage(buffer: bytes) -> None:
    """Whatever is not four whole replies is left to the strict reader."""
    if usual_verdict(buffer) is not None:
        try:
            assert len(parse_replies(buffer)[0]) == 4
        except GarbledReplyError as error:
            raise AssertionError(buffer) from error


def test_refuses_nothing_by_itself() -> None:
    """What must be refused is left to those who can say why."""
    usual = UsualEnvelope({"SIZE": []})
    forged = parcel("a@example.org>\r\nRSET", "b@example.org", 9, tidy=True)
    assert usual.write(forged) is None
    try:
        envelope_commands(forged, {"SIZE": []})
    except PermanentDeliveryError:
        return
    raise AssertionError("a forged address was written")
