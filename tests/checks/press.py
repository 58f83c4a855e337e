"""Small newsletters, really read and really rendered, to pull proofs from."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from distribute.checks.proof import Proof
from distribute.cli.newsletter.newsletter import Newsletter
from distribute.cli.newsletter.proofs import proofs_of
from distribute.finding import Finding
from distribute.render.theme.files import templates_folder

NOW = datetime(2026, 11, 6, 12, tzinfo=UTC)
TITLE = "The ferry runs again"
EXCERPT = "After three winters on dry land the old ferry crosses the sound again."
BODY = """\
After three winters on dry land the old ferry crosses the sound again. We went along on
the [first crossing](https://ferry.example.net/first) and brought back a photograph.

## Timetable

It leaves at seven, at noon and at six, and takes eleven minutes either way.
"""
SETTINGS = """\
[newsletter]
title = "Harbour Letters"
url = "https://harbour.example.org"
tag = "harbour.example.org,2026"
languages = ["en", "zh", "ar"]
address = "Harbour Letters, 4 Pier Road, Oldport"
[newsletter.descriptions]
en = "What happens by the water."
zh = "水边的事。"
ar = "أخبار الميناء."
[sender]
from = "Harbour Letters <letters@harbour.example.org>"
bounces = "bounces@harbour.example.org"
"""


class Press:
    """One newsletter in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def newsletter(
        self,
        *heads: str,
        body: str = BODY,
        settings: str = SETTINGS,
        templates: Mapping[str, str] = {},
    ) -> Newsletter:
        """Write a newsletter with one post, whose front matter has these lines."""
        (self.folder / "posts").mkdir(parents=True, exist_ok=True)
        (self.folder / "distribute.toml").write_text(settings, "utf-8")
        usual = {"title": f"title: {TITLE}", "excerpt": f"excerpt: {EXCERPT}"}
        lines = usual | {line.partition(":")[0]: line for line in heads}
        written = "\n".join(line for line in lines.values() if not line.endswith(": -"))
        post = self.folder / "posts" / "2026-11-05-ferry.md"
        post.write_text(f"---\n{written}\n---\n{body}", "utf-8")
        for name, text in templates.items():
            path = self.folder / "templates" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return Newsletter(self.folder)

    def proof(
        self,
        *heads: str,
        body: str = BODY,
        settings: str = SETTINGS,
        templates: Mapping[str, str] = {},
    ) -> Proof:
        """Pull the proof of its only edition; arguments as of `newsletter`."""
        newsletter = self.newsletter(
            *heads, body=body, settings=settings, templates=templates
        )
        (issue,) = newsletter.issues
        (proof,) = proofs_of(newsletter, issue, NOW)
        return proof


def shipped(name: str, *changes: tuple[str, str]) -> str:
    """Give a template that we ship with passages replaced, each of which is there."""
    text = (templates_folder() / name).read_text("utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


def rules(findings: Iterable[Finding]) -> list[str]:
    """Name the rules that were broken, in their order."""
    return [finding.rule for finding in findings]


def only(findings: Iterable[Finding], rule: str) -> Finding:
    """Give the only finding of a rule."""
    found = [finding for finding in findings if finding.rule == rule]
    assert len(found) == 1, found
    return found[0]
