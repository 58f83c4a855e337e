"""Programs that nobody here wrote, asked what they see; a missing one skips the test.

Packages of npm are found through ``DISTRIBUTE_NODE_MODULES`` or the usual paths, the W3C
feed validator through ``FEEDVALIDATOR`` (a checkout) and ``FEEDVALIDATOR_PYTHON``.
"""

import json
import os
import pty
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

_MAILPARSER = """
const { simpleParser } = require("mailparser"), fs = require("fs");
const { createHash } = require("crypto");
const digest = text => createHash("sha256").update(text || "").digest("hex");
const bare = { skipTextToHtml: true, skipHtmlToText: true, skipTextLinks: true,
               skipImageLinks: true };
(async () => {
  for (const path of fs.readFileSync(0, "utf8").split("\\n")) {
    const m = await simpleParser(fs.readFileSync(path), bare);
    console.log(JSON.stringify({
      subject: m.subject, sender: m.from.value, to: m.to.value,
      text: digest(m.text), html: digest(m.html), message_id: m.messageId,
      unsubscribe: m.headers.get("list").unsubscribe, date: m.date,
      language: m.headers.get("content-language") }));
  }
})();
"""

_FEED_VALIDATOR = """
import io, logging, os, sys
sys.path.insert(0, os.path.join(os.environ["FEEDVALIDATOR"], "src"))
import feedvalidator
from feedvalidator import compatibility, logging as events
logging.disable(logging.CRITICAL)
found = []
level = getattr(compatibility, sys.argv[1])
for name in sys.argv[2:]:
    path, _, base = name.partition("=")
    kind = "application/atom+xml" if "atom" in path else "application/rss+xml"
    kind = "text/xml" if path.endswith("opml") else kind
    with open(path, "rb") as stream:
        seen = feedvalidator.validateStream(
            stream, contentType=kind + "; charset=utf-8", base=base
        )["loggedEvents"]
    for event in level(seen):
        if isinstance(event, (events.Error, events.Warning)):
            found.append(f"{path}: {type(event).__name__} {event.params}")
print("\\n".join(found))
"""


@dataclass(frozen=True, kw_only=True)
class Parsed:
    """What mailparser read in a message."""

    subject: str
    sender: list[dict[str, str]]
    to: list[dict[str, str]]
    text: str
    """`digest` of the text part."""
    html: str
    """`digest` of the HTML part."""
    message_id: str
    unsubscribe: dict[str, str]
    date: str
    language: str


def digest(text: str) -> str:
    """Stand for a text that is too long to be handed around."""
    return sha256(text.encode("utf-8")).hexdigest()


