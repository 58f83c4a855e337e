"""Text that is made when it is read: of most posts a build needs the head alone.

It is not kept then, for a build that reads all texts reads each of them once, and all of
them together would fill the memory.
"""

from collections.abc import Callable


class LateText:
    """A field of a dataclass, given as a text or as what will make it.

    It has no default, whatever the assignment looks like: see "Descriptor-typed fields" in
    the documentation of `dataclasses`. The dataclass cannot have slots.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __set__(self, holder: object, text: str | Callable[[], str]) -> None:
        vars(holder)[self._name] = text

    def __get__(self, holder: object | None, owner: type | None = None) -> str:
        if holder is None:
            raise AttributeError(self._name)
        text = vars(holder)[self._name]
        return text if isinstance(text, str) else str(text())
