"""Send by Procrastinate with one job per message, as its documentation begins.

usage: -m benchmarks.peers.by_procrastinate URL PORT MESSAGES FOLDER CONCURRENCY defer|work

``defer`` makes the jobs; ``work`` does them until none is left, and prints what that took.
Each job builds its `EmailMessage`, and sends it by `smtplib` on a connection of its own.
"""

import asyncio
import sys
from collections.abc import Iterator
from smtplib import SMTP
from time import perf_counter, process_time

from procrastinate import App, PsycopgConnector
from procrastinate.types import JSONValue

from benchmarks.peers.common import Letter, build, print_report, read_letters

_CHUNK = 1000


def main() -> None:
    """Make the jobs or do them."""
    url, port, messages, folder, concurrency, what = sys.argv[1:]
    app = App(connector=PsycopgConnector(conninfo=url))
    letters = read_letters(folder)

    @app.task(name="deliver")
    def deliver(number: int) -> None:
        _deliver(letters[number % len(letters)], number, int(port))

    async def defer() -> None:
        async with app.open_async():
            for some in _chunks(int(messages)):
                jobs: list[dict[str, JSONValue]] = [{"number": n} for n in some]
                await deliver.batch_defer_async(*jobs)

    async def work() -> None:
        async with app.open_async():
            began, used = perf_counter(), process_time()
            await app.run_worker_async(wait=False, concurrency=int(concurrency))
            print_report(perf_counter() - began, process_time() - used)

    asyncio.run(defer() if what == "defer" else work())


def _deliver(letter: Letter, number: int, port: int) -> None:
    with SMTP("127.0.0.1", port, local_hostname="localhost") as client:
        client.send_message(build(letter, number))


def _chunks(messages: int) -> Iterator[range]:
    for begin in range(0, messages, _CHUNK):
        yield range(begin, min(begin + _CHUNK, messages))


if __name__ == "__main__":
    main()
