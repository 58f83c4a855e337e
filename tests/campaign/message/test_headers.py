"""The header fields of a message: ASCII, folded, never forged."""

import email
import email.policy
from datetime import UTC, datetime, timedelta, timezone
from email.header import decode_header, make_header
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.campaign.message import headers
from distribute.errors import MailboxError, PlanError
from distribute.mailbox import Mailbox

SUBJECTS = [
    "NLP News #12: small models, big ideas",
    "A subject in plain ASCII that goes on for so long that it has to be folded more "
    "than once, because nobody told its author when to stop writing",
    "x" * 300,
    "Literal =?utf-8?q?caf=C3=A9?= stays literal",
    "A =?trap",
    "النشرة الإخبارية العدد ١٢: نماذج صغيرة، أفكار كبيرة، وكل ما فاتك هذا الأسبوع C++",
    "שבוע טוב: חדשות על מודלים קטנים",
    "自然语言处理简报（第十二期）：小模型，大想法，以及你这个星期错过的一切，还有更多的内容",
    "Emoji 👩🏽\u200d💻🇧🇷🏴\U000e0067\U000e0062\U000e0073\U000e007f and then some " * 3,
    "Numéro 5\u00a0: l’été\u3000indien",
    "語" * 300,
    'He said "no" \\ yes; <tag> & more, (really)?',
    ":",
]
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


@pytest.mark.parametrize("text", SUBJECTS)
def test_a_subject_is_exact_in_both_decoders(text: str) -> None:
    """Long, right-to-left, CJK, emoji and look-alike subjects arrive unchanged."""
    written = headers.subject(text)

    assert parsed(written)["Subject"] == text.strip()
    assert legacy(written, "Subject") == text.strip()
    assert written.isascii()
    assert all(len(line) <= 78 and line.strip() for line in lines_of(written))


@given(st.text(VISIBLE, max_size=300).map(lambda text: f"a{text}z"))
@settings(max_examples=200, deadline=None)
def test_any_subject_is_exact(text: str) -> None:
    """To the last of several spaces."""
    written = headers.subject(text)

    assert legacy(written, "Subject") == text
    assert parsed(written)["Subject"] == text
    assert all(len(line) <= 78 for line in lines_of(written))


@given(st.text(max_size=100))
@settings(max_examples=200, deadline=None)
def test_a_subject_is_written_as_one_field_or_refused(text: str) -> None:
    """Whatever stands in a title, it never becomes a second header."""
    try:
        written = headers.subject(text)
    except PlanError as error:
        assert "subject" in error.reason  # noqa: PT017 - either way is right
    else:
        assert all(line.startswith(b" ") for line in lines_of(written)[1:])


def test_line_breaks_in_a_subject_become_spaces() -> None:
    """A title over two lines is one line."""
    assert headers.subject("one\r\nBcc: x@example.org\ttwo\u2028three") == (
        b"Subject: one Bcc: x@example.org two three\r\n"
    )


def test_two_spaces_in_a_subject_stay_two() -> None:
    """As an encoded word, because readers of plain text fold them."""
    written = headers.subject("one  two").decode()
    assert written.startswith("Subject: =?")
    assert str(make_header(decode_header(written[9:].strip()))) == "one  two"


@pytest.mark.parametrize("text", ["a\0b", "a\x1bb", "a\u202eb", "a\ud800b", " \r\n "])
def test_a_subject_with_control_characters_or_none_is_refused(text: str) -> None:
    """It says which character, and where to correct it."""
    with pytest.raises(PlanError, match=r"U\+|empty") as caught:
        headers.subject(text)
    assert "title" in caught.value.hint


@pytest.mark.parametrize(
    "name",
    [
        "Ada Lovelace",
        'Ada "the first" Lovelace',
        "Lovelace, Ada (Countess); <x@y>",
        "back\\slash",
        "=?utf-8?q?x?=",
        "Zoë",
        "محمد بن موسى الخوارزمي",
        "王小明",
        "👩🏽\u200d💻",
        "x" * 42,
    ],
)
def test_a_name_arrives_exactly(name: str) -> None:
    """Names up to 42 octets are one piece, and exact in both decoders."""
    written = headers.mailbox("To", Mailbox("ada@example.org", name))
    (address,) = parsed(written)["To"].addresses

    assert (address.display_name, address.addr_spec) == (name, "ada@example.org")
    assert not parsed(written)["To"].defects
    assert written.isascii()
    assert written.count(b"=?utf-8?b?") <= 1


