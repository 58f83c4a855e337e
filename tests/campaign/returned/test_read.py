"""Messages that came back mean what a person would say they mean."""

import hashlib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.campaign.returned.notices import read_anything
from distribute.campaign.returned.read import read_returned
from distribute.campaign.returned.report import Kind, Report, Returned
from distribute.errors import AudienceError
from tests.campaign.returned.answers import answer_messages, trap_messages
from tests.campaign.returned.corpus import corpus
from tests.campaign.returned.made import OURS, WRONG, delivery, mail, token
from tests.campaign.returned.provider_notices import notice_messages

CORPUS = corpus()
MESSAGES = [data for name, data in CORPUS.items() if name not in notice_messages()]
SUPPRESSING = {Kind.FAILED, Kind.COMPLAINT, Kind.LEAVE}
Row = tuple[str, str, str, str, str]


def expected() -> dict[str, list[Row]]:
    """Read the table."""
    found: dict[str, list[Row]] = {}
    table = (Path(__file__).parent / "expected.txt").read_text(encoding="utf-8")
    lines = [line for line in table.splitlines() if line and not line.startswith("#")]
    for line in lines[1:]:
        name, form, kind, recipient, status, whose = line.split()
        found.setdefault(name, []).append((form, kind, recipient, status, whose))
    return found


EXPECTED = expected()


def row(name: str, report: Report) -> Row:
    """Write a report as the table does."""
    known = {delivery(name): "ours", WRONG: "wrong", "": "-"}
    return (
        report.source or "-",
        report.kind.value,
        report.recipient or "-",
        report.status or "-",
        known.get(report.delivery, report.delivery),
    )


def assert_is_clean(returned: Returned) -> None:
    """Every field can be printed, is short, and says whose message it is."""
    assert len(returned.identity) == hashlib.sha256().digest_size
    assert returned.reports
    assert returned.message_id.isprintable()
    assert len(returned.message_id) <= 200
    for report in returned.reports:
        texts = (report.recipient, report.original, report.text, report.wishes)
        assert all(text.isprintable() and len(text) <= 320 for text in texts)
        assert report.delivery == "" or len(report.delivery) == 24
        assert report.status == "" or report.status[0] in "245"
        assert 0 <= report.code <= 599
        assert len(report.token) <= 600


def test_the_table_is_about_the_corpus() -> None:
    """It holds at least sixty messages, in the order in which they are made."""
    assert list(EXPECTED) == list(CORPUS)
    assert len(EXPECTED) >= 60


@pytest.mark.parametrize("name", CORPUS)
def test_it_means_what_the_table_says(name: str) -> None:
    """Format, kind, recipient, status and delivery are those a person reads in it."""
    found = read_anything(CORPUS[name], ours=OURS)

    assert [row(name, report) for each in found for report in each.reports] == (
        EXPECTED[name]
    )
    for returned in found:
        assert_is_clean(returned)


def test_no_two_messages_are_the_same() -> None:
    """Each of them would be judged."""
    found = [read_anything(data, ours=OURS) for data in CORPUS.values()]
    identities = {returned.identity for each in found for returned in each}

    assert len(identities) == len(CORPUS)


@pytest.mark.parametrize("name", [*trap_messages(), *answer_messages()])
def test_nothing_that_only_looks_like_a_bounce_has_the_id_of_a_delivery(
    name: str,
) -> None:
    """Where a report could suppress somebody it is about no delivery of ours."""
    (returned,) = read_anything(CORPUS[name], ours=OURS)
    deliveries = {r.delivery for r in returned.reports if r.kind in SUPPRESSING}

    assert deliveries <= {"", WRONG}


@pytest.mark.parametrize("name", [name for name in CORPUS if name != "trap-noise"])
def test_ends_of_lines_make_no_difference(name: str) -> None:
    """A message is the same one as a file, in a Maildir and on an IMAP server."""
    with_lf = CORPUS[name].replace(b"\r\n", b"\n")
    assert read_anything(with_lf, ours=OURS) == read_anything(CORPUS[name], ours=OURS)


def test_who_it_was_sent_to_is_told_beside_who_refused_it() -> None:
    """Mail that was forwarded comes back from somewhere else."""
    (report,) = read_returned(CORPUS["sendmail-forwarded-elsewhere"], ours=OURS).reports

    assert report.original == "ada+news@example.net"
    assert report.recipient == "lovelace@other.example"


def test_the_servers_own_words_are_kept() -> None:
    """With the reply code, for people and for the statistics of reasons."""
    (report,) = read_returned(CORPUS["qmail-verp"], ours=OURS).reports

    assert report.code == 550
    assert "550 5.2.2 over the quota" in report.text


