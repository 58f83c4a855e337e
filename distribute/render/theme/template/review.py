"""Find the mistakes of templates that show without running them, all at once."""

from collections.abc import Iterator, Mapping

from jinja2 import Environment, TemplateSyntaxError, nodes

from distribute.errors import RenderError
from distribute.render.theme.catalogue import Catalogue
from distribute.render.theme.files import ThemeFile
from distribute.render.theme.meant import did_you_mean
from distribute.render.theme.template.environment import TEMPLATES
from distribute.render.theme.template.failure import MEND, located

SAYS = "t"
"""What a template calls to say a text of the catalogue."""
_SOURCE = "source"
_OTHERS = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)


def review(
    files: Mapping[str, ThemeFile], texts: Catalogue, environment: Environment
) -> Iterator[RenderError]:
    """Yield what is wrong with each template, in the order of their names.

    That is what cannot be read, what includes or shows a file that is not there, and
    what says a text that `texts` does not have, or without the values that it needs.
    """
    for name in sorted(files):
        if name.endswith(TEMPLATES):
            yield from _Review(name, files, texts).of(environment)


class _Review:
    """Looks through one template."""

    def __init__(
        self, name: str, files: Mapping[str, ThemeFile], texts: Catalogue
    ) -> None:
        self._name = name
        self._files = files
        self._texts = texts

    def of(self, environment: Environment) -> Iterator[RenderError]:
        """Yield its mistakes, in the order of its lines."""
        try:
            environment.get_template(self._name)
            tree = environment.parse(self._files[self._name].text, self._name)
        except (TemplateSyntaxError, RecursionError, MemoryError) as error:
            yield located(error, self._name, self._files)
            return
        found = [*self._missing(tree), *self._unsaid(tree)]
        yield from sorted(found, key=lambda each: each.line)

    def _missing(self, tree: nodes.Template) -> Iterator[RenderError]:
        """Yield the names of files that the theme does not have."""
        for node in tree.find_all(_OTHERS):
            may_miss = getattr(node, "ignore_missing", False)
            for other in _names(getattr(node, "template", None)):
                if other not in self._files and not may_miss:
                    guess = did_you_mean(other, self._files)
                    yield self._flaw(f"there is no template {other!r}{guess}", node)
        for call in _calls(tree, _SOURCE):
            for other in _names(*call.args[:1]):
                if other not in self._files:
                    guess = did_you_mean(other, self._files)
                    yield self._flaw(f"the theme has no file {other!r}{guess}", call)

    def _unsaid(self, tree: nodes.Template) -> Iterator[RenderError]:
        """Yield the keys that no catalogue has, and those that lack a value."""
        for call in _calls(tree, SAYS):
            for key in _names(*call.args[:1]):
                text = self._texts.texts.get(key)
                if text is None:
                    guess = did_you_mean(key, self._texts.texts)
                    yield self._flaw(f"there is no text {key!r}{guess}", call)
                elif not call.dyn_kwargs:
                    given = {each.key for each in call.kwargs}
                    for name in sorted(text.placeholders - given):
                        yield self._flaw(f"the text {key!r} needs {name}=…", call)

    def _flaw(self, reason: str, node: nodes.Node) -> RenderError:
        path = self._files[self._name].path
        return RenderError(reason, path=path, line=node.lineno, hint=MEND)


def _calls(tree: nodes.Template, name: str) -> Iterator[nodes.Call]:
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == name:
            yield call


def _names(*expressions: object) -> Iterator[str]:
    """Yield what is written out; what is worked out is only known when it runs."""
    for each in expressions:
        if isinstance(each, nodes.Const) and isinstance(each.value, str):
            yield each.value
