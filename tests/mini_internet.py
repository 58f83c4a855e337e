"""A network of its own with one DNS server, for judges that want to look things up.

``python -m tests.mini_internet ZONE.json COMMAND...`` is started by `unshare` in a network
where there is nothing else: no question leaves it, and no answer comes from outside. The
zone is JSON: ``{"example.org TXT": ["v=spf1 -all"]}``; what is not in it does not exist.
"""

import fcntl
import json
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest

from tests.judges import program

Zone = Mapping[str, Sequence[str]]
"""Name and type of a record, parted by a space, to its values in the notation of zones;
those of TXT records as they are."""
SERVER = "127.0.0.1"
_RESOLVER = "/etc/resolv.conf"
_SET_FLAGS, _UP = 0x8914, 1
_LONGEST_STRING = 250
_ROOM = 4096


def run_apart(command: Sequence[str], zone: Zone, said: str = "") -> str:
    """Run a program in a network of its own; gives what it printed.

    Skips the test where that cannot be.
    """
    apart = [program("unshare"), "--map-root-user", "--net", "--mount"]
    mount = ["mount", "--bind", _RESOLVER, _RESOLVER]
    probe = subprocess.run([*apart, *mount], capture_output=True, check=False)  # noqa: S603 - ours
    if probe.returncode:
        pytest.skip("no network of its own may be made here (unshare, mount)")
    inside = [sys.executable, "-m", "tests.mini_internet", json.dumps(dict(zone))]
    done = subprocess.run(  # noqa: S603 - our own arguments
        [*apart, *inside, *command],
        cwd=Path(__file__).parents[1],
        input=said.encode(),
        capture_output=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    return done.stdout.decode()


def answer_of(query: dns.message.Message, zone: Zone) -> dns.message.Message:
    """Answer a question from a zone; what has no name in it does not exist."""
    reply = dns.message.make_response(query)
    reply.flags |= dns.flags.AA | dns.flags.RA
    question = query.question[0]
    name = question.name.to_text(omit_final_dot=True).lower()
    kind = dns.rdatatype.to_text(question.rdtype)
    if values := zone.get(f"{name} {kind}"):
        written = [_text(value) if kind == "TXT" else value for value in values]
        reply.answer.append(
            dns.rrset.from_text(question.name, 300, "IN", kind, *written)
        )
    elif not any(f".{known}".partition(" ")[0].endswith(f".{name}") for known in zone):
        reply.set_rcode(dns.rcode.NXDOMAIN)
    return reply


def _text(value: str) -> str:
    """Write a text as strings of at most 255 octets (RFC 1035 section 3.3.14)."""
    starts = range(0, len(value), _LONGEST_STRING)
    return " ".join(f'"{value[at : at + _LONGEST_STRING]}"' for at in starts)


def _serve(server: socket.socket, zone: Zone) -> NoReturn:
    while True:
        octets, peer = server.recvfrom(_ROOM)
        reply = answer_of(dns.message.from_wire(octets), zone)
        server.sendto(reply.to_wire(max_size=_ROOM), peer)


def _open(zone: Zone, folder: Path) -> None:
    """Bring up the loopback interface, answer on it, and have everybody ask there."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    fcntl.ioctl(server, _SET_FLAGS, struct.pack("16sh", b"lo", _UP))
    server.bind((SERVER, 53))
    resolver = folder / "resolv.conf"
    resolver.write_text(f"nameserver {SERVER}\n", encoding="ascii")
    mount = ["mount", "--bind", str(resolver), _RESOLVER]
    subprocess.run(mount, check=True)  # noqa: S603 - our own arguments
    threading.Thread(target=_serve, args=(server, zone), daemon=True).start()


def main(zone: str, *command: str) -> int:
    """Run a command here, with the zone around it."""
    with tempfile.TemporaryDirectory() as folder:
        _open(json.loads(zone), Path(folder))
        return subprocess.call(command)  # noqa: S603 - our own arguments


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
