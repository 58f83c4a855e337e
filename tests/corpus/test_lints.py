"""Findings about what authors wrote, on real posts: those that are known, and few others."""

import re
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path, PurePath

import pytest

from distribute.checks.place import placed
from distribute.checks.proof import Proof
from distribute.checks.source import families
from distribute.editions.issues import resolve_issues
from distribute.editions.publication import Publication
from distribute.editions.resolve import EditionRules
from distribute.finding import Finding
from distribute.language import Language
from distribute.posts.source import read_posts
from distribute.render.content.surroundings import surroundings_of
from tests.checks.source.drafts import pulled
from tests.corpus.pages import SITE
from tests.corpus.test_links import BROKEN

PUBLICATION = Publication(
    title="NLP Newsletter",
    url=SITE,
    tag="dair.ai,2020",
    languages=tuple(map(Language, ("en", "pt-BR", "es", "fr", "zh", "tr", "ar"))),
)
DRIFTS = {
    ("PT-BR]_Reformer", 232): "https://medium.com/@e.shatri1/",
    ("PT-BR]_PyTorch3D", 394): "https://arxiv.org/abs/2002.02925",
    ("#1_[FR]", 38): "http://news.mit.edu/2019/",
    ("9_[TR]", 198): "https://dair.ai/Exploratory_Data",
}
"""Links of translations that are nearly those of the original, with what that has."""
MENDED_SINCE = ("简报_Reformer", 366)
"""One that Markdown has cut: the original has the rest."""
EQUAL = ("PT-BR]_Tokenizers", "9_[PT-BR]", "NLP_8[ZH]")
"""Translations that have all links of their original, and no others."""


@pytest.fixture(scope="module")
def issues(corpus: Path) -> Sequence[Sequence[Proof]]:
    """Lay out every post, as if the whole blog were the newsletter."""
    reading = read_posts(corpus / "posts", shown=PurePath("posts"))
    resolved = resolve_issues(
        reading.posts,
        publication=PUBLICATION,
        rules=EditionRules(permalink="/:title/"),
        authors={},
    ).issues
    surroundings = surroundings_of(PUBLICATION, resolved)
    return [pulled(issue, surroundings) for issue in resolved]


@pytest.fixture(scope="module")
def proofs(issues: Sequence[Sequence[Proof]]) -> Sequence[Proof]:
    """Give all of them in one list."""
    return [*chain(*issues)]


@pytest.fixture(scope="module")
def lints(
    issues: Sequence[Sequence[Proof]], proofs: Sequence[Proof]
) -> Mapping[str, Sequence[Finding]]:
    """Find all there is, by rule."""
    found: dict[str, list[Finding]] = {rule.id: [] for rule in families.RULES}
    for find in families.EDITION:
        for proof in proofs:
            for finding in find(proof):
                found[finding.rule].append(finding)
    for compare in families.ISSUE:
        for editions in issues:
            for finding in compare(editions):
                found[finding.rule].append(finding)
    return found


@pytest.fixture(scope="module")
def lines(proofs: Sequence[Proof]) -> Mapping[PurePath, Sequence[str]]:
    """Give the lines of each file, front matter as empty lines."""
    return {
        proof.edition.post.path: [
            *[""] * (proof.edition.post.body_line - 1),
            *proof.lines,
        ]
        for proof in proofs
    }


def test_each_listed_broken_link_has_its_words_and_column(
    proofs: Sequence[Proof], lines: Mapping[PurePath, Sequence[str]]
) -> None:
    """So an editor can show which of the links in a long line it is."""
    found = [
        finding
        for proof in proofs
        for finding in proof.reading.findings
        if finding.rule.startswith("link-")
    ]
    exact = {
        (finding.path.name, finding.line)
        for finding in placed(found, lines.__getitem__)
        if finding.column
        and lines[finding.path][finding.line - 1].startswith(
            finding.words, finding.column - 1
        )
    }
    names = {proof.edition.post.path.name for proof in proofs}
    for part, numbers in BROKEN.items():
        name = next(name for name in names if re.search(part, name))
        assert {(name, number) for number in numbers} <= exact


def test_links_that_drifted_are_found_with_both_lines(
    lints: Mapping[str, Sequence[Finding]],
) -> None:
    """These, and the address that Markdown has cut; no other."""
    found = lints["link-drift"]
    assert len(found) == len(DRIFTS) + 1
    for (part, line), meant in DRIFTS.items():
        (finding,) = (f for f in found if part in f.path.name and f.line == line)
        assert meant in finding.message
        assert re.search(r"\(en, line \d+\)", finding.message)
    part, line = MENDED_SINCE
    assert any(part in f.path.name and f.line == line for f in found)


def test_translations_that_have_all_links_are_left_alone(
    lints: Mapping[str, Sequence[Finding]],
) -> None:
    """Whatever else differs between the languages."""
    drifts = chain(*(lints[rule] for rule in lints if "link-drift" in rule))
    reported = {finding.path.name for finding in drifts}
    for part in EQUAL:
        assert not any(part in name for name in reported)


def test_references_in_lists_are_no_flood(
    lints: Mapping[str, Sequence[Finding]],
) -> None:
    """Editions that give numbers and bare addresses have a handful of findings at most."""
    drifts = chain(*(lints[rule] for rule in lints if "link-drift" in rule))
    assert max(Counter(f.path for f in drifts).values()) <= 6
    assert not lints["link-drift-many"]


def test_the_counts_are_those_that_were_counted_by_hand(
    lints: Mapping[str, Sequence[Finding]], proofs: Sequence[Proof]
) -> None:
    """Of pictures without text, vague words, plain http and hosts that differ."""
    images = sum(len(proof.survey.images) for proof in proofs)
    assert 0.9 < len(lints["image-alt-missing"]) / images < 0.97
    assert 10 <= len(lints["image-alt-placeholder"]) <= 25
    assert 280 <= len(lints["link-vague"]) <= 340
    assert 130 <= len(lints["link-http"]) <= 145
    assert 3 <= len(lints["link-host-mismatch"]) <= 5
    assert 14 <= len(lints["link-tracking"]) <= 17


def test_rules_that_should_be_silent_are(
    lints: Mapping[str, Sequence[Finding]],
) -> None:
    """No control of direction, no template of another program, no password."""
    for rule in (
        *("character-bidi", "character-private", "character-decomposed"),
        *("template-left", "link-credentials", "link-inner", "image-http"),
        *("image-link-unnamed", "heading-empty", "table-headless"),
    ):
        assert not lints[rule], rule


def test_words_stand_where_findings_say(
    lints: Mapping[str, Sequence[Finding]],
    lines: Mapping[PurePath, Sequence[str]],
) -> None:
    """Letter for letter, in the line that is named."""
    for finding in chain(*lints.values()):
        line = lines[finding.path][finding.line - 1] if finding.line else ""
        assert not line or finding.words in line
        assert finding.message
        assert finding.hint.endswith(".")
        assert not finding.message.endswith(".")


def test_a_post_is_looked_at_in_no_time(
    issues: Sequence[Sequence[Proof]],
    lints: Mapping[str, Sequence[Finding]],
) -> None:
    """Less than ten milliseconds by the processor's clock, all families together."""
    assert lints
    began = time.process_time()
    for editions in issues:
        for compare in families.ISSUE:
            list(compare(editions))
        for proof in editions:
            for find in families.EDITION:
                list(find(proof))
    posts = sum(map(len, issues))
    assert (time.process_time() - began) / posts < 0.01
