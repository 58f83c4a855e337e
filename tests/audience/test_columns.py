"""Cells become subscribers, and subscribers become cells."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.audience.columns import (
    COLUMNS,
    format_languages,
    parse_languages,
    read_header,
    read_subscriber,
    write_subscriber,
)
from distribute.audience.subscriber import Status, Subscriber
from distribute.errors import AudienceError, DistributeError, LanguageError
from distribute.language import Language
from distribute.mailbox import Mailbox

EN, FR, PT_BR, ZH = (Language(tag) for tag in ("en", "fr", "pt-BR", "zh-Hans"))


def _read(**cells: str) -> Subscriber:
    return read_subscriber(
        tuple(cells.values()), read_header(tuple(cells)), source="import people.csv"
    )


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("email", "email"),
        ("E-Mail", "email"),
        (" EMAIL ", "email"),
        ("e_mail", "email"),
        ("Email Address", "email"),
        ("mail", "email"),
        ("Name", "name"),
        ("Full name", "name"),
        ("lang", "languages"),
        ("Language", "languages"),
        ("LOCALE", "languages"),
        ("Status", "status"),
    ],
)
def test_columns_are_known_by_their_common_names(header: str, column: str) -> None:
    """Case, hyphens, blanks and the common synonyms make no difference."""
    cells = (header,) if column == "email" else ("email", header)
    assert read_header(cells).places[column] == len(cells) - 1


def test_columns_come_in_any_order() -> None:
    """What matters is the name of a column, not its place."""
    person = _read(status="pending", lang="fr", note="x", email="a@b.org", name="Ada")
    assert person == Subscriber(
        mailbox=Mailbox("a@b.org", "Ada"),
        languages=(FR,),
        status=Status.PENDING,
        source="import people.csv",
    )


def test_unknown_columns_are_named() -> None:
    """What is not understood is told, unless it has no name; nothing ugly is printed."""
    header = read_header(("email", "Phone", "", "shoe\x1b[31m size"))
    assert header.unknown == ("Phone", "shoe\ufffd[31m size")


def test_without_an_address_there_is_no_table() -> None:
    """A header without an email column is an error that shows a right one."""
    with pytest.raises(AudienceError, match="no column is called email") as caught:
        read_header(("name", "languages"))
    assert "email,name,languages,status" in caught.value.hint


def test_two_columns_for_one_thing_are_an_error() -> None:
    """Nobody guesses which of two addresses is meant."""
    with pytest.raises(
        AudienceError, match="two columns for email: 'Mail' and 'E-mail'"
    ):
        read_header(("Mail", "name", "E-mail"))


@pytest.mark.parametrize(
    ("text", "languages", "only_these"),
    [
        ("", (), False),
        ("  ", (), False),
        ("fr", (FR,), False),
        ("pt-BR; en", (PT_BR, EN), False),
        ("pt_br|EN", (PT_BR, EN), False),
        ("pt-BR,en", (PT_BR, EN), False),
        ("pt-BR / en", (PT_BR, EN), False),
        ("pt-BR en", (PT_BR, EN), False),
        ("zh-hans；en", (ZH, EN), False),
        (";en;;fr;", (EN, FR), False),
        ("en; fr; en", (EN, FR), False),
        ("fr!", (FR,), True),
        ("pt-BR; en !", (PT_BR, EN), True),
        ("fr！", (FR,), True),
    ],
)
def test_languages_in_every_spelling(
    text: str, languages: tuple[Language, ...], *, only_these: bool
) -> None:
    """In order, each once, with the usual marks between them, and ``!`` for only these."""
    assert parse_languages(text) == (languages, only_these)


@pytest.mark.parametrize(
    "text",
    [
        *("english", "English; fr", "français", "only fr", "e", "en-", "12"),
        *("!", "; !", "fr!; en", "fr!!"),
        "; ".join(f"a{chr(97 + n)}" for n in range(21)),
    ],
)
def test_malformed_languages_are_refused(text: str) -> None:
    """What is no tag is an error: nobody guesses what somebody wants to read."""
    with pytest.raises(LanguageError):
        parse_languages(text)


@given(
    languages=st.lists(st.sampled_from([EN, FR, PT_BR, ZH]), unique=True),
    only_these=st.booleans(),
)
@settings(max_examples=100, deadline=None)
def test_languages_are_read_as_written(
    *, languages: list[Language], only_these: bool
) -> None:
    """What is written is read back the same; only these of nothing means nothing."""
    text = format_languages(languages, only_these=only_these)
    assert parse_languages(text) == (tuple(languages), only_these and bool(languages))


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
        ({"email": "a@b.org", "status": "active"}, "'active' is none of pending, conf"),
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
    header = read_header(("email", "name", "languages"))
    with pytest.raises(AudienceError, match="4 cells under a header of 3"):
        read_subscriber(("a@b.org", "Lovelace", "Ada", "en"), header, source="")
    person = read_subscriber(("a@b.org", "Ada", "en", "", " "), header, source="")
    assert person.mailbox == Mailbox("a@b.org", "Ada")


def test_missing_cells_are_empty() -> None:
    """A short row leaves open what it does not say."""
    header = read_header(("name", "email", "languages", "status"))
    person = read_subscriber(("Ada", "a@b.org"), header, source="x")
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
    assert read_subscriber(cells, read_header(COLUMNS), source="").mailbox.name == name


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
)


@given(subscribers)
@settings(max_examples=200, deadline=None)
def test_a_subscriber_is_read_as_written(person: Subscriber) -> None:
    """Cells written are cells read, whatever the name and the source hold."""
    cells = write_subscriber(person)
    again = read_subscriber(cells, read_header(COLUMNS), source="elsewhere")
    name = " ".join(again.mailbox.name.split())
    assert again.mailbox == Mailbox(person.mailbox.address, name)
    assert again.languages == person.languages
    assert again.only_these == person.only_these
    assert (again.status, again.joined) == (person.status, person.joined)
    assert again.source == person.source
