"""How the site looks: its theme, which is only understood where something is made."""

from collections.abc import Mapping
from functools import cached_property

from distribute.render.theme.files import ThemeFile
from distribute.render.theme.style import Logo, Style
from distribute.render.theme.theme import Theme, theme_of
from distribute.web.fingerprint import fingerprint_of


class Look:
    """The files of a theme and its style, and the theme itself once somebody needs it."""

    def __init__(
        self, files: Mapping[str, ThemeFile], style: Style | None = None
    ) -> None:
        self._files = files
        self._style = style

    @cached_property
    def fingerprint(self) -> str:
        """Of every template, style sheet and catalogue, and of the style."""
        texts = {name: each.text for name, each in self._files.items()}
        return fingerprint_of(texts, self._style)

    @property
    def logo(self) -> Logo | None:
        """The picture in the masthead."""
        return self._style.logo if self._style else None

    @cached_property
    def theme(self) -> Theme:
        """The theme; raises `RenderError` for catalogues that are broken."""
        return theme_of(self._files, self._style)
