"""Read a head of YAML: the usual at once, whatever is odd the complete way."""

from pathlib import PurePath

from distribute.posts.head import Head
from distribute.posts.plain_yaml import read_plain


def read_head(text: str, *, path: PurePath, first_line: int = 1) -> Head:
    """Read YAML that starts at `first_line` of the file at `path`.

    Raises `FrontMatterError` with the line for anything that is not one mapping.
    """
    if plain := read_plain(text, first_line=first_line):
        return plain
    from distribute.posts.strict_yaml import read_strictly  # loads a parser of YAML

    return read_strictly(text, path=path, first_line=first_line)
