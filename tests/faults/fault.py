"""What a server of ours may be told to do wrong, and to whom."""

import json
import threading
from collections import Counter
from dataclasses import asdict, dataclass, fields, replace
from hashlib import sha256
from typing import Literal

Stage = Literal[
    "connect", "ehlo", "starttls", "tls", "mail", "rcpt", "data", "body", "end"
]
Act = Literal["", "close", "reset", "silence", "endless"]
Lie = Literal["", "discards", "silent", "refuses"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong: in place of the reply at this stage.

    >>> Fault(stage="rcpt", reply="451 4.7.1 later", share=0.05, times=1)
    Fault(stage='rcpt', reply='451 4.7.1 later', share=0.05, times=1)
    """

    stage: Stage
    """``body`` is inside the message, ``end`` behind its final dot."""
    reply: str = ""
    """Said instead; lines are parted by a line feed. After 421 the connection ends."""
    raw: str = ""
    """Octets said instead, as they are, written in Latin-1."""
    act: Act = ""
    """Done after what is said: hang up, break off with RST, say nothing more, or talk
    without end."""
    delay: float = 0.0
    """Seconds before all this; alone it only makes a reply slow."""
    share: float = 1.0
    """Of the addresses, by a hash; of the connections or MAIL commands by their number."""
    times: int = 0
    """At most so often for each address, in all where there is none yet; 0: always."""
    after: int = 0
    """Octets of the message that come in first; for ``body``."""
    address: str = ""
    """Nobody else than this one."""

    def __repr__(self) -> str:
        return _shown(self, Fault(stage=self.stage), "stage")

    @property
    def only_slow(self) -> bool:
        """Whether the reply comes as it should, but late."""
        return not (self.reply or self.raw or self.act)

    @property
    def refuses(self) -> bool:
        """Whether the client hears from it that what it said was not taken."""
        return self.reply[:1] in {"4", "5"} and not self.raw


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How a server behaves while nothing goes wrong, and what does go wrong."""

    faults: tuple[Fault, ...] = ()
    pipelining: bool = True
    lie: Lie = ""
    """Offers PIPELINING, but loses what comes behind RCPT, or never answers to several
    commands at once, or breaks off because of them."""
    extensions: tuple[str, ...] = ("8BITMIME", "ENHANCEDSTATUSCODES", "SMTPUTF8", "DSN")
    size: int = 0
    """Largest message; 0: no limit is named."""
    eager: bool = False
    """Says 354 although no recipient is left, as some do."""
    per_connection: int = 0
    """421 behind so many messages; 0: no limit."""
    at_most: int = 0
    """421 to whoever comes while so many connections are open; 0: no limit."""
    latency: float = 0.0
    """Seconds before whatever it has to say is sent."""
    trickle: bool = False
    """Sends octet by octet."""
    one_by_one: bool = False
    """Sends each reply in a segment of its own."""
    tls: Literal["", "starttls", "tls"] = ""
    certificate: str = ""
    """Path of the PEM file with its key."""
    keeps: bool = False
    """Records whole messages, not only their digests."""

    def __repr__(self) -> str:
        return _shown(self, Manners())


def to_json(manners: Manners) -> str:
    """Write manners in one line."""
    return json.dumps(asdict(manners))


def from_json(line: str) -> Manners:
    """Read them back."""
    manners = Manners(**json.loads(line))
    return replace(
        manners,
        faults=tuple(Fault(**fault) for fault in asdict(manners)["faults"]),
        extensions=tuple(manners.extensions),
    )


class Luck:
    """Decides whom a fault meets; the same for the same addresses in the same order."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self._by_stage: dict[str, list[tuple[int, Fault]]] = {}
        for number, fault in enumerate(faults):
            self._by_stage.setdefault(fault.stage, []).append((number, fault))
        self._met: Counter[tuple[int, str]] = Counter()
        self._asked: Counter[str] = Counter()
        self._lock = threading.Lock()

    def meets(self, stage: Stage, address: str = "") -> Fault | None:
        """Give the fault that meets an address now, or whoever comes where it is empty."""
        for number, fault in self._by_stage.get(stage, ()):
            if fault.address not in {"", address}:
                continue
            with self._lock:
                self._asked[stage] += 1
                subject = address or str(self._asked[stage])
                if fault.share < 1 and part_of(subject, stage) >= fault.share:
                    continue
                if fault.times and self._met[number, address] >= fault.times:
                    continue
                if fault.times:
                    self._met[number, address] += 1
            return fault
        return None


def part_of(subject: str, salt: str) -> float:
    """Place a subject between 0 and 1, evenly and always at the same point."""
    digest = sha256(f"{salt} {subject}".encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64


def _shown(what: Fault | Manners, plain: Fault | Manners, *always: str) -> str:
    """Write it as it is made, without what is as usual."""
    names = [field.name for field in fields(what)]
    said = [
        f"{name}={getattr(what, name)!r}"
        for name in names
        if name in always or getattr(what, name) != getattr(plain, name)
    ]
    return f"{type(what).__name__}({', '.join(said)})"
