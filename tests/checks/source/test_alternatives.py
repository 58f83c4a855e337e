"""What stands for a picture where nobody sees it."""

import pytest

from distribute.checks.source.alternatives import find
from distribute.finding import Severity
from tests.checks.source.drafts import found, rules_of


@pytest.mark.parametrize(
    ("language", "body", "rule"),
    [
        ("en", "![](boat.png)", "image-alt-missing"),
        ("en", "![ ](https://a.example.org/b.png)", "image-alt-missing"),
        (
            "fr",
            "Un quai ![](https://a.example.org/b.png) et un bateau",
            "image-alt-missing",
        ),
        ("en", '<img src="https://a.example.org/b.png">', "image-alt-missing"),
        ("en", "![](boat.png)\n\n*A boat at night*", "image-alt-missing"),
        ("en", "![alt txt](boat.png)", "image-alt-placeholder"),
        ("en", "![Image](boat.png)", "image-alt-placeholder"),
        ("en", "![boat-2.png](boat.png)", "image-alt-placeholder"),
        ("en", "![IMG_2041](boat.png)", "image-alt-placeholder"),
        ("en", "![Screenshot 2026-05-01 at 10.20](boat.png)", "image-alt-placeholder"),
        (
            "en",
            "![boat_2](https://a.example.org/boat_2.png?s=1)",
            "image-alt-placeholder",
        ),
        (
            "zh",
            "![在这里插入图片描述](https://a.example.org/b.png)",
            "image-alt-placeholder",
        ),
        ("tr", "![görsel](boat.png)", "image-alt-placeholder"),
        ("ar", "![صورة](boat.png)", "image-alt-placeholder"),
        ("en", "![A boat at night](b.png)\n\n*A boat at night.*", "image-alt-repeated"),
        ("en", "![A boat at night](b.png)\n*A boat at night*", "image-alt-repeated"),
        ("en", f"![{'A boat and a sail. ' * 15}](b.png)", "image-alt-long"),
        ("zh", f"![{'一条船在海上航行，' * 15}](b.png)", "image-alt-long"),
        ("en", "[![](b.png)](https://a.example.org/)", "image-link-unnamed"),
    ],
)
def test_what_is_wrong_with_an_alternative(language: str, body: str, rule: str) -> None:
    """One finding each, on the line of the picture."""
    (finding,) = found(find, body, language)
    assert (finding.rule, finding.line) == (rule, 6)
    assert finding.words


@pytest.mark.parametrize(
    "body",
    [
        "![A boat at night](boat.png)",
        "![A boat](boat.png)\n\n*The harbour, painted by Ada*",
        "![boat](boat.png)",
        "![Image of a boat](boat.png)",
        '![](line.png){: role="presentation"}',
        "![](line.png){: .decorative}",
        'Waves <img src="https://a.example.org/b.png" alt="">',
        "[![The harbour](b.png)](https://a.example.org/)",
    ],
)
def test_what_is_right(body: str) -> None:
    """Somebody has thought about it."""
    assert not found(find, body)


@pytest.mark.parametrize(
    "body",
    [
        "[![](b.png) The harbour](https://a.example.org/)",
        '[![](b.png)](https://a.example.org/ "The harbour")',
        '[![](b.png)](https://a.example.org/){: aria-label="The harbour"}',
    ],
)
def test_a_link_that_is_named_otherwise_has_a_name(body: str) -> None:
    """Then the picture lacks its text, and the link does not."""
    assert rules_of(found(find, body)) == ["image-alt-missing"]


def test_a_link_without_any_name_is_an_error() -> None:
    """A screen reader spells out its address."""
    (finding,) = found(find, "[![](b.png)](https://a.example.org/)")
    assert finding.severity is Severity.ERROR
    assert "https://a.example.org/" in finding.message


def test_pictures_in_blocks_of_html_are_looked_at() -> None:
    """They are shown as all others are."""
    body = '<figure>\n<img src="https://a.example.org/b.png">\n</figure>'
    assert rules_of(found(find, body)) == ["image-alt-missing"]
