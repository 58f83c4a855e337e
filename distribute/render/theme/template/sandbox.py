"""Where templates run: they see what they are given, and can do no harm with it.

A newsletter's own templates are code from whoever may write to it. Here they reach neither
Python's insides nor the disk, and what they do is counted. Those that we ship need none of
this, and are made into pages without it.
"""

import re
from collections.abc import Callable
from dataclasses import is_dataclass
from functools import cache, wraps
from types import CodeType
from typing import Any, cast

from jinja2 import Template, TemplateSyntaxError, nodes, pass_context
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from distribute.render.theme.template.ration import admit, ration

_OWNERS = frozenset({"builtins", "datetime", "markupsafe"})
"""Modules of types whose methods only tell something."""
_JINJA = frozenset({"jinja2.runtime", "jinja2.environment"})
_MAKING_MUCH = frozenset(
    {"batch", "center", "expandtabs", "format", "format_map", "indent", "join"}
    | {"ljust", "replace", "rjust", "slice", "tojson", "translate", "wordwrap", "zfill"}
)
"""Filters and methods that can make much of little."""
_STEPS, _SIZE = "each of a loop", "size of a text"
"""Filters that no template can name."""
_LINES = re.compile(r"^debug_info = '([\d=&]*)'", re.MULTILINE)


class _Counting(NodeTransformer):
    """Has loops counted, and texts that are joined, kept or written."""

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 - as Jinja2 calls it
        self.generic_visit(node)
        node.iter = _filtered(node.iter, _STEPS)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 - the same
        self.generic_visit(node)
        return _filtered(node, _SIZE)

    def visit_Output(self, node: nodes.Output) -> nodes.Node:  # noqa: N802 - the same
        self.generic_visit(node)
        node.nodes = [
            each if isinstance(each, nodes.TemplateData) else _filtered(each, _SIZE)
            for each in node.nodes
        ]
        return node

    def visit_AssignBlock(self, node: nodes.AssignBlock) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        node.filter = _filtered(node.filter, _SIZE)
        return node


def _filtered(node: nodes.Node | None, name: str) -> nodes.Filter:
    line = getattr(node, "lineno", 1)
    return nodes.Filter(cast(nodes.Expr, node), name, [], [], None, None, lineno=line)


class _Compiler(CodeGenerator):
    """Writes the code of a template, and that which counts what it does."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802
        _Counting().visit(node)
        super().visit_Template(node, frame)


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment for templates that are not ours."""

    code_generator_class: type[CodeGenerator] = _Compiler
    intercepted_binops = frozenset({"*", "**", "+", "%"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        for name, filter_ in self.filters.items():
            self.filters[name] = _measured(name, filter_)
        self.globals["range"] = lambda *bounds: ration().range(*bounds)
        self.filters[_STEPS] = _each
        self.filters[_SIZE] = _joined

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
        if name in _MAKING_MUCH and isinstance(owner, (str, bytes)):
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


@pass_context
def _each(context: Context, things: Any) -> Any:
    del context  # with it the filter is not run ahead of time
    return ration().each(things)


@pass_context
def _joined(context: Context, text: Any) -> Any:
    del context
    ration().take(text)
    return text


def _measured(name: str, filter_: Callable[..., Any]) -> Callable[..., Any]:
    """Have a filter refuse what is too much, and count what it is given and makes."""

    @wraps(filter_)
    def measured(*args: Any, **kwargs: Any) -> Any:
        if name in _MAKING_MUCH:
            admit(name, *args, *kwargs.values())
        ration().step()
        ration().look_through(args)
        made = filter_(*args, **kwargs)
        ration().take(made)
        return made

    return measured


@cache
def _only_tells(kind: Any) -> bool:
    """Tell whether things of a type are neither code nor can be changed."""
    return is_dataclass(kind) or kind.__module__ in _JINJA
