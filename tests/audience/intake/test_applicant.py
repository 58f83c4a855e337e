"""Cells become somebody who applies, and subscribers become cells."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.audience.columns import COLUMNS, write_subscriber
from distribute.audience.consent import Act, Consent
from distribute.audience.intake.applicant import (
    Applicant,
    Terms,
    UndecidedError,
    read_applicant,
)
from distribute.audience.intake.header import read_header
from distribute.audience.subscriber import Status, Subscriber
from distribute.errors import AudienceError, DistributeError
from distribute.language import Language
from distribute.mailbox import Mailbox

EN, FR, PT_BR, ZH = (Language(tag) for tag in ("en", "fr", "pt-BR", "zh-Hans"))
TERMS = Terms("import people.csv")


def _apply(terms: Terms = TERMS, /, **cells: str) -> Applicant:
    head = read_header(tuple(cells))
    return read_applicant(head.cells(tuple(cells.values())), head.system, terms)


def _read(**cells: str) -> Subscriber:
    return _apply(TERMS, **cells).subscriber


def _row(cells: Sequence[str], header: Sequence[str] = COLUMNS) -> Subscriber:
    head = read_header(header)
    return read_applicant(head.cells(cells), head.system, TERMS).subscriber


def test_columns_come_in_any_order() -> None:
    """What matters is the name of a column, not its place."""
    person = _read(status="pending", lang="fr", note="x", email="a@b.org", name="Ada")
    assert person == Subscriber(
        mailbox=Mailbox("a@b.org", "Ada"),
        languages=(FR,),
        status=Status.PENDING,
        source="import people.csv",
    )


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"email": ""}, "not a mailbox"),
        ({"email": "ada"}, "not a mailbox"),
        ({"email": "ada@exa mple.org"}, "not a mailbox"),
        ({"email": "ada\0@example.org"}, "control character"),
        ({"email": "a" * 300 + "@example.org"}, "not a mailbox"),
        ({"email": "a@b.org", "name": "A\0da"}, "control character"),
        ({"email": "a@b.org", "name": "A" * 201}, "longer than 200"),
        ({"email": "a@b.org", "languages": "english"}, "'english' is not a language"),
        ({"email": "a@b.org", "status": "happy"}, "'happy' is none of pending, conf"),
        ({"email": "a@b.org", "subscribed": "maybe"}, "'maybe' is neither yes nor no"),
        ({"email": "a@b.org", "tags": "," * 4001}, "tags: longer than 4,000"),
        ({"email": "a@b.org", "tags": '"a"\rb'}, "make no sense"),
        ({"email": "a@b.org", "joined": "yesterday"}, "'yesterday' is not a date"),
        ({"email": "a@b.org", "joined": "0001-01-01T00:00+14:00"}, "is not a date"),
    ],
)
def test_a_bad_cell_is_named(cells: dict[str, str], reason: str) -> None:
    """What cannot be understood is refused with the reason."""
    with pytest.raises(DistributeError, match=reason):
        _read(**cells)


def test_cells_without_a_column_are_refused() -> None:
    """A comma too much would put somebody's name among the languages."""
    header = ("email", "name", "languages")
    with pytest.raises(AudienceError, match="4 cells under a header of 3"):
        _row(("a@b.org", "Lovelace", "Ada", "en"), header)
    person = _row(("a@b.org", "Ada", "en", "", " "), header)
    assert person.mailbox == Mailbox("a@b.org", "Ada")


def test_missing_cells_are_empty() -> None:
    """A short row leaves open what it does not say."""
    person = _row(("Ada", "a@b.org"), ("name", "email", "languages", "status"))
    assert (person.languages, person.status) == ((), Status.CONFIRMED)


def test_white_space_is_folded() -> None:
    """Blanks around cells and line breaks in names are no part of them."""
    person = _read(email=" a@b.org\t", name="  Ada\r\n Lovelace ", status=" Confirmed ")
    assert person.mailbox == Mailbox("a@b.org", "Ada Lovelace")


def test_a_mailbox_with_its_name_is_taken_apart() -> None:
    """A cell as mail programs copy it holds both."""
    assert _read(email="Ada L <a@b.org>").mailbox == Mailbox("a@b.org", "Ada L")


