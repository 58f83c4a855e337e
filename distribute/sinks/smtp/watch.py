"""See which conversations can go on: a selector, and what each of them waits for."""

from collections.abc import Iterator
from selectors import EVENT_READ, EVENT_WRITE, BaseSelector, DefaultSelector
from time import sleep

from distribute.sinks.smtp.conversation import Conversation


class Watch:
    """Watches conversations for what they want to read or write."""

    def __init__(self, selector: BaseSelector | None = None) -> None:
        """Take the selector to use, if it is not to be one of its own."""
        self._selector = DefaultSelector() if selector is None else selector

    def look_after(self, conversation: Conversation) -> None:
        """Watch a conversation for what it waits for now, unless it is over."""
        wants_to_write = conversation.connection.wants_to_write
        if conversation.is_watched is wants_to_write or conversation.is_over:
            return
        events = EVENT_READ | (EVENT_WRITE if wants_to_write else 0)
        if conversation.is_watched is None:
            self._selector.register(conversation.number, events, conversation)
        else:
            self._selector.modify(conversation.number, events, conversation)
        conversation.is_watched = wants_to_write

    def forget(self, conversation: Conversation) -> None:
        """Watch it no more; to be called before it is closed."""
        if conversation.is_watched is not None:
            self._selector.unregister(conversation.number)
            conversation.is_watched = None

    def select(self, wait: float) -> Iterator[tuple[Conversation, int, int]]:
        """Give who can read and who can write, waiting so many seconds at most.

        0 is who cannot. Leaves out those that were closed while the others were attended to.
        """
        if not self._selector.get_map():
            sleep(wait)  # on Windows there is no waiting for nothing
            return
        for key, events in self._selector.select(wait):
            conversation: Conversation = key.data
            if not conversation.is_over:
                yield conversation, events & EVENT_READ, events & EVENT_WRITE

    def close(self) -> None:
        """Let go of the selector."""
        self._selector.close()
