"""From posts to issues."""

from datetime import UTC, datetime

from distribute.editions.edition import Author
from distribute.editions.issues import Resolution
from distribute.finding import Severity
from distribute.language import Language
from distribute.web.site.shelves import shelves_of
from tests.editions.conftest import MakePost, Resolve

EN, FR, ZH = Language("en"), Language("fr"), Language("zh")


def table(resolution: Resolution) -> list[tuple[str, list[str]]]:
    """Give the issues with their languages."""
    return [
        (i.id, [language.tag for language in i.editions]) for i in resolution.issues
    ]


def test_an_edition_has_everything_decided(
    make_post: MakePost, resolve: Resolve
) -> None:
    """With the reason for each decision."""
    post = make_post(
        "2026-01-02-News_#5_[FR].md",
        'title: "Example News  #5 [FR]: été"\nauthor: ada\ntags: [news]\n'
        'excerpt: " Une *belle* édition\u00a0pour vous "\nmodified: 2026-01-04\n'
        "image: {feature: ../img/ü b.png}",
        "fr",
    )
    found = resolve(post, authors={"ada": Author("Ada Byron")})
    edition = found.issues[0].editions[FR]
    assert (edition.issue, edition.number, edition.language) == ("5", 5, FR)
    assert edition.title == "Example News  #5 [FR]: été"
    assert edition.excerpt == "Une belle édition pour vous"
    assert (edition.slug, edition.path) == ("news-5", "fr/news-5/")
    assert edition.url == "https://news.example.org/fr/news-5/"
    assert edition.published == datetime(2026, 1, 2, 8, tzinfo=UTC)
    assert edition.updated == datetime(2026, 1, 4, 8, tzinfo=UTC)
    assert edition.authors == (Author("Ada Byron"),)
    assert edition.image == "https://news.example.org/fr/img/%C3%BC%20b.png"
    assert (edition.tags, edition.original, edition.post) == (("news",), False, post)
    assert [(d.field, d.value, d.reason) for d in edition.decisions] == [
        ("language", "fr", "title tag [FR]"),
        ("published", "2026-01-02T08:00:00+00:00", "file name"),
        ("issue", "5", "title says 5"),
        ("address", "/fr/news-5/", "permalink /:lang/:slug/"),
    ]
    assert found.findings == ()


def test_an_edition_knows_its_old_addresses(
    make_post: MakePost, resolve: Resolve
) -> None:
    """Each is a decision like any other, with its reason."""
    post = make_post("2026-01-02-a.md", "title: a\nredirect_from: [/b/, /c.html]")
    edition = resolve(post).issues[0].editions[EN]
    assert edition.former == ("b/", "c.html")
    assert [
        (d.value, d.reason) for d in edition.decisions if d.field == "old address"
    ] == [
        ("/b/", "front matter redirect_from"),
        ("/c.html", "front matter redirect_from"),
    ]


def test_translations_come_together_by_number(
    make_post: MakePost, resolve: Resolve
) -> None:
    """Newest issue first, languages in the configured order, whatever the input's."""
    posts = [
        make_post("2026-01-20-简报.md", "title: 简报（Issue#1）[ZH]", "zh"),
        make_post("2026-01-09-b.md", 'title: "News #2 [EN]"'),
        make_post("2026-01-02-a.md", 'title: "News #1 [EN]"'),
        make_post("2026-01-05-c_FR.md", "issue: 1\ntitle: Nouvelles", "fr"),
    ]
    for order in (posts, posts[::-1]):
        assert table(resolve(*order)) == [("2", ["en"]), ("1", ["en", "fr", "zh"])]
    assert [i.number for i in resolve(*posts).issues] == [2, 1]


def test_what_says_no_number_joins_by_ref_or_cover(
    make_post: MakePost, resolve: Resolve
) -> None:
    """A shared ref, thumbnail or first image tells; the edition says which."""
    found = resolve(
        make_post("2026-01-02-a.md", 'title: "News #1"\nref: one'),
        make_post("2026-01-03-b.md", "title: Nouvelles\nref: one", "fr"),
        make_post("2026-01-04-c.md", 'title: "News #2"\nimage: {thumb: n2.png}'),
        make_post("2026-01-05-d.md", "title: x\nimage: {thumb: n2.png}", "fr"),
        make_post(
            "2026-01-06-e.md", 'title: "News #3"', "![](https://e.org/3.png) and"
        ),
        make_post("2026-01-07-f.zh.md", "title: 新闻", "![](https://e.org/3.png) 新闻"),
    )
    assert table(found) == [
        ("3", ["en", "zh"]),
        ("2", ["en", "fr"]),
        ("1", ["en", "fr"]),
    ]
    reasons = [
        i.editions[lang].decisions[2].reason
        for i, lang in zip(found.issues, (ZH, FR, FR), strict=True)
    ]
    assert reasons == [
        "shares the cover https://e.org/3.png",
        "shares the cover n2.png",
        "shares the ref one",
    ]


