"""Previewing side by side: what is waited for, the turns, the report."""

from pathlib import Path

import pytest

from benchmarks.archive import Text, texts
from benchmarks.builders import OURS, Ours
from benchmarks.previewers import OurPreview
from benchmarks.previewing_report import markdown, previewing_targets
from benchmarks.processes import Command
from benchmarks.reloads import (
    AGAIN,
    COLD,
    Extent,
    Reloads,
    preview_in_turns,
    reload_in_turns,
)


class Broken(OurPreview):
    """A server that ends at once."""

    @property
    def name(self) -> str:
        """Give it a name of its own."""
        return "broken"

    def command(self, port: int) -> Command:
        """Refuse a port that is none."""
        return super().command(port + (1 << 17))


@pytest.fixture(scope="module")
def written() -> tuple[Text, ...]:
    """Write an issue."""
    return tuple(texts(1))


@pytest.mark.slow
def test_a_change_is_timed_from_saving_to_its_page(
    tmp_path: Path, written: tuple[Text, ...]
) -> None:
    """Every change but the first counts; who fails is named and not compared."""
    ours = Ours(tmp_path / "ours")
    ours.prepare(written)
    reloads = Reloads()
    latest = max(written, key=lambda text: (text.issue, text.language == "en"))
    reload_in_turns(
        [OurPreview(ours), Broken(ours)],
        latest,
        reloads,
        Extent(rounds=1, changes=2, patience=0),
        say=lambda _: None,
    )
    assert [len(each) for each in reloads.reloads.values()] == [2]
    assert all(seconds > 0 for seconds in reloads.reloads[OURS])
    assert list(reloads.failures) == ["broken"]


@pytest.mark.slow
def test_a_whole_preview_is_timed_from_nothing_and_again(
    tmp_path: Path, written: tuple[Text, ...]
) -> None:
    """All five languages have to be in it."""
    ours = Ours(tmp_path / "ours")
    ours.prepare(written)
    reloads = Reloads()
    preview_in_turns(ours, reloads, Extent(1, 1, patience=0), say=lambda _: None)
    assert {scene: len(each) for scene, each in reloads.previews.items()} == {
        COLD: 1,
        AGAIN: 1,
    }


def test_the_report_compares_in_one_run() -> None:
    """Ratios to the others, medians, and what could not be had."""
    reloads = Reloads(missing={"Hugo": "it is not installed"})
    reloads.reloads[OURS] += [0.2, 0.25, 0.9]
    reloads.reloads["Jekyll 4.3, its server"] += [0.5, 0.75, 0.8]
    reloads.previews[COLD].append(1.5)
    met = {target.what: target.met for target in previewing_targets(reloads)}
    assert list(met.values()) == [True, True, True, None]
    text = markdown(reloads, posts=10, machine="a machine", rounds=1)
    assert "| **distribute** | 250 | 900 |" in text
    assert "Without Hugo: it is not installed." in text
