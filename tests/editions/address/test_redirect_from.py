"""Old addresses that lead to a page: what an author may ask for, and who has them."""

from collections.abc import Callable
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.editions.address.addresses import assign_addresses, former_path
from distribute.editions.publication import Publication
from distribute.editions.resolve import Candidate, EditionRules, resolve
from distribute.finding import Finding
from distribute.posts.post import Post

MakePost = Callable[..., Post]
DEFAULT = EditionRules().permalink
NAMES = st.text(
    st.sampled_from("abÉ简 ./\\%:#?[]-_~\u202e\u0301\x7f"), min_size=1, max_size=40
)


@pytest.fixture
def former(
    make_post: MakePost, publication: Publication
) -> Callable[..., tuple[list[tuple[str, ...]], list[Finding]]]:
    """Give the old addresses of posts, in their order, and the findings."""

    def assign(*posts: tuple[str, str]) -> tuple[list[tuple[str, ...]], list[Finding]]:
        made = [make_post(name, front_matter) for name, front_matter in posts]
        found = [
            resolve(post, publication=publication, rules=EditionRules())[0]
            for post in made
        ]
        given, findings = assign_addresses(
            [(c, "7") for c in found if isinstance(c, Candidate)],
            pattern=DEFAULT,
            publication=publication,
        )
        return [given[post.path].former for post in made], list(findings)

    return assign


@pytest.mark.parametrize(
    ("written", "paths"),
    [
        ("/2019/old.html", ("2019/old.html",)),
        ("2019/old", ("2019/old/",)),
        ("/old/index.html", ("old/",)),
        ("[/a/, /b.htm]", ("a/", "b.htm")),
        ("[/a/, /a/, ' /a/ ']", ("a/",)),
        ("/été/", ("%C3%A9t%C3%A9/",)),
        ("/%C3%A9t%C3%A9/", ("%C3%A9t%C3%A9/",)),
        ("https://news.example.org/old/", ("old/",)),
        ("[]", ()),
        ("", ()),
    ],
)
def test_old_addresses_lead_to_a_page(
    former: Callable[..., tuple[list[tuple[str, ...]], list[Finding]]],
    written: str,
    paths: tuple[str, ...],
) -> None:
    """As jekyll-redirect-from reads them: one or several, each a path below the site."""
    assert former(("2026-01-02-a.md", f"redirect_from: {written}")) == ([paths], [])


@pytest.mark.parametrize(
    "written",
    [
        "/../etc/",
        "/%2e%2e/etc/",
        "/",
        "/index.html",
        "https://other.example/a/",
        "//other.example/a/",
        "/a/?p=1",
        "/a/#b",
        "/.git/config",
        "javascript:alert(1)",
        "/a%0d%0ab/",
        "/a%5cb/",
    ],
)
def test_an_old_address_that_no_file_could_stand_for_is_reported(
    former: Callable[..., tuple[list[tuple[str, ...]], list[Finding]]], written: str
) -> None:
    """With its line; the page is published all the same."""
    found, findings = former(
        ("2026-01-02-a.md", f'title: a\nredirect_from: "{written}"')
    )
    assert found == [()]
    assert [(each.rule, each.line) for each in findings] == [("redirect-invalid", 3)]


def test_an_old_address_never_takes_a_page_away(
    former: Callable[..., tuple[list[tuple[str, ...]], list[Finding]]],
) -> None:
    """Neither another's, nor its own, nor the site's, nor a redirect that was first."""
    found, findings = former(
        ("2026-01-03-a.md", "redirect_from: [/en/b/, /en/A/, /EN/, /old/, /old2/]"),
        ("2026-01-04-b.md", "redirect_from: [/OLD/, /en/b/c/, /en/b/index.html]"),
    )
    assert found == [("old/", "old2/"), ("en/b/c/",)]
    assert [each.rule for each in findings] == ["redirect-taken"] * 5
    holders = [each.message.rpartition("belongs to ")[2] for each in findings]
    assert holders == [
        "posts/2026-01-04-b.md",
        "posts/2026-01-03-a.md",
        "the site itself",
        "a redirect to posts/2026-01-03-a.md",
        "this page, which has it still",
    ]


def test_an_old_address_is_no_folder_of_a_page_that_is_a_file(
    former: Callable[..., tuple[list[tuple[str, ...]], list[Finding]]],
) -> None:
    """What is a file on the disk cannot hold another."""
    found, findings = former(
        ("2026-01-03-a.md", "permalink: /a.html\nredirect_from: /a.html/b/"),
        ("2026-01-04-b.md", "permalink: /b/c/\nredirect_from: /b.html"),
    )
    assert found == [(), ("b.html",)]
    assert [each.rule for each in findings] == ["redirect-taken"]


@settings(max_examples=200, deadline=None)
@given(NAMES)
def test_an_old_address_is_safe_or_none(written: str) -> None:
    """It lies below the site, whatever is written, and says so in plain ASCII."""
    path = former_path(written, "https://news.example.org")
    assert path.isascii()
    assert not set(path) & set(' #?\\"<>\n')
    segments = unquote(path).removesuffix("/").split("/") if path else []
    assert all(s and not s.startswith(".") and "\\" not in s for s in segments)
