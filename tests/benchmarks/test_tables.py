"""Tables of figures, and the README that gets them."""

from pathlib import Path

import pytest

from benchmarks.tables import number, put_into_readme, target_table
from benchmarks.targets import Target

BEGIN, END = "<!-- speed -->", "<!-- /speed -->"


def test_readme_gets_the_tables_between_its_marks(tmp_path: Path) -> None:
    r"""What stands around the marks stays, and backslashes in the text are just text."""
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", "utf-8")
    for text in ("new \\1\n", "newer\n"):
        put_into_readme(readme, "speed", text)
        written = readme.read_text("utf-8")
        assert written == f"before\n{BEGIN}\n{text}{END}\nafter\n"
    with pytest.raises(ValueError, match="no <!-- other -->"):
        put_into_readme(readme, "other", "new\n")


def test_a_target_is_met_from_its_side() -> None:
    """Some figures must not be too small, others not too large; some are missing."""
    written = target_table(
        [
            Target("speed", "×", 2, 3.04),
            Target("memory", "MB", 2, 3, at_most=True),
            Target("patience", "s", 2, None),
        ]
    ).splitlines()
    assert written[2] == "| speed | ≥ 2 × | 3.04 × | met |"
    assert written[3].endswith("| ≤ 2 MB | 3 MB | **not met** |")
    assert written[4].endswith("| – s | not measured |")


def test_what_was_not_measured_is_a_dash() -> None:
    """A missing figure is not a zero."""
    assert (number(None, ".0f"), number(0, ".0f")) == ("–", "0")
