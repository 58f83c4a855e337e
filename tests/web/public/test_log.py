"""The log: enough to see what goes on, and nobody to be known."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distribute.audience.reception.token import Purpose
from distribute.web.public.log import shown_defect, shown_path
from tests.web.public.visiting import ADA, token

TOKEN = token(ADA, Purpose.UNSUBSCRIBE)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("/en/rss.xml?who=ada@example.org", "/en/rss.xml"),
        (f"/u/{TOKEN}", "/u/…"),
        (f"/news/U/{TOKEN}/more", "/news/U/…"),
        (f"//confirm/{TOKEN}", "//confirm/…"),
        (f"/x/{TOKEN}/y", "/x/…/y"),
        ("/ada@example.org/x", "/…/x"),
        ("/ada%40example.org", "/…"),
        (f"/ada@example.org/u/{TOKEN}", "/…/u/…"),
        ("/u", "/u"),
        ("/u/", "/u/"),
        ('/a"b\\c\r\nd', "/a?b?c??d"),
        ("/" + "ab/" * 100, "/" + "ab/" * 39 + "ab…"),
    ],
)
def test_what_is_secret_is_cut(raw: str, expected: str) -> None:
    """Tokens, addresses, queries; and nothing begins a new line."""
    assert shown_path(raw.encode()) == expected


@given(st.binary(max_size=300))
def test_any_path_becomes_one_plain_line(raw: bytes) -> None:
    """Whatever was sent."""
    shown = shown_path(raw)
    assert all("!" <= char <= "~" or char == "…" for char in shown)
    assert len(shown) <= 121


@pytest.mark.parametrize("filler", ["!", "%4", "a" * 39 + ".", "/", "u/u", "@"])
def test_a_long_path_keeps_nobody_waiting(filler: str) -> None:
    """As long as a head may be; at most some milliseconds, where it once took seconds."""
    began = process_time()
    shown_path(f"/{filler * (16_000 // len(filler))}".encode())
    assert process_time() - began < 0.5


@given(st.text("abcdefXYZ0189-_", min_size=40, max_size=90))
def test_no_token_comes_through(text: str) -> None:
    """However the address around it looks."""
    for path in (f"/u/{text}", f"/{text}", f"/a/{text}/b", f"/p/x/{text}"):
        assert text[:40] not in shown_path(path.encode())


def _break() -> None:
    raise ValueError(ADA)


def test_a_defect_is_told_by_its_place() -> None:
    """What it says may name somebody."""
    with pytest.raises(ValueError, match="confirmed") as caught:
        _break()
    said = shown_defect(caught.value)
    assert said.startswith("ValueError in _break:")
    assert ADA not in said
