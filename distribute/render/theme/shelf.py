"""The catalogues of a theme, each read when somebody first speaks its language.

Most commands speak one or two of them, and to read them all takes longer than to render
a page.
"""

from collections.abc import Iterator, Mapping

from distribute.language import Language
from distribute.render.theme.catalogue import Catalogue, parse_catalogue
from distribute.render.theme.files import ThemeFile


class CatalogueShelf(Mapping[Language, Catalogue]):
    """Catalogues by language; getting one raises `RenderError` if it is broken."""

    def __init__(self, files: Mapping[Language, ThemeFile]) -> None:
        self._files = files
        self._read: dict[Language, Catalogue] = {}

    def __getitem__(self, language: Language) -> Catalogue:
        if language not in self._read:
            file = self._files[language]
            self._read[language] = parse_catalogue(
                file.text, language=language, path=file.path
            )
        return self._read[language]

    def __iter__(self) -> Iterator[Language]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)
