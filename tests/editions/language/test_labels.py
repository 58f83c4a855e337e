"""What authors write to name a language."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.editions.language.labels import (
    known_language,
    languages_for,
    stated_language,
)
from distribute.language import Language


def found(label: str, *configured: str) -> list[str]:
    """Give the tags of the configured languages that a label can mean."""
    languages = [Language.parse(tag) for tag in configured]
    return [language.tag for language in languages_for(label, languages)]


@pytest.mark.parametrize(
    ("label", "configured", "meant"),
    [
        ("PT-BR", ["pt-BR"], ["pt-BR"]),
        ("pt_br", ["pt-BR"], ["pt-BR"]),
        ("pt", ["en", "pt-BR"], ["pt-BR"]),
        ("PT-PT", ["pt-BR"], []),
        ("BR", ["pt-BR"], ["pt-BR"]),
        ("CH", ["en", "zh"], ["zh"]),
        ("CN", ["zh-Hans"], ["zh-Hans"]),
        ("ZH", ["zh-Hans"], ["zh-Hans"]),
        ("ZH", ["zh-Hant", "zh-Hans"], ["zh-Hant", "zh-Hans"]),
        ("zh-TW", ["zh-Hans", "zh-Hant"], ["zh-Hant"]),
        ("zh-TW", ["zh-Hans"], []),
        ("en_US", ["en"], ["en"]),
        ("UK", ["en"], ["en"]),
        ("UK", ["en", "uk"], ["uk"]),
        ("no", ["nb"], ["nb"]),
        ("nn", ["nb"], []),
        ("Français", ["fr"], ["fr"]),
        ("中文", ["zh"], ["zh"]),
        ("es", ["es-MX", "es-ES"], ["es-MX", "es-ES"]),
        ("NLP", ["en", "zh"], []),
        ("", ["en"], []),
    ],
)
def test_labels_mean_configured_languages(
    label: str, configured: list[str], meant: list[str]
) -> None:
    """A label may say less or more than the tag, but never another script or region."""
    assert found(label, *configured) == meant


@pytest.mark.parametrize(
    ("label", "tag"),
    [
        ("DE", "de"),
        ("deutsch", "de"),
        ("CH", "zh"),
        ("ML", ""),
        ("TOC", ""),
        ("IT", ""),
    ],
)
def test_known_languages(label: str, tag: str) -> None:
    """What is an abbreviation more often than a language is not taken for one."""
    known = known_language(label)
    assert (known.tag if known else "") == tag


def test_in_front_matter_every_tag_is_a_language() -> None:
    """There, nothing but a language can stand."""
    assert stated_language("it") == Language("it")
    assert stated_language("cy") == Language("cy")
    assert stated_language("Klingon words") is None


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30))
def test_any_label_is_a_language_or_none(label: str) -> None:
    """Reading a label never fails, and gives configured languages only."""
    configured = (Language("en"), Language("pt-BR"), Language("zh-Hans"))
    assert set(languages_for(label, configured)) <= set(configured)
    known_language(label)
    stated_language(label)
