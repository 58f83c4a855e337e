"""Pictures on their way from a post to pages, feeds and mails."""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.cli.conftest import Run

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="20"/>'
POST = """---
title: "Letters #{number}"
date: 2026-01-0{number}
image: /images/cover.svg
{front_matter}---

![A drawing](../images/draw%20ing.svg)

[The paper](../paper.pdf#page=2) and <img src="/images/cover.svg" alt="cover" width="20">

![As the page finds it](../../images/cover.svg)
"""
SETTINGS = """[newsletter]
title = "Letters"
url = "https://letters.example.org/archive"
tag = "example.org,2026"
languages = ["en"]
address = "1 Quay, Portsea"
{settings}
[sender]
from = "Letters <letters@example.org>"
"""
SHOWN = re.compile(r'https://letters\.example\.org/archive/[^\s"<>&)\]]+\.(?:svg|pdf)')


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write a newsletter with a cover, a drawing and a document."""
    write_post(tmp_path, 1)
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "cover.svg").write_text(SVG.format(40))
    (tmp_path / "images" / "draw ing.svg").write_text(SVG.format(30))
    (tmp_path / "images" / "unused.svg").write_text(SVG.format(30))
    (tmp_path / "paper.pdf").write_text("%PDF-")
    configure(tmp_path)
    return tmp_path


def configure(folder: Path, settings: str = "") -> None:
    """Write the settings."""
    text = SETTINGS.format(settings=settings)
    (folder / "distribute.toml").write_text(text, encoding="utf-8")


def write_post(folder: Path, number: int, front_matter: str = "") -> None:
    """Write a post that shows everything."""
    (folder / "posts").mkdir(exist_ok=True)
    text = POST.format(number=number, front_matter=front_matter)
    (folder / "posts" / f"2026-01-0{number}-letter-{number}.md").write_text(text)


def shown(folder: Path) -> dict[str, set[str]]:
    """List the addresses of our files in feeds, pages and mails, by where they stand."""
    found = {}
    for path in (folder / "out").rglob("*"):
        if path.suffix in {".xml", ".json", ".html"} and "cache" not in path.parts:
            found[path.name] = set(SHOWN.findall(path.read_text(encoding="utf-8")))
        if path.suffix == ".eml":
            message = message_from_bytes(path.read_bytes(), policy=policy.default)
            (html,) = [p for p in message.walk() if p.get_content_type() == "text/html"]
            found["mail"] = set(SHOWN.findall(html.get_content()))
    return found


def published(folder: Path) -> set[str]:
    """List the pictures and documents of the site."""
    site = folder / "out" / "site"
    paths = (path.relative_to(site).as_posix() for path in site.rglob("*"))
    return {path for path in paths if path.endswith((".svg", ".pdf"))}


def sizes(folder: Path) -> Iterator[tuple[str, str, str]]:
    """List the pictures of the page with their sizes."""
    page = folder / "out" / "site" / "en" / "letter-1" / "index.html"
    for image in re.findall(r"<img [^>]*>", page.read_text(encoding="utf-8")):
        pairs = dict(re.findall(r'(\w+)="([^"]*)"', image))
        assert (page.parent / pairs["src"].replace("%20", " ")).is_file()
        yield Path(pairs["src"]).name.split(".")[0], pairs["width"], pairs["height"]


def test_every_picture_has_one_address_everywhere(run: Run, folder: Path) -> None:
    """In pages, feeds and mails, and there the file lies; a page knows its size."""
    (folder / "readers.csv").write_text("email,status\nada@example.org,confirmed\n")
    assert run("-C", folder, "audience", "import", folder / "readers.csv").status == 0
    assert run("-C", folder, "build").status == 0
    answer = run("-C", folder, "send", "latest", "--yes")
    assert answer.status == 0, answer.err
    stamps = {
        path: f"https://letters.example.org/archive/{path}"
        for path in published(folder)
    }
    assert sorted(re.sub(r"\.[0-9a-f]{10}\.", ".", path) for path in stamps) == [
        "images/cover.svg",
        "images/draw ing.svg",
        "paper.pdf",
    ]
    addresses = {url.replace(" ", "%20") for url in stamps.values()}
    everywhere = shown(folder)
    for place in ("rss.xml", "atom.xml", "feed.json", "mail"):
        assert everywhere[place] == addresses, place
    assert list(sizes(folder)) == [
        ("draw%20ing", "30", "20"),
        ("cover", "20", "10"),
        ("cover", "40", "20"),
    ]


def test_a_picture_that_is_changed_gets_a_new_address(run: Run, folder: Path) -> None:
    """Everywhere; the old one stays for mails that were sent, through later builds too."""
    assert run("-C", folder, "build").status == 0
    before, shown_before = published(folder), shown(folder)
    (folder / "images" / "cover.svg").write_text(SVG.format(41))
    assert run("-C", folder, "build").status == 0
    after, shown_after = published(folder), shown(folder)
    assert len(after) == len(before) + 1
    assert before < after
    (new,) = after - before
    assert new.startswith("images/cover.")
    for place in ("rss.xml", "atom.xml", "feed.json"):
        assert f"https://letters.example.org/archive/{new}" in shown_after[place]
        assert len(shown_after[place]) == len(shown_before[place])
    assert ("cover", "20", "10") in sizes(folder)
    (folder / "images" / "cover.svg").unlink()
    write_post(folder, 2)
    assert run("-C", folder, "build").status == 0
    assert after <= published(folder)


def test_a_second_build_writes_nothing(run: Run, folder: Path) -> None:
    """Whatever the times of the pictures; and it is the same with a memory or without."""
    assert run("-C", folder, "build").status == 0
    for path in folder.rglob("*.svg"):
        path.touch()
    assert run("-C", folder, "build", "--json").document["written"] == []
    (folder / "out" / "cache" / "files.json").unlink()
    assert run("-C", folder, "build", "--json").document["written"] == []


def test_a_picture_that_cannot_be_shown_is_a_finding(run: Run, folder: Path) -> None:
    """With file and line, for the text and for the cover; it is published all the same."""
    for name in ("cover.svg", "draw ing.svg"):
        (folder / "images" / name).write_text("<svg")
    answer = run("-C", folder, "check", "--json")
    found = [f for f in answer.document["findings"] if f["rule"] == "image-unreadable"]
    assert [finding["line"] for finding in found] == [4, 7, 9, 11]
    assert run("-C", folder, "build").status == 0
    assert len(published(folder)) == 3


def test_old_addresses_lead_to_their_posts(run: Run, folder: Path) -> None:
    """And go away with them; the list for the host is there if it is asked for."""
    configure(folder, 'permalink = "pretty"\n[site]\nredirects = true')
    write_post(folder, 2, "redirect_from:\n  - /old/\n  - /nlp/2.html\n")
    assert run("-C", folder, "build").status == 0
    site = folder / "out" / "site"
    assert "2026/01/02/letter-2/" in (site / "old" / "index.html").read_text()
    assert "2026/01/02/letter-2/" in (site / "nlp" / "2.html").read_text()
    assert (site / "_redirects").read_text() == (
        "/archive/nlp/2.html /archive/2026/01/02/letter-2/ 301\n"
        "/archive/old /archive/2026/01/02/letter-2/ 301\n"
        "/archive/old/ /archive/2026/01/02/letter-2/ 301\n"
    )
    assert "old" not in (site / "sitemap.xml").read_text()
    write_post(folder, 2)
    assert run("-C", folder, "build").status == 0
    assert not (site / "old").exists()
    assert not (site / "nlp").exists()
