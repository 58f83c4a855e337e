"""The lines of the files that findings are about."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path, PurePath

from distribute.errors import SourceError
from distribute.posts.decoding import decode, with_lf


@lru_cache(maxsize=8)
def lines_of(path: PurePath) -> Sequence[str]:
    """Give the lines of a file as findings count them; none if it cannot be read.

    A post whose letters were garbled has the lines that its readers get.
    """
    try:
        data = Path(path).read_bytes()
    except (OSError, ValueError):
        return ()
    try:
        text, _ = decode(data, path)
    except SourceError:
        text = with_lf(data.decode("utf-8", "replace"))
    return text.split("\n")
