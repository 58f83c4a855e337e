"""A campaign that was handed over."""

from collections.abc import Iterator

import pytest

from tests.campaign.fleet.handed import HandedOver, hand_over

NAMES = ("ada", "bo", "cy", "di", "ed")


@pytest.fixture
def handed(postgres_url: str) -> Iterator[HandedOver]:
    """Hand five people over, in a batch of three and one of two."""
    with hand_over(postgres_url, NAMES) as handed:
        yield handed
