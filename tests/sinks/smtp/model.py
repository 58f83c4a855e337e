"""A model of a mail server: hears octets, keeps messages, refuses whom it is told to."""

import re
from dataclasses import dataclass, field

from distribute.campaign.campaign import Stage
from tests.sinks.smtp.parcels import CONTENT


@dataclass
class Model:
    """A server as RFC 5321 and RFC 2920 have it; refuses whom it is told to, and where."""

    refusals: dict[str, dict[Stage, int]]
    kept: list[str] = field(default_factory=list)
    heard: list[bytes] = field(default_factory=list)
    _buffer: bytes = b""
    _sender: bool = False
    _recipient: str = ""
    _trying: str = ""
    _in_data: bool = False

    def hear(self, octets: bytes) -> bytes:
        """Answer everything that is complete."""
        self._buffer += octets
        said = b""
        while answer := self._next():
            said += answer
        return said

    def _next(self) -> bytes:
        end = b".\r\n" if self._in_data else b"\r\n"
        if self._in_data:
            if self._buffer.startswith(end):
                content, self._buffer = b"", self._buffer[3:]
            else:
                content, found, rest = self._buffer.partition(b"\r\n.\r\n")
                if not found:
                    return b""
                self._buffer = rest
            return self._judge(content)
        line, found, rest = self._buffer.partition(end)
        if not found:
            return b""
        self._buffer = rest
        self.heard.append(line)
        return self._obey(line.decode())

    def _obey(self, line: str) -> bytes:
        if line == "RSET":
            self._sender, self._recipient = False, ""
            return _reply(250, "forgotten")
        if line.startswith("MAIL FROM:"):
            assert not self._sender, "nested MAIL"
            # MAIL does not say for whom; the model looks ahead.
            code = self._refusal(self._upcoming(), Stage.MAIL)
            self._sender = not code
            return _reply(code or 250, "sender")
        if line.startswith("RCPT TO:"):
            return self._obey_rcpt(re.findall("<(.*)@", line)[0])
        assert line == "DATA"
        return self._obey_data()

    def _obey_rcpt(self, name: str) -> bytes:
        self._trying = name
        code = self._refusal(name, Stage.RCPT) if self._sender else 503
        self._recipient = "" if code else name
        return _reply(code or 250, "recipient")

    def _obey_data(self) -> bytes:
        if not self._sender:
            return _reply(503, "no sender")
        if self._recipient:
            code = self._refusal(self._recipient, Stage.DATA)
        else:
            # Both ways are seen: some refuse DATA, some take an empty message first.
            takes_it = self.refusals.get(self._trying, {}).get(Stage.NONE) == 354
            code = 0 if takes_it else 554
        self._in_data = not code
        return _reply(code or 354, "go on")

    def _judge(self, content: bytes) -> bytes:
        self._in_data = False
        name, self._recipient, self._sender = self._recipient, "", False
        if not name:
            assert not content
            return _reply(554, "no valid recipients")
        assert content + b"\r\n" == CONTENT
        code = self._refusal(name, Stage.END)
        if not code:
            self.kept.append(name)
        return _reply(code or 250, "kept")

    def _refusal(self, name: str, stage: Stage) -> int:
        return self.refusals.get(name, {}).get(stage, 0)

    def _upcoming(self) -> str:
        found = re.search(rb"RCPT TO:<(.*?)@", self._buffer)
        return found[1].decode() if found else self.next_name

    next_name: str = ""


def _reply(code: int, words: str) -> bytes:
    return (
        f"{code} {code // 100}.0.0 {words}\r\n".encode()
        if code != 354
        else b"354 go\r\n"
    )
