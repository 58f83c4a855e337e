"""What an edition shows of itself: its title, its excerpt, its cover."""

import pytest

from distribute.finding import Severity
from distribute.language import Language
from tests.editions.conftest import MakePost, Resolve

EN = Language("en")


@pytest.mark.parametrize(
    ("front_matter", "body", "title"),
    [
        (
            "layout: post",
            "# A *heading* here #\n\nThe text is for you.",
            "A heading here",
        ),
        ("layout: post", "The text is for you, and it has no heading.", "Some words"),
        ('title: " News\u00a0: \n two "', "en", "News\u00a0: two"),
    ],
)
def test_titles(
    make_post: MakePost, resolve: Resolve, front_matter: str, body: str, title: str
) -> None:
    """A missing title comes from the first heading or the file name, with a finding."""
    found = resolve(make_post("2026-01-02-Some_words.en.md", front_matter, body))
    assert found.issues[0].editions[EN].title == title
    rules = [finding.rule for finding in found.findings]
    assert rules == ([] if "title:" in front_matter else ["title-missing"])


@pytest.mark.parametrize(
    ("written", "title", "told"),
    [
        ("News <!-- not yet --> today", "News today", []),
        ("News <!-- for ever", "News", []),
        (r"News \u202Eyadot\u202C", "News yadot\u202c", ["title-direction"]),
        (r"\u200Fنشرة\u200F", "\u200fنشرة\u200f", []),
        ("{{ site.title }} 5", "{{ site.title }} 5", ["title-liquid"]),
        (r"News\r\nBcc: a@b.example", "News Bcc: a@b.example", []),
    ],
)
def test_titles_say_what_readers_may_see(
    make_post: MakePost, resolve: Resolve, written: str, title: str, told: list[str]
) -> None:
    """No comment, no turn of direction, on one line; Liquid is reported."""
    found = resolve(make_post("2026-01-02-a.en.md", f'title: "{written}"'))
    assert found.issues[0].editions[EN].title == title
    assert [finding.rule for finding in found.findings] == told


@pytest.mark.parametrize(
    ("excerpt", "expected"),
    [
        (
            "This issue is about what we have read and what is new.",
            ["excerpt-language"],
        ),
        ("Une édition sur les articles que nous avons lus.", []),
        ("GPT-2, BERT, ELMo", []),
        ("TensorFlow 2.1 of the year", []),
        ("本期的新闻", ["excerpt-language"]),
        ("", []),
    ],
)
def test_excerpts_in_another_language(
    make_post: MakePost, resolve: Resolve, excerpt: str, expected: list[str]
) -> None:
    """An excerpt that nobody translated is a warning on its line."""
    post = make_post(
        "2026-01-02-a.md", f'title: "News [FR]"\nexcerpt: "{excerpt}"', "fr"
    )
    findings = resolve(post).findings
    assert [f.rule for f in findings] == expected
    assert all(f.line == 3 and f.severity is Severity.WARNING for f in findings)


@pytest.mark.parametrize(
    ("front_matter", "body", "image"),
    [
        ("image: https://e.org/a.png", "x", "https://e.org/a.png"),
        ("image: //e.org/a.png", "x", "https://e.org/a.png"),
        ("image: /img/a.png", "x", "https://news.example.org/img/a.png"),
        ("image: {thumb: ../a.png}", "x", "https://news.example.org/en/a.png"),
        ("image: {thumb: ../../../a.png}", "x", "https://news.example.org/a.png"),
        ("image: {thumb: a.png}", "![](https://e.org/b.png)", "https://e.org/b.png"),
        ("image: {thumb: a.png}", "no image", ""),
        (
            "image: 'javascript:alert(1)//'",
            "![](/b.png)",
            "https://news.example.org/b.png",
        ),
        ("image: 'http://[bad/a.png'", "x", ""),
    ],
)
def test_covers(
    make_post: MakePost, resolve: Resolve, front_matter: str, body: str, image: str
) -> None:
    """The cover is absolute; a bare file name says nothing, and the text's image does."""
    post = make_post("2026-01-02-a.en.md", f"title: a\n{front_matter}", body)
    assert resolve(post).issues[0].editions[EN].image == image
