"""Rules that are switched off, with a reason, in settings and front matter."""

import json
from pathlib import Path

from tests.cli.conftest import Run
from tests.cli.slips import BROKEN, add, configure


def test_the_settings_switch_a_rule_off_and_the_summary_counts_it(
    run: Run, broken: Path
) -> None:
    """With its reason in JSON and SARIF; then the issue is fit to be sent."""
    configure(broken, '[check.off]\nlink-scheme = "the council has no https"')
    answer = run("-C", broken, "check")
    assert answer.status == 0
    assert "1 switched off" in answer.out
    (off,) = run("-C", broken, "--json", "check").document["off"]
    assert (off["rule"], off["reason"]) == ("link-scheme", "the council has no https")
    sarif = json.loads(run("-C", broken, "check", "--format", "sarif").out)
    (result,) = [r for r in sarif["runs"][0]["results"] if "suppressions" in r]
    assert result["suppressions"][0]["justification"] == "the council has no https"
    assert "switched off" in run("-C", broken, "check", "--format", "junit").out


def test_a_post_switches_a_rule_off_for_itself(run: Run, small: Path) -> None:
    """The same slip in its translation counts."""
    add(small, BROKEN, head='check: {off: {link-scheme: "as it was said"}}\n')
    assert run("-C", small, "check").status == 0
    (german,) = (small / "posts").glob("*_de.md")
    german.write_text(f"{german.read_text('utf-8')}\n{BROKEN}\n", encoding="utf-8")
    assert run("-C", small, "check").status == 1


def test_a_rule_that_is_off_for_nothing_is_noted_where_all_is_known(
    run: Run, pair: Path
) -> None:
    """One issue alone does not tell whether the settings still need it."""
    configure(pair, '[check.off]\nlink-scheme = "once"')
    some = run("-C", pair, "--json", "check", "4").document["findings"]
    every = run("-C", pair, "--json", "check").document["findings"]
    assert [f["rule"] for f in some] == []
    assert [f["rule"] for f in every] == ["waiver-unused"]


def test_a_misspelt_rule_in_the_settings_is_an_error_with_its_line(
    run: Run, small: Path
) -> None:
    """And so is one that cannot be switched off; both are shown where they stand."""
    configure(small, '[check.off]\nlink-scheem = "x"\npost-empty = "y"')
    findings = run("-C", small, "--json", "check").document["findings"]
    lines = (small / "distribute.toml").read_text("utf-8").split("\n")
    for rule, words in (
        ("waiver-unknown", "link-scheem"),
        ("waiver-refused", "post-empty"),
    ):
        (found,) = [f for f in findings if f["rule"] == rule]
        assert lines[found["line"] - 1].startswith(words)
        assert found["column"] == 1