def test_when_and_how_they_joined_may_be_given() -> None:
    """Evidence of consent comes along; a day without an offset is UTC."""
    person = _read(email="a@b.org", joined="2025-03-01", source="fair")
    assert person.joined == datetime(2025, 3, 1, tzinfo=UTC)
    assert person.source == "fair"


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ('=HYPERLINK("x")', '\'=HYPERLINK("x")'),
        ("+1", "'+1"),
        ("-", "'-"),
        ("@ada", "'@ada"),
        ("＝1", "'＝1"),
        ("'=1", "''=1"),
        ("'Ada", "'Ada"),
        ("Ada = Bo", "Ada = Bo"),
        ("O'Neil", "O'Neil"),
    ],
)
def test_names_are_no_formulas(name: str, cell: str) -> None:
    """What a spreadsheet would run gets an apostrophe, and loses it on the way back."""
    person = Subscriber(mailbox=Mailbox("a@b.org", name))
    cells = write_subscriber(person)
    assert cells[1] == cell
    assert _row(cells).mailbox.name == name


def test_a_foreign_table_is_not_unguarded_by_mistake() -> None:
    """A name that begins with a minus sign in somebody else's table keeps it."""
    assert _read(email="a@b.org", name="-Ada").mailbox.name == "-Ada"


subscribers = st.builds(
    Subscriber,
    mailbox=st.builds(
        Mailbox,
        st.sampled_from(["a@b.org", "Ödön@bücher.example", "=x+y-z@b.org"]),
        st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=30),
    ),
    languages=st.lists(st.sampled_from([EN, FR, ZH]), min_size=1, unique=True).map(
        tuple
    ),
    only_these=st.booleans(),
    status=st.sampled_from(Status),
    joined=st.datetimes(timezones=st.just(UTC)),
    source=st.text(st.sampled_from("=+-@'ab "), min_size=1).filter(
        lambda text: text == text.strip() and bool(text)
    ),
    tags=st.lists(
        st.text(st.sampled_from("=+-@'ab"), min_size=1, max_size=6), unique=True
    ).map(lambda tags: tuple(sorted(tags))),
    paused_until=st.none() | st.dates(),
)


@given(subscribers)
@settings(max_examples=100, deadline=None)
def test_a_subscriber_is_read_as_written(person: Subscriber) -> None:
    """Cells written are cells read, whatever the name and the source hold."""
    cells = write_subscriber(person)
    again = _row(cells)
    name = " ".join(again.mailbox.name.split())
    assert again.mailbox == Mailbox(person.mailbox.address, name)
    assert again.languages == person.languages
    assert again.only_these == person.only_these
    assert (again.status, again.joined) == (person.status, person.joined)
    assert again.source == person.source
    assert (again.tags, again.paused_until) == (person.tags, person.paused_until)


def test_first_and_last_names_are_put_together() -> None:
    """Unless there is a whole name."""
    assert _read(Email="a@b.org", FNAME="Ada", LNAME="King").mailbox.name == "Ada King"
    person = _read(email="a@b.org", first_name="Ada", name="Countess Ada")
    assert person.mailbox.name == "Countess Ada"


@pytest.mark.parametrize(
    ("cell", "tags"),
    [
        ("VIP, Press Office", ("press-office", "vip")),
        ('"VIP","Press Office"', ("press-office", "vip")),
        ('["VIP", "Press Office"]', ("press-office", "vip")),
        ("['vip']", ("vip",)),
        ("", ()),
    ],
)
def test_tags_in_the_spellings_of_other_programs(
    cell: str, tags: tuple[str, ...]
) -> None:
    """With or without quotation marks, or as a list."""
    assert _read(email="a@b.org", tags=cell).tags == tags


@pytest.mark.parametrize(
    ("cells", "status"),
    [
        ({"subscribed": "yes"}, Status.CONFIRMED),
        ({"subscribed": "TRUE"}, Status.CONFIRMED),
        ({"subscribed": "no"}, Status.UNSUBSCRIBED),
        ({"subscribed": ""}, Status.UNSUBSCRIBED),
        ({"unsubscribed": "yes"}, Status.UNSUBSCRIBED),
        ({"unsubscribed": "2025-01-02"}, Status.UNSUBSCRIBED),
        ({"unsubscribed": ""}, Status.CONFIRMED),
        ({"unsubscribed": "0"}, Status.CONFIRMED),
        ({"confirmed": "no"}, Status.PENDING),
        ({"confirmed": ""}, Status.PENDING),
        ({"confirmed": "2025-01-02"}, Status.CONFIRMED),
        ({"confirmed_at": ""}, Status.PENDING),
        ({"confirmed_at": "2025-01-02"}, Status.CONFIRMED),
        ({"confirmed_at": "", "status": "confirmed"}, Status.CONFIRMED),
        ({"status": "Opted out"}, Status.UNSUBSCRIBED),
        ({"status": "Hard-bounced"}, Status.BOUNCED),
        ({"status": "blocklisted"}, Status.SUPPRESSED),
        ({"status": "bounced", "unsubscribed": "yes"}, Status.BOUNCED),
        ({"status": "confirmed", "email disabled": "true"}, Status.UNSUBSCRIBED),
    ],
)
def test_the_gravest_of_all_that_is_said_counts(
    cells: dict[str, str], status: Status
) -> None:
    """No column outdoes another that takes somebody off."""
    assert _read(email="a@b.org", **cells).status is status


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("at_best", Status)
def test_nobody_is_nearer_to_receiving_than_at_best(
    status: Status, at_best: Status
) -> None:
    """What an operator says of all of them makes nobody better off than the file does."""
    terms = Terms("x", at_best=at_best)
    person = _apply(terms, email="a@b.org", status=status).subscriber
    assert person.status.gravity == max(status.gravity, at_best.gravity)


