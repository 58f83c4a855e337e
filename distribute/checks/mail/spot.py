"""Where in the author's files something of the finished mail comes from."""

import re
from dataclasses import dataclass
from pathlib import PurePath

from distribute.checks.proof import Proof
from distribute.checks.rule import Rule
from distribute.editions.publication import Publication
from distribute.finding import Finding, Severity
from distribute.render.theme.theme import Theme

TEMPLATE = "email/email.html"
TEXT_TEMPLATE = "email/email.txt"
_SETTINGS = "distribute.toml"


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a file; `line` is 0 where the whole file is meant."""

    path: PurePath
    line: int = 0
    words: str = ""
    """What stands there, letter for letter."""

    def report(
        self, rule: Rule, message: str, *, hint: str = "", weigh: Severity | None = None
    ) -> Finding:
        """Make a finding about this place; it weighs what its rule does, or `weigh`."""
        return Finding(
            rule=rule.id,
            severity=weigh or rule.severity,
            message=message,
            path=self.path,
            line=self.line,
            hint=hint or rule.fix,
            words=self.words,
        )


def in_front_matter(proof: Proof, *keys: str) -> Spot:
    """Point at the first of these keys that the post has, or at the post."""
    lines = proof.edition.post.front_matter.lines
    line = next((lines[key] for key in keys if key in lines), 0)
    return Spot(proof.edition.post.path, line)


def in_settings(publication: Publication, *keys: str, words: str = "") -> Spot:
    """Point at the first of these keys that the settings have, or its table, or the file.

    `words` are what stands there, if that is known.
    """
    line = next(filter(None, map(publication.line_of, keys)), 0)
    return Spot(publication.folder / _SETTINGS, line, words if line else "")


def in_template(theme: Theme, name: str, sought: re.Pattern[str] | None = None) -> Spot:
    """Point at a file of the theme, and at the first place in it that is sought."""
    file = theme.files.get(name)
    if file is None:
        return Spot(PurePath(name))
    found = sought.search(file.text) if sought else None
    if found is None:
        return Spot(file.path)
    return Spot(file.path, file.text.count("\n", 0, found.start()) + 1, found[0])


def in_post(proof: Proof, sought: re.Pattern[str]) -> Spot | None:
    """Point at the first place in the Markdown that is sought, if there is any."""
    for number, line in enumerate(proof.lines, proof.edition.post.body_line):
        if found := sought.search(line):
            return Spot(proof.edition.post.path, number, found[0])
    return None
