"""One file of the site, before anybody has made it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePath


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFile:
    """What lies at a path of the site, and how to tell whether it lies there already."""

    path: str
    """Below ``out/site``, with slashes: ``en/some-post/index.html``."""
    fingerprint: str
    """Of all that its bytes depend on, the code that makes it included (`fingerprint_of`)."""
    make: Callable[[], bytes] = field(compare=False)
    """Makes its bytes; asked only where the folder does not hold them yet."""
    post: PurePath | None = None
    """The post it comes from, if it comes from one."""
    lasting: bool = False
    """Whether it stays when it is no longer part of the site: mails that were sent show it."""
