"""What the checks of the finished mail find in real issues."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import process_time

import pytest

from distribute.checks import finished
from distribute.checks.proof import Proof
from distribute.checks.weight import weight_of_html, weight_of_styles
from distribute.cli.newsletter.newsletter import Newsletter
from distribute.cli.newsletter.proofs import proofs_of
from distribute.finding import Finding, Severity

pytestmark = pytest.mark.slow  # to make the proofs of all real posts takes long

NOW = datetime(2020, 12, 1, tzinfo=UTC)
MILLISECONDS = 30
"""Of processor time for all these families together, for most editions."""


@pytest.fixture(scope="module")
def proofs(settings: str, tmp_path_factory: pytest.TempPathFactory) -> list[Proof]:
    """Pull the proofs of all real posts, those of other series too."""
    folder: Path = tmp_path_factory.mktemp("corpus")
    lines = (line for line in settings.splitlines() if not line.startswith("select"))
    (folder / "distribute.toml").write_text("\n".join(lines), "utf-8")
    newsletter = Newsletter(folder)
    return [
        proof
        for issue in newsletter.issues
        for proof in proofs_of(newsletter, issue, NOW)
    ]


@pytest.fixture(scope="module")
def findings(proofs: list[Proof]) -> list[Finding]:
    """Ask all families about all of them."""
    return [finding for proof in proofs for finding in finished.find(proof)]


def test_no_real_mail_has_an_error(findings: list[Finding]) -> None:
    """Every one could be sent as it is."""
    assert [f for f in findings if f.severity is Severity.ERROR] == []


def test_nothing_is_found_but_what_is_there(
    proofs: list[Proof], findings: list[Finding]
) -> None:
    """Long titles, missing, short and repeated excerpts, one long post; nothing else."""
    found = Counter(finding.rule for finding in findings)
    heads = [proof.edition.post.front_matter for proof in proofs]
    bare = sum(not (head.excerpt or head.preheader) for head in heads)
    assert found["preheader-missing"] == bare
    assert found.pop("html-size", 0) <= 2  # one is at 80,000 bytes, all but exactly
    assert found == {
        "subject-long": 54,
        "preheader-missing": bare,
        "preheader-repeats": 6,
        "preheader-short": 2,
    }


def test_every_real_mail_fits_into_gmail(proofs: list[Proof]) -> None:
    """HTML and style sheets are below the limits, with the longest values in them."""
    for proof in proofs:
        assert weight_of_html(proof.email, proof.public_url).share < 1
        assert weight_of_styles(proof.email.html).share < 1


def test_looking_takes_little_time(proofs: list[Proof]) -> None:
    """All families together, once the mail is made; other work may be in the way of some."""
    made = [proof for proof in proofs if proof.message and proof.email.html]
    assert median(map(_time, made)) * 1000 < MILLISECONDS


def _time(proof: Proof) -> float:
    begin = process_time()
    list(finished.find(proof))
    return process_time() - begin
