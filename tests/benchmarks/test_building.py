"""Building side by side: the texts, the turns, the checks, the report."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from benchmarks import builds as module
from benchmarks.archive import OCTETS, Text, texts
from benchmarks.builders import OURS, Builder, Ours
from benchmarks.building_report import building_targets, markdown
from benchmarks.builds import Build, Builds, Scene, build_in_turns
from benchmarks.processes import Command
from benchmarks.prose import ALL_LANGUAGES

_SCRIPT = """
import sys
from pathlib import Path
posts, site = Path("posts"), Path("site")
for post in sorted(posts.iterdir())[{skipped}:]:
    (site / post.name).mkdir(parents=True, exist_ok=True)
    (site / post.name / "index.html").write_text(post.read_text("utf-8"), "utf-8")
for language in {languages}:
    titles = [p.read_text("utf-8").split("'")[1] for p in posts.glob("*." + language)]
    (site / (language + ".xml")).write_text(" ".join(titles), "utf-8")
"""
"""The least that builds: pages and feeds are the posts themselves."""


class Copier(Builder):
    """A builder that copies; it may forget a page."""

    name = "copier"
    made: tuple[str, ...] = ("site",)
    site = "site"
    skipped = 0

    @property
    def command(self) -> Command:
        """Run a script in the folder."""
        script = f"import os; os.chdir({str(self.folder)!r})\n" + _SCRIPT.format(
            languages=ALL_LANGUAGES, skipped=self.skipped
        )
        return Command((sys.executable, "-c", script))

    def settings(self) -> Mapping[str, str]:
        """Need nothing."""
        return {}

    def place(self, text: Text) -> str:
        """Put all posts into one folder."""
        return f"posts/{text.slug}.{text.language}"

    def page(self, text: Text) -> str:
        """Find it by the name of the post."""
        return f"{text.slug}.{text.language}/index.html"

    def feed(self, language: str) -> str:
        """Find it by the language."""
        return f"{language}.xml"


@pytest.fixture(autouse=True)
def anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Build however busy the machine is: nothing is measured here."""
    monkeypatch.setattr(module, "wait_until_quiet", lambda patience: 0.5)


@pytest.fixture(scope="module")
def written() -> tuple[Text, ...]:
    """Write two issues."""
    return tuple(texts(2))


def test_no_two_texts_are_the_same(written: tuple[Text, ...]) -> None:
    """A tool that remembers what it has seen before finds nothing twice."""
    assert len({text.body for text in written}) == 2 * len(ALL_LANGUAGES)
    paragraphs = [part for text in written for part in text.body.split("\n\n")]
    assert len(set(paragraphs)) > 0.95 * len(paragraphs)
    assert all(OCTETS <= len(text.body.encode()) < 1.2 * OCTETS for text in written)


def test_a_builder_takes_its_turn_in_every_scene(
    tmp_path: Path, written: tuple[Text, ...]
) -> None:
    """Each round gives a cold build, one without a change, and one with a change."""
    builds = Builds()
    builder = Copier(tmp_path / "copier")
    builder.prepare(written)
    _take_turns(builder, written, builds, rounds=2)
    assert builds.failures == {}
    assert {
        scene: len(builds.made[scene, "copier"]) for scene in Scene
    } == dict.fromkeys(Scene, 2)
    assert "round 2" in builder.read(builder.page(written[len(written) // 2]))


def test_a_site_that_lacks_a_page_is_no_result(
    tmp_path: Path, written: tuple[Text, ...]
) -> None:
    """Who leaves a page out is faster, and is not compared."""
    builds = Builds()
    builder = Copier(tmp_path / "copier")
    builder.skipped = 1
    builder.prepare(written)
    _take_turns(builder, written, builds, rounds=2)
    assert "missing or incomplete" in builds.failures["copier"]
    assert builds.median(Scene.COLD, "copier", lambda build: build.seconds) is None


def test_ours_builds_what_is_asked_for(
    tmp_path: Path, written: tuple[Text, ...]
) -> None:
    """The pages and feeds that the measurement looks for are those that are made."""
    builds = Builds()
    builder = Ours(tmp_path / "ours")
    builder.prepare(written)
    _take_turns(builder, written, builds, rounds=1)
    assert builds.failures == {}


def _take_turns(
    builder: Builder, written: Sequence[Text], builds: Builds, rounds: int
) -> None:
    build_in_turns(
        [builder], written, builds, rounds=rounds, say=lambda _: None, patience=0
    )


def _built(seconds: float) -> Build:
    return Build(seconds=seconds, cpu=seconds, memory=100_000_000, others=0.1)


def test_targets_compare_with_full_builds() -> None:
    """One changed post is held against the cold builds of the others."""
    builds = Builds(missing={"Other": "there is no other here"})
    for name, cold, changed in (
        (OURS, 5.0, 0.5),
        ("Jekyll 9", 15.0, 4.0),
        ("Hugo 9", 1.0, 1.0),
    ):
        builds.made[Scene.COLD, name].append(_built(cold))
        builds.made[Scene.CHANGED, name].append(_built(changed))
    reached = [(target.reached, target.met) for target in building_targets(builds)]
    assert reached == [
        (3.0, True),
        (3.0, True),
        (30.0, True),
        (0.5, True),
        (100.0, True),
    ]
    text = markdown(builds, posts=10, octets=30_000, machine="one core", rounds=1)
    assert "| **distribute** | 5.00 | – | 0.50 | 5.0 | 100 |" in text
    assert "there is no other here" in text
