"""Who wrote a post."""

from collections.abc import Callable
from pathlib import PurePath

import pytest

from distribute.editions.authors import authors_of, parse_authors
from distribute.editions.edition import Author
from distribute.errors import AuthorsError
from distribute.posts.post import Post

MakePost = Callable[..., Post]
PATH = PurePath("authors.yml")
AUTHORS = parse_authors(
    """
ada:
  name: Ada Byron
  web: https://ada.example
ben.x:
  name: Ben  X
  url: javascript:alert(1)
cai: 蔡
dee:
eve: {name: Eve, url: "http://[bad"}
""",
    PATH,
)


def test_the_file_of_authors() -> None:
    """A handle has a name and perhaps an address, which must be on the web."""
    assert {
        "ada": Author("Ada Byron", "https://ada.example"),
        "ben.x": Author("Ben X"),
        "cai": Author("蔡"),
        "dee": Author("dee"),
        "eve": Author("Eve"),
    } == AUTHORS


@pytest.mark.parametrize(
    ("text", "line"),
    [("- a\n", 1), ("ada:\n  name: a: b\n", 2), ("a: b\nada: [x]\n", 2)],
)
def test_a_broken_file_of_authors(text: str, line: int) -> None:
    """It is an error with its line."""
    with pytest.raises(AuthorsError) as caught:
        parse_authors(text, PATH)
    assert (caught.value.path, caught.value.line) == (PATH, line)


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("ada", ["Ada Byron"]),
        ("ADA", ["Ada Byron"]),
        ("Ada Byron", ["Ada Byron"]),
        ("[ada, cai, ada]", ["Ada Byron", "蔡"]),
        ("ada, ben.x", ["Ada Byron", "Ben X"]),
        ("ada & cai", ["Ada Byron", "蔡"]),
        ("Jane Doe, Jr.", ["Jane Doe, Jr."]),
        ("", []),
    ],
)
def test_handles_become_names(
    make_post: MakePost, written: str, names: list[str]
) -> None:
    """A full name needs no entry, and a list may be written as text."""
    found, findings = authors_of(make_post("a.md", f"author: {written}"), AUTHORS)
    assert [author.name for author in found] == names
    assert findings == ()


def test_an_unknown_handle_stands_for_itself(make_post: MakePost) -> None:
    """It is a warning with the line and the likely meaning."""
    found, findings = authors_of(make_post("a.md", "title: a\nauthor: adda"), AUTHORS)
    assert found == (Author("adda"),)
    assert [(f.rule, f.line, f.hint) for f in findings] == [
        ("author-unknown", 3, "Did you mean ada?")
    ]


def test_without_a_file_every_author_is_a_name(make_post: MakePost) -> None:
    """Then nothing can be unknown."""
    assert authors_of(make_post("a.md", "author: ada"), {}) == ((Author("ada"),), ())