def test_a_cover_that_many_issues_have_tells_nothing(
    make_post: MakePost, resolve: Resolve
) -> None:
    """Nor one whose issue has a text in that language already."""
    thumb = "\nimage: {thumb: default.png}"
    found = resolve(
        make_post("2026-01-02-a.md", f'title: "News #1"{thumb}'),
        make_post("2026-01-03-b.md", f'title: "News #2"{thumb}'),
        make_post("2026-01-04-c.md", f"title: Nouvelles{thumb}", "fr"),
        make_post("2026-01-05-d.md", 'title: "News #3"\nimage: {thumb: own.png}'),
        make_post("2026-01-06-e.md", "title: Notes\nimage: {thumb: own.png}"),
    )
    assert table(found) == [
        *(("e", ["en"]), ("3", ["en"]), ("c", ["fr"]), ("2", ["en"]), ("1", ["en"])),
    ]


def test_a_numbered_thumbnail_that_translations_share(
    make_post: MakePost, resolve: Resolve
) -> None:
    """It numbers them, if no title does; a single post only if it says what it counts."""
    seven, eight, nine, ten = (
        f"\nimage: {{thumb: {name}.png}}"
        for name in ("any_newsletter_7", "any_newsletter_8", "9", "10")
    )
    found = resolve(
        make_post("2026-01-02-a.md", f"title: News{seven}"),
        make_post("2026-01-03-b.md", f"title: Nouvelles{seven}", "fr"),
        make_post("2026-01-04-c.md", f"title: More{eight}"),
        make_post("2026-01-05-d.md", f"title: More{nine}"),
        make_post("2026-01-06-e.md", f"title: News{ten}"),
        make_post("2026-01-07-f.md", f"title: Nouvelles{ten}", "fr"),
    )
    assert table(found) == [
        ("10", ["en", "fr"]),
        ("d", ["en"]),
        ("8", ["en"]),
        ("7", ["en", "fr"]),
    ]
    assert [issue.number for issue in found.issues] == [10, None, 8, 7]


def test_a_cover_brings_texts_without_numbers_together(
    make_post: MakePost, resolve: Resolve
) -> None:
    """If it is in one text of each language only; else it is decoration."""

    def shown(name: str) -> str:
        return f"![](https://e.org/{name}.png) These are the news of the week for you."

    found = resolve(
        make_post("2026-01-02-spring.en.md", "title: Spring", shown("tulip")),
        make_post("2026-01-03-printemps.fr.md", "title: Printemps", shown("tulip")),
        make_post("2026-02-02-summer.en.md", "title: Summer", shown("logo")),
        make_post("2026-03-02-autumn.en.md", "title: Autumn", shown("logo")),
        make_post("2026-03-03-automne.fr.md", "title: Automne", shown("logo")),
    )
    assert table(found) == [
        ("automne", ["fr"]),
        ("autumn", ["en"]),
        ("summer", ["en"]),
        ("spring", ["en", "fr"]),
    ]
    reason = found.issues[-1].editions[FR].decisions[2].reason
    assert reason == "shares the cover https://e.org/tulip.png"


def test_newsletters_without_numbers(make_post: MakePost, resolve: Resolve) -> None:
    """They group by ref, or by file name but for the language, or stand alone."""
    found = resolve(
        make_post("2026-01-02-winter.md", "title: a\nref: Cold Days"),
        make_post("2026-01-03-hiver.md", "title: b\nref: Cold Days", "fr"),
        make_post("2026-02-01-spring.en.md", "title: c"),
        make_post("2026-02-01-spring.fr.md", "title: d", "fr"),
        make_post("2026-02-08-spring.en.md", "title: e"),
        make_post("fr/2026-02-08-spring.md", "title: f", "fr"),
        make_post("2026-03-01-summer.md", "title: g"),
        make_post("9/en.md", "title: h\ndate: 2026-03-02"),
        make_post("9/fr.md", "title: i\ndate: 2026-03-03", "fr"),
    )
    assert table(found) == [
        ("9", ["en", "fr"]),
        ("summer", ["en"]),
        ("spring-2026-02-08", ["en", "fr"]),
        ("spring", ["en", "fr"]),
        ("cold-days", ["en", "fr"]),
    ]
    assert [i.number for i in found.issues] == [9, None, None, None, None]
    assert [f.rule for f in found.findings] == ["address-taken", "address-taken"]


