"""Small newsletters made on the spot."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, time
from pathlib import PurePath

import pytest

from distribute.editions.edition import Author
from distribute.editions.issues import Resolution, resolve_issues
from distribute.editions.publication import Publication
from distribute.editions.resolve import EditionRules
from distribute.language import Language
from distribute.posts.post import Post
from distribute.posts.source import parse_post

MakePost = Callable[..., Post]
Resolve = Callable[..., Resolution]

SENTENCES = {
    "en": "This is the news of the week, and it is about what we have read for you.",
    "fr": "Voici les nouvelles de la semaine, et ce que nous avons lu pour vous dans "
    "les journaux, avec une liste des articles qui sont sur le site.",
    "de": "Das sind die Nachrichten der Woche, und was wir für euch gelesen haben, mit "
    "einer Liste der Artikel, die auf der Seite zu finden sind.",
    "pt": "Estas são as notícias da semana, e o que nós lemos para você, com uma lista "
    "dos artigos que não estão em outro lugar, como é o costume.",
    "zh": "这是本周的新闻，我们为你们读了许多文章，也有一些新的发现，欢迎你们阅读和分享。",
    "ar": "هذه أخبار الأسبوع التي قرأناها من أجلكم في الصحف، مع قائمة المقالات على الموقع.",
}


@pytest.fixture
def make_post() -> MakePost:
    """Make a post out of a file name, front matter and the language of its body."""

    def make(name: str, front_matter: str = "", body: str = "en") -> Post:
        text = " ".join([SENTENCES.get(body, body)] * (3 if body in SENTENCES else 1))
        data = f"---\n{front_matter.strip()}\n---\n\n{text}\n".encode()
        return parse_post(data, PurePath("posts") / name)

    return make


@pytest.fixture
def publication() -> Publication:
    """Give a newsletter in English, French, Portuguese and Chinese."""
    tags = ("en", "fr", "pt-BR", "zh")
    return Publication(
        title="Example News",
        url="https://news.example.org",
        tag="example.org,2026",
        languages=tuple(Language.parse(tag) for tag in tags),
    )


@pytest.fixture
def rules() -> EditionRules:
    """Give rules that take every post."""
    return EditionRules(zone=UTC, hour=time(8))


@pytest.fixture
def resolve(publication: Publication, rules: EditionRules) -> Resolve:
    """Resolve posts in the sample newsletter."""

    def resolve_posts(
        *posts: Post,
        authors: Mapping[str, Author] | None = None,
        select_tags: frozenset[str] = frozenset(),
    ) -> Resolution:
        return resolve_issues(
            posts,
            publication=publication,
            rules=replace(rules, select_tags=select_tags),
            authors=authors or {},
        )

    return resolve_posts
