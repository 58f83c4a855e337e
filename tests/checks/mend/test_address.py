"""What a mangled address was meant to be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distribute.checks.mend.address import mended_address
from distribute.render.links.addresses import is_plain

MEANT = "https://news.example.org/a/b?c=1#d"


@pytest.mark.parametrize(
    "written",
    [
        f"({MEANT})",
        f"(({MEANT}))",
        f"({MEANT}",
        f"{MEANT}]",
        f"{MEANT}],",
        f"{MEANT};",
        f"{MEANT}”",
        f"{MEANT}》",
        f"{MEANT}。",
        f"{MEANT}*",
        MEANT.removeprefix("h"),
        MEANT.removeprefix("ht"),
        MEANT.replace("https", "htps"),
        MEANT.replace("https", "hhttps"),
        MEANT.replace("https", "httpss"),
        MEANT.replace("https:", "https"),
        MEANT.replace("//", "/", 1),
        MEANT.removeprefix("https://"),
        f"({MEANT.removeprefix('https://')}]",
    ],
)
def test_one_slip_or_two_are_undone(written: str) -> None:
    """Brackets, schemes, and what belongs to the sentence around it."""
    assert mended_address(written) == MEANT


@pytest.mark.parametrize(
    "written",
    [
        MEANT,
        "http://news.example.org/",
        "https://example.org/a[1]",
        "https://example.org/a_(b)",
        "https://example.org/a.",
        "https://example.org/été",
        "someone@example.org",
        "_COPY@e.xample/what-is-this",
        "images/cover.png",
        "/some/page",
        "cover.png]x",
        "javascript:alert(1)",
        "data:image/png;base64,AAAA",
        "ftp://example.org/a",
        "https://no-such-host",
        "https://example.org/a b",
        "https://",
        "https://example.org/a%",
        "",
        "]",
    ],
)
def test_what_may_have_been_meant_otherwise_is_left_alone(written: str) -> None:
    """And so is what is right."""
    assert mended_address(written) == ""


@given(st.text(alphabet="htps:/.()[]{}<>,;*”。ax1é@ ", max_size=30))
def test_what_comes_out_is_an_address_that_needs_no_mending(written: str) -> None:
    """Whatever goes in; and it is made of what was there, with https:// before it."""
    meant = mended_address(written)
    if meant:
        assert is_plain(meant)
        assert meant != written
        assert meant.removeprefix("https://").removeprefix("http://") in written
        assert mended_address(meant) == ""
