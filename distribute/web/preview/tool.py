"""What the gallery itself is made of: templates and a script that are nobody's to change.

A newsletter may bring templates of its own for what its readers get. The tool that shows
it is not among that: it has to be able to show any newsletter, and what its pages let run
is decided here alone.
"""

from functools import cache

from distribute.language import Language
from distribute.render.theme.files import ThemeFile, templates_folder
from distribute.render.theme.theme import Theme, theme_of

ENGLISH = Language("en")
"""The tool speaks to editors; their readers' languages are in what it shows."""
_OURS = ("preview/*.html", "preview/*.css", "catalogues/en.toml")


@cache
def tool() -> Theme:
    """Give the templates, read once."""
    folder = templates_folder()
    paths = [path for ours in _OURS for path in folder.glob(ours)]
    return theme_of(
        {
            path.relative_to(folder).as_posix(): ThemeFile(
                path, path.read_text("utf-8")
            )
            for path in paths
        }
    )


@cache
def script() -> str:
    """Give the one script of a page."""
    return (templates_folder() / "preview" / "gallery.js").read_text("utf-8")
