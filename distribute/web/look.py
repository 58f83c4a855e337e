"""How the site looks: its theme, which is only understood where something is made."""

from collections.abc import Mapping
from functools import cached_property

from distribute.render.theme.theme import Theme, ThemeFile, theme_of
from distribute.web.fingerprint import fingerprint_of


class Look:
    """The files of a theme, and the theme itself once somebody needs it."""

    def __init__(self, files: Mapping[str, ThemeFile]) -> None:
        self._files = files

    @cached_property
    def fingerprint(self) -> str:
        """Of every template, style sheet and catalogue."""
        return fingerprint_of({name: each.text for name, each in self._files.items()})

    @cached_property
    def theme(self) -> Theme:
        """The theme; raises `RenderError` for catalogues that are broken."""
        return theme_of(self._files)
