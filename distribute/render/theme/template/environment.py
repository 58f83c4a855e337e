"""Choose where the templates of a theme run."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from jinja2 import Environment, FunctionLoader, select_autoescape

from distribute.render.theme.files import ThemeFile, templates_folder
from distribute.render.theme.template.missing import Missing

Templates: TypeAlias = Environment
TEMPLATES = (".html", ".txt")
"""How the names of templates end."""
_BY_CHANCE = ("random",)
"""Filters that would not do the same again."""


def environment_of(files: Mapping[str, ThemeFile]) -> Templates:
    """Make an environment: a sandbox, unless all templates are those that we ship.

    Everywhere what is undefined is a mistake, and what goes into HTML is escaped.
    """
    environment = _kind(files)(
        loader=FunctionLoader(_loader(files)),
        autoescape=select_autoescape(["html"]),
        undefined=Missing,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    del environment.globals["lipsum"]  # made by chance, too
    for name in _BY_CHANCE:
        del environment.filters[name]
    return environment


def _kind(files: Mapping[str, ThemeFile]) -> type[Environment]:
    """Spare pages the counting where nothing has to be counted: it is 2 % of a build."""
    ours = templates_folder()
    templates = (file for name, file in files.items() if name.endswith(TEMPLATES))
    if all(file.path.is_relative_to(ours) for file in templates):
        return Environment
    from distribute.render.theme.template.sandbox import Sandbox

    return Sandbox


def _loader(files: Mapping[str, ThemeFile]) -> Any:
    def load(name: str) -> tuple[str, str, None] | None:
        file = files.get(name)
        return (file.text, str(file.path), None) if file else None

    return load
