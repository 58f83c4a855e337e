"""What a worker does after a batch that ended early."""

from collections.abc import Iterator

import pytest

from distribute.campaign.fleet import control, setback
from distribute.campaign.fleet.batch import BatchId
from distribute.cli.fleet import recess
from distribute.cli.fleet.recess import Recess
from distribute.errors import (
    LockedError,
    NobodyKnownError,
    PermanentDeliveryError,
    TransientDeliveryError,
)
from tests.campaign.fleet.handed import HandedOver, hand_over

REFUSED = PermanentDeliveryError("the login is refused: 535", hint="See the password.")


@pytest.fixture
def handed(postgres_url: str) -> Iterator[HandedOver]:
    """Hand somebody over."""
    with hand_over(postgres_url, ("ada",)) as handed:
        yield handed


class Worker:
    """Somebody who takes rests, and what they told."""

    def __init__(self, handed: HandedOver) -> None:
        self.told: list[str] = []
        self.recess = Recess(handed.bench("a:1"), self._say)

    def _say(self, words: str, batch: BatchId | None, **facts: object) -> None:
        assert batch is not None
        assert all(facts)
        self.told.append(words)


def yes() -> bool:
    """Stop at once."""
    return True


def test_it_steps_back_for_longer_each_time(handed: HandedOver) -> None:
    """It says why, for how long, and what to do; until it has served somebody."""
    worker, batch = Worker(handed), handed.batch()
    for _ in range(7):
        worker.recess.after(batch, REFUSED, yes)
    said = (
        "the login is refused: 535; this worker steps back for {} s. See the password."
    )
    steps = [15, 30, 60, 120, 240, 300, 300]
    assert [words for words in worker.told if "steps back" in words] == [
        said.format(seconds) for seconds in steps
    ]
    worker.recess.is_over(batch)
    assert worker.told[-1] == "this worker sends again"
    assert not setback.has_stepped_back(handed.connection, "a:1", handed.campaign)
    worker.recess.after(batch, REFUSED, yes)
    assert worker.told[-1] == said.format(15)


def test_to_resume_ends_its_rest(
    handed: HandedOver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is as if it had never stepped back."""
    monkeypatch.setattr(recess, "_LOOK", 0.0)
    worker, batch = Worker(handed), handed.batch()
    worker.recess.after(batch, REFUSED, yes)
    asked: list[bool] = []

    def resume() -> bool:
        if not asked:
            assert handed.state() == "paused"
            control.resume(handed.connection, handed.campaign, now=handed.now)
        asked.append(True)
        return False

    worker.recess.after(batch, REFUSED, resume)  # for 30 seconds else
    assert len(asked) < 5
    worker.recess.after(batch, REFUSED, yes)
    assert "steps back for 15 s" in worker.told[-1]


def test_what_others_would_meet_too_is_told_with_what_comes_of_it(
    handed: HandedOver,
) -> None:
    """The batch comes up again, or waits for a person, or is somebody else's."""
    worker, batch = Worker(handed), handed.batch()
    for failure in (
        TransientDeliveryError("421 busy"),
        NobodyKnownError("all unknown"),
        LockedError("taken", holder="b:2"),
    ):
        worker.recess.after(batch, failure, yes)
    assert worker.told == [
        "421 busy; it comes up again in 15 s",
        "all unknown; the campaign is paused, for somebody has to see to it",
        "taken; it goes on there",
    ]
    assert not setback.has_stepped_back(handed.connection, "a:1", handed.campaign)