@given(
    st.text(VISIBLE, max_size=60).filter(lambda text: text.strip(" ")),
    st.sampled_from(["To", "Reply-To"]),
)
@settings(max_examples=100, deadline=None)
def test_any_name_survives_and_the_address_stays_alone(name: str, field: str) -> None:
    """No name adds a recipient, hides one, or makes a line too long."""
    written = headers.mailbox(field, Mailbox("ada@example.org", name))
    (address,) = parsed(written)[field].addresses

    assert address.addr_spec == "ada@example.org"
    assert all(len(line) <= 78 and line.strip() for line in lines_of(written))
    expected = " ".join(filter(None, name.split(" ")))
    phrase = written[len(field) + 2 : written.rindex(b"<")].strip()
    if phrase.startswith(b"=?"):
        assert legacy(b"X: " + phrase + b"\r\n", "X") == expected


def test_a_long_name_becomes_several_words() -> None:
    """A name of more than 42 octets is cut between characters, and comes back whole."""
    name = "الأستاذة الدكتورة فاطمة الزهراء بنت محمد"
    written = headers.mailbox("From", Mailbox("f@example.org", name))

    assert written.count(b"=?utf-8?b?") > 1
    phrase = written[: written.index(b"<")].rstrip() + b"\r\n"
    assert legacy(phrase, "From") == name


@pytest.mark.parametrize("word", ["and on", 'said "so"', "\\ /", "\x7f \x7f", "( , )"])
def test_a_long_ascii_name_is_folded_and_not_encoded(word: str) -> None:
    """Encoded words in a phrase are read wrongly here and there; quotes are not."""
    name = f"It goes on {word} " * 5 + "to the end"
    written = headers.mailbox("To", Mailbox("ada@example.org", name))
    (address,) = parsed(written)["To"].addresses

    assert address.display_name == " ".join(name.replace("\x7f", "").split())
    assert b"=?" not in written
    assert all(len(line) <= 78 and line.strip() for line in lines_of(written))


@pytest.mark.parametrize(
    "name", ["a\r\nBcc: x@example.org", "a\0b", "\u202ea", "\x7f\x1b"]
)
def test_a_name_loses_control_characters(name: str) -> None:
    """They are nobody's name, and one subscriber cannot stop the others."""
    written = headers.mailbox("To", Mailbox("a@example.org", name))

    assert b"\0" not in written
    assert len(parsed(written).keys()) == 1
    assert "\u202e" not in parsed(written)["To"]


@pytest.mark.parametrize(
    "address",
    ["a@example.org\r\nBcc: b@example.org", "a b@example.org", "a@b@example.org", "a",
     "a@example.org>", "a\0@example.org", "a@exa\nmple.org", "a@example.org, b@x.org"],
)  # fmt: skip
def test_a_forged_address_is_refused(address: str) -> None:
    """Even where somebody went round `Mailbox.parse`."""
    with pytest.raises(MailboxError):
        headers.mailbox("To", Mailbox(address))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ada Lovelace", "Ada Lovelace"),
        (" Ada ", "Ada"),
        ("Ada\r\n \tLovelace", "Ada Lovelace"),
        ("A\0d\x1ba\u202e", "Ada"),
        ("Ada\u2028\u2029King", "Ada King"),
        ("  ", ""),
        ("a\ud800b", "ab"),
        ("星野\u3000しずく", "星野\u3000しずく"),
        ("ק\u200fק", "ק\u200fק"),
    ],
)
def test_a_name_is_one_line_without_controls(name: str, shown: str) -> None:
    """What headers and bodies say alike; spaces that belong to a script stay."""
    assert headers.display_name(name) == shown


@pytest.mark.parametrize(
    "address",
    [
        "a" * 65 + "@" + "b" * 189,
        "é" * 150 + "@example.org",
        "a@" + "ü" * 70 + ".example",
        "a@\ud800.example",
        "a@b\u3002\u3002c.example",
        "\u202ea@example.org",
        "a\u2066@example.org",
    ],
)
def test_an_address_that_cannot_be_sent_to_is_refused(address: str) -> None:
    """It is too long for a path, its domain is none, or it lies about its direction."""
    with pytest.raises(MailboxError):
        headers.checked_address(Mailbox(address))


