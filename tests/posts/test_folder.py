"""Which files of a folder are posts."""

import os
from pathlib import Path, PurePath

import pytest

from distribute.errors import SourceError
from distribute.finding import Severity
from distribute.posts.filename import MARKDOWN_SUFFIXES
from distribute.posts.folder import Listing, list_posts

SHOWN = PurePath("posts")


def listing(folder: Path) -> Listing:
    """List the posts of a folder as ``posts``."""
    return list_posts(folder, shown=SHOWN, suffixes=MARKDOWN_SUFFIXES)


def write(folder: Path, *names: str) -> None:
    """Write small posts."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("text\n", encoding="utf-8")


def shown(found: Listing) -> list[str]:
    """Give the posts as findings print them."""
    return [place.as_posix() for _, place in found.files]


def test_every_markdown_file_is_a_post(tmp_path: Path) -> None:
    """Below the folder too, whatever the case, brackets or blanks in the name."""
    write(tmp_path, "b[PT-BR]_1.md", "a.Md", "c.md.md", "d.md .md", "fr/e.markdown")
    write(tmp_path, "image.png", "notes.txt", "_posts/f.md")
    assert sorted(shown(listing(tmp_path))) == [
        "posts/_posts/f.md",
        "posts/a.Md",
        "posts/b[PT-BR]_1.md",
        "posts/c.md.md",
        "posts/d.md .md",
        "posts/fr/e.markdown",
    ]
    assert listing(tmp_path).findings == ()


def test_drafts_and_backups_are_passed_over_with_a_note(tmp_path: Path) -> None:
    """Jekyll's rules for names, and nothing is left out in silence."""
    write(tmp_path, "_drafts/a.md", "_b.md", "c.md~", ".d.md", "#e.md#", "f.md")
    write(tmp_path, ".git/g.md")
    found = listing(tmp_path)
    assert shown(found) == ["posts/f.md"]
    assert {str(f.path) for f in found.findings} == {
        *("posts/_drafts", "posts/_b.md", "posts/c.md~", "posts/.d.md", "posts/#e.md#"),
    }
    assert {f.severity for f in found.findings} == {Severity.NOTE}


def test_links_are_followed_only_inside(tmp_path: Path) -> None:
    """A link out of the folder, to nothing, or to a folder is reported, not read."""
    write(tmp_path, "posts/a.md", "secret.md", "elsewhere/x.md")
    folder = tmp_path / "posts"
    (folder / "in.md").symlink_to("a.md")
    (folder / "out.md").symlink_to(tmp_path / "secret.md")
    (folder / "nowhere.md").symlink_to("missing.md")
    (folder / "loop.md").symlink_to("loop.md")
    (folder / "linked").symlink_to(tmp_path / "elsewhere")
    (folder / "again").symlink_to(folder)
    found = listing(folder)
    assert shown(found) == ["posts/a.md", "posts/in.md"]
    assert {(f.path.name, f.rule, f.severity) for f in found.findings} == {
        ("out.md", "post-outside", Severity.ERROR),
        ("nowhere.md", "post-unreadable", Severity.ERROR),
        ("loop.md", "post-unreadable", Severity.ERROR),
        ("linked", "post-passed-over", Severity.WARNING),
        ("again", "post-passed-over", Severity.WARNING),
    }


def test_odd_things_with_a_posts_name(tmp_path: Path) -> None:
    """A folder is read into, a pipe is never opened; both are reported."""
    write(tmp_path, "x.md/inside.md")
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / os.fsdecode(b"caf\xe9.md")).write_text("text", encoding="utf-8")
    found = listing(tmp_path)
    assert shown(found) == ["posts/x.md/inside.md"]
    assert all(finding.hint for finding in found.findings)
    assert [(str(f.path), f.rule) for f in found.findings] == [
        ("posts/caf\\xe9.md", "post-unreadable"),
        ("posts/pipe.md", "post-unreadable"),
        ("posts/x.md", "post-is-folder"),
    ]


def test_other_suffixes_only_where_asked_for(tmp_path: Path) -> None:
    """Text files are posts if the newsletter says so."""
    write(tmp_path, "a.txt", "b.md")
    found = list_posts(tmp_path, shown=SHOWN, suffixes={".txt"})
    assert shown(found) == ["posts/a.txt"]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """Without the folder nothing can be done, and the error says where to set it."""
    with pytest.raises(SourceError, match=r"distribute\.toml"):
        listing(tmp_path / "missing")
    write(tmp_path, "file")
    with pytest.raises(SourceError):
        listing(tmp_path / "file")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_a_folder_that_may_not_be_read(tmp_path: Path) -> None:
    """The others are listed, and this one is an error."""
    write(tmp_path, "a.md", "closed/b.md")
    (tmp_path / "closed").chmod(0)
    found = listing(tmp_path)
    (tmp_path / "closed").chmod(0o700)
    assert shown(found) == ["posts/a.md"]
    assert [f.rule for f in found.findings] == ["post-unreadable"]
