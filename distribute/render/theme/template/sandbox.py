"""Where templates run: they see what they are given, and can do no harm with it.

A newsletter's own templates are code from whoever may write to it. Here they reach neither
Python's insides nor the disk, and what they do is counted. Those that we ship need none of
this, and are made into pages without it.
"""

import re
from dataclasses import is_dataclass
from functools import cache
from types import CodeType
from typing import Any

from jinja2 import Template, TemplateSyntaxError
from jinja2.compiler import CodeGenerator
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from distribute.render.theme.template.counting import (
    COUNTERS,
    MAKING_MUCH,
    CountingCompiler,
    measured_filter,
)
from distribute.render.theme.template.ration import admit, ration

_OWNERS = frozenset({"builtins", "datetime", "markupsafe"})
"""Modules of types whose methods only tell something."""
_JINJA = frozenset({"jinja2.runtime", "jinja2.environment"})
_LINES = re.compile(r"^debug_info = '([\d=&]*)'", re.MULTILINE)


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment for templates that are not ours."""

    code_generator_class: type[CodeGenerator] = CountingCompiler
    intercepted_binops = frozenset({"*", "**", "+", "%"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        for name, filter_ in self.filters.items():
            self.filters[name] = measured_filter(name, filter_)
        self.globals["range"] = lambda *bounds: ration().range(*bounds)
        self.filters |= COUNTERS

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Allow what is not private; only unusual things are looked at closely."""
        kind: Any = type(obj)
        if _only_tells(kind):
            return not attr.startswith("_")
        return super().is_safe_attribute(obj, attr, value)

    def is_safe_callable(self, obj: Any) -> bool:
        """Allow functions, macros, and the methods of what does nothing but tell.

        A path could write to the disk, and so could other things that templates are
        shown.
        """
        owner = getattr(obj, "__self__", None)
        if not super().is_safe_callable(obj):
            return False
        kind = owner if isinstance(owner, type) else type(owner)
        if owner is None or kind.__module__.startswith("jinja2."):
            return True
        return kind.__module__ in _OWNERS or is_dataclass(kind)

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805 - lest a keyword has their names
        """Call something, as long as neither this nor all together is too much."""
        ration().step()
        name = getattr(__obj, "__name__", "")
        owner = getattr(getattr(__obj, "__wrapped__", __obj), "__self__", None)
        if name in MAKING_MUCH and isinstance(owner, (str, bytes)):
            admit(name, owner, *args, *kwargs.values())
        made = super().call(__context, __obj, *args, **kwargs)
        ration().take(made)
        return made

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Reckon, as long as the result is of a size that could be meant."""
        numbers = isinstance(left, (int, float)) and isinstance(right, (int, float))
        if operator == "**":
            admit(operator, 10**9, right)
        elif operator != "+" and not numbers:
            admit(operator, left, right)
        made = super().call_binop(context, operator, left, right)
        ration().take(made)
        return made

    def _load_template(self, name: str, globals: Any) -> Template:  # noqa: A002 - as Jinja2 calls it
        ration().step()
        return super()._load_template(name, globals)

    def _compile(self, source: str, filename: str) -> CodeType:
        """Compile what Jinja2 has written; tells the template's own line of a mistake."""
        try:
            return super()._compile(source, filename)
        except SyntaxError as error:
            line = _line_of(error.lineno or 0, source)
            reason = f"{error.msg}; simplify what stands here"
            raise TemplateSyntaxError(reason, line, filename=filename) from None


def _line_of(generated: int, source: str) -> int:
    """Find the line of a template by one of the code that was made of it."""
    line = 1
    for pair in _LINES.findall(source)[-1].split("&") if _LINES.search(source) else ():
        of_template, _, of_code = pair.partition("=")
        if of_code and int(of_code) <= generated:
            line = int(of_template)
    return line


@cache
def _only_tells(kind: Any) -> bool:
    """Tell whether things of a type are neither code nor can be changed."""
    return is_dataclass(kind) or kind.__module__ in _JINJA
