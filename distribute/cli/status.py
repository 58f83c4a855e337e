"""``distribute status``: issues × languages, with what is missing or stale."""

from collections.abc import Iterable, Sequence

import click

from distribute.campaign.ledger import SqliteLedger
from distribute.campaign.plan import campaign_id
from distribute.cli.invocation import Invocation, json_option
from distribute.cli.newsletter import Newsletter
from distribute.cli.outlets import SINKS
from distribute.cli.report import issue_document, mention, table
from distribute.editions.coverage import State, coverage
from distribute.editions.edition import Issue
from distribute.editions.resolve import LeftOut

_Sending = dict[str, dict[str, dict[str, int]]]
"""How many deliveries, by sink, language tag and outcome."""
_NAMED = 5
"""How many posts of one reason are named one by one."""
_MARKS = {State.PRESENT: "yes", State.MISSING: "-", State.STALE: "stale"}


@click.command("status")
@click.argument("issue", required=False)
@json_option
@click.pass_obj
def command(invocation: Invocation, issue: str | None) -> None:
    """Show which translations exist, are missing or stale, and how far sending got.

    ISSUE is a number, `latest`, or a post's path; without it, all issues are shown. With
    --json every decision is listed with its reason.
    """
    newsletter = Newsletter(invocation.folder)
    mention(newsletter.obstacles)
    issues = [newsletter.issue(issue)] if issue else list(newsletter.issues)
    if invocation.as_json:
        invocation.answer(_document(newsletter, issues))
        return
    for line in _grid(newsletter, issues):
        invocation.say(line)
    if issue:
        for line in (*_reasons(issues[0]), *_sending_lines(newsletter, issues[0])):
            invocation.say(line)
    else:
        for line in _strangers(newsletter.resolution.left_out):
            invocation.say(line)


def _sending(newsletter: Newsletter, issue: Issue) -> _Sending:
    """Count what became of the issue's deliveries: by sink, language and outcome."""
    database = newsletter.settings.database
    if not database.exists():
        return {}
    found: _Sending = {}
    for sink in SINKS:
        with SqliteLedger(database, sink) as ledger:
            counts = ledger.counts(campaign_id(issue))
        if counts:
            found[sink] = {
                language.tag: {str(outcome): count for outcome, count in ends.items()}
                for language, ends in counts.items()
            }
    return found


def _sending_lines(newsletter: Newsletter, issue: Issue) -> Iterable[str]:
    sending = _sending(newsletter, issue)
    yield ""
    if not sending:
        yield "not sent to anybody yet"
    rows = [
        [sink, tag, outcome, f"{count}"]
        for sink, languages in sending.items()
        for tag, ends in languages.items()
        for outcome, count in ends.items()
    ]
    if rows:
        yield from table(rows, head=["sent by", "edition", "outcome", "people"])


def _strangers(left_out: Sequence[LeftOut]) -> Iterable[str]:
    """Name the posts that belong to no issue, the many of one reason only in number."""
    by_reason: dict[str, list[str]] = {}
    for each in left_out:
        by_reason.setdefault(each.reason, []).append(str(each.post.path))
    if by_reason:
        yield ""
    for reason, paths in by_reason.items():
        if len(paths) > _NAMED:
            yield f"{len(paths)} posts left out: {reason} (--json names them)"
        else:
            yield from (f"left out: {path}: {reason}" for path in paths)


def _grid(newsletter: Newsletter, issues: list[Issue]) -> list[str]:
    languages = newsletter.publication.languages
    rows = []
    for issue in issues:
        states = [_MARKS[one.state] for one in coverage([issue], languages)]
        first = next(iter(issue.editions.values()))
        rows.append([issue.id, f"{first.day}", *states, first.title[:60]])
    heads = ["issue", "date", *(language.tag for language in languages), "title"]
    return list(table(rows, head=heads)) if rows else ["There is no issue yet."]


def _reasons(issue: Issue) -> list[str]:
    lines = []
    for language, edition in issue.editions.items():
        lines += ["", f"{language.tag}  {edition.post.path}", f"    {edition.title}"]
        lines += [f"    {d.field}: {d.value} ({d.reason})" for d in edition.decisions]
    return lines


def _document(newsletter: Newsletter, issues: list[Issue]) -> dict[str, object]:
    languages = newsletter.publication.languages
    return {
        "newsletter": newsletter.publication.title,
        "languages": [language.tag for language in languages],
        "issues": [
            issue_document(issue)
            | {
                "coverage": {
                    one.language.tag: str(one.state)
                    for one in coverage([issue], languages)
                },
                "sending": _sending(newsletter, issue),
            }
            for issue in issues
        ],
        "left_out": [
            {"path": str(each.post.path), "reason": each.reason}
            for each in newsletter.resolution.left_out
        ],
    }
