"""Findings are shown with their rules, the gravest first, many of a kind as one."""

from pathlib import PurePosixPath

from distribute.checks.rule import Place, Rule
from distribute.finding import Finding, Severity
from distribute.web.preview.remarks import Tally, grouped, remarks_on, tally_of

PATH = PurePosixPath("posts/a.md")
RULE = Rule(
    id="lamp-dim",
    severity=Severity.WARNING,
    place=Place.MAIL,
    title="a lamp that is dim",
    why="Nobody sees.",
    fix="Turn it up.",
)


def finding(
    rule: str = "lamp-dim", severity: Severity = Severity.WARNING, line: int = 1
) -> Finding:
    """Find something."""
    return Finding(rule=rule, severity=severity, message="m", path=PATH, line=line)


def test_the_gravest_come_first_and_then_the_order_of_the_file() -> None:
    """The same finding twice is one."""
    note, error = finding(severity=Severity.NOTE), finding("x", Severity.ERROR, 9)
    found = remarks_on([note, finding(line=7), finding(line=3), error, note], {})
    ranks = [(each.finding.severity, each.finding.line) for each in found]
    assert ranks == [
        (Severity.ERROR, 9),
        (Severity.WARNING, 3),
        (Severity.WARNING, 7),
        (Severity.NOTE, 1),
    ]


def test_a_remark_is_where_its_rule_says() -> None:
    """Of an unknown rule, in the source; about no line, beside the whole newsletter."""
    known, unknown, about_all = remarks_on(
        [finding(), finding("x", line=2), finding("y", Severity.NOTE, 0)],
        {RULE.id: RULE},
    )
    assert known.rule is RULE
    assert (known.place, unknown.place) == (Place.MAIL, Place.SOURCE)
    assert about_all.place is Place.NEWSLETTER


def test_many_of_a_kind_are_one_group() -> None:
    """An error of a rule is no warning of it."""
    found = remarks_on(
        [finding(line=n) for n in range(1, 5)] + [finding(severity=Severity.ERROR)], {}
    )
    assert [len(group.remarks) for group in grouped(found)] == [1, 4]
    assert grouped(found)[1].first.finding.line == 1


def test_a_tally_says_how_many_there_are() -> None:
    """In numbers and in words, with the worst of them."""
    found = remarks_on(
        [finding(line=1), finding(line=2), finding("x", Severity.NOTE)], {}
    )
    tally = tally_of(found)
    assert tally == Tally(errors=0, warnings=2, notes=1)
    assert (tally.total, tally.worst, tally.words) == (
        3,
        "warning",
        "2 warnings, 1 note",
    )
    assert (Tally().worst, Tally().words) == ("", "no findings")
