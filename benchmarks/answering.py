"""How many people can leave in a second, by one click each (RFC 8058).

``python benchmarks/answering.py`` fills a list, starts ``distribute serve`` as one process,
and lets a process of its own send POST requests over many connections at once, as a mailbox
provider does after an issue. Each answer comes after its change is on the disk.
"""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # when run as a script

import click

from benchmarks.machine import describe, wait_until_quiet
from benchmarks.options import folder_option, write_readme_option
from benchmarks.ours import ROOT
from benchmarks.tables import put_into_readme, table
from distribute.audience.reception.token import Purpose, Signer
from distribute.audience.store import Store
from distribute.audience.subscriber import Status, Subscriber
from distribute.mailbox import Mailbox

_SETTINGS = """
[newsletter]
title = "Slow Rivers"
url = "https://news.example.org"
tag = "example.org,2026"
languages = ["en", "de"]
address = "1 Example Street"

[sender]
from = "Slow Rivers <news@example.org>"
"""
_NOW = datetime(2026, 11, 21, tzinfo=UTC)
_BODY = b"List-Unsubscribe=One-Click"
_PATIENCE = 60.0
"""Seconds to wait until others are done."""
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Load:
    """What the client has seen."""

    answers: int
    seconds: float
    latencies: Sequence[float]
    """Seconds, sorted."""

    def quantile(self, part: float) -> float:
        """Give the milliseconds within which this part of all was answered."""
        return 1000 * self.latencies[int(part * (len(self.latencies) - 1))]


@click.command()
@folder_option
@click.option("--people", default=20_000, show_default=True, help="Who leave.")
@click.option("--listed", default=200_000, show_default=True, help="On the list.")
@click.option("--connections", default=32, show_default=True)
@click.option("--rounds", default=3, show_default=True)
@write_readme_option
def main(
    *,
    folder: Path,
    people: int,
    listed: int,
    connections: int,
    rounds: int,
    write_readme: bool,
) -> None:
    """Measure one-click unsubscribing; exits with 1 if not everybody has left."""
    place = folder.resolve() / "answering"
    loads = []
    for _ in range(rounds):
        paths = _fill(place, people, max(listed, people))
        wait_until_quiet(_PATIENCE)
        with _serving(place) as url, ProcessPoolExecutor(1) as pool:
            warm = paths[: min(500, people // 10)]
            pool.submit(_load, url, warm, connections).result()
            rest = paths[len(warm) :]
            loads.append(pool.submit(_load, url, rest, connections).result())
        if (gone := _gone(place)) != people:
            raise SystemExit(f"{gone:,} of {people:,} have left")
    text = f"{time.strftime('%Y-%m-%d')}, {describe(folder)}.\n\n{_table(loads)}\n"
    click.echo(text)
    if write_readme:
        put_into_readme(ROOT / "README.md", "answering", text)


def _table(loads: Sequence[Load]) -> str:
    """Write the medians of all rounds, beside what was asked for."""
    rate = median(load.answers / load.seconds for load in loads)
    lines = [["", "asked", "reached"]]
    lines.append(["answers in a second, by one process", "≥ 1,000", f"{rate:,.0f}"])
    for part, name in ((0.5, "half of them"), (0.99, "99 in 100"), (1.0, "all")):
        taken = median(load.quantile(part) for load in loads)
        lines.append([f"{name} answered within", "≤ 50 ms", f"{taken:.0f} ms"])
    return table(lines)


def _fill(place: Path, people: int, listed: int) -> list[str]:
    """Make a newsletter with a full list; give the paths by which some of it leave."""
    place.mkdir(parents=True, exist_ok=True)
    (place / "distribute.toml").write_text(_SETTINGS, "utf-8")
    (place / "posts").mkdir(exist_ok=True)
    for old in place.glob("distribute.db*"):
        old.unlink()
    with Store.open(place / "distribute.db") as store:
        signer = Signer(store.signing_key(os.urandom(32)))
        with store.transaction():
            for number in range(listed):
                mailbox = Mailbox(f"reader{number}@example.org")
                store.put(Subscriber(mailbox=mailbox), by="benchmark", now=_NOW)
    sign = signer.signing(Purpose.UNSUBSCRIBE)
    step = listed // people
    return [f"/u/{sign(f'reader{n * step}@example.org')}" for n in range(people)]


class _serving:  # noqa: N801 - it is used like a function
    """Runs ``distribute serve`` while the block runs."""

    def __init__(self, place: Path) -> None:
        command = ["-m", "distribute", "-C", str(place), "serve", "--port", "0"]
        self._log = (place / "serve.log").open("w")
        self._process = subprocess.Popen(  # noqa: S603 - our own arguments
            [sys.executable, *command],
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )

    def __enter__(self) -> str:
        line = self._process.stdout.readline() if self._process.stdout else ""
        found = re.search(r"http://\S+", line)
        if found is None:
            raise SystemExit(f"it did not start: {line}")
        return found[0]

    def __exit__(self, *exception: object) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(30)
        self._log.close()


def _gone(place: Path) -> int:
    with Store.open(place / "distribute.db") as store:
        return store.count().get(Status.UNSUBSCRIBED, 0)


def _load(url: str, paths: Sequence[str], connections: int) -> Load:
    return asyncio.run(_everybody(url, paths, connections))


async def _everybody(url: str, paths: Sequence[str], connections: int) -> Load:
    """Let everybody leave, over so many connections at once."""
    parts, waiting, latencies = urlsplit(url), iter(paths), list[float]()
    began = perf_counter()
    await asyncio.gather(
        *(
            _one_connection(parts.hostname or "", parts.port or 0, waiting, latencies)
            for _ in range(connections)
        )
    )
    seconds = perf_counter() - began
    return Load(len(latencies), seconds, sorted(latencies))


async def _one_connection(
    host: str, port: int, waiting: Iterator[str], latencies: list[float]
) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    for path in waiting:
        began = perf_counter()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(_BODY)}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
        )
        writer.write(head.encode() + _BODY)
        answer = await reader.readuntil(b"\r\n\r\n")
        if not answer.startswith(b"HTTP/1.1 200 "):
            raise SystemExit(answer.decode("latin-1"))
        length = _LENGTH.search(answer)
        await reader.readexactly(int(length[1]) if length else 0)
        latencies.append(perf_counter() - began)
    writer.close()


if __name__ == "__main__":
    main()
