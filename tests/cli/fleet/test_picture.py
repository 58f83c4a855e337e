"""The picture of `status --watch` is true, keeps its places, and has alarms on top."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from distribute.campaign.campaign import Outcome, State
from distribute.campaign.fleet.batch import FrozenState
from distribute.campaign.fleet.progress import (
    Batches,
    Deliveries,
    Hand,
    Handed,
    Overview,
)
from distribute.cli.fleet.limits import Limit
from distribute.cli.fleet.picture import Frame, Painter, notice
from distribute.cli.fleet.view import rate
from distribute.render.text.width import display_width

NOW = 1_790_000_100_000
FRAME = Frame(width=80, height=30)
HANDED = Handed(
    number=1, id="issue-4", sink="smtp", state=FrozenState.GOING, alarm="",
    is_complete=True, at=NOW - 100_000,
)  # fmt: skip
BATCHES = Batches(
    waiting=7, in_hand=1, later=0, next_due=None, done=5, cancelled=0, people=6500
)
ANN = Hand(
    name="ann:1", host="ann", pid=1, version="1.0", began=NOW - 60_000, seen=NOW,
    silence=0, campaign="issue-4", batch=6, is_at_this=True, per_second=20.0,
)  # fmt: skip
LIMITS = [
    Limit(words="by relay.example", name="relay relay.example", per_second=30.0),
    Limit(words="to slow.example", name="domain slow.example", per_second=0.5),
]


def counted(
    counts: Mapping[State, int], since: Mapping[Outcome, int] | None = None
) -> Deliveries:
    """Count deliveries."""
    return Deliveries(counted=counts, at=NOW, since=since or {})


GOING = Overview(
    handed=HANDED,
    batches=BATCHES,
    deliveries=counted({State.ACCEPTED: 2500, State.DEFERRED: 3, State.CLAIMED: 3997}),
    per_second=20.0,
    workers=[ANN],
)


def drawn(overview: Overview, frame: Frame = FRAME) -> list[str]:
    """Draw it for whoever types `distribute`."""
    painter = Painter(command=lambda words: f"`distribute {words}`", limits=LIMITS)
    return [line.text for line in painter.paint(overview, NOW, frame)]


def paused(alarm: str = "") -> Overview:
    """Have nobody work on it."""
    handed = replace(HANDED, state=FrozenState.PAUSED, alarm=alarm)
    return replace(GOING, handed=handed, batches=replace(BATCHES, in_hand=0))


def test_it_shows_all_of_it() -> None:
    """How far it is, how long it may take, what limits it, and who works."""
    assert drawn(GOING) == [
        "issue-4 by smtp, with workers: going",
        "",
        f"  {'━' * 21}{'─' * 34}   38%  2,500 of 6,500",
        "",
        "  deliveries            batches",
        "  accepted    2,500     done            5     rate       20/s",
        "  deferred        3     in hand         1     time left  about 3 min 20 s",
        "  rejected        0     waiting         7     so far     1 min 40 s",
        "  uncertain       0     for later       0     next due   -",
        "  to come     3,997     cancelled       0",
        "",
        "  at most  by relay.example      30/s",
        "           to slow.example      0.5/s",
        "",
        "  worker        batch        rate  there for",
        "  ann:1         6            20/s  1 min",
    ]


def test_what_is_not_known_is_a_dash() -> None:
    """In the first seconds nobody knows how fast it goes."""
    begun = replace(
        GOING, per_second=None, workers=[replace(ANN, per_second=None, batch=1)]
    )
    lines = drawn(begun)
    assert lines[5].endswith("rate       -")
    assert lines[6].endswith("time left  -")
    assert lines[-1].split() == ["ann:1", "1", "-", "1", "min"]


def test_who_rests_has_no_rate() -> None:
    """Neither a campaign that is paused, nor a worker with nothing in hand."""
    idle = replace(ANN, campaign="", batch=None, is_at_this=False)
    lines = drawn(replace(paused(), workers=[idle]))
    assert lines[:2] == [
        "issue-4 by smtp, with workers: paused",
        "  `distribute resume 4` goes on",
    ]
    assert lines[6].endswith("rate       -")
    assert lines[-1].split() == ["ann:1", "-", "-", "1", "min"]


def test_alarms_are_on_top_and_stand_out() -> None:
    """All their words can be read, also without colours; none of them moves the cursor."""
    words = "the server refuses \x1b[31mus\x1b[0m " + "as it says at length " * 5
    painter = Painter(command=str)
    head, first, *others = painter.paint(paused(words), NOW, FRAME)
    assert head.is_strong
    assert first.is_strong
    assert first.text.startswith("! alarm: the server refuses [31mus[0m as it says")
    assert others[0].text.startswith("  ")
    assert " ".join(line.text for line in others).count("length") >= 3
    assert all("\x1b" not in line.text for line in others)


def test_a_silent_worker_is_an_alarm() -> None:
    """It is said for how long, and what becomes of its batch."""
    silent = replace(ANN, name="bob:2", silence=25_000, batch=9, per_second=None)
    lines = drawn(replace(GOING, missing=[silent]))
    assert lines[1] == (
        "! worker bob:2 has been silent for 25 s; batch 9 is taken from it"
    )
    assert lines[-1].split()[:3] == ["bob:2", "9", "-"]
    assert lines[-1].endswith("silent for 25 s")
    alone = drawn(replace(GOING, workers=[], missing=[silent]))
    assert "batch 9 waits for another" in alone[1]
    assert alone[2] == "  `distribute worker` sends it, on any machine"


def test_a_limit_that_holds_back_is_marked() -> None:
    """So nobody wonders why more workers make it no faster."""
    lines = drawn(replace(GOING, held_back=frozenset({"domain slow.example"})))
    assert lines[11].endswith("30/s")
    assert lines[12].endswith("0.5/s  holds back")


def test_of_many_limits_some_are_shown() -> None:
    """And how many there are besides."""
    limits = [replace(LIMITS[1], words=f"to {n}.example") for n in range(20)]
    painter = Painter(command=str, limits=limits)
    lines = [line.text for line in painter.paint(GOING, NOW, FRAME)]
    assert lines[11:18] == [
        "  at most  to 0.example     0.5/s",
        *(f"           to {n}.example     0.5/s" for n in range(1, 6)),
        "           and 14 more",
    ]


def test_files_have_no_limits() -> None:
    """They are written as fast as they can be."""
    by_file = replace(GOING, handed=replace(HANDED, sink="file"))
    assert not [line for line in drawn(by_file) if "at most" in line]


def test_nothing_moves_while_numbers_grow() -> None:
    """Every column begins and ends where it did."""
    later = replace(
        GOING,
        deliveries=counted({State.ACCEPTED: 6, State.CLAIMED: 6494}),
        batches=replace(BATCHES, waiting=11, in_hand=3, done=0),
        per_second=1234.0,
        workers=[replace(ANN, batch=12, per_second=None)],
    )
    for one, other in zip(drawn(GOING), drawn(later), strict=True):
        columns = ("done", "in hand", "rate", "time left", "so far", "there for")
        for name in columns:
            assert one.find(name) == other.find(name)
    sizes = {len(line) for line in [drawn(GOING)[2], drawn(later)[2]]}
    assert len(sizes) == 1


def test_what_is_not_exact_says_so() -> None:
    """Workers have told of it since deliveries were counted."""
    told = counted({State.CLAIMED: 6500}, {Outcome.ACCEPTED: 40})
    lines = drawn(replace(GOING, deliveries=told))
    assert lines[4].split() == ["deliveries,", "about", "batches"]
    assert lines[5].split()[:2] == ["accepted", "40"]
    assert lines[9].split()[:3] == ["to", "come", "6,460"]


def test_the_end_leads_to_who_was_not_served() -> None:
    """And neither rates nor workers are shown any more."""
    ends = {State.ACCEPTED: 6497, State.REJECTED: 2, State.UNCERTAIN: 1}
    done = replace(HANDED, state=FrozenState.DONE)
    lines = drawn(replace(GOING, handed=done, deliveries=counted(ends)))
    assert lines[1:3] == [
        "  `distribute status 4 --failed` lists 2 people that servers refused",
        "  `distribute status 4 --uncertain` lists 1 person of whom nobody knows"
        " whether",
    ]
    assert "100%" in lines[5]
    assert not [line for line in lines if "rate" in line or "worker " in line]


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_it_fits_into_the_window(width: int) -> None:
    """Ten million people, hosts with long names, and low windows as well."""
    hands = [
        replace(ANN, name=f"machine-{'x' * 60}.example.org:{n}") for n in range(40)
    ]
    many = replace(
        GOING,
        deliveries=counted({State.ACCEPTED: 9_999_999, State.CLAIMED: 2}),
        workers=hands,
    )
    lines = drawn(many, Frame(width=width, height=24))
    workers = [line for line in lines if line.startswith("  machine-")]
    assert 20 < len(lines) < 24
    assert lines[-1] == f"  and {len(hands) - len(workers)} more"
    assert all(display_width(line) <= width for line in workers)
    assert workers[0].split()[0].endswith("org:0")
    if width >= 80:
        assert all(display_width(line) <= width for line in lines)


def test_a_terminal_without_lines_gets_letters() -> None:
    """The bar can be read where only ASCII is written."""
    lines = drawn(GOING, replace(FRAME, bar=("#", ".")))
    assert f"{'#' * 21}{'.' * 34}" in lines[2]
    assert all(line.isascii() for line in lines)


def test_a_notice_is_wrapped() -> None:
    """It goes on below its first word."""
    lines = [line.text for line in notice("one two three four five six", NARROW)]
    assert lines == ["! one two three four", "  five six"]


NARROW = Frame(width=24, height=10)


RATES: Sequence[tuple[float | None, str]] = [
    (None, "-"), (0, "0/s"), (2, "2/s"), (2.25, "2.2/s"), (12_345.6, "12,346/s"),
    (0.25, "0.2/s"), (0.05, "3/min"), (1 / 3600, "1/h"),
]  # fmt: skip


@pytest.mark.parametrize(("per_second", "words"), RATES)
def test_rates_are_said_in_a_unit_that_fits(
    per_second: float | None, words: str
) -> None:
    """One a minute is not nothing a second."""
    assert rate(per_second) == words