def test_enabled_says_nothing_until_somebody_does() -> None:
    """Listmonk has that word for those who left as well: the operator has to tell."""
    with pytest.raises(UndecidedError, match="'enabled' does not say who receives"):
        _read(email="a@b.org", status="enabled")
    terms = Terms("x", at_best=Status.CONFIRMED)
    person = _apply(terms, email="a@b.org", status="enabled").subscriber
    assert person.status is Status.CONFIRMED


def test_evidence_comes_from_the_file() -> None:
    """When and from where they asked and confirmed, the address shortened."""
    applicant = _apply(
        TERMS,
        email="a@b.org",
        optin_time="2024-02-03 04:05:06",
        optin_ip="203.0.113.77",
        confirm_time="2024-02-03 04:09:00",
        confirm_ip="2001:db8:1:2::3",
        unsub_time="2024-05-05 10:00:00",
    )
    source = TERMS.source
    assert applicant.evidence == (
        Consent(
            at=datetime(2024, 2, 3, 4, 5, 6, tzinfo=UTC),
            act=Act.ASKED,
            source=source,
            network="203.0.113.0/24",
        ),
        Consent(
            at=datetime(2024, 2, 3, 4, 9, tzinfo=UTC),
            act=Act.CONFIRMED,
            source=source,
            network="2001:db8:1::/48",
        ),
        Consent(at=datetime(2024, 5, 5, 10, tzinfo=UTC), act=Act.LEFT, source=source),
    )
    assert applicant.subscriber.joined == applicant.evidence[0].at
    assert applicant.subscriber.status is Status.UNSUBSCRIBED


@pytest.mark.parametrize(
    "text",
    [
        *("{", "{}", "[1]", "[" * 60_000),
        '[{"at": "2024-01-01", "act": "asked"}]',
        '[{"at": "2024-01-01T00:00Z", "act": "danced"}]',
        *('[{"at": 5, "act": "asked"}]', '[{"act": "asked"}]'),
        '[{"at": "2024-01-01T00:00Z", "act": "asked", "source": "a\\u0000"}]',
    ],
)
def test_consents_that_make_no_sense_are_refused(text: str) -> None:
    """Evidence is read as strictly as it is written."""
    with pytest.raises(AudienceError, match="consent"):
        _apply(TERMS, email="a@b.org", consents=text)


def test_a_whole_address_among_consents_is_shortened() -> None:
    """Whoever wrote the file, we keep nobody's own address in the network."""
    text = '[{"at": "2024-01-01T00:00Z", "act": "asked", "network": "192.0.2.9"}]'
    (consent,) = _apply(TERMS, email="a@b.org", consents=text).evidence
    assert consent.network == "192.0.2.0/24"


def test_a_pause_is_a_day() -> None:
    """Nothing else is one."""
    person = _read(email="a@b.org", paused_until="2027-01-31")
    assert person.paused_until == date(2027, 1, 31)
    with pytest.raises(AudienceError, match="is not a day"):
        _read(email="a@b.org", paused_until="soon")


def test_a_source_that_cannot_be_printed_is_refused() -> None:
    """It is shown in tables and kept in the history."""
    with pytest.raises(AudienceError, match="cannot be printed"):
        _read(email="a@b.org", source="fair\x1b[31m")


def test_a_language_may_be_among_the_attributes() -> None:
    """In a JSON object of whatever else is known; any other content is passed over."""
    text = '{"city": "Porto", "Lang": "pt"}'
    assert _read(email="a@b.org", attributes=text).languages == (Language("pt"),)
    assert _read(email="a@b.org", attributes='{"lang": 5}').languages == ()
    assert _read(email="a@b.org", attributes="[]").languages == ()
    with pytest.raises(AudienceError, match="no JSON"):
        _read(email="a@b.org", attributes="{city")
