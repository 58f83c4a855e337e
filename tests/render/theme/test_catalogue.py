"""What the house says to readers, in each language."""

from pathlib import PurePosixPath

import pytest

from distribute.errors import RenderError
from distribute.language import Language
from distribute.render.theme.catalogue import (
    Catalogue,
    check_catalogues,
    parse_catalogue,
)
from distribute.render.theme.theme import Theme

ENGLISH = """\
[mail]
hello = "Hello {name}"
bye = "Bye"

[mail.issues]
one = "{count} issue"
other = "{count} issues"
"""


def catalogue(toml: str, tag: str = "en") -> Catalogue:
    """Parse a catalogue that stands in ``catalogues/<tag>.toml``."""
    path = PurePosixPath(f"catalogues/{tag}.toml")
    return parse_catalogue(toml, language=Language(tag), path=path)


def complaint(other: str, tag: str) -> str:
    """Check a catalogue against English, and give the error as printed."""
    catalogues = [catalogue(ENGLISH), catalogue(other, tag)]
    with pytest.raises(RenderError) as raised:
        check_catalogues({each.language: each for each in catalogues})
    return str(raised.value)


def test_fills_placeholders() -> None:
    """A placeholder stands for the value of its name."""
    assert catalogue(ENGLISH).say("mail.hello", {"name": "Ada"}) == "Hello Ada"


def test_a_value_is_not_filled_again() -> None:
    """A value that looks like a placeholder stays as it is."""
    said = catalogue(ENGLISH).say("mail.hello", {"name": "{name}"})
    assert said == "Hello {name}"


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "لا أعداد"),
        (1, "عدد واحد"),
        (2, "عددان"),
        (3, "3 أعداد"),
        (11, "11 عددًا"),
        (100, "100 عدد"),
    ],
)
def test_counts_the_way_the_language_counts(
    theme: Theme, count: int, said: str
) -> None:
    """Arabic has six plural forms, and each count takes its own."""
    arabic = theme.catalogue(Language("ar"))
    assert arabic.say("page.issues", {"count": count}) == said


def test_the_shipped_catalogues_agree(theme: Theme) -> None:
    """All eight languages have the same keys with the same placeholders and plurals.

    So no command has to see to it again.
    """
    check_catalogues(theme.catalogues)
    english = theme.catalogues[Language("en")]
    assert len(theme.catalogues) == 8
    for other in theme.catalogues.values():
        assert other.texts.keys() == english.texts.keys()
        for key, text in other.texts.items():
            assert text.placeholders == english.texts[key].placeholders, (key, other)


def test_a_translation_is_one(theme: Theme) -> None:
    """No sentence was left in English."""
    english = theme.catalogues[Language("en")]
    for other in theme.catalogues.values():
        if other is not english:
            for key in ("email.why", "email.unsubscribe", "email.view", "page.next"):
                assert other.texts[key].forms != english.texts[key].forms


def test_a_missing_key_is_named() -> None:
    """A missing key is an error with file, key, and the English wording as a hint."""
    said = complaint('[mail]\nhello = "{name}"\nissues.other = "{count}"', "zh")
    assert said.startswith("catalogues/zh.toml: mail.bye: missing")
    assert "'Bye'" in said


def test_an_unknown_key_is_named_with_its_line() -> None:
    """A key that English does not have is an error with file and line."""
    said = complaint(ENGLISH + '\n[more]\nthing = "x"\n', "de")
    assert said.startswith("catalogues/de.toml:10: more.thing: ")


def test_other_placeholders_are_named() -> None:
    """A text that asks for other values than the English one is an error."""
    said = complaint(ENGLISH.replace("{name}", "{title}"), "de")
    assert said.startswith(
        "catalogues/de.toml:2: mail.hello: has {title}, needs {name}"
    )


def test_a_language_needs_all_its_plural_forms() -> None:
    """A plural form that everyday counts need must be there."""
    assert "also needs the plural forms few, many, two, zero" in complaint(
        ENGLISH, "ar"
    )


def test_all_mistakes_are_told_at_once() -> None:
    """Whoever translates sees every mistake, not just the first."""
    said = complaint('[mail]\nhello = "Hi"\nbuy = "x"\n', "de")
    assert (
        len([line for line in said.splitlines() if "catalogues/de.toml" in line]) == 4
    )


@pytest.mark.parametrize(
    ("toml", "reason"),
    [
        ('a = "{b"', "a: a brace that belongs to no placeholder"),
        ('a = "{b.c}"', "a: a brace that belongs to no placeholder"),
        ("a = 3", "a: must be a text"),
        ('a = " "', "a: must be a text"),
        ('[a]\none = "x"', "a: the plural form `other` is missing"),
        ('[a]\none = "{x}"\nother = "y"', "a: only the form `other`"),
        ("a = ", "not valid TOML"),
    ],
)
def test_a_broken_text_is_an_error(toml: str, reason: str) -> None:
    """What is no text is an error that names the file and the key."""
    with pytest.raises(RenderError, match=r"catalogues/en\.toml") as raised:
        catalogue(toml)
    assert reason in str(raised.value)


def test_without_english_nothing_can_be_checked() -> None:
    """A theme without an English catalogue is an error that says what to add."""
    with pytest.raises(RenderError, match=r"Add catalogues/en\.toml"):
        check_catalogues({Language("zh"): catalogue(ENGLISH, "zh")})


def test_an_unknown_text_is_an_error() -> None:
    """Nothing is ever said in the words of a key."""
    with pytest.raises(RenderError, match=r"there is no text 'mail\.ciao'"):
        catalogue(ENGLISH).say("mail.ciao", {})


def test_a_missing_value_is_an_error() -> None:
    """A placeholder without a value is an error with file and line."""
    with pytest.raises(RenderError, match=r"en\.toml:2: mail\.hello: no value for"):
        catalogue(ENGLISH).say("mail.hello", {})
