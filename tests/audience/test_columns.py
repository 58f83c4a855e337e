"""Languages stand in a cell, and are read out of it as they were written."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.audience.columns import format_languages, parse_languages
from distribute.errors import LanguageError
from distribute.language import Language

EN, FR, PT_BR, ZH = (Language(tag) for tag in ("en", "fr", "pt-BR", "zh-Hans"))


@pytest.mark.parametrize(
    ("text", "languages", "only_these"),
    [
        ("", (), False),
        ("  ", (), False),
        ("fr", (FR,), False),
        ("pt-BR; en", (PT_BR, EN), False),
        ("pt_br|EN", (PT_BR, EN), False),
        ("pt-BR,en", (PT_BR, EN), False),
        ("pt-BR / en", (PT_BR, EN), False),
        ("pt-BR en", (PT_BR, EN), False),
        ("zh-hans；en", (ZH, EN), False),
        (";en;;fr;", (EN, FR), False),
        ("en; fr; en", (EN, FR), False),
        ("fr!", (FR,), True),
        ("pt-BR; en !", (PT_BR, EN), True),
        ("fr！", (FR,), True),
    ],
)
def test_languages_in_every_spelling(
    text: str, languages: tuple[Language, ...], *, only_these: bool
) -> None:
    """In order, each once, with the usual marks between them, and ``!`` for only these."""
    assert parse_languages(text) == (languages, only_these)


@pytest.mark.parametrize(
    "text",
    [
        *("english", "English; fr", "français", "only fr", "e", "en-", "12"),
        *("!", "; !", "fr!; en", "fr!!"),
        "; ".join(f"a{chr(97 + n)}" for n in range(21)),
    ],
)
def test_malformed_languages_are_refused(text: str) -> None:
    """What is no tag is an error: nobody guesses what somebody wants to read."""
    with pytest.raises(LanguageError):
        parse_languages(text)


@given(
    languages=st.lists(st.sampled_from([EN, FR, PT_BR, ZH]), unique=True),
    only_these=st.booleans(),
)
@settings(max_examples=100, deadline=None)
def test_languages_are_read_as_written(
    *, languages: list[Language], only_these: bool
) -> None:
    """What is written is read back the same; only these of nothing means nothing."""
    text = format_languages(languages, only_these=only_these)
    assert parse_languages(text) == (tuple(languages), only_these and bool(languages))
