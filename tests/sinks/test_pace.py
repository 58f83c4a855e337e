"""A pace: no more messages a second than asked for."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distribute.campaign.campaign import Envelope
from distribute.sinks.memory import MemorySink
from distribute.sinks.pace import PacedSink

ENVELOPE = Envelope(id="5/en/a", mail_from="a@example.org", rcpt_to="b@example.org")


class Time:
    """A clock that only moves when somebody sleeps or works."""

    def __init__(self) -> None:
        self.now = 100.0

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@given(
    st.lists(st.floats(0, 5), min_size=1, max_size=30), st.sampled_from([0.5, 2, 30])
)
def test_messages_are_never_closer_than_the_rate_allows(
    work: list[float], rate: float
) -> None:
    """Also after a pause: who is late does not hurry."""
    time, starts = Time(), []
    sink = PacedSink(MemorySink(), rate, clock=time.clock, sleep=time.sleep)
    for seconds in work:
        sink.send(ENVELOPE, b"")
        starts.append(time.now)
        time.now += seconds
    gaps = [after - before for before, after in pairwise(starts)]
    assert starts[0] == 100.0
    assert all(gap >= 1 / rate - 1e-6 for gap in gaps)


def test_closing_it_closes_the_sink_behind() -> None:
    """Nobody else holds that one."""
    behind = MemorySink()
    PacedSink(behind, 2).close()
    assert behind.closed


def test_no_time_is_lost_where_nobody_hurries() -> None:
    """Ten messages at two a second take four and a half seconds."""
    time = Time()
    sink = PacedSink(MemorySink(), 2, clock=time.clock, sleep=time.sleep)
    for _ in range(10):
        sink.send(ENVELOPE, b"")
    assert time.now == pytest.approx(104.5)
