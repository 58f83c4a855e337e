"""Pictures and files that a post brings along."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from distribute.checks.source.pictures import find
from distribute.editions.asset import Asset
from distribute.finding import Finding
from distribute.render.layout.fit import TEXT_WIDTH
from tests.checks.source.drafts import SITE, placed, proof

SMALL = Asset(
    digest="a" * 64, length=20_000, media_type="image/png", width=800, height=600
)


def asset(media_type: str, length: int, width: int = 800) -> Asset:
    """Make what is known about a picture."""
    return Asset(
        digest="b" * 64, length=length, media_type=media_type, width=width, height=400
    )


def findings(body: str, assets: Mapping[str, Asset], head: str = "") -> list[Finding]:
    """Look at a text in a folder with these files."""
    made = proof(body, assets=assets, head=head)
    return [*placed(find(made), made)]


@pytest.mark.parametrize(
    ("picture", "rule", "said"),
    [
        (asset("image/jpeg", 2_400_000), "image-heavy", "the picture has 2.4 MB"),
        (asset("image/gif", 3_000_000), "image-heavy", "the GIF has 3.0 MB"),
        (asset("image/png", 600_000, 4000), "image-wide", "4000 pixels wide"),
        (
            asset("image/webp", 20_000),
            "image-format",
            "not shown by Outlook for Windows",
        ),
        (asset("image/avif", 20_000), "image-format", "AVIF"),
        (asset("image/svg+xml", 20_000), "image-format", "Gmail"),
    ],
)
def test_what_is_a_burden(picture: Asset, rule: str, said: str) -> None:
    """By what the file is, whatever its name."""
    (finding,) = findings("![A boat](../boat.png)", {"boat.png": picture})
    assert finding.rule == rule
    assert said in finding.message
    assert finding.words == "![A boat](../boat.png)"


def test_what_is_fine() -> None:
    """Small, known to all mail programs, and there."""
    assert not findings("![A boat](/boat.png)", {"boat.png": SMALL})


def test_a_wide_picture_may_be_light() -> None:
    """Nobody notices a drawing of few bytes."""
    wide = asset("image/png", 30_000, 4000)
    assert not findings("![A boat](/boat.png)", {"boat.png": wide})


@pytest.mark.parametrize(
    ("width", "shown"), [("200", 200), ("200px", 200), ("25%", TEXT_WIDTH // 4)]
)
def test_the_width_that_is_given_counts(width: str, shown: int) -> None:
    """A picture that is shown small may be smaller still."""
    picture = asset("image/png", 300_000, 1200)
    body = f'![A boat](/boat.png){{: width="{width}"}}'
    (finding,) = findings(body, {"boat.png": picture})
    assert finding.message == f"the picture is 1200 pixels wide and shown in {shown}"
    wide = body.replace(width, "9000")
    assert not findings(wide, {"boat.png": picture})


@pytest.mark.parametrize(
    "address", ["boat.png", "../images/boat.png", "/images/boat.png", "images/boat.png"]
)
def test_a_picture_that_is_not_there_is_found(address: str) -> None:
    """Mails would show a hole."""
    (finding,) = findings(f"![A boat]({address})", {"other.png": SMALL})
    assert (finding.rule, finding.words) == ("image-absent", address)
    assert finding.message == f"there is no file {address}"


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example.org/boat.png",
        f"{SITE}/old/boat.png",
        "//a.example/b.png",
    ],
)
def test_pictures_elsewhere_are_not_looked_for(address: str) -> None:
    """Nothing is fetched."""
    assert not findings(f"![A boat]({address})", {})


def test_the_format_of_a_picture_elsewhere_is_told_by_its_name() -> None:
    """As far as it has one."""
    (finding,) = findings("![A boat](https://a.example.org/b.webp?s=2)", {})
    assert finding.rule == "image-format"


def test_a_file_that_is_not_there_is_found() -> None:
    """A document that the newsletter was to publish; pages are another matter."""
    body = "[Slides](files/slides.pdf), [the letter before](../first-light/)"
    (finding,) = findings(body, {})
    assert (finding.rule, finding.words) == ("link-file-absent", "files/slides.pdf")


def test_a_cover_that_is_not_there_is_found() -> None:
    """On its line in the front matter; a bare name says nothing of where it lies."""
    (finding,) = findings("Text", {}, head="image: /images/cover.png\n")
    assert (finding.rule, finding.line) == ("image-absent", 5)
    assert not findings("Text", {}, head="image: cover.png\n")


def test_formats_are_those_that_the_newsletters_programs_refuse() -> None:
    """By the same facts as all else that is looked for in a mail."""
    made = proof("![A boat](https://a.example.org/b.webp)", assets={})
    assert list(find(replace(made, clients=frozenset({"thunderbird"})))) == []
    (finding,) = find(replace(made, clients=frozenset({"gmail"})))
    assert "shown in part by Gmail in a browser" in finding.message
