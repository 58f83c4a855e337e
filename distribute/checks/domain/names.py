"""Domain names as the DNS has them: which can be one, and which stands above which."""

import re
from ipaddress import ip_address

_LABEL = re.compile(r"[ -\-/-~]{1,63}")
"""Printable and without a dot: DNS names need not be those of hosts."""


def is_name(name: str) -> bool:
    """Tell whether the DNS could know a name of more than one label."""
    labels = name.split(".")
    return (
        len(name) <= 253
        and len(labels) > 1
        and all(_LABEL.fullmatch(label) for label in labels)
    )


def is_below(name: str, above: str) -> bool:
    """Tell whether a name is another one, or stands below it.

    >>> is_below("mail.example.org", "example.org"), is_below("badexample.org", "example.org")
    (True, False)
    """
    name, above = name.lower(), above.lower()
    return name == above or name.endswith(f".{above}")


def domain_of(address: str) -> str:
    """Give the domain of an e-mail address, in lower case."""
    return address.rpartition("@")[2].lower()


def labels_in_common(name: str, other: str) -> int:
    """Count the labels that two names share at their ends.

    >>> labels_in_common("news.example.org", "mail.example.org")
    2
    """
    count = 0
    for ours, theirs in zip(
        reversed(name.lower().split(".")),
        reversed(other.lower().split(".")),
        strict=False,
    ):
        if ours != theirs:
            break
        count += 1
    return count


def is_local_host(host: str) -> bool:
    """Tell by its name whether a host is this machine (RFC 6761 section 6.3).

    >>> is_local_host("localhost"), is_local_host("127.0.0.2"), is_local_host("::1")
    (True, True, True)
    """
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower().rstrip(".").rpartition(".")[2] == "localhost"
