"""The files that posts show, found and read for the site."""

from dataclasses import replace
from pathlib import Path

import pytest

from distribute.editions.publication import Publication
from distribute.errors import SourceError
from distribute.language import Language
from distribute.render.document import Content
from distribute.web.assets import find_assets, read_assets

PUBLICATION = Publication(
    title="Letter",
    url="https://letter.example.org",
    tag="example.org,2026",
    languages=(Language("en"),),
)


def content(*images: str, links: tuple[str, ...] = ()) -> Content:
    """Make content that shows these images."""
    return Content(
        html="", text="", excerpt="", preheader="", images=images, links=links
    )


def write(folder: Path, *names: str) -> None:
    """Write files that hold their own names."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name, encoding="utf-8")


def test_only_what_a_post_may_show_is_found(tmp_path: Path) -> None:
    """Pictures and documents; no sources, nothing hidden, nothing we made."""
    write(
        tmp_path,
        "images/a.png",
        "posts/b.JPG",
        "posts/post.md",
        "distribute.db",
        ".git/c.png",
        ".d.png",
        "out/site/images/a.png",
        "templates/email/logo.png",
    )
    (tmp_path / "images" / "link.png").symlink_to("/etc/hostname")
    assert find_assets(tmp_path) == {"images/a.png", "posts/b.JPG"}


def test_only_what_a_post_does_show_is_read(tmp_path: Path) -> None:
    """Images, linked files and covers that lie here; other addresses are not ours."""
    write(tmp_path, "images/a.png", "images/b.png", "c.pdf", "unused.png")
    root = PUBLICATION.url
    found = read_assets(
        [content(f"{root}/images/a.png", links=(f"{root}/c.pdf", f"{root}/en/"))],
        [f"{root}/images/b.png", "https://elsewhere.example.org/unused.png"],
        folder=tmp_path,
        publication=replace(PUBLICATION, files=find_assets(tmp_path)),
    )
    assert found == {
        name: name.encode() for name in ("images/a.png", "images/b.png", "c.pdf")
    }


def test_a_picture_that_went_away_is_an_error_with_its_path(tmp_path: Path) -> None:
    """Nothing is published with a hole in it."""
    publication = replace(PUBLICATION, files=frozenset({"a.png"}))
    with pytest.raises(SourceError, match=r"a\.png"):
        read_assets(
            [content(f"{PUBLICATION.url}/a.png")],
            [],
            folder=tmp_path,
            publication=publication,
        )
