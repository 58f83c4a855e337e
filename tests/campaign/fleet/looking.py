"""Look at a campaign that workers have, and at who they are."""

from collections.abc import Callable
from dataclasses import dataclass

from distribute.campaign.fleet.overview import (
    Lookout,
)
from distribute.campaign.fleet.progress import Overview
from distribute.campaign.fleet.roll import Member
from tests.campaign.fleet.handed import HandedOver
from tests.readers import CAMPAIGN

ANN = Member(name="here:1", host="here", pid=1, version="1.0")


@dataclass
class Timer:
    """A stopwatch that goes on by itself at each look."""

    seconds: float = 0.0
    step: float = 0.0

    def __call__(self) -> float:
        self.seconds += self.step
        return self.seconds


def lookout(handed: HandedOver, timer: Callable[[], float]) -> Lookout:
    """Look at the campaign."""
    return Lookout(handed.connection, CAMPAIGN.id, lambda: handed.now, timer)


def look(handed: HandedOver) -> Overview:
    """Look once."""
    (overview,) = lookout(handed, Timer()).look()
    return overview
