"""Where pages are published."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.editions.address.addresses import assign_addresses
from distribute.editions.publication import Publication
from distribute.editions.resolve import Candidate, EditionRules, resolve
from distribute.finding import Finding
from distribute.language import Language
from distribute.mailbox import Mailbox
from distribute.posts.post import Post

MakePost = Callable[..., Post]
DEFAULT = EditionRules().permalink


@pytest.fixture
def addresses(
    make_post: MakePost, publication: Publication
) -> Callable[..., tuple[list[str], list[Finding]]]:
    """Give the addresses of posts, in their order, and the findings."""

    def assign(
        *posts: tuple[str, str], pattern: str = DEFAULT
    ) -> tuple[list[str], list[Finding]]:
        made = [make_post(name, front_matter) for name, front_matter in posts]
        found = [
            resolve(post, publication=publication, rules=EditionRules())[0]
            for post in made
        ]
        candidates = [(c, "7") for c in found if isinstance(c, Candidate)]
        given, findings = assign_addresses(
            candidates, pattern=pattern, publication=publication
        )
        return [given[post.path].path for post in made], list(findings)

    return assign


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        (DEFAULT, "en/any-news-7/"),
        ("/:title/", "Any_News-7_-EN/"),
        ("/:year/:month/:day/:title.html", "2026/01/02/Any_News-7_-EN.html"),
        ("/:lang/:issue", "en/7/"),
        ("news/:slug/index.html", "news/any-news-7/"),
    ],
)
def test_patterns(
    addresses: Callable[..., tuple[list[str], list[Finding]]], pattern: str, path: str
) -> None:
    """Placeholders are filled; whatever is not a file is a folder."""
    post = ("2026-01-02-Any_News#7_[EN].md", "title: a")
    assert addresses(post, pattern=pattern) == ([path], [])


@pytest.mark.parametrize(
    ("front_matter", "path"),
    [
        ("permalink: /about/us/", "about/us/"),
        ("permalink: /about.html", "about.html"),
        ("permalink: /été/", "%C3%A9t%C3%A9/"),
        ("permalink: /%C3%A9t%C3%A9/", "%C3%A9t%C3%A9/"),
        ("permalink: /:year/special/", "2026/special/"),
        ('permalink: "/a b/?x#y"', "a%20b/%3Fx%23y/"),
        ("slug: Other Words", "en/other-words/"),
    ],
)
def test_the_front_matter_wins(
    addresses: Callable[..., tuple[list[str], list[Finding]]],
    front_matter: str,
    path: str,
) -> None:
    """A permalink of its own, or a slug, and always ASCII."""
    assert addresses(("2026-01-02-a.md", front_matter)) == ([path], [])


@pytest.mark.parametrize(
    "permalink",
    [
        "/../etc/",
        "/%2e%2e/etc/",
        "..",
        "/",
        "/a/..%2f..%2fb",
        "/.git/",
        "a\\\\b",
        "https://other.example/a/",
        "//other.example/../a",
        "/index.html",
        "/a%00b/",
        "//other.example/a/",
        "javascript:alert(1)",
        "/c:/windows/",
    ],
)
def test_no_address_leads_out_of_the_site(
    addresses: Callable[..., tuple[list[str], list[Finding]]], permalink: str
) -> None:
    """A permalink that does is reported, and the pattern is used."""
    found, findings = addresses(("2026-01-02-a.md", f'permalink: "{permalink}"'))
    assert found == ["en/a/"]
    assert [(f.rule, f.line) for f in findings] == [("permalink-invalid", 2)]


def test_file_names_made_of_dots(
    addresses: Callable[..., tuple[list[str], list[Finding]]],
) -> None:
    """They get an address all the same, from the folder or a plain word."""
    assert addresses(("2026-01-02-...md", ""), pattern="/:title/")[0] == ["posts/"]
    assert addresses(("…/2026-01-02-.md", ""), pattern="/:slug/")[0] == ["2026-01-02/"]


def test_the_page_for_joining_by_mail_keeps_its_address(
    make_post: MakePost, publication: Publication
) -> None:
    """Where nothing answers on the web it is there, and no post takes its place."""
    post = make_post("2026-01-02-Subscribe_[EN].md", "title: a")
    candidate, _ = resolve(post, publication=publication, rules=EditionRules())
    assert isinstance(candidate, Candidate)
    by_mail = replace(publication, joins_by=Mailbox("news@example.org"))
    for each, path in (
        (publication, "en/subscribe/"),
        (by_mail, "en/subscribe-2/"),
        (replace(by_mail, subscribe="https://example.org/"), "en/subscribe/"),
    ):
        given, _ = assign_addresses(
            [(candidate, "7")], pattern=DEFAULT, publication=each
        )
        assert given[post.path].path == path


def test_the_older_page_keeps_its_address(
    addresses: Callable[..., tuple[list[str], list[Finding]]],
) -> None:
    """The newer one gets another, in the same way each time, and a finding."""
    found, findings = addresses(
        ("2026-01-03-News.md", ""),
        ("2026-01-02-news.md", ""),
        ("2026-01-04-NEWS.md", ""),
    )
    assert found == ["en/news-2/", "en/news/", "en/news-3/"]
    assert [f.rule for f in findings] == ["address-taken", "address-taken"]
    assert "2026-01-02-news.md" in findings[0].message


def test_pages_do_not_replace_the_sites_own_files(
    addresses: Callable[..., tuple[list[str], list[Finding]]],
) -> None:
    """The index pages of the languages are taken."""
    found, findings = addresses(("2026-01-02-en.md", ""), pattern="/:title/")
    assert found == ["en-2/"]
    assert "the site itself" in findings[0].message
    found, _ = addresses(("2026-01-02-a.md", "permalink: /EN/Index.html"))
    assert found == ["EN-2/"]


@pytest.mark.parametrize(
    ("permalinks", "paths"),
    [
        (["/en/rss.xml"], ["en/a0/"]),
        (["/feeds.opml/x/"], ["en/a0/"]),
        (["/images/cover.png"], ["en/a0/"]),
        (["/images/other.png"], ["images/other.png/"]),
        (["/a.html", "/a.html/b/"], ["a.html", "en/a1/"]),
        (["/a.html/b/", "/a.html"], ["a.html/b/", "a-2.html"]),
        (["/a/", "/a/b/", "/A/"], ["a/", "a/b/", "A-2/"]),
        (["/en/a1/", "/feeds.opml"], ["en/a1/", "en/a1-2/"]),
    ],
)
def test_no_page_lies_below_a_file(permalinks: list[str], paths: list[str]) -> None:
    """A site is published as files: what is a file of it cannot be a folder too."""
    publication = Publication(
        title="News",
        url="https://news.example.org",
        tag="example.org,2026",
        languages=(Language("en"),),
        files=frozenset({"images/cover.png"}),
    )
    candidates = [
        (candidate_with(f"a{number}", permalink, number), "7")
        for number, permalink in enumerate(permalinks)
    ]
    found, findings = assign_addresses(
        candidates, pattern=DEFAULT, publication=publication
    )
    assert [address.path for address in found.values()] == paths
    assert {finding.rule for finding in findings} <= {"address-taken"}
    wanted = [permalink.strip("/") for permalink in permalinks]
    got = [path.strip("/") for path in paths]
    assert len(findings) == sum(a != b for a, b in zip(wanted, got, strict=True))


@pytest.mark.parametrize("pattern", ["pretty", "/:year/:title/", "/:year/:slug/"])
def test_translations_never_share_an_address(
    addresses: Callable[..., tuple[list[str], list[Finding]]], pattern: str
) -> None:
    """Where nothing names the language, others than the default have its folder."""
    found, findings = addresses(
        ("en/2026-01-02-a.md", ""),
        ("fr/2026-01-02-a.md", "lang: fr"),
        ("zh/2026-01-02-a.md", "lang: zh"),
        pattern=pattern,
    )
    assert [path.partition("2026/")[0] for path in found] == ["", "fr/", "zh/"]
    assert findings == []


@pytest.mark.parametrize(
    ("name", "front_matter", "path"),
    [
        ("2026-01-02-a[FR].md", "", "2026/01/02/a-FR.html"),
        ("2026-01-02-a.fr.md", "", "2026/01/02/a.fr.html"),
        ("2026-01-02-a.md", "lang: fr", "2026/01/02/a.html"),
        ("2026-01-02-a.md", "lang: fr\nslug: b", "2026/01/02/b.html"),
        ("fr/2026-01-02-a[FR].md", "", "2026/01/02/a-FR.html"),
        ("fr/2026-01-02-a.md", "lang: fr", "fr/2026/01/02/a.html"),
        ("fr/2026-01-02-a.md", "lang: fr\ncategories: FR", "fr/2026/01/02/a.html"),
        ("fr/2026-01-02-a.md", "lang: fr\ncategories: x", "fr/x/2026/01/02/a.html"),
        ("fr/2026-01-02-a.md", "lang: fr\npermalink: /b/", "b/"),
    ],
)
def test_an_address_has_a_folder_for_its_language_only_if_it_needs_one(
    addresses: Callable[..., tuple[list[str], list[Finding]]],
    name: str,
    front_matter: str,
    path: str,
) -> None:
    """A newsletter that comes from Jekyll keeps its addresses, whatever its languages."""
    assert addresses((name, front_matter), pattern="date") == ([path], [])


def test_translations_that_want_the_same_address_are_told_apart_by_language(
    addresses: Callable[..., tuple[list[str], list[Finding]]],
) -> None:
    """The first keeps it, on the same day the original; of this there is nothing to say."""
    found, findings = addresses(
        ("2026-01-02-a.fr.md", "slug: same"),
        ("2026-01-02-a.md", "slug: same"),
        ("2026-01-01-a.zh.md", "slug: other"),
        ("2026-01-02-b.md", "slug: other"),
        pattern="/:title/",
    )
    assert found == ["fr/same/", "same/", "other/", "en/other/"]
    assert findings == []


def test_a_permalink_copied_with_the_translation(
    addresses: Callable[..., tuple[list[str], list[Finding]]],
) -> None:
    """The original has it, even of the same day; the translation is put below its language."""
    found, findings = addresses(
        ("2026-01-02-a[FR].md", "permalink: /about/"),
        ("2026-01-02-b.md", "permalink: /about/"),
        ("2026-01-02-c[FR].md", "permalink: /about/"),
    )
    assert found == ["fr/about/", "about/", "about-2/"]
    assert [(each.rule, each.line) for each in findings] == [("address-taken", 2)] * 2


def test_categories_do_not_lead_out_of_the_site(
    addresses: Callable[..., tuple[list[str], list[Finding]]],
) -> None:
    """They are a part of the path, and whatever else they say is reported."""
    for category in ("../..", "//other.example", "https://other.example", ".git"):
        found, findings = addresses(
            ("2026-01-02-a.md", f"categories: ['{category}']"), pattern="pretty"
        )
        assert found == ["en/a/"]
        assert [each.rule for each in findings] == ["permalink-invalid"]


NAMES = st.text(
    st.sampled_from("abÉ简 ./\\%:#?[]-_~\u202e\u0301\x7f"), min_size=1, max_size=40
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=4))
def test_addresses_are_safe_and_distinct(texts: list[tuple[str, str]]) -> None:
    """Whatever is written, a page lies below the site, and no two in one place."""
    publication = Publication(
        title="News",
        url="https://news.example.org",
        tag="example.org,2026",
        languages=(Language("en"),),
    )
    candidates = [
        (candidate_with(slug, permalink, number), "7")
        for number, (slug, permalink) in enumerate(texts)
    ]
    found, _ = assign_addresses(candidates, pattern=DEFAULT, publication=publication)
    paths = [address.path for address in found.values()]
    assert len({unquote(path).casefold() for path in paths}) == len(paths)
    for path in paths:
        segments = unquote(path).removesuffix("/").split("/")
        assert path.isascii()
        assert not set(path) & set(' #?\\"<>')
        assert all(s and s.strip(".") and "\\" not in s for s in segments)


def candidate_with(slug: str, permalink: str, number: int) -> Candidate:
    """Make a candidate with this slug and permalink, as they come from a parser."""
    from pathlib import PurePath

    from distribute.posts.source import parse_post

    name = f"2026-01-02-{number}.md"
    post = parse_post(b"---\ntitle: a\n---\ntext\n", PurePath(name))
    front_matter = replace(post.front_matter, slug=slug, permalink=permalink)
    found, _ = resolve(
        replace(post, front_matter=front_matter),
        publication=Publication(
            title="News",
            url="https://news.example.org",
            tag="example.org,2026",
            languages=(Language("en"),),
        ),
        rules=EditionRules(),
    )
    assert isinstance(found, Candidate)
    return found
