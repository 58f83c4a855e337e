"""Mails as readers get them: those of the sample, and of real issues where they are."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from distribute.checks.proof import Proof
from distribute.cli.newsletter.newsletter import Newsletter
from distribute.cli.newsletter.proofs import proofs_of
from distribute.cli.newsletter.sample import copy_sample
from distribute.render.content.content import render_content
from tests.commands import NOW

Proofs = Mapping[str, Proof]
"""By issue and language, such as ``1/pt-br``."""
FULL = "1"
"""The issue of the sample that has been translated into every language."""


def proofs_in(newsletter: Newsletter) -> Proofs:
    """Make the proofs of all issues; nothing is rendered before it is looked at."""
    now = datetime.fromtimestamp(int(NOW), UTC)
    proofs = (
        proof
        for issue in newsletter.issues
        for proof in proofs_of(newsletter, issue, now)
    )
    return {f"{each.issue.id}/{each.language.folder}": each for each in proofs}


def sample_proofs() -> Proofs:
    """Make those of the sample newsletter, from a copy: reading leaves a cache behind."""
    folder = Path(_copies().name, "sample")
    copy_sample(folder)
    return proofs_in(Newsletter(folder))


@cache
def _copies() -> TemporaryDirectory[str]:
    """Keep a folder for as long as this process lives: proofs are made late."""
    return TemporaryDirectory(prefix="sample-")


def real_proofs(folder: Path, settings: str) -> Proofs:
    """Make those of the newsletter with these settings, written into a folder."""
    (folder / "distribute.toml").write_text(settings, encoding="utf-8")
    return proofs_in(Newsletter(folder))


def rewritten(proof: Proof, body: str, *, title: str = "") -> Proof:
    """Make the proof of another post in its place."""
    edition = replace(
        proof.edition,
        title=title or proof.edition.title,
        post=replace(proof.edition.post, body=body),
    )
    content = render_content(edition, proof.surroundings)
    return replace(proof, edition=edition, content=content)
