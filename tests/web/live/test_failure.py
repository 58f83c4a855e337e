"""The page that says why there is no preview."""

from pathlib import Path

from distribute.web.live.failure import Failure, failure_page


def test_shows_the_line_that_is_wrong_among_its_neighbours(tmp_path: Path) -> None:
    """With its number, and nothing of it is taken for HTML."""
    path = tmp_path / "a.md"
    path.write_text("\n".join(f"<b>line {number}" for number in range(1, 20)), "utf-8")
    page = failure_page([Failure(reason="no <i>", path=path, line=10, hint="Mend")], 3)
    assert '<span class="it"><i>10</i>&lt;b&gt;line 10</span>' in page
    assert "line 7<" in page
    assert "line 6<" not in page
    assert "no &lt;i&gt;" in page
    assert f"{path}:10" in page


def test_asks_to_be_told_when_it_is_mended() -> None:
    """By the one script that its policy lets run."""
    page = failure_page([Failure(reason="x")], 7)
    assert 'data-version="7"' in page
    assert "script-src &#39;sha256-" in page
    assert page.count("<script>") == 1


def test_a_file_that_is_gone_or_short_shows_no_lines(tmp_path: Path) -> None:
    """What was wrong is still said."""
    gone = Failure(reason="gone", path=tmp_path / "gone.md", line=3)
    short = tmp_path / "short.md"
    short.write_bytes(b"\xff\n")
    page = failure_page([gone, Failure(reason="short", path=short, line=99)], 1)
    assert "gone.md:3" in page
    assert "<pre" not in page
