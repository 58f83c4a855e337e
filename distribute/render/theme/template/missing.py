"""What stands for a value that a template asks for, and that is not there."""

from collections.abc import Iterable, Mapping
from typing import Any

from jinja2 import StrictUndefined

from distribute.render.theme.meant import did_you_mean

_KINDS: Mapping[type, str] = {
    type(None): "an empty value",
    bool: "a yes or no",
    str: "a text",
    int: "a number",
    float: "a number",
    list: "a list",
    tuple: "a list",
}


class Missing(StrictUndefined):
    """Say what is missing as whoever writes templates would, not as Python does."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        name: Any = self._undefined_name
        if self._undefined_hint or not isinstance(name, str):
            return super()._undefined_message
        if self._is_a_name_alone():
            return f"there is no {name!r}"
        owner = self._undefined_obj
        return f"{_kind(owner)} has no {name!r}{did_you_mean(name, _names_in(owner))}"

    def _is_a_name_alone(self) -> bool:
        """Tell whether nothing is asked for it: Jinja2 says so with a value of its own."""
        return repr(self._undefined_obj) == "missing"


def _kind(owner: object) -> str:
    """Name what has been asked.

    >>> _kind("words"), _kind({"a": 1})
    ('a text', 'a table')
    """
    if isinstance(owner, Mapping):
        return "a table"
    if isinstance(owner, str):
        return _KINDS[str]
    return _KINDS.get(type(owner), type(owner).__name__.lower())


def _names_in(owner: object) -> Iterable[str]:
    """List what can be asked for."""
    if isinstance(owner, Mapping):
        return (key for key in owner if isinstance(key, str))
    return (name for name in dir(owner) if not name.startswith("_"))
