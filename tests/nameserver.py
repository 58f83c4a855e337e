"""A name server on this machine, by UDP and TCP on one port, that fails as it is told."""

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from tests.zone import Records

Trouble = Literal["silence", "servfail", "refused", "truncated", "garbage"]
_TTL = 60


@dataclass
class Nameserver:
    """Serves what `records` says; `troubles` are what befalls questions for a name."""

    records: Records
    troubles: dict[str, Trouble] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    """``udp example.org TXT``, question by question."""
    port: int = 0

    def __post_init__(self) -> None:
        self._stop = threading.Event()
        self._udp, self._tcp = _bind_both()
        self.port = self._udp.getsockname()[1]
        self._threads = [
            threading.Thread(target=serve, daemon=True)
            for serve in (self._serve_udp, self._serve_tcp)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def address(self) -> str:
        """Where it listens, as ``--resolver`` has it."""
        return f"127.0.0.1:{self.port}"

    def close(self) -> None:
        """Serve no more."""
        self._stop.set()
        for thread in self._threads:
            thread.join(60)
        self._udp.close()
        self._tcp.close()

    def _serve_udp(self) -> None:
        while not self._stop.is_set():
            with contextlib.suppress(TimeoutError):
                question, where = self._udp.recvfrom(4096)
                answer = self._answer(question, "udp")
                if answer:
                    self._udp.sendto(answer, where)

    def _serve_tcp(self) -> None:
        while not self._stop.is_set():
            with contextlib.suppress(TimeoutError, OSError):
                line, _ = self._tcp.accept()
                with line:
                    line.settimeout(30)
                    (size,) = struct.unpack("!H", line.recv(2))
                    answer = self._answer(line.recv(size), "tcp")
                    line.sendall(struct.pack("!H", len(answer)) + answer)

    def _answer(self, question: bytes, by: str) -> bytes:
        query = dns.message.from_wire(question)
        name, kind = query.question[0].name, query.question[0].rdtype
        plain = name.to_text(omit_final_dot=True).lower()
        self.heard.append(f"{by} {plain} {dns.rdatatype.to_text(kind)}")
        reply = dns.message.make_response(query)
        trouble = self.troubles.get(plain)
        if trouble == "silence":
            return b""
        if trouble == "garbage":
            return question[:2] + b"\x80\x00nonsense"
        if trouble in {"servfail", "refused"}:
            reply.set_rcode(dns.rcode.from_text(trouble))
        elif trouble == "truncated" and by == "udp":
            reply.flags |= dns.flags.TC
        else:
            self._fill(reply, name, dns.rdatatype.to_text(kind))
        return reply.to_wire()

    def _fill(self, reply: dns.message.Message, name: dns.name.Name, kind: str) -> None:
        plain = name.to_text(omit_final_dot=True).lower()
        values = self.records.get((plain, kind), ())
        if alias := self.records.get((plain, "CNAME")):
            reply.answer.append(dns.rrset.from_text(name, _TTL, "IN", "CNAME", *alias))
            target = dns.name.from_text(alias[0])
            self._fill(reply, target, kind)
        elif values:
            texts = map(_quoted, values) if kind == "TXT" else values
            reply.answer.append(dns.rrset.from_text(name, _TTL, "IN", kind, *texts))
        elif not any(f".{each}".endswith(f".{plain}") for each, _ in self.records):
            reply.set_rcode(dns.rcode.NXDOMAIN)


@contextmanager
def serving_names(
    records: Records, troubles: dict[str, Trouble] | None = None
) -> Iterator[Nameserver]:
    """Serve while the block runs."""
    server = Nameserver(records, troubles or {})
    try:
        yield server
    finally:
        server.close()


def _quoted(text: str) -> str:
    """Write a text as strings of at most 255 octets, as zone files have them."""
    parts = [text[at : at + 255] for at in range(0, len(text), 255)] or [""]
    escaped = (part.replace("\\", r"\\").replace('"', r"\"") for part in parts)
    return " ".join(f'"{part}"' for part in escaped)


def _bind_both() -> tuple[socket.socket, socket.socket]:
    """Find a port that is free for UDP and for TCP."""
    for _ in range(50):
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("127.0.0.1", 0))
        try:
            tcp = socket.create_server(udp.getsockname())
        except OSError:
            udp.close()
            continue
        udp.settimeout(0.1)
        tcp.settimeout(0.1)
        return udp, tcp
    raise OSError("no port is free for both")
