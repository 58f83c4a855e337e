"""YAML without its surprises: only ``true`` and ``false`` are booleans, dates stay text.

YAML 1.1 reads ``lang: no`` as false, ``010`` as eight, ``12:30`` as 750 and a day as a
date object. Here a value is what the author typed: text, ``true``, ``false``, a decimal
integer, nothing, a list or a mapping (the JSON schema of YAML 1.2, section 10.2, without
floats). Tags such as ``!!python/object`` and aliases that multiply are refused.

The pure Python loader is used on purpose: libyaml's overflows the C stack on deep
nesting and takes the process with it.
"""

import re
from collections.abc import Iterator
from pathlib import PurePath

import yaml

from distribute.errors import FrontMatterError
from distribute.posts.decoding import with_lf, with_whole_letters, without_controls
from distribute.posts.head import Head

MAX_LENGTH = 65_536
"""Characters of YAML that are read; a longer head is not one that somebody typed."""
MAX_VALUES = 10_000
"""Values after all aliases are written out."""
MAX_DEPTH = 50
"""Lists and mappings inside each other: whoever walks through them need not be careful."""

_CORE = "tag:yaml.org,2002:"
_QUOTE = "Put the value in double quotes if it contains : # [ ] { } * & @ or quotes."
_COMMENT = re.compile(r"(?:^|\s)#")


class StrictLoader(yaml.SafeLoader):
    """Load one mapping as a `Head`; anything else is a `yaml.YAMLError`."""

    yaml_implicit_resolvers = {}  # noqa: RUF012 - PyYAML's own way to start afresh

    def construct_document(self, node: yaml.Node | None) -> Head:
        """Build the head from the parsed nodes; called by `yaml.load`."""
        if not isinstance(node, yaml.MappingNode):
            raise _refusal(node, "expected keys and values, such as title: Some title")
        if _size(node, {}) > MAX_VALUES:
            raise _refusal(node, "too many values, with its aliases written out")
        keys = [(_key(key), _line(key)) for key, _ in node.value]
        names = [key for key, _ in keys]
        return Head(
            values=_mapping(node),
            lines=dict(keys),
            repeated=tuple((k, n) for i, (k, n) in enumerate(keys) if k in names[:i]),
            cut=tuple(
                (_key(key), _line(key))
                for key, value in node.value
                if isinstance(value, yaml.ScalarNode) and _is_cut(key, value)
            ),
            controls=tuple(
                (_key(key), _line(key))
                for key, value in node.value
                if any(map(_has_controls, _scalars(value)))
            ),
        )


