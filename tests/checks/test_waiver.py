"""Rules that are switched off, and what counts then."""

from pathlib import PurePosixPath

import pytest

from distribute.checks.report import Report, report_on
from distribute.checks.rulebook import RULEBOOK, meant
from distribute.checks.waiver import Waiver, doubtful, idle, post_waivers
from distribute.finding import Finding, Severity
from distribute.posts.source import parse_post

A, B = PurePosixPath("posts/a.md"), PurePosixPath("posts/b.md")


def finding(rule: str, path: PurePosixPath = A) -> Finding:
    """Make an error."""
    return Finding(rule=rule, severity=Severity.ERROR, message="wrong", path=path)


def waiver(rule: str, *, covers_all: bool = True) -> Waiver:
    """Switch a rule off, in the settings or in a post."""
    return Waiver(rule=rule, reason="why not", path=A, line=7, covers_all=covers_all)


def written(head: str) -> tuple[tuple[Waiver, ...], tuple[Finding, ...]]:
    """Read the waivers of a post."""
    return post_waivers(parse_post(f"---\ntitle: x\n{head}\n---\nText".encode(), A))


def test_a_post_switches_a_rule_off_with_a_reason() -> None:
    """It holds for this post alone, and is known by its line."""
    waivers, findings = written("check:\n  off:\n    link-broken: kept as it was sent")
    (off,) = waivers
    assert not findings
    assert (off.rule, off.reason) == ("link-broken", "kept as it was sent")
    assert (off.path, off.line) == (A, 3)
    report = report_on(
        [finding("link-broken"), finding("link-broken", B)], waivers, RULEBOOK
    )
    assert [f.path for f in report.findings] == [B]
    assert [each.waiver.reason for each in report.off] == ["kept as it was sent"]


@pytest.mark.parametrize(
    "head",
    [
        "check: {off: [link-broken]}",
        "check: {off: link-broken}",
        "check: {off: {link-broken: }}",
        "check: {off: {link-broken: true}}",
        'check: {off: {link-broken: "  "}}',
        "check: [link-broken]",
        "check: off",
        "check: {of: {link-broken: typo}}",
    ],
)
def test_without_a_reason_nothing_is_switched_off(head: str) -> None:
    """A list of rules says what, but not why: that is an error of the post."""
    waivers, (problem,) = written(head)
    assert not waivers
    assert (problem.rule, problem.severity) == ("waiver-invalid", Severity.ERROR)
    assert problem.line == 3
    assert "reason" in problem.hint


def test_a_post_without_the_key_has_nothing_to_say() -> None:
    """Nor has an empty one."""
    assert written("lang: en") == ((), ())
    assert written("check:") == ((), ())


def test_the_settings_switch_a_rule_off_for_all_posts() -> None:
    """Errors too, and no other rule."""
    found = [finding("link-broken"), finding("link-broken", B), finding("link-dead")]
    report = report_on(found, [waiver("link-broken")], RULEBOOK)
    assert [f.rule for f in report.findings] == ["link-dead"]
    assert len(report.off) == 2


def test_a_rule_that_is_no_matter_of_opinion_stays_on() -> None:
    """Saying otherwise is an error itself."""
    assert RULEBOOK["post-empty"].firm
    report = report_on([finding("post-empty")], [waiver("post-empty")], RULEBOOK)
    assert [f.rule for f in report.findings] == ["post-empty"]
    (problem,) = doubtful([waiver("post-empty")], RULEBOOK)
    assert (problem.rule, problem.path, problem.line) == ("waiver-refused", A, 7)


def test_a_rule_that_does_not_exist_is_an_error_with_a_guess() -> None:
    """Whoever misspells one believes that it is off."""
    (problem,) = doubtful([waiver("link-boken")], RULEBOOK)
    assert problem.rule == "waiver-unknown"
    assert problem.words == "link-boken"
    assert "link-broken" in problem.hint
    (problem,) = doubtful([waiver("qqqq")], RULEBOOK)
    assert "Did you mean" not in problem.hint
    assert meant("qqqq") == ""


def test_a_waiver_that_has_nothing_to_do_is_noted() -> None:
    """What it was about has been mended, and the next case should be seen."""
    used, unused = waiver("link-broken"), waiver("link-dead")
    (note,) = idle([used, unused, waiver("post-empty")], {used}, RULEBOOK)
    assert (note.rule, note.severity) == ("waiver-unused", Severity.NOTE)
    assert (note.words, note.line) == ("link-dead", 7)


def test_waivers_cannot_switch_off_what_is_said_about_waivers() -> None:
    """Else one wrong line would hide the next."""
    for rule in ("waiver-unknown", "waiver-invalid", "waiver-refused"):
        assert RULEBOOK[rule].firm


def test_errors_block_and_if_strict_warnings_too() -> None:
    """Notes never do."""
    found = tuple(
        Finding(rule="x", severity=severity, message=severity, path=A)
        for severity in Severity
    )
    assert [f.message for f in Report(found).blocking(strict=False)] == ["error"]
    assert [f.message for f in Report(found).blocking(strict=True)] == [
        "error",
        "warning",
    ]
