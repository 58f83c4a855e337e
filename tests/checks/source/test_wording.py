"""The words of links say where they lead."""

import pytest

from distribute.checks.source.vague import VAGUE
from distribute.checks.source.wording import find
from distribute.finding import Severity
from tests.checks.source.drafts import found, rules_of


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "here"),
        ("en", "Click here!"),
        ("en", "*source*"),
        ("en", "(**Source**)"),
        ("en", "→"),
        ("en", "[2]"),
        ("fr", "ici"),
        ("fr", "En savoir plus…"),
        ("fr", "here"),
        ("pt-BR", "aqui"),
        ("pt-BR", "Fonte:"),
        ("es", "aquí"),
        ("tr", "buraya"),
        ("tr", "kaynak"),
        ("tr", "TIKLAYIN"),
        ("tr", "LINK"),
        ("zh", "这里"),
        ("zh", "「此处」"),
        ("ar", "هنا"),
        ("ar", "المصدر"),
        ("ar", "هُنا"),
        ("ar", "هنــا"),
        ("de", "hier"),
        ("fa", "اینجا"),
        ("th", "ที่นี่"),
    ],
)
def test_words_that_say_nothing(language: str, words: str) -> None:
    """In the language of the text or in English, whatever stands around them."""
    (finding,) = found(find, f"X [{words}](https://a.example.org/b)", language)
    assert (finding.rule, finding.severity) == ("link-vague", Severity.WARNING)
    assert finding.words == f"[{words}](https://a.example.org/b)"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "here in the harbour"),
        ("en", "paper"),
        ("en", "ici"),
        ("en", "2.1"),
        ("en", "1984"),
        ("en", "https://a.example.org/b"),
        ("fr", "ici et là dans le port"),
        ("zh", "这里的船"),
        ("tr", "buradaki tekneler"),
    ],
)
def test_words_that_say_something(language: str, words: str) -> None:
    """What is listed counts as a whole only, and in its own language."""
    assert not found(find, f"X [{words}](https://a.example.org/b)", language)


def test_a_link_around_a_picture_is_judged_by_the_picture() -> None:
    """Its words are those of the picture, which are looked at elsewhere."""
    assert not found(find, "[![here](a.png)](https://a.example.org/)")


def test_each_of_two_in_a_line_is_found() -> None:
    """They are told apart by their addresses."""
    body = "[here](https://a.example.org/) and [here](https://b.example.org/)"
    assert [f.words for f in found(find, body)] == body.split(" and ")


def test_the_same_words_for_three_pages_are_one_finding() -> None:
    """On the first line, with the others named; two may be told by their sentences."""
    links = [f"[paper](https://a.example.org/{number})" for number in range(3)]
    (finding,) = found(find, "\n\n".join(links))
    assert (finding.rule, finding.line) == ("link-same-words", 6)
    assert finding.message == "“paper” leads to 3 different pages, also on lines 8, 10"
    assert not found(find, "\n\n".join([*links[:2], links[0]]))


def test_vague_words_are_not_reported_twice() -> None:
    """Nor as the same words once more."""
    links = [f"[here](https://a.example.org/{number})" for number in range(3)]
    assert rules_of(found(find, " ".join(links))) == ["link-vague"] * 3


def test_the_words_are_listed_as_they_are_compared() -> None:
    """In lower case, without white space around."""
    for words in VAGUE.values():
        assert all(word and word == word.strip().lower() for word in words)
