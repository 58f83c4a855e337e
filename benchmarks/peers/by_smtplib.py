"""Send by Python's smtplib over one connection, and print what the sending took.

usage: -m benchmarks.peers.by_smtplib PORT MESSAGES FOLDER CONNECTIONS message|bytes

``message`` builds an `EmailMessage` for each recipient, ``bytes`` hands the same
ready-made octets to `sendmail` each time.
"""

import sys
from smtplib import SMTP
from time import perf_counter, process_time

from benchmarks.peers.common import SENDER, address, build, print_report, read_letters


def main() -> None:
    """Send, and report."""
    port, messages, folder, _one, mode = sys.argv[1:]
    letters = read_letters(folder)
    with SMTP("127.0.0.1", int(port), local_hostname="localhost") as client:
        client.ehlo()
        began, used = perf_counter(), process_time()
        for number in range(int(messages)):
            letter = letters[number % len(letters)]
            if mode == "bytes":
                client.sendmail(SENDER, [address(number)], letter.raw)
            else:
                client.send_message(build(letter, number))
        print_report(perf_counter() - began, process_time() - used)


if __name__ == "__main__":
    main()
