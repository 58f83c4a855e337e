"""Wait for several relays at once: one selector, of which each of them has a share.

So nobody has to ask one after the other, and whatever arrives is heard at once.
"""

from collections.abc import Mapping
from selectors import BaseSelector, DefaultSelector, SelectorKey
from time import sleep
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import FileDescriptorLike


class Lookout:
    """Waits for whatever was registered with any of its shares."""

    def __init__(self) -> None:
        self._selector = DefaultSelector()

    def share(self) -> "Share":
        """Give a selector for one relay."""
        return Share(self, self._selector)

    def wait(self, seconds: float) -> None:
        """Wait for something to happen, so many seconds at most; its share has it then."""
        if not self._selector.get_map():
            sleep(seconds)  # on Windows there is no waiting for nothing
            return
        for key, events in self._selector.select(seconds):
            share: Share = key.data
            share.note(key.fd, events)

    def close(self) -> None:
        """Let go of the selector; none of the shares can be used any more."""
        self._selector.close()


class Share(BaseSelector):
    """A selector that knows only what one relay registered."""

    def __init__(self, lookout: Lookout, whole: BaseSelector) -> None:
        self._lookout = lookout
        self._whole = whole
        self._keys: dict[int, SelectorKey] = {}
        self._found: dict[int, int] = {}
        """What happened since the last `select`, by file descriptor."""

    def note(self, number: int, events: int) -> None:
        """Keep what happened for the next `select`."""
        self._found[number] = events

    def register(
        self, fileobj: "FileDescriptorLike", events: int, data: Any = None
    ) -> SelectorKey:
        """Watch a file; see `selectors.BaseSelector.register`."""
        key = self._whole.register(fileobj, events, self)
        self._keys[key.fd] = mine = key._replace(data=data)
        return mine

    def modify(
        self, fileobj: "FileDescriptorLike", events: int, data: Any = None
    ) -> SelectorKey:
        """Watch a file for something else."""
        key = self._whole.modify(fileobj, events, self)
        self._keys[key.fd] = mine = key._replace(data=data)
        return mine

    def unregister(self, fileobj: "FileDescriptorLike") -> SelectorKey:
        """Watch a file no more."""
        number = self._whole.unregister(fileobj).fd
        self._found.pop(number, None)
        return self._keys.pop(number)

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        """Give what the lookout found; it is sent to look if that is nothing."""
        if timeout and not self._found:
            self._lookout.wait(timeout)
        found, self._found = self._found, {}
        return [(self._keys[number], events) for number, events in found.items()]

    def get_map(self) -> "Mapping[FileDescriptorLike, SelectorKey]":
        """Give what is registered."""
        return self._keys  # type: ignore[return-value]  # a number is a `FileDescriptorLike`

    def close(self) -> None:
        """Watch nothing any more."""
        for number in list(self._keys):
            self.unregister(number)
