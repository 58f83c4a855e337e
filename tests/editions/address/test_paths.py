"""Paths below the site."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.editions.address.paths import safe_path


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("/en/slow-rivers/", "en/slow-rivers/"),
        ("en//slow rivers", "en/slow%20rivers/"),
        ("/a/index.html/", "a/"),
        ("/a/b.html", "a/b.html"),
        ("/a/" + "b" * 201 + "/", ""),
        ("//elsewhere/a/", ""),
        ("a/../b/", ""),
        ("/", ""),
    ],
)
def test_a_path_is_encoded_or_refused(written: str, path: str) -> None:
    """What names a file below the site stays as it is, as far as it can."""
    assert safe_path(written) == path


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("abZ09_-./ "), max_size=20))
def test_a_plain_path_is_like_any_other(path: str) -> None:
    """Whether a letter in it needs encoding changes nothing for the rest."""
    encoded = safe_path(f"{path}x/é/")
    assert safe_path(f"{path}x/") == encoded.removesuffix("%C3%A9/")
