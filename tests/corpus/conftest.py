"""Real posts, read where they lie; tests on them are skipped where they are missing."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Any

import pytest

from distribute.editions.edition import Edition
from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.posts.source import read_post
from distribute.render.content.content import render_content
from distribute.render.content.plain import render_text
from distribute.render.content.surroundings import Surroundings
from tests.corpus.pages import SITE, Contents, Expected, Texts

NOON = datetime(2020, 1, 1, 12, tzinfo=UTC)
_CORPUS = Path(__file__).parents[3] / "shared" / "corpus"


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Give the folder of the real posts, beside the checkout."""
    if not (_CORPUS / "posts").is_dir():
        pytest.skip("the real posts are not beside this checkout (../shared/corpus)")
    return _CORPUS


@pytest.fixture(scope="session")
def settings(corpus: Path) -> str:
    """Give the settings of their newsletter, for a folder that may lie anywhere."""
    text = (Path(__file__).parent / "distribute.toml").read_text(encoding="utf-8")
    return text.replace("../../../shared/corpus", corpus.resolve().as_posix())


@pytest.fixture(scope="session")
def expected(corpus: Path) -> dict[str, dict[str, Any]]:
    """Give what is known about each post, by file name."""
    text = (corpus / "expected.json").read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = json.loads(text)
    return found


@pytest.fixture(scope="session")
def editions(corpus: Path, expected: Expected) -> Mapping[str, Edition]:
    """Read every post, at the address it has on its own site."""
    folders = (corpus / "posts", corpus / "mojibake")
    return {
        path.name: _edition(path, expected[path.name])
        for folder in folders
        for path in sorted(folder.iterdir())
    }


@pytest.fixture(scope="session")
def surroundings(editions: Mapping[str, Edition]) -> Surroundings:
    """Let every post link to every other."""
    return Surroundings(
        publication=Publication(
            title="A newsletter",
            url=SITE,
            tag="dair.ai,2020",
            languages=(Language("en"),),
        ),
        addresses={name: edition.url for name, edition in editions.items()},
    )


@pytest.fixture(scope="session")
def contents(editions: Mapping[str, Edition], surroundings: Surroundings) -> Contents:
    """Render every post."""
    return {
        name: render_content(edition, surroundings)
        for name, edition in editions.items()
    }


@pytest.fixture(scope="session")
def texts(editions: Mapping[str, Edition], surroundings: Surroundings) -> Texts:
    """Write every post as plain text."""
    return {
        name: render_text(edition, surroundings) for name, edition in editions.items()
    }


def _edition(path: Path, known: Mapping[str, Any]) -> Edition:
    post = read_post(path, shown=PurePath(path.name))
    return Edition(
        issue="1",
        number=1,
        language=Language(known.get("lang") or "en"),
        title=post.front_matter.title,
        slug="post",
        url=SITE + known.get("jekyll_url", "/seed/"),
        path="en/post/",
        published=NOON,
        updated=NOON,
        authors=(),
        tags=(),
        excerpt=post.front_matter.excerpt,
        image="",
        original=True,
        post=post,
        decisions=(),
    )
