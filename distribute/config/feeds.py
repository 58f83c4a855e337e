"""The table about the feeds."""

from distribute.config.interpreter import Interpreter
from distribute.config.tables import FeedsTable
from distribute.config.values import parse_address
from distribute.feeds.options import MOST_OCTETS, FeedOptions
from distribute.mailbox import Mailbox

MOST_ENTRIES = 1000
LEAST_OCTETS = 10_000


def read_feeds(table: FeedsTable, reader: Interpreter) -> FeedOptions:
    """Say how feeds are made; where a value is wrong, its default stands in."""
    take, usual = reader.take, FeedOptions()
    editor = take("feeds.editor", Mailbox.parse, table.editor or None)
    return FeedOptions(
        limit=take("feeds.limit", parse_entries, table.limit) or usual.limit,
        size=take("feeds.size", parse_octets, table.size) or usual.size,
        hub=take("feeds.hub", parse_hub, table.hub or None) or "",
        ids=table.ids,
        combined=table.combined,
        editor=_as_rss(editor) if editor else "",
        rights=" ".join(table.rights.split()),
        icon=_picture("feeds.icon", table.icon, reader),
        logo=_picture("feeds.logo", table.logo, reader),
    )


def parse_entries(number: int) -> int:
    """Read how many entries a document has at most."""
    if not 0 < number <= MOST_ENTRIES:
        raise ValueError(
            f"{number} entries: at least 1 is needed, and readers stop at {MOST_ENTRIES}"
        )
    return number


def parse_octets(number: int) -> int:
    """Read how many bytes a document has at most."""
    if not LEAST_OCTETS <= number <= MOST_OCTETS:
        raise ValueError(
            f"{number} bytes: write a number from {LEAST_OCTETS} to {MOST_OCTETS}; "
            "524288 is what readers take well"
        )
    return number


def parse_hub(url: str) -> str:
    """Read the address of a WebSub hub, letter for letter."""
    parse_address(url)
    return url


def _as_rss(mailbox: Mailbox) -> str:
    """Write a mailbox as RSS has it: the address, then the name in brackets."""
    name = mailbox.name.replace("(", "").replace(")", "")
    return f"{mailbox.address} ({name})" if name else mailbox.address


def _picture(key: str, written: str, reader: Interpreter) -> str:
    """Read the address of a picture, or the name of one below the newsletter's folder."""
    if written.startswith(("https://", "http://")):
        return reader.take(key, parse_hub, written) or ""
    name = written.strip().lstrip("/")
    if name and not (reader.folder / name).is_file():
        reader.problems.add(
            key, f"there is no file {name!r} in the newsletter's folder"
        )
    return name
