"""The files that posts show, found, known and planned for the site."""

import json
import os
import struct
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from distribute.editions.files import published_url
from distribute.editions.publication import Publication
from distribute.errors import SourceError
from distribute.language import Language
from distribute.web.cache.file import recall, remember
from distribute.web.site.assets import Assets, find_assets, plan_assets
from distribute.web.version import rendering_version

PUBLICATION = Publication(
    title="Letter",
    url="https://letter.example.org",
    tag="example.org,2026",
    languages=(Language("en"),),
)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="20"/>'
LONG_AGO = 1_700_000_000_000_000_000


def write(folder: Path, *names: str) -> None:
    """Write files that hold their own names."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name, encoding="utf-8")


def known_in(folder: Path) -> Publication:
    """Make the newsletter of a folder, with what lies there."""
    files = find_assets(folder)
    return replace(
        PUBLICATION, folder=folder, files=files, assets=Assets(folder, files)
    )


def stamp(content: str) -> str:
    """Give what an address shows of this content."""
    return sha256(content.encode()).hexdigest()[:10]


def test_only_what_a_post_may_show_is_found(tmp_path: Path) -> None:
    """Pictures and documents; no sources, nothing hidden, nothing we made, no links."""
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
        "album.png/e.gif",
    )
    (tmp_path / "images" / "link.png").symlink_to("/etc/hostname")
    (tmp_path / "elsewhere").symlink_to("/etc")
    os.mkfifo(tmp_path / "images" / "pipe.png")
    assert find_assets(tmp_path) == {"images/a.png", "posts/b.JPG", "album.png/e.gif"}


def test_a_name_that_no_address_could_have_is_passed_over(tmp_path: Path) -> None:
    """Octets that are no UTF-8, control characters, a backslash."""
    for name in (b"\xff.png", b"a\n.png", b"a\\b.png", b"good.png"):
        (Path(os.fsdecode(bytes(tmp_path) + b"/" + name))).touch()
    assert find_assets(tmp_path) == {"good.png"}


def test_a_folder_can_be_very_deep(tmp_path: Path) -> None:
    """As deep as a disk allows."""
    here = tmp_path
    for _ in range(300):
        here /= "a"
        here.mkdir()
    (here / "b.png").touch()
    assert find_assets(tmp_path) == {"a/" * 300 + "b.png"}


def test_pictures_are_measured_and_everything_has_a_digest(tmp_path: Path) -> None:
    """A document has no size; a picture that cannot be shown says why."""
    (tmp_path / "a.svg").write_text(SVG.format(40))
    (tmp_path / "b.png").write_text(SVG.format(40))
    write(tmp_path, "c.pdf", "d.png")
    assets = Assets(tmp_path, find_assets(tmp_path))
    assert (assets["a.svg"].width, assets["a.svg"].height) == (40, 20)
    assert assets["a.svg"].media_type == "image/svg+xml"
    assert assets["a.svg"].flaw == ""
    assert "its name ends in .png" in assets["b.png"].flaw
    assert assets["c.pdf"].flaw == ""
    assert assets["c.pdf"].stamp == stamp("c.pdf")
    assert "none of PNG" in assets["d.png"].flaw
    assert {(asset.width, asset.height) for asset in assets.values()} == {
        (40, 20),
        (0, 0),
    }


def test_a_file_is_looked_at_when_it_is_asked_for_and_once(tmp_path: Path) -> None:
    """Nothing is read for its own sake, and a run gives one answer from start to end."""
    write(tmp_path, "a.pdf")
    assets = Assets(tmp_path, find_assets(tmp_path))
    assert len(assets) == 1
    (tmp_path / "a.pdf").write_text("before it is asked for")
    assert assets["a.pdf"].stamp == stamp("before it is asked for")
    (tmp_path / "a.pdf").write_text("after")
    assert assets["a.pdf"].stamp == stamp("before it is asked for")


def test_what_is_not_there_is_not_known(tmp_path: Path) -> None:
    """A file that went away since it was found, and names that were never found."""
    write(tmp_path, "a.png")
    assets = Assets(tmp_path, frozenset({"a.png", "gone.png"}))
    assert "gone.png" not in assets
    assert "../a.png" not in assets
    assert assets.get("gone.png") is None


def test_only_what_a_post_does_show_is_planned(tmp_path: Path) -> None:
    """Images, linked files and covers that lie here; other addresses are not ours."""
    write(tmp_path, "images/a.png", "ü b.pdf", "unused.png")
    publication = known_in(tmp_path)
    root = publication.url
    urls = [
        published_url(written, tmp_path / "posts" / "x.md", publication)
        for written in ("../images/a.png", "/ü b.pdf#2", "/missing.png")
    ]
    others = [f"{root}/en/", f"{root}/../a.png", "https://x.example.org/unused.png"]
    files = plan_assets([*urls, *others], folder=tmp_path, publication=publication)
    assert {file.path: file.make() for file in files} == {
        f"images/a.{stamp('images/a.png')}.png": b"images/a.png",
        f"ü b.{stamp('ü b.pdf')}.pdf": "ü b.pdf".encode(),
    }
    assert all(file.lasting for file in files)
    assert len({file.fingerprint for file in files}) == 2


def test_a_picture_that_went_away_is_an_error_with_its_path(tmp_path: Path) -> None:
    """Nothing is published with a hole in it."""
    publication = replace(PUBLICATION, files=frozenset({"a.png"}))
    (file,) = plan_assets(
        [f"{PUBLICATION.url}/a.png"], folder=tmp_path, publication=publication
    )
    with pytest.raises(SourceError, match=r"a\.png"):
        file.make()


def test_no_other_bytes_are_published_than_were_named(tmp_path: Path) -> None:
    """A picture that is changed while the site is built stops the build."""
    write(tmp_path, "a.png")
    publication = known_in(tmp_path)
    url = published_url("/a.png", tmp_path / "x.md", publication)
    (file,) = plan_assets([url], folder=tmp_path, publication=publication)
    (tmp_path / "a.png").write_text("other")
    with pytest.raises(SourceError, match="was changed"):
        file.make()


@pytest.fixture
def settled(tmp_path: Path) -> tuple[Path, Callable[[], Assets]]:
    """Give a folder with a picture, and what an earlier run remembers of it.

    The clock of the disk is taken to have moved on since.
    """
    write(tmp_path, "a.png")
    memory = tmp_path / "out" / "cache" / "files.json"

    def look() -> Assets:
        return Assets(tmp_path, find_assets(tmp_path), memory=memory)

    first = look()
    assert first["a.png"].digest
    first.keep()
    later = (tmp_path / "a.png").stat().st_ctime_ns + 10**10
    os.utime(memory, ns=(later, later))
    return tmp_path, look


def test_a_file_that_was_not_touched_is_not_read_again(
    settled: tuple[Path, Callable[[], Assets]],
) -> None:
    """What an earlier run found out is believed, and not written again."""
    folder, look = settled
    memory = folder / "out" / "cache" / "files.json"
    status = memory.stat()
    known = json.dumps(recall(memory, rendering_version()))
    other = json.loads(known.replace(look()["a.png"].digest, "0" * 64))
    remember(memory, rendering_version(), other)
    os.utime(memory, ns=(status.st_mtime_ns, status.st_mtime_ns))
    assets = look()
    assert assets["a.png"].stamp == "0" * 10
    assets.keep()
    assert memory.stat().st_mtime_ns == status.st_mtime_ns


@pytest.mark.parametrize("keeps_time", [True, False])
def test_a_file_that_was_touched_is_read_again(
    settled: tuple[Path, Callable[[], Assets]], *, keeps_time: bool
) -> None:
    """Also with the same size, and with the time it had before."""
    folder, look = settled
    status = (folder / "a.png").stat()
    (folder / "a.png").write_text("b.png")
    if keeps_time:
        os.utime(folder / "a.png", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert look()["a.png"].stamp == stamp("b.png")


def test_what_was_changed_a_moment_before_is_in_doubt(tmp_path: Path) -> None:
    """A clock that ticks slowly may not show a second change: such a file is read again.

    It stays in doubt when the memory is written once more without looking at it.
    """
    write(tmp_path, "a.png", "b.png")
    memory = tmp_path / "files.json"
    first = Assets(tmp_path, find_assets(tmp_path), memory=memory)
    assert first["a.png"].digest
    first.keep()
    text = memory.read_text().replace(first["a.png"].digest, "0" * 64)
    memory.write_text(text)
    soon, later = (
        (tmp_path / "a.png").stat().st_ctime_ns + wait for wait in (10**7, 10**10)
    )
    os.utime(memory, ns=(soon, soon))
    assert Assets(tmp_path, find_assets(tmp_path), memory)["a.png"].stamp != "0" * 10
    second = Assets(tmp_path, find_assets(tmp_path), memory)
    assert second["b.png"].digest
    second.keep()
    os.utime(memory, ns=(later, later))
    assert Assets(tmp_path, find_assets(tmp_path), memory)["a.png"].stamp != "0" * 10


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"version": 0, "files": {}}',
        '{"version": 1}',
        '{"version": 1, "files": []}',
        '{"version": 1, "files": {"a.png": [[1, 2], {}]}}',
        '{"version": 1, "files": {"a.png": [[1, 2, 3, 4], {"no": 1}]}}',
        '{"version": 1, "files": {"a.png": 1}}',
        "\udcff",
    ],
)
def test_a_memory_that_cannot_be_understood_is_none(tmp_path: Path, text: str) -> None:
    """Then files are read as if for the first time, and it is written anew."""
    write(tmp_path, "a.png")
    memory = tmp_path / "files.json"
    memory.write_text(text, errors="surrogateescape")
    assets = Assets(tmp_path, find_assets(tmp_path), memory)
    assert assets["a.png"].stamp == stamp("a.png")
    assets.keep()
    assert stamp("a.png") in memory.read_text()


def test_a_disk_that_takes_nothing_is_no_harm(tmp_path: Path) -> None:
    """The memory only saves time."""
    write(tmp_path, "a.png", "out")
    assets = Assets(tmp_path, find_assets(tmp_path), tmp_path / "out" / "files.json")
    assert assets["a.png"].stamp == stamp("a.png")
    assets.keep()
    assert (tmp_path / "out").read_text() == "out"


def test_files_that_are_gone_are_forgotten(
    settled: tuple[Path, Callable[[], Assets]],
) -> None:
    """The memory does not grow with every picture there ever was."""
    folder, look = settled
    write(folder, "b.png")
    (folder / "a.png").unlink()
    assets = look()
    assert assets["b.png"].digest
    assets.keep()
    text = (folder / "out" / "cache" / "files.json").read_text()
    assert '"b.png"' in text
    assert '"a.png"' not in text


def test_a_large_file_that_is_no_picture_is_not_taken_into_memory(
    tmp_path: Path,
) -> None:
    """A film is digested piece by piece."""
    import tracemalloc

    with (tmp_path / "film.mp4").open("wb") as file:
        file.truncate(64 * 1024 * 1024)
    tracemalloc.start()
    asset = Assets(tmp_path, find_assets(tmp_path))["film.mp4"]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert asset.length == 64 * 1024 * 1024
    assert peak < 4 * 1024 * 1024


def test_a_picture_is_known_by_its_bytes_and_not_by_its_suffix(tmp_path: Path) -> None:
    """A GIF whose name ends in png is shown all the same, and its type is told truly."""
    gif = b"GIF89a" + struct.pack("<HH", 4, 2) + bytes(10)
    (tmp_path / "a.png").write_bytes(gif)
    asset = Assets(tmp_path, find_assets(tmp_path))["a.png"]
    assert (asset.media_type, asset.width, asset.flaw) == ("image/gif", 4, "")
