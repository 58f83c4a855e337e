"""Pictures of a translation that are nearly those of its original, or fewer."""

import pytest

from distribute.checks.source.gallery import compare
from tests.checks.source.drafts import compared

PICTURES = [f"![Boat](https://a.example.org/{number}.png)\n" for number in range(4)]


def test_lost_pictures_are_named() -> None:
    """With the line of the original, as one note."""
    (finding,) = compared(compare, en="\n".join(PICTURES), fr="\n".join(PICTURES[1:]))
    assert finding.rule == "image-drift"
    assert "shows 4 pictures, this edition 3" in finding.message
    assert finding.message.endswith("https://a.example.org/0.png (line 6)")


def test_copies_of_pictures_elsewhere_are_not_lost() -> None:
    """As many as in the original are enough."""
    copies = "\n".join(PICTURES).replace("a.example.org", "copies.example.net")
    assert not compared(compare, en="\n".join(PICTURES), zh=copies)


@pytest.mark.parametrize(
    "changed", ["boats-in-harbour.pn", "boots-in-harbour.png", "boats-em-harbour.png"]
)
def test_a_slip_of_the_pen_in_an_address_is_found(changed: str) -> None:
    """At the picture, with what the original has."""
    there = "https://a.example.org/images/boats-in-harbour.png"
    here = f"https://a.example.org/images/{changed}"
    (finding,) = compared(compare, en=f"![Boats]({there})", pt_BR=f"![Barcos]({here})")
    assert finding.rule == "image-drift-changed"
    assert finding.message.endswith(f"(en, line 6), which is {there}")
    assert finding.words == f"![Barcos]({here})"


@pytest.mark.parametrize(
    ("there", "here"),
    [
        ("https://a.example.org/chart-en.png", "https://a.example.org/chart-fr.png"),
        ("https://a.example.org/en/chart.png", "https://a.example.org/fr/chart.png"),
        ("https://a.example.org/chart.png", "https://a.example.org/chart_fr.png"),
        ("https://a.example.org/chart.png", "https://b.example.org/chart.png"),
        ("https://a.example.org/i/1*lMaZGDRJ.png", "https://a.example.org/i/1*9tXkPq2w.png"),
        ("https://a.example.org/max/800/boat.png", "https://a.example.org/max/1600/boat.png"),
    ],
)  # fmt: skip
def test_pictures_of_a_language_and_other_pictures_are_meant(
    there: str, here: str
) -> None:
    """Charts are drawn anew, and two numbers are two pictures."""
    assert not compared(compare, en=f"![Boats]({there})", fr=f"![Bateaux]({here})")
