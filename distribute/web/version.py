"""Which code makes what is kept: other code may make something else of the same post."""

import os
import sys
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

_PACKAGE = Path(__file__).parent.parent
_SOURCES = (
    "posts", "editions", "render", "language.py", "mailbox.py", "finding.py",
    "web/site/assets.py", "web/contents.py", "web/cache",
)  # fmt: skip
_LIBRARIES = frozenset(
    {"mistune", "nh3", "wcwidth", "idna", "email_validator", "babel"}
    | {"ftfy", "python_frontmatter", "pyyaml"}
)
"""What reading and rendering use, as their metadata spells them."""

_OF_THE_SITE = ("feeds", "web")
_LIBRARIES_OF_THE_SITE = frozenset({"feedgen", "jinja2", "lxml", "markupsafe"})


@lru_cache(maxsize=1)
def rendering_version() -> str:
    """Digest the code that renders posts, the libraries it uses, and Python itself.

    It costs a few milliseconds, and loads none of that code.
    """
    return _version_of(_SOURCES, _LIBRARIES)


@lru_cache(maxsize=1)
def site_version() -> str:
    """Digest the code that makes the files of the site, and the libraries it uses."""
    own = _version_of(_OF_THE_SITE, _LIBRARIES_OF_THE_SITE)
    return sha256(f"{rendering_version()}{own}".encode()).hexdigest()


def _version_of(names: Iterable[str], libraries: Collection[str]) -> str:
    digest = sha256(sys.version.encode())
    for name in sorted(_installed(libraries)):
        digest.update(b"\0%b" % name.encode("utf-8", "surrogatepass"))
    for path in _sources(names):
        digest.update(b"\0%b\0" % path.relative_to(_PACKAGE).as_posix().encode())
        digest.update(sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _sources(names: Iterable[str]) -> Iterator[Path]:
    for name in names:
        place = _PACKAGE / name
        yield from sorted(place.rglob("*.py")) if place.is_dir() else (place,)


def _installed(libraries: Collection[str]) -> Iterator[str]:
    """Give the names of the libraries' metadata, which hold their versions."""
    for place in sys.path:
        try:
            names = os.listdir(place or ".")  # noqa: PTH208 - thousands of names
        except OSError:  # an archive, or not there
            continue
        for name in names:
            library, dash, _ = name.partition("-")
            if dash and library.lower().replace(".", "_") in libraries:
                yield name
