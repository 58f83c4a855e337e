"""Who is measured: the senders, each with the command that makes it send."""

import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks import tools
from benchmarks.material import Material
from benchmarks.newsletter import Size
from benchmarks.ours import ROOT, distribute
from benchmarks.processes import Command
from benchmarks.scenes import SCENES, SMALL_FAST, SMALL_POSTFIX, Kind, Scene

OURS = "distribute"
MANY = "distribute, 100 connections"
SIGNED = "distribute, DKIM RSA-2048"
SMTP_SOURCE = "smtp-source"
SMTPLIB = "smtplib, EmailMessage"
SMTPLIB_BYTES = "smtplib, ready-made bytes"
NODEMAILER = "nodemailer, pool of 10"

_SMTP_SINK_TAKES = {Size.LARGE: 2_000, Size.SMALL: 60_000}
"""Messages a second, about; more need not be sent at it to see how fast it is."""
_FEWEST = 6
"""How many messages each connection carries at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a sender is told to do."""

    size: Size
    port: int
    messages: int
    connections: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """One sender."""

    name: str
    command: Callable[[Job], Command]
    """Makes everything ready, and gives what is then to be run and timed."""
    pace: Mapping[Size, int]
    """Messages a second it was seen to reach, to choose how many to send."""
    round_trips: int = 4
    """How many times it waits for the server in one message."""
    connections: int = 8
    late_connections: int = 10
    """Where replies are late."""
    scenes: Collection[Scene] = SCENES
    """Where it is measured."""

    def job(self, scene: Scene, port: int, seconds: float) -> Job:
        """Give it work for about so many seconds."""
        connections = self.late_connections if scene.delay else self.connections
        pace = float(self.pace[scene.size])
        if scene.kind is Kind.POSTFIX:
            pace = min(pace, _SMTP_SINK_TAKES[scene.size])
        if scene.delay:
            pace = min(pace, connections * 1000 / (scene.delay * self.round_trips))
        return Job(
            size=scene.size,
            port=port,
            messages=max(round(pace * seconds), _FEWEST * connections),
            connections=connections,
        )


def ours(material: Material) -> Iterator[Client]:
    """Give the command of this project, without and with signatures."""

    def send(job: Job, key: Path | None = None) -> Command:
        newsletter = material.newsletters[job.size]
        newsletter.configure(port=job.port, connections=job.connections, key=key)
        newsletter.address(job.messages)
        return distribute(newsletter.folder, "send", "1", "--sink", "smtp", "--yes")

    yield Client(name=OURS, command=send, pace=_pace(12_000, 25_000), round_trips=1)
    yield Client(
        name=MANY,
        command=send,
        pace=_pace(12_000, 25_000),
        round_trips=1,
        connections=100,
        scenes=(SMALL_FAST, SMALL_POSTFIX),
    )
    yield Client(
        name=SIGNED,
        command=lambda job: send(job, material.key),
        pace=_pace(1_600, 2_400),
        round_trips=1,
    )


def smtp_source(material: Material, folder: Path) -> Iterator[Client]:
    """Give Postfix's load generator, which repeats one message and does not pipeline."""
    program = tools.postfix("smtp-source", folder)

    def send(job: Job) -> Command:
        letter = next(iter(sorted(material.letters[job.size].glob("*.lf"))))
        options = ("-d", "-s", str(job.connections), "-m", str(job.messages))
        people = ("-f", "bounces@rivers.example.org", "-t", "reader@mail0.example.net")
        server = f"127.0.0.1:{job.port}"
        return Command(
            (*program.arguments, *options, *people, "-F", letter, server),
            program.environment,
        )

    yield Client(name=SMTP_SOURCE, command=send, pace=_pace(15_000, 25_000))


def smtplib(material: Material, _folder: Path) -> Iterator[Client]:
    """Give Python's own client, on the one connection that it has."""
    for name, mode, pace in (
        (SMTPLIB, "message", _pace(110, 550)),
        (SMTPLIB_BYTES, "bytes", _pace(1_000, 4_000)),
    ):
        command = _python_peer(sys.executable, "by_smtplib", material, mode)
        yield Client(
            name=name, command=command, pace=pace, connections=1, late_connections=1
        )


def aiosmtplib(material: Material, folder: Path) -> Iterator[Client]:
    """Give the asyncio client for Python."""
    python, version = tools.python_with_aiosmtplib(folder)
    for name, mode, pace in (
        ("EmailMessage", "message", _pace(110, 550)),
        ("ready-made bytes", "bytes", _pace(600, 6_000)),
    ):
        yield Client(
            name=f"aiosmtplib {version}, {name}",
            command=_python_peer(python, "by_aiosmtplib", material, mode),
            pace=pace,
        )


def nodemailer(material: Material, folder: Path) -> Iterator[Client]:
    """Give the usual client for Node, with the pool of 10 and its default of 5."""
    node, library, _version = tools.node_with_nodemailer(folder)
    script = tools.HERE / "peers" / "by_nodemailer.mjs"

    def send(job: Job) -> Command:
        return Command((node, script, library, *_arguments(job, material)))

    for connections in (10, 5):
        yield Client(
            name=f"nodemailer, pool of {connections}",
            command=send,
            pace=_pace(190, 1_800),
            round_trips=2,
            connections=connections,
            late_connections=connections,
        )


PEERS = (smtp_source, smtplib, aiosmtplib, nodemailer)
"""Each raises `MeasurementError` where it cannot be had."""


def _python_peer(
    python: str | Path, module: str, material: Material, mode: str
) -> Callable[[Job], Command]:
    def send(job: Job) -> Command:
        program = (python, "-m", f"benchmarks.peers.{module}")
        arguments = (*_arguments(job, material), mode)
        return Command((*program, *arguments), {"PYTHONPATH": str(ROOT)})

    return send


def _arguments(job: Job, material: Material) -> tuple[str, ...]:
    """Write what all the scripts in ``peers/`` are told, in their order."""
    folder = str(material.letters[job.size])
    return (str(job.port), str(job.messages), folder, str(job.connections))


def _pace(large: int, small: int) -> Mapping[Size, int]:
    return {Size.LARGE: large, Size.SMALL: small}
