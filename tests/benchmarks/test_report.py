"""What becomes of the figures: medians, targets, tables."""

import pytest

from benchmarks import scenes
from benchmarks.clients import NODEMAILER, OURS, SMTP_SOURCE, SMTPLIB_BYTES
from benchmarks.memory import Growth
from benchmarks.newsletter import Size
from benchmarks.report import markdown
from benchmarks.results import Results, name_of
from benchmarks.runs import Run
from benchmarks.targets import speed_targets


def run(rate: float, cpu_per_thousand: float = 0.1) -> Run:
    """Make the result of a run of 1,000 messages."""
    return Run(
        messages=1000,
        seconds=1000 / rate,
        cpu=cpu_per_thousand,
        octets=116_000,
        largest=20_000_000,
        together=30_000_000,
        sink_cpu=0.1,
        others=0.02,
    )


@pytest.fixture
def results() -> Results:
    """Have measured three senders in one scene."""
    made = Results()
    for rates, client in (
        ((9000.0, 12000.0, 10000.0), OURS),
        ((900.0, 1000.0, 1100.0), SMTPLIB_BYTES),
        ((500.0, 500.0, 500.0), NODEMAILER),
    ):
        cpu = 2.0 if client == SMTPLIB_BYTES else 0.25
        made.runs[scenes.LARGE_FAST, client] += [run(rate, cpu) for rate in rates]
    return made


def test_ratios_are_those_of_medians(results: Results) -> None:
    """A target compares medians; what was not measured is neither met nor missed."""
    found = {target.what: target for target in speed_targets(results)}
    faster = found["116 KB, fast sink: distribute to smtplib, ready-made bytes"]
    assert faster.reached == pytest.approx(10)
    assert faster.met
    slower = found["116 KB, fast sink: distribute to nodemailer, pool of 10"]
    assert slower.met is False
    missing = found["small, fast sink: distribute, 100 connections to smtp-source"]
    assert missing.met is None


def test_cpu_may_be_a_share_of_what_smtplib_takes(results: Results) -> None:
    """On a slow machine the share counts, for the absolute figure would be unfair."""
    cpu = next(t for t in speed_targets(results) if t.what == "CPU per 1,000")
    assert cpu.asked == pytest.approx(0.3)
    assert cpu.met


def test_a_failed_run_is_no_result(results: Results) -> None:
    """A sender that lost a message once is not compared by its other runs."""
    results.failures[name_of(scenes.LARGE_FAST, NODEMAILER)] = "3 of 4 arrived"
    assert results.median(scenes.LARGE_FAST, NODEMAILER, lambda run: run.rate) is None
    assert "3 of 4 arrived" in _written(results)


def test_tables_say_who_was_how_fast(results: Results) -> None:
    """Tables hold medians, the machine, what is missing, and verdicts."""
    results.missing[SMTP_SOURCE] = "there is no apt-get here"
    text = _written(results)
    assert "| **distribute** | 10,000 | – | – | 0.250 | 30 | 116,000 |" in text
    assert "one core" in text
    assert "there is no apt-get here" in text
    assert "**not met**" in text
    assert "1,000,000 small messages took 40 s" in text


def _written(results: Results) -> str:
    growth = Growth(
        few=10_000,
        many=1_000_000,
        memory_few=50_000_000,
        memory_many=55_000_000,
        seconds_many=40,
        resumed_after=1.5,
    )
    octets = {Size.LARGE: 116_000, Size.SMALL: 1_500}
    return markdown(results, growth, octets=octets, machine="one core", rounds=3)
