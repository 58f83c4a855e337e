"""Files as good as made, for the tests of how they get into a folder."""

from collections.abc import Mapping
from pathlib import Path

from distribute.web.file import SiteFile
from distribute.web.fingerprint import fingerprint_of
from distribute.web.publish.publish import Published
from distribute.web.publish.publish import publish as publish_files

SITE = {
    "index.html": b"home",
    "en/a/index.html": b"page",
    "zh/初光/index.html": b"\xff",
}


def planned(site: Mapping[str, bytes], *, lasting: bool = False) -> list[SiteFile]:
    """Plan files that are as good as made."""
    return [
        SiteFile(
            path=path,
            fingerprint=fingerprint_of(content),
            make=content.__bytes__,
            lasting=lasting,
        )
        for path, content in site.items()
    ]


def publish(site: Mapping[str, bytes], folder: Path) -> Published:
    """Publish files that are as good as made."""
    return publish_files(planned(site), folder)


def files_in(folder: Path) -> dict[str, bytes]:
    """Read every file in a folder and below, by its path there."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
