"""Has counted what templates do that are not ours: loops, filters, and what is written.

Jinja2 knows no limits of its own; so the code that it writes for a template is made to
count, by filters that no template can name.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from jinja2 import nodes, pass_context
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context
from jinja2.visitor import NodeTransformer

from distribute.render.theme.template.ration import admit, ration

MAKING_MUCH = frozenset(
    {"batch", "center", "expandtabs", "format", "format_map", "indent", "join"}
    | {"ljust", "replace", "rjust", "slice", "tojson", "translate", "wordwrap", "zfill"}
)
"""Filters and methods that can make much of little."""
_STEPS, _SIZE = "each of a loop", "size of a text"
"""Filters that no template can name."""


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


class CountingCompiler(CodeGenerator):
    """Writes the code of a template, and with it what counts."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802
        """Begin with the whole."""
        _Counting().visit(node)
        super().visit_Template(node, frame)


@pass_context
def _each(context: Context, things: Any) -> Any:
    del context  # with it the filter is not run ahead of time
    return ration().each(things)


@pass_context
def _joined(context: Context, text: Any) -> Any:
    del context
    ration().take(text)
    return text


def measured_filter(name: str, filter_: Callable[..., Any]) -> Callable[..., Any]:
    """Have a filter refuse what is too much, and count what it is given and makes."""

    @wraps(filter_)
    def measured(*args: Any, **kwargs: Any) -> Any:
        if name in MAKING_MUCH:
            admit(name, *args, *kwargs.values())
        ration().step()
        ration().look_through(args)
        made = filter_(*args, **kwargs)
        ration().take(made)
        return made

    return measured


COUNTERS = {_STEPS: _each, _SIZE: _joined}
"""Filters that the code asks for which `CountingCompiler` writes."""
