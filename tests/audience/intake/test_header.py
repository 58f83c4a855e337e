"""Columns are recognised by their names, or by what somebody says of them."""

import pytest

from distribute.audience.intake.column import Column
from distribute.audience.intake.header import read_header, read_mapping
from distribute.errors import AudienceError


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
    assert read_header(cells).places[Column(column)] == len(cells) - 1


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


def test_somebody_can_say_what_a_column_is() -> None:
    """With ``--map``, which overrules what the names of columns say."""
    mapped = read_mapping(["Reader's post=email", "Phone=name", "Mail=-"])
    header = read_header(("Mail", "Reader's post", "Phone", "Name"), mapped)
    assert header.places == {Column.EMAIL: 1, Column.NAME: 2}
    assert header.unknown == ("Mail", "Name")


def test_a_mapped_column_must_be_there() -> None:
    """A slip in a name is told before anybody is imported, with the names there are."""
    with pytest.raises(AudienceError, match="no column is called 'Adress'") as caught:
        read_header(("Address", "Town"), read_mapping(["Adress=email"]))
    assert "Address, Town" in caught.value.hint


@pytest.mark.parametrize(
    ("pair", "reason"),
    [
        ("email", "has no '='"),
        ("=email", "has no '='"),
        ("x=e-mail", "no column of ours"),
    ],
)
def test_a_mapping_that_says_nothing_is_refused(pair: str, reason: str) -> None:
    """With an example, or with the columns there are and the one that is meant."""
    with pytest.raises(AudienceError, match=reason) as caught:
        read_mapping([pair])
    assert "email" in caught.value.hint


def test_an_equals_sign_may_be_in_their_name() -> None:
    """The last one counts."""
    assert read_mapping(["a=b=email"]) == {"a=b": Column.EMAIL}