def test_the_longest_address_is_not_refused() -> None:
    """254 octets fit between the brackets of a path (RFC 5321 section 4.5.3.1.3)."""
    longest = "a" * 65 + "@" + "b" * 188
    assert headers.checked_address(Mailbox(longest)) == longest


def test_fields_are_cut_where_they_begin() -> None:
    """Each with the lines that continue it."""
    assert headers.fields_of(b"A: 1\r\nB: 2,\r\n 3\r\n\t4\r\nC: 5\r\n") == [
        b"A: 1\r\n",
        b"B: 2,\r\n 3\r\n\t4\r\n",
        b"C: 5\r\n",
    ]


def test_domains_are_in_ascii() -> None:
    """An international domain is written in A-labels."""
    written = headers.mailbox("To", Mailbox("a@bücher.example"))

    assert written == b"To: a@xn--bcher-kva.example\r\n"


def test_a_local_part_beyond_ascii_is_utf_8() -> None:
    """RFC 6532 has no other way to write it; only this field is not ASCII."""
    written = headers.mailbox("To", Mailbox("józef@example.org", "Józef"))

    assert written.decode() == "To: =?utf-8?b?SsOzemVm?= <józef@example.org>\r\n"


def test_urls_are_never_encoded_and_fold_behind_the_comma() -> None:
    """A URL of 900 characters arrives as it is."""
    url = "https://example.org/u/" + "x" * 878
    written = headers.urls("List-Unsubscribe", url, "mailto:u@example.org")

    assert lines_of(written) == [
        f"List-Unsubscribe: <{url}>,".encode(),
        b" <mailto:u@example.org>",
    ]


@pytest.mark.parametrize(
    "url",
    ["https://example.org/\r\nBcc: x@example.org", "https://example.org/a b", "/a", "",
     "https://example.org/>,<https://example.com/", "https://bücher.example/",
     "https://example.org/" + "x" * 1000],
)  # fmt: skip
def test_what_is_no_url_is_refused(url: str) -> None:
    """With the header's name, so that one knows which setting is meant."""
    with pytest.raises(PlanError, match="Archived-At"):
        headers.urls("Archived-At", url)


@pytest.mark.parametrize(
    "value", ["", "a\r\nb", "a\r\n \r\n b", "a\n b", "é", "a\x7f", "\t"]
)
def test_the_gate_refuses_what_breaks_out(value: str) -> None:
    """No field is empty, has a blank line, a bare line end or a character beyond ASCII."""
    with pytest.raises(PlanError, match="X-Test"):
        headers.field("X-Test", value)


def test_even_utf_8_fields_cannot_break_out() -> None:
    """RFC 6532 allows letters, not line separators."""
    for value in ("é\nb", "é\u2028b", "é\x85b", "\ud800", "é\r\n \u0085"):
        with pytest.raises(PlanError):
            headers.field("To", value, utf8=True)


def test_dates_are_in_utc() -> None:
    """Whatever the zone of the instant."""
    instant = datetime(2026, 11, 20, 10, 0, tzinfo=timezone(timedelta(hours=1)))

    assert headers.date(instant) == b"Date: Fri, 20 Nov 2026 09:00:00 +0000\r\n"
    assert headers.date(instant.astimezone(UTC)) == headers.date(instant)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        (
            "Example News (en)",
            b'List-Id: "Example News (en)" <en.news.example.org>\r\n',
        ),
        ("新闻 (zh)", b"List-Id: <en.news.example.org>\r\n"),
        ("a\r\nb", b"List-Id: <en.news.example.org>\r\n"),
    ],
)
def test_a_list_id_has_an_ascii_name_or_none(name: str, written: bytes) -> None:
    """Filters compare it as it stands."""
    assert headers.list_id(name, "en.news.example.org") == written


def test_a_long_list_id_is_folded_before_the_identifier() -> None:
    """The name of 39 characters still fits, on a line of its own."""
    written = headers.list_id("n" * 39, f"en.{'x' * 40}.example.org")

    assert [len(line) <= 78 for line in lines_of(written)] == [True, True]