def program(name: str) -> str:
    """Find a program, or skip the test."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def node(script: str, package: str, said: str) -> list[bytes]:
    """Run a script that needs a package of npm and is told something; gives its lines."""
    runtime = program("node")
    modules = os.environ.get("DISTRIBUTE_NODE_MODULES", "")
    environment = os.environ | ({"NODE_PATH": modules} if modules else {})
    found = subprocess.run(  # noqa: S603 - our own script
        [runtime, "-e", f'require("{package}")'], env=environment, capture_output=True
    )
    if found.returncode:
        pytest.skip(f"node finds no {package}; set DISTRIBUTE_NODE_MODULES")
    done = subprocess.run(  # noqa: S603 - our own script
        [runtime, "-e", script], input=said.encode(), env=environment,
        capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    return done.stdout.splitlines()


def parsed_by_mailparser(paths: Sequence[Path]) -> list[Parsed]:
    """Let mailparser read messages."""
    lines = node(_MAILPARSER, "mailparser", "\n".join(map(str, paths)))
    return [Parsed(**json.loads(line)) for line in lines]


def shown_by_mutt(paths: Sequence[Path], folder: Path) -> list[str]:
    """Let mutt open a Maildir and pipe each message, decoded, into a file.

    Gives what it shows of each: the fields Message-ID, Subject and To, and the text.
    """
    mutt = program("mutt")
    for name in ("cur", "new", "tmp"):
        (folder / "box" / name).mkdir(parents=True)
    ids = []
    for path in paths:
        content = path.read_bytes().replace(b"\r\n", b"\n")
        ids.append(content.partition(b"\nMessage-ID: ")[2].partition(b"\n")[0].decode())
        (folder / "box" / "cur" / f"{path.stem}:2,S").write_bytes(content)
    script = folder / "keep.sh"
    script.write_text(f'#!/bin/sh\ncat > "{folder}/shown-$$.txt"\n')
    script.chmod(0o700)
    settings = folder / "muttrc"
    keys = f"<pipe-message>{script}<enter><next-entry>" * len(paths)
    settings.write_text(
        "set charset=utf-8 pipe_decode=yes wait_key=no quit=yes wrap_headers=998\n"
        "ignore *\nunignore message-id: subject: to:\nalternative_order text/plain\n"
        f'push "<first-entry>{keys}<exit>"\n'
    )
    run_on_terminal([mutt, "-n", "-R", "-F", str(settings), "-f", str(folder / "box")])
    shown = [path.read_text("utf-8") for path in folder.glob("shown-*.txt")]
    by_id = {
        text.split("Message-ID: ", 1)[1].partition("\n")[0]: text for text in shown
    }
    return [by_id[each] for each in ids]


def run_on_terminal(command: list[str]) -> str:
    """Run a program that insists on a terminal; gives all that it put on its screen."""
    try:
        ours, theirs = pty.openpty()
    except OSError:
        pytest.skip("this machine has no pseudo-terminals")
    screen = bytearray()
    reader = threading.Thread(target=_drain, args=(ours, screen), daemon=True)
    reader.start()
    environment = os.environ | {"TERM": "xterm", "LC_ALL": "C.UTF-8"}
    try:
        subprocess.run(  # noqa: S603 - our own arguments
            command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment,
            check=True, timeout=60, start_new_session=True,
        )  # fmt: skip
    finally:
        os.close(theirs)
        reader.join(60)
        os.close(ours)
    return screen.decode("utf-8", "replace")


def complaints_of_w3c(files: Mapping[Path, str], level: str = "AA") -> list[str]:
    """Ask the W3C feed validator: file to its public address, errors and warnings."""
    if not os.environ.get("FEEDVALIDATOR"):
        pytest.skip("FEEDVALIDATOR names no checkout of github.com/w3c/feedvalidator")
    python = os.environ.get("FEEDVALIDATOR_PYTHON", sys.executable)
    names = [f"{path}={base}" for path, base in files.items()]
    done = subprocess.run(  # noqa: S603 - the judge that the environment names
        [python, "-c", _FEED_VALIDATOR, level, *names],
        capture_output=True,
        text=True,
        check=False,
    )
    if "No module named" in done.stderr:
        pytest.skip("the W3C validator needs lxml, html5lib and rdflib")
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")[:-1] if done.stdout.strip() else []


def complaints_of_jing(schema: Path, paths: Sequence[Path]) -> list[str]:
    """Ask jing whether documents keep to a grammar in RELAX NG's compact syntax.

    It gets them in ASCII, all else as character references: its Xerces breaks on four
    octets of UTF-8 where its buffer ends (XERCESJ-1257).
    """
    jing = program("jing")
    with tempfile.TemporaryDirectory() as folder:
        copies = [Path(folder, f"{number}.xml") for number in range(len(paths))]
        for path, copy in zip(paths, copies, strict=True):
            spelt = path.read_text("utf-8").encode("ascii", "xmlcharrefreplace")
            copy.write_bytes(spelt)
        done = subprocess.run(  # noqa: S603 - our own arguments
            [jing, "-c", str(schema), *map(str, copies)],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    assert done.returncode == 0 or done.stdout, done.stderr
    return done.stdout.splitlines()


def json_documents(text: str) -> list[Any]:
    """Read every JSON document in a text; fails if there is anything else."""
    decoder, found = json.JSONDecoder(), []
    while text := text.strip():
        document, end = decoder.raw_decode(text)
        found.append(document)
        text = text[end:]
    return found


def _drain(terminal: int, screen: bytearray) -> None:
    """Read until the program's side is closed."""
    try:
        while shown := os.read(terminal, 65536):
            screen += shown
    except OSError:
        return
