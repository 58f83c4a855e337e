"""In which language a post is."""

from collections.abc import Callable, Sequence

import pytest

from distribute.editions.language.impression import impression_of, relatives
from distribute.editions.language.languages import LanguageDecision
from distribute.editions.language.languages import decide_language as decide
from distribute.language import Language
from distribute.posts.post import Post

MakePost = Callable[..., Post]
CONFIGURED = tuple(Language.parse(tag) for tag in ("en", "fr", "pt-BR", "zh"))


def decide_language(post: Post, configured: Sequence[Language]) -> LanguageDecision:
    """Decide by what the post says and by what its text looks like."""
    return decide(post, configured, impression_of(post, relatives(configured)).guess)


@pytest.mark.parametrize(
    ("name", "front_matter", "body", "language", "reason"),
    [
        ("a.md", "lang: fr\ntitle: News [EN]", "fr", "fr", "front matter lang"),
        ("a.md", "lang: pt_BR", "pt", "pt-BR", "front matter lang"),
        ("a.md", "lang: French", "fr", "fr", "front matter lang"),
        ("a_FR.md", 'title: "Notícias [PT-BR]"', "pt", "pt-BR", "title tag [PT-BR]"),
        ("a.md", 'title: "News #4 [CH]"', "zh", "zh", "title tag [CH]"),
        ("a.md", 'title: "简报【ZH】"', "zh", "zh", "title tag [ZH]"),
        (
            "a.md",
            'title: "Nouvelles (Français): été"',
            "fr",
            "fr",
            "title tag (Français)",
        ),
        ("a[PT-BR]_1.md", "title: Notícias", "pt", "pt-BR", "file name tag PT-BR"),
        ("a_1_FR.md", "title: Nouvelles", "fr", "fr", "file name tag FR"),
        ("a.fr.md", "title: Nouvelles", "fr", "fr", "file name tag fr"),
        ("fr/a.md", "title: Nouvelles", "fr", "fr", "folder fr"),
        ("a.md", "title: Nouvelles", "fr", "fr", "words of the text"),
        ("a.md", "title: News in French", "zh", "zh", "words of the text"),
        ("a.md", 'title: "News [FR] [draft]"', "fr", "fr", "title tag [FR]"),
        ("a.md", 'title: "[Video] News"', "fr", "fr", "words of the text"),
    ],
)
def test_the_first_that_says_it_decides(
    make_post: MakePost,
    name: str,
    front_matter: str,
    body: str,
    language: str,
    reason: str,
) -> None:
    """Front matter, title tag, file name, folder, then the text; without a finding."""
    decision = decide_language(make_post(name, front_matter, body), CONFIGURED)
    assert (str(decision.language), decision.reason) == (language, reason)
    assert decision.findings == ()


def test_lang_no_is_norwegian(make_post: MakePost) -> None:
    """YAML 1.1 would have read it as false."""
    languages = (Language("en"), Language("nb"))
    decision = decide_language(make_post("a.md", "lang: no", "Hei"), languages)
    assert decision.language == Language("nb")


@pytest.mark.parametrize(
    ("name", "front_matter", "body"),
    [
        ("a.md", "lang: de", "de"),
        ("a.md", "lang: cy", "en"),
        ("a.md", 'title: "Nachrichten [DE]"', "de"),
        ("a.de.md", "title: Nachrichten", "de"),
        ("a.md", "title: Nachrichten", "de"),
        ("a.AR.md", "title: x", "ar"),
        ("a.md", "lang: pt-PT", "pt"),
    ],
)
def test_a_language_that_is_not_configured(
    make_post: MakePost, name: str, front_matter: str, body: str
) -> None:
    """The post is in none of the newsletter's languages, and that is a finding."""
    decision = decide_language(make_post(name, front_matter, body), CONFIGURED)
    assert decision.language is None
    assert [f.rule for f in decision.findings] == ["language-not-configured"]


def test_words_that_look_like_tags_yield_to_the_text(make_post: MakePost) -> None:
    """A file name that ends in a word is not in that language."""
    languages = (*CONFIGURED, Language("it"))
    post = make_post("2026-01-02-how-to-do-it.md", "title: How to do it", "en")
    assert decide_language(post, languages).language == Language("en")
    post = make_post("a.md", 'title: "New glasses for reading (AR)"', "en")
    assert decide_language(post, (*CONFIGURED, Language("ar"))).language == Language(
        "en"
    )


def test_a_label_that_the_text_contradicts(make_post: MakePost) -> None:
    """The label stands, since its author wrote it, and a finding asks."""
    decision = decide_language(make_post("a.md", 'title: "News [FR]"'), CONFIGURED)
    assert decision.language == Language("fr")
    assert [f.rule for f in decision.findings] == ["language-mismatch"]


def test_nothing_to_go_by(make_post: MakePost) -> None:
    """The default language is assumed, and the finding says how to be sure."""
    decision = decide_language(make_post("a.md", "title: x", "GPT"), CONFIGURED)
    assert decision.language == Language("en")
    assert [f.rule for f in decision.findings] == ["language-guessed"]
    assert "lang: en" in decision.findings[0].hint


def test_an_unusable_lang_is_reported_and_passed_over(make_post: MakePost) -> None:
    """The other evidence decides."""
    post = make_post("a.md", 'lang: "my own"\ntitle: "Nouvelles [FR]"', "fr")
    post_without = make_post("a.md", 'lang: "my own"\ntitle: Nouvelles', "fr")
    for each in (post, post_without):
        decision = decide_language(each, CONFIGURED)
        assert decision.language == Language("fr")
        (finding,) = decision.findings
        assert (finding.rule, finding.line) == ("language-unknown", 2)


def test_comments_do_not_count(make_post: MakePost) -> None:
    """The source of a translation, kept in comments, does not make it an original."""
    source = (
        "<!-- This is the text of the news that we have for you, and it is long. -->"
    )
    body = f"{source}\nVoici les nouvelles de la semaine qui sont pour vous.\n" * 5
    decision = decide_language(make_post("a.md", "title: x", body), CONFIGURED)
    assert decision.language == Language("fr")


def test_one_language_needs_no_evidence(make_post: MakePost) -> None:
    """A newsletter in one language is in that language."""
    decision = decide_language(make_post("a.md", "title: x", "GPT"), (Language("fr"),))
    assert (str(decision.language), decision.findings) == ("fr", ())


def test_the_script_chooses_among_chinese_tags(make_post: MakePost) -> None:
    """A label that can mean two configured languages means the one it is written in."""
    languages = (Language("zh-Hant"), Language("zh-Hans"))
    hans = make_post("a.md", 'title: "简报 [CH]"', "zh")
    hant = make_post(
        "a.md", 'title: "簡報"', "這個星期我們讀了很多文章，也有新的發現。"
    )
    assert decide_language(hans, languages).language == Language("zh-Hans")
    assert decide_language(hant, languages).language == Language("zh-Hant")