def test_posts_of_one_name_and_language_are_different_issues(
    make_post: MakePost, resolve: Resolve
) -> None:
    """A shared name alone is no claim; each stands alone under a name of its own."""
    found = resolve(
        make_post("a/intro.md", "title: a\ndate: 2026-01-02"),
        make_post("b/intro.md", "title: b\ndate: 2026-01-02"),
        make_post("c/intro.md", "title: c\ndate: 2026-01-02"),
    )
    assert sorted(id_ for id_, _ in table(found)) == [
        *("intro", "intro-2026-01-02", "intro-2026-01-02-2"),
    ]


def test_two_posts_that_claim_one_place(make_post: MakePost, resolve: Resolve) -> None:
    """The one published first stays, and the other is an error that names both."""
    found = resolve(
        make_post("2026-01-09-copy.md", 'title: "News #1 [EN]"'),
        make_post("2026-01-02-original.md", 'title: "News #1 [EN]"'),
    )
    assert found.issues[0].editions[EN].post.path.name == "2026-01-02-original.md"
    assert [p.post.path.name for p in found.left_out] == ["2026-01-09-copy.md"]
    finding = found.findings[0]
    assert (finding.rule, finding.severity) == ("issue-duplicate", Severity.ERROR)
    assert finding.path.name == "2026-01-09-copy.md"
    assert "2026-01-02-original.md" in finding.message
    assert finding.line == 2


def test_the_better_evidence_holds_the_place(
    make_post: MakePost, resolve: Resolve
) -> None:
    """A number in front matter counts more than one in an older file name."""
    found = resolve(
        make_post("2026-01-02-issue-4.md", "title: a"),
        make_post("2026-01-09-b.md", "title: b\nissue: 4"),
    )
    assert found.issues[0].editions[EN].title == "b"


def test_drafts_and_other_posts_are_listed(
    make_post: MakePost, resolve: Resolve
) -> None:
    """They are left out with the reason, and that is no finding."""
    found = resolve(
        make_post("2026-01-02-a.md", "title: a\ntags: [News]"),
        make_post("2026-01-03-b.md", "title: b\ntags: [notes]"),
        make_post("2026-01-04-c.md", "title: c\ntags: [news]\ndraft: true"),
        make_post("2026-01-05-d.md", "title: d\npublished: false"),
        select_tags=frozenset({"news"}),
    )
    assert table(found) == [("a", ["en"])]
    assert [(o.post.path.name, o.reason) for o in found.left_out] == [
        ("2026-01-03-b.md", "not tagged news"),
        ("2026-01-04-c.md", "a draft (line 4)"),
        ("2026-01-05-d.md", "a draft (line 3)"),
    ]
    assert found.findings == ()


def test_what_cannot_be_placed_is_left_out(
    make_post: MakePost, resolve: Resolve
) -> None:
    """Without a date or a configured language a post is in no issue."""
    found = resolve(
        make_post("a.md", 'title: "News #1"'),
        make_post("2026-01-02-b.md", 'title: "Nachrichten #1 [DE]"', "de"),
    )
    assert found.issues == ()
    assert [o.reason for o in found.left_out] == [
        "in de, not configured (title tag [DE])",
        "no date",
    ]
    assert {f.rule for f in found.findings} == {
        "date-missing",
        "language-not-configured",
    }


def test_equal_dates_go_by_number(make_post: MakePost, resolve: Resolve) -> None:
    """Issues translated on one day appear in their order, the highest first."""
    found = resolve(
        *(
            make_post(f"2026-03-09-News_#{n}_[FR].md", f'title: "News #{n} [FR]"', "fr")
            for n in (3, 10, 2)
        ),
        make_post("2026-03-09-autre.md", "title: Autre", "fr"),
    )
    shelves = shelves_of(found.issues, [FR, ZH])
    assert [edition.number for edition, _ in shelves[FR]] == [10, 3, 2, None]
    assert ZH not in shelves


def test_the_original_dates_the_issue(make_post: MakePost, resolve: Resolve) -> None:
    """A late translation does not make an old issue the latest."""
    found = resolve(
        make_post("2026-01-02-a.md", 'title: "News #1 [EN]"'),
        make_post("2026-05-02-b.md", 'title: "News #1 [FR]"', "fr"),
        make_post("2026-01-09-c.md", 'title: "News #2 [EN]"'),
    )
    assert [issue.id for issue in found.issues] == ["2", "1"]
