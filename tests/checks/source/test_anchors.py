"""Links to a place in the same text."""

import pytest

from distribute.checks.source.anchors import find
from tests.checks.source.drafts import found, rules_of


@pytest.mark.parametrize(
    ("language", "body"),
    [
        ("en", "[Tides](#tides)\n\n# Tides"),
        ("fr", "[Marées](#où-et-quand)\n\n# Où et quand"),
        ("zh", "[潮汐](#潮汐)\n\n# 潮汐"),
        ("en", "[Tides](#t)\n\n# Tides {#t}"),
        ("en", '[Tides](#t)\n\n<p id="t">Tides</p>'),
        ("en", "[Up](#top) and [up](#)"),
        ("en", "* A\n{:toc}\n\n# Tides\n\n# Waves"),
        ("en", "[Tides](https://tides.example.org/#now)"),
    ],
)
def test_a_place_that_is_there(language: str, body: str) -> None:
    """A heading, in any script, a name that was given, or the top."""
    assert not found(find, body, language)


@pytest.mark.parametrize(
    ("language", "body", "name"),
    [
        ("en", "[Tides](#tide)\n\n# Tides", "tide"),
        ("pt-BR", "[Marés](#tides)\n\n# Marés", "tides"),
        ("ar", "[المد](#المد)\n\n# الموج", "المد"),
    ],
)
def test_a_place_that_is_not_there(language: str, body: str, name: str) -> None:
    """Often the name of a heading before it was translated."""
    findings = found(find, body, language)
    assert rules_of(findings) == ["link-anchor"]
    assert findings[0].message == f"the text has no place that is called {name}"
    assert findings[0].words == body.partition("\n")[0]
