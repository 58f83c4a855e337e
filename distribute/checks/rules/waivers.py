"""What is found about rules that are switched off."""

from distribute.checks.rule import Place, Rule
from distribute.finding import Severity

RULES: tuple[Rule, ...] = (
    Rule(
        id="waiver-invalid",
        severity=Severity.ERROR,
        place=Place.SOURCE,
        title="a rule switched off without a reason",
        why="A rule that is off is a decision. Without its reason nobody can tell later "
        "whether the decision still holds, and it stays off for ever.",
        fix='Write check: {off: {rule-id: "the reason"}} in the front matter.',
        firm=True,
    ),
    Rule(
        id="waiver-unknown",
        severity=Severity.ERROR,
        place=Place.SOURCE,
        title="a rule switched off that does not exist",
        why="The rule that was meant is still on, or it has another name by now. "
        "Either way the settings say something that is not so.",
        fix="Write the id of a rule as `distribute check --explain all` lists it.",
        firm=True,
    ),
    Rule(
        id="waiver-unused",
        severity=Severity.NOTE,
        place=Place.SOURCE,
        title="a rule switched off that would find nothing",
        why="What it was about is mended, or gone. As long as the rule is off, nobody "
        "learns of the next case.",
        fix="Remove the line.",
    ),
    Rule(
        id="waiver-refused",
        severity=Severity.ERROR,
        place=Place.SOURCE,
        title="a rule switched off that cannot be",
        why="What this rule finds is no matter of opinion: an issue with it is broken "
        "for somebody, or against the law somewhere.",
        fix="Remove the line, and mend what the rule finds. For a single sending "
        "`distribute send --force RULE` lets an error pass.",
        firm=True,
    ),
)