StrictLoader.add_implicit_resolver(
    f"{_CORE}bool", re.compile(r"(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)
StrictLoader.add_implicit_resolver(
    f"{_CORE}int", re.compile(r"-?(?:0|[1-9][0-9]{0,17})$"), list("-0123456789")
)
StrictLoader.add_implicit_resolver(
    f"{_CORE}null", re.compile(r"(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""]
)


def read_strictly(text: str, *, path: PurePath, first_line: int = 1) -> Head:
    """Read YAML that starts at `first_line` of the file at `path`.

    Raises `FrontMatterError` with the line for anything that is not one mapping.
    """
    if not text.strip() or _is_only_comments(text):
        return Head(values={}, lines={})
    if len(text) > MAX_LENGTH:
        raise FrontMatterError(
            f"the YAML is longer than {MAX_LENGTH} characters",
            path=path,
            line=first_line,
            hint="Text belongs below the front matter.",
        )
    try:
        return _shifted(_load(text), first_line - 1)
    except RecursionError:
        raise FrontMatterError(
            "values are nested too deeply", path=path, line=first_line, hint=_QUOTE
        ) from None
    except yaml.MarkedYAMLError as error:
        raise _front_matter_error(error, path, first_line) from error
    except yaml.YAMLError as error:
        line = first_line + text.count("\n", 0, getattr(error, "position", 0))
        raise FrontMatterError(
            "the YAML contains a character that YAML does not allow",
            path=path,
            line=line,
            hint="Delete it: it is one that editors do not show.",
        ) from error


def _load(text: str) -> Head:
    """Load the one document; a stream without any, such as a lone BOM, is empty."""
    head = yaml.load(text, Loader=StrictLoader)  # noqa: S506 - a subclass of SafeLoader
    return head if isinstance(head, Head) else Head(values={}, lines={})


def _is_only_comments(text: str) -> bool:
    lines = (line.strip() for line in text.splitlines())
    return all(not line or line.startswith("#") for line in lines)


def _shifted(head: Head, by: int) -> Head:
    return Head(
        values=head.values,
        lines={key: line + by for key, line in head.lines.items()},
        repeated=tuple((key, line + by) for key, line in head.repeated),
        cut=tuple((key, line + by) for key, line in head.cut),
        controls=tuple((key, line + by) for key, line in head.controls),
    )


def _front_matter_error(
    error: yaml.MarkedYAMLError, path: PurePath, first_line: int
) -> FrontMatterError:
    mark = error.problem_mark or error.context_mark
    reason = error.problem or error.context or "it cannot be read"
    return FrontMatterError(
        f"the YAML is wrong here: {reason}",
        path=path,
        line=first_line + (mark.line if mark else 0),
        hint=_QUOTE,
    )


def _refusal(node: yaml.Node | None, problem: str) -> yaml.MarkedYAMLError:
    mark = node.start_mark if node else None
    return yaml.MarkedYAMLError(problem=problem, problem_mark=mark)


def _size(node: yaml.Node, known: dict[int, int]) -> int:
    """Count the values below a node with its aliases written out; a cycle is endless."""
    if id(node) not in known:
        known[id(node)] = MAX_VALUES + 1  # until it is known: an alias inside itself
        known[id(node)] = 1 + sum(_size(child, known) for child in _children(node))
    return known[id(node)]


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [child for pair in node.value for child in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _value(node: yaml.Node, depth: int) -> object:
    kind = node.tag.removeprefix(_CORE)
    if depth > MAX_DEPTH:
        raise _refusal(node, "values are nested too deeply")
    if isinstance(node, yaml.MappingNode) and kind == "map":
        return _mapping(node, depth)
    if isinstance(node, yaml.SequenceNode) and kind == "seq":
        return [_value(child, depth + 1) for child in node.value]
    if isinstance(node, yaml.ScalarNode) and kind in {"str", "int", "bool", "null"}:
        return _scalar(node, kind)
    raise _refusal(node, f"the tag {node.tag} is not allowed")


def _scalar(node: yaml.ScalarNode, kind: str) -> object:
    text: str = node.value
    if kind == "str":
        return _clean(text)
    if kind == "null":
        return None
    if kind == "bool" and text.lower() in {"true", "false"}:
        return text.lower() == "true"
    if kind == "int" and re.fullmatch(r"-?[0-9]{1,18}", text):
        return int(text)
    raise _refusal(node, f"{text!r} is not of the type that its tag says")


def _clean(text: str) -> str:
    """Make text of what escapes can spell: LF line ends, no controls, whole emoji.

    JSON escapes an emoji in two halves, which are joined; one alone becomes U+FFFD.
    """
    return without_controls(with_lf(with_whole_letters(text)))


def _scalars(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    """Yield the values below a node; each once, however often an alias repeats it."""
    seen, pending = set(), [node]
    while pending:
        current = pending.pop()
        if isinstance(current, yaml.ScalarNode):
            yield current
        elif id(current) not in seen:
            seen.add(id(current))
            pending.extend(_children(current))


def _has_controls(node: yaml.ScalarNode) -> bool:
    text = with_lf(node.value)
    return without_controls(text) != text


def _mapping(node: yaml.MappingNode, depth: int = 0) -> dict[str, object]:
    return {_key(key): _value(value, depth + 1) for key, value in node.value}


def _key(node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise _refusal(node, "a key must be a word")
    return _clean(str(node.value))


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _is_cut(key: yaml.Node, value: yaml.ScalarNode) -> bool:
    if value.style is not None or key.start_mark.buffer is None:
        return False
    rest = key.start_mark.buffer[key.end_mark.pointer :].partition("\n")[0]
    return bool(_COMMENT.search(rest.partition(":")[2].rstrip("\0")))
