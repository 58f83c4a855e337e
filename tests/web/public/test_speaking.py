"""The language of a page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distribute.language import Language
from distribute.web.public.speaking import accepted_languages, choose_language

EN, AR, PT, ZH = (Language(tag) for tag in ("en", "ar", "pt-BR", "zh"))
OFFERED = (EN, AR, PT, ZH)


@pytest.mark.parametrize(
    ("asked", "own", "accepted", "expected"),
    [
        ("", (), "", EN),
        ("ar", (PT,), "zh", AR),
        ("", (PT,), "zh", PT),
        ("", (Language("sv"),), "zh", ZH),
        ("", (), "zh", ZH),
        ("pt", (), "", PT),
        ("xx", (), "ar", AR),
        ("", (), "de, fr;q=0.8", EN),
        ("", (), "en;q=0.1, ar;q=0.9", AR),
        ("", (), "ar;q=0, pt-PT", PT),
        ("", (), "zh-TW, ar;q=0.5", AR),
        ("'><script>", (), "*", EN),
    ],
)
def test_the_nearest_wish_counts(
    asked: str, own: tuple[Language, ...], accepted: str, expected: Language
) -> None:
    """The address, then the reader's own, then the browser's; else the first there is."""
    found = choose_language(OFFERED, asked=asked, own=own, accepted=accepted)
    assert found == expected


@given(st.text(max_size=300))
def test_any_header_can_be_read(header: str) -> None:
    """Nothing that a browser sends is an error."""
    assert choose_language(OFFERED, accepted=header) in OFFERED


def test_equal_wishes_keep_their_order() -> None:
    """And a header without end is cut."""
    assert accepted_languages("fr, de;q=1, ar;q=1.0")[:2] == [
        Language("fr"),
        Language("de"),
    ]
    assert len(accepted_languages("en," * 10_000)) == 20
