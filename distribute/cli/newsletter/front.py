"""The newsletter as its readers deal with it: how it looks and who it is, not its issues.

Quick to open however many posts there are.
"""

import os
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

from distribute.config.settings import FILE_NAME, Settings, read_settings
from distribute.editions.publication import Publication
from distribute.render.theme.files import read_theme_files
from distribute.render.theme.theme import Theme
from distribute.web.site.assets import Assets, find_assets
from distribute.web.site.look import Look


class Front:
    """The newsletter of one folder, but for its issues."""

    def __init__(self, folder: Path) -> None:
        """Read the settings; raises `ConfigError` for mistakes in them."""
        self.folder = folder
        self.settings: Settings = read_settings(
            folder, shown=folder / FILE_NAME, environment=os.environ
        )
        files = find_assets(folder)
        self.assets = Assets(
            folder, files, memory=folder / "out" / "cache" / "files.json"
        )
        self.publication: Publication = replace(
            self.settings.publication, folder=folder, files=files, assets=self.assets
        )

    @cached_property
    def look(self) -> Look:
        """The shipped templates, overridden by the newsletter's own, in its style."""
        own = self.folder / "templates"
        exists = own.exists() or own.is_symlink()
        files = read_theme_files(*([own] if exists else []))
        return Look(files, self.settings.style)

    @property
    def theme(self) -> Theme:
        """The same, read and checked; raises `RenderError` if it is broken."""
        return self.look.theme

    def day_of(self, now: datetime) -> date:
        """Tell which day an instant is on, where the newsletter is at home."""
        return now.astimezone(self.settings.rules.zone).date()