def test_letters_keep_their_proof_and_their_wishes() -> None:
    """A token, or the languages somebody asks for, come out as they were written."""
    confirm = read_returned(CORPUS["confirm-in-chinese"], ours=OURS).reports[0]
    leave = read_returned(CORPUS["leave-by-token"], ours=OURS).reports[0]
    join = read_returned(CORPUS["join-in-two-languages"], ours=OURS).reports[0]

    assert (confirm.token, leave.token) == (token("c"), token("l"))
    assert join.wishes == "pt-BR; en"
    choose = read_returned(CORPUS["choose-languages"], ours=OURS).reports[0]
    assert choose.wishes == "pt-BR en; fr"


def test_a_reason_is_given_for_whatever_is_taken_for_automatic() -> None:
    """Nobody has to guess why an answer was ignored."""
    for name in answer_messages():
        (report,) = read_returned(CORPUS[name], ours=OURS).reports
        assert report.text, name


def test_a_report_about_hundreds_of_recipients_says_what_it_leaves_out() -> None:
    """No message makes more than about a hundred reports."""
    groups = "\n".join(
        f"Final-Recipient: rfc822; reader{n}@example.net\nAction: failed\n"
        for n in range(150)
    )
    data = mail(
        "From: MAILER-DAEMON@example.net\nContent-Type: message/delivery-status",
        f"Reporting-MTA: dns; mx.example.net\n\n{groups}",
    )
    reports = read_returned(data, ours=OURS).reports

    assert len(reports) == 101
    assert reports[-1].text == "50 more recipients are not read"


def test_a_message_too_deep_to_be_honest_is_read_at_its_surface() -> None:
    """A thousand multiparts within one another are one part."""
    data = b"".join(
        b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n)
        for n in range(1000)
    )
    assert_is_clean(read_returned(data, ours=OURS))


def test_long_words_take_no_long_time() -> None:
    """Patterns are not led astray by text made for that."""
    lines = ["Hi. This is the qmail-send program at x", "a@" * 30_000, "<" * 50_000]
    data = mail(
        "From: MAILER-DAEMON@example.net\nSubject: failure notice",
        "\n".join((*lines, "The following address failed:", *["@." * 200] * 300)),
    )
    assert_is_clean(read_returned(data, ours=OURS))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=2000))
def test_no_octets_are_an_error(data: bytes) -> None:
    """Whatever arrives is read, and what is said of it can be printed."""
    assert_is_clean(read_returned(data, ours=OURS))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_no_damage_to_a_real_message_is_an_error(data: st.DataObject) -> None:
    """Cut, doubled, overwritten and mixed with others, it still is some message."""
    message = bytearray(data.draw(st.sampled_from(MESSAGES)))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(message)))
        end = start + data.draw(st.integers(0, 80))
        other = data.draw(st.sampled_from(MESSAGES))
        at = data.draw(st.integers(0, len(other)))
        message[start:end] = data.draw(
            st.sampled_from(
                [b"", b"\n\n", b"\x00\xff", bytes(message[start:end]) * 3, other[at:]]
            )
        )
    assert_is_clean(read_returned(bytes(message), ours=OURS))


FIELDS = st.sampled_from(
    [
        "From",
        "Subject",
        "Content-Type",
        "Content-Transfer-Encoding",
        "To",
        "Message-ID",
        "Final-Recipient",
        "Status",
        "Action",
        "X-Failed-Recipients",
        "List-Unsubscribe",
    ]
)
VALUES = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "=?utf-8?b?8J+QiA?= =?idna?q?=80?= =?unicode_escape?q?\\N{?=",
            "text/plain; charset=utf-16; boundary=",
            "multipart/report; report-type=delivery-status; boundary=x",
            "message/delivery-status",
            "base64",
            "quoted-printable",
            "MAILER-DAEMON",
            "rfc822; \\x{110000}\\x{D800}",
            "utf-8; \\x{110000}\\x{D800}@x",
        ]
    ),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(FIELDS, VALUES), max_size=12), st.text(max_size=300))
def test_no_fields_are_an_error(fields: list[tuple[str, str]], body: str) -> None:
    """Fields may say anything: charsets that are none, characters that are none."""
    head = "\n".join(f"{name}: {value}" for name, value in fields)
    data = f"{head}\n\n{head}\n\n{body}".encode("utf-8", "surrogatepass")
    assert_is_clean(read_returned(data, ours=OURS))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_damaged_notices_are_read_or_refused_in_words(data: st.DataObject) -> None:
    """JSON of whatever shape is a notification, or is said not to be one."""
    notice = data.draw(st.sampled_from(list(notice_messages().values()))).decode()
    start = data.draw(st.integers(0, len(notice)))
    end = start + data.draw(st.integers(0, 30))
    filler = data.draw(
        st.sampled_from(["", "1", "[]", "{}", 'null,"', "\ud800", "9" * 5000])
    )
    damaged = f"{notice[:start]}{filler}{notice[end:]}".encode("utf-8", "surrogatepass")
    with suppress(AudienceError):
        for returned in read_anything(damaged, ours=OURS):
            assert_is_clean(returned)
