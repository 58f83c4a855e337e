"""What a rule is about, for people and for programs."""

from collections.abc import Iterator

import click

from distribute.checks.rule import Rule
from distribute.checks.rulebook import RULEBOOK, meant
from distribute.cli.invocation import Invocation
from distribute.cli.terminal.report import table

ALL = "all"


def rule_of(written: str) -> Rule:
    """Find a rule by its id; raises `click.UsageError`, with the one that was meant."""
    rule = RULEBOOK.get(written.strip().lower())
    if rule is None:
        near = meant(written)
        guess = f" Did you mean {near}?" if near else ""
        raise click.UsageError(
            f"There is no rule {written!r}.{guess} `--explain all` lists them."
        )
    return rule


def explain(invocation: Invocation, written: str) -> None:
    """Tell about one rule, or list all."""
    if written == ALL:
        rules = list(RULEBOOK.values())
        invocation.answer({"rules": [rule_document(rule) for rule in rules]})
        rows = [[rule.id, rule.severity, rule.title] for rule in rules]
        for line in table(rows, head=["rule", "severity", "what it finds"]):
            invocation.say(line)
        return
    rule = rule_of(written)
    invocation.answer(rule_document(rule))
    for line in _told(rule):
        invocation.say(line)


def rule_document(rule: Rule) -> dict[str, object]:
    """Give a rule as a JSON object."""
    return {
        "rule": rule.id,
        "severity": str(rule.severity),
        "place": str(rule.place),
        "title": rule.title,
        "why": rule.why,
        "fix": rule.fix,
        "source": rule.source,
        "mended": rule.mended,
        "firm": rule.firm,
    }


def _told(rule: Rule) -> Iterator[str]:
    yield f"{click.style(rule.id, bold=True)} ({rule.severity}): {rule.title}"
    yield ""
    yield from _paragraph("Why", rule.why)
    yield from _paragraph("Fix", rule.fix)
    if rule.source:
        yield from _paragraph("Source", rule.source)
    if rule.mended:
        yield from _paragraph(
            "Mend", "`distribute check --fix`, where there is no doubt; it asks first."
        )
    yield from _paragraph("Off", _how_to_switch_off(rule))


def _how_to_switch_off(rule: Rule) -> str:
    if rule.firm:
        return "It cannot be switched off."
    return (
        f'In distribute.toml, under [check.off]: {rule.id} = "the reason". For one '
        f'post, in its front matter: check: {{off: {{{rule.id}: "the reason"}}}}'
    )


def _paragraph(name: str, text: str) -> Iterator[str]:
    wrapped = click.wrap_text(text, width=80, subsequent_indent=" " * 8)
    yield f"{name:<7} {wrapped.lstrip()}"
