"""A newsletter whose state is in PostgreSQL, which many workers send together."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from distribute.cli.newsletter.sample import copy_sample
from tests.commands import Answer, call, finish, start
from tests.crowd import crowd, write_list
from tests.scenarios.office import ISSUE, Office, keep_one_issue

_OURS = re.compile(r"^\[(smtp|delivery|store)\]\n(?:(?!\[).*\n)*", re.MULTILINE)


@dataclass
class House:
    """One newsletter's folder, its readers, and the database that workers share."""

    office: Office
    url: str

    @property
    def wires(self) -> dict[str, str]:
        """The addresses as they travel, by the readers' own."""
        return {reader.address: reader.wire for reader in self.office.readers}

    def configure(
        self,
        port: int,
        *,
        host: str = "127.0.0.1",
        smtp: Mapping[str, str] = {},
        delivery: Mapping[str, str] = {},
    ) -> None:
        """Point the settings at a mail server; values are written as in TOML."""
        path = self.office.folder / "distribute.toml"
        server = {"host": f'"{host}"', "port": str(port), "security": '"none"'}
        parts = {
            "smtp": server | dict(smtp),
            "delivery": {"retry_after": '"1s"'} | dict(delivery),
            "store": {"url": f'"{self.url}"'},
        }
        lines = [
            line
            for name, values in parts.items()
            for line in (f"[{name}]", *(f"{k} = {v}" for k, v in values.items()))
        ]
        kept = _OURS.sub("", path.read_text("utf-8")).rstrip()
        path.write_text("\n".join((kept, "", *lines, "")), encoding="utf-8")

    def hand_over(self, *options: str) -> Answer:
        """Freeze the campaign, for workers to send."""
        words = ("--json", "send", ISSUE, "--sink", "smtp", "--yes", "--workers")
        answer = finish(start("-C", self.office.folder, *words, *options))
        assert answer.status == 0, answer.out + answer.err
        return answer

    @property
    def worker(self) -> tuple[str | Path, ...]:
        """The words that start a worker, behind ``distribute``."""
        return ("-C", self.office.folder, "worker")


def _shorten(folder: Path) -> None:
    """Leave a sentence of each post: it is sent so often."""
    for path in (folder / "posts").glob("*.md"):
        _, head, _ = path.read_text("utf-8").split("---\n", 2)
        path.write_text(f"---\n{head}---\n\nAll is well.\n", encoding="utf-8")


def open_house(folder: Path, people: int, url: str) -> House:
    """Make a newsletter with so many readers, in a database that is empty."""
    copy_sample(folder)
    keep_one_issue(folder)
    _shorten(folder)
    readers = crowd(people, ["en", "de; en", "fr"])
    house = House(Office(folder, readers), url)
    house.configure(25)
    write_list(readers, folder / "people.csv")
    answer = call("-C", folder, "audience", "import", folder / "people.csv")
    assert answer.status == 0, answer.out
    return house
