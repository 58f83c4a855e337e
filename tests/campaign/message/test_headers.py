"""The header fields of a message: ASCII, folded, never forged."""

from datetime import UTC, datetime, timedelta, timezone
from email.header import decode_header, make_header

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.campaign.message import headers
from distribute.errors import PlanError
from tests.campaign.message.fields import VISIBLE, legacy, lines_of, parsed

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


def test_fields_are_cut_where_they_begin() -> None:
    """Each with the lines that continue it."""
    assert headers.fields_of(b"A: 1\r\nB: 2,\r\n 3\r\n\t4\r\nC: 5\r\n") == [
        b"A: 1\r\n",
        b"B: 2,\r\n 3\r\n\t4\r\n",
        b"C: 5\r\n",
    ]


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
