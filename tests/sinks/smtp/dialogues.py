"""Holds a dialogue without a network: says what the client would, hears what we say."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from distribute.sinks.smtp.dialogue import Dialogue, Say
from distribute.sinks.smtp.replies import Reply, parse_reply

Result = TypeVar("Result")

TLS = "(TLS)"
"""Stands for the TLS handshake in what was said."""


def reply_of(text: str) -> Reply:
    """Make a reply of its lines, written with ``|`` between them."""
    parsed = parse_reply("".join(f"{line}\r\n" for line in text.split("|")).encode())
    assert parsed is not None
    return parsed[0]


class Talk:
    """One conversation: `said` holds the lines of the client, and `TLS`."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.waits: list[float] = []

    def hold(self, dialogue: Dialogue[Result], replies: Iterable[str]) -> Result:
        """Answer each step with the next reply; all of them must be asked for."""
        left = iter(replies)
        result = self.answer(dialogue, lambda _: next(left))
        assert not list(left)
        return result

    def answer(
        self, dialogue: Dialogue[Result], server: Callable[[str], str]
    ) -> Result:
        """Answer each step with what the server makes of the line."""
        reply = None
        try:
            while True:
                step = dialogue.send(reply)
                if not isinstance(step, Say):
                    self.said.append(TLS)
                    reply = None
                    continue
                self.waits.append(step.wait)
                assert step.content.count(b"\r\n") == bool(step.content)
                self.said.append(step.content.decode().removesuffix("\r\n"))
                reply = reply_of(server(self.said[-1]))
        except StopIteration as end:
            result: Result = end.value
            return result
