"""Fill one template, and tell what goes wrong there."""

from collections.abc import Mapping

from jinja2 import Environment, Template, TemplateError

from distribute.errors import RenderError
from distribute.render.theme.files import ThemeFile
from distribute.render.theme.template.failure import located


def run(
    name: str,
    values: Mapping[str, object],
    files: Mapping[str, ThemeFile],
    environment: Environment,
) -> str:
    """Fill a template with values.

    Raises `RenderError` with file and line, and what to do, for whatever goes wrong.
    """
    fill = _fill_counted if environment.sandboxed else _fill
    try:
        return fill(name, values, environment)
    except (
        TemplateError, RenderError, ArithmeticError, AttributeError, LookupError,
        MemoryError, RecursionError, TypeError, ValueError,
    ) as error:  # fmt: skip
        raise located(error, name, files, values) from error


def _fill(name: str, values: Mapping[str, object], environment: Environment) -> str:
    return environment.get_template(name).render(values)


def _fill_counted(
    name: str, values: Mapping[str, object], environment: Environment
) -> str:
    """Stop a template that goes on and on."""
    from distribute.render.theme.template.ration import rationed

    with rationed() as ration:
        template: Template = environment.get_template(name)
        pieces = template.generate(values)
        text = "".join(ration.pieces(pieces))
    text.encode()  # half a character cannot be written to any file
    return text
