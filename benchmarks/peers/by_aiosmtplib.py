"""Send by aiosmtplib over several connections, and print what the sending took.

usage: -m benchmarks.peers.by_aiosmtplib PORT MESSAGES FOLDER CONNECTIONS message|bytes

See `benchmarks.peers.by_smtplib` for the modes. Each connection has a task, which takes the next
number as soon as its message is through.
"""

import asyncio
import sys
from collections.abc import Iterator, Sequence
from time import perf_counter, process_time

from aiosmtplib import SMTP

from benchmarks.peers.common import (
    SENDER,
    Letter,
    address,
    build,
    print_report,
    read_letters,
)


async def send(
    client: SMTP, numbers: Iterator[int], letters: Sequence[Letter], mode: str
) -> None:
    """Send one message after the other until none is left."""
    for number in numbers:
        letter = letters[number % len(letters)]
        if mode == "bytes":
            await client.sendmail(SENDER, [address(number)], letter.raw)
        else:
            await client.send_message(build(letter, number))


async def main() -> None:
    """Connect, send, and report."""
    port, messages, folder, connections, mode = sys.argv[1:]
    letters = read_letters(folder)
    clients = [
        SMTP(hostname="127.0.0.1", port=int(port), start_tls=False)
        for _ in range(int(connections))
    ]
    for client in clients:
        await client.connect()
    numbers = iter(range(int(messages)))
    began, used = perf_counter(), process_time()
    await asyncio.gather(*(send(client, numbers, letters, mode) for client in clients))
    print_report(perf_counter() - began, process_time() - used)
    for client in clients:
        await client.quit()


if __name__ == "__main__":
    asyncio.run(main())
