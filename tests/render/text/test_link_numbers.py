"""Links in plain text: their numbers, the list of their addresses, and addresses written out."""

import pytest

from distribute.render.text.width import display_width
from distribute.render.text.write import to_text
from distribute.render.tree import Kind, Node
from tests.render.text.writing import node_of, text_of


def test_links_are_numbered_and_listed_once() -> None:
    """The same address has the same number; the list holds each of them once."""
    markdown = "[a](https://a.example) [b](https://b.example) [c](https://a.example)."
    assert text_of(markdown) == (
        "a [1] b [2] c [1].\n\n[1] https://a.example\n[2] https://b.example\n"
    )


def test_numbers_stand_as_the_script_wants() -> None:
    """Behind a space, or without one where the writing knows none."""
    text = text_of("see [Boats](https://a.example), 见[快船](https://b.example)吧")
    assert text.startswith("see Boats [1], 见快船[2]吧\n")


@pytest.mark.parametrize("width", range(24, 40))
@pytest.mark.parametrize("words", ["some words and", "慢河快船"])
def test_a_number_stays_at_its_word(words: str, width: int) -> None:
    """No line begins with the number of a link, and none is too long for it."""
    text = text_of(f"{words * 6} [{words}](https://a.example) {words}", width=width)
    body = text.split("\n\n")[0].split("\n")
    assert not any(line.startswith("[1]") for line in body)
    assert all(display_width(line) <= width for line in body)


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("<https://a.example/x>", "https://a.example/x\n"),
        ("[a.example/x](https://a.example/x)", "https://a.example/x\n"),
        ("[*https://a.example*](https://a.example/)", "https://a.example/\n"),
        ("[ed@a.example](mailto:ed@a.example)", "ed@a.example\n"),
        ("[![](https://b.example/i.png)](https://a.example)", "https://a.example\n"),
    ],
)
def test_an_address_written_out_stands_for_itself(markdown: str, text: str) -> None:
    """It is shown once, and has no number."""
    assert text_of(markdown) == text


def test_numbers_begin_behind_the_authors_own() -> None:
    """A post with references made by hand keeps them unambiguous."""
    text = text_of("so it is[7]\n\n[a](https://a.example)\n\n[7] Book")
    assert "a [8]" in text
    assert text.endswith("\n[8] https://a.example\n")


def test_an_address_is_never_broken() -> None:
    """It may stand out of the page, but it can be clicked."""
    url = "https://a.example/" + "x" * 60 + "/(y)"
    assert url in text_of(f"before <{url}> after").split("\n")


def test_the_links_of_a_table_of_contents_have_no_numbers() -> None:
    """They lead to places on a page that is not there."""
    words = node_of(Kind.TEXT, text="Part")
    link = Node(kind=Kind.LINK, url="https://a.example/#part", children=(words,))
    item = node_of(Kind.ITEM, node_of(Kind.PLAIN, link))
    assert to_text((node_of(Kind.CONTENTS, node_of(Kind.LIST, item)),)) == "- Part\n"
