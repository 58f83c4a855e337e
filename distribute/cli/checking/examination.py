"""Everything that is wrong with some issues: what `check` lists, and a sending heeds."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from distribute.checks.gather import gather_findings
from distribute.checks.inspect import inspect_issue, inspect_newsletter
from distribute.checks.place import placed
from distribute.checks.proof import Proof
from distribute.checks.report import Report, report_on
from distribute.checks.rulebook import RULEBOOK
from distribute.checks.waiver import doubtful, idle, post_waivers
from distribute.cli.checking.sources import lines_of
from distribute.cli.newsletter.newsletter import Newsletter
from distribute.cli.newsletter.proofs import proofs_of
from distribute.editions.edition import Issue
from distribute.finding import Finding
from distribute.posts.post import Post
from distribute.web.twin import with_twin

_AT_ONCE = 16
"""Issues that two processes share, until it is seen how far they are."""


def _nothing() -> None:
    """Show no progress."""


def examine(
    newsletter: Newsletter,
    now: datetime,
    *,
    advance: Callable[[], None] = _nothing,
    also: Iterable[Finding] = (),
) -> Report:
    """Examine the whole newsletter; calls `advance` after each issue, or some.

    `also` are findings that are known already.
    """
    newsletter.contents.ahead(newsletter.editions)
    found = [*also, *newsletter.findings(newsletter.issues)]

    def inspect(issue: Issue) -> Sequence[Finding]:
        return tuple(inspect_issue(proofs_of(newsletter, issue, now)))

    issues = newsletter.issues
    for start in range(0, len(issues), _AT_ONCE):
        some = issues[start : start + _AT_ONCE]
        for each in with_twin(inspect, some):
            found += each
            advance()
    return _report(newsletter, found, newsletter.reading.posts, all_there=True)


def examine_issue(
    newsletter: Newsletter,
    issue: Issue,
    proofs: Sequence[Proof],
    *,
    inspect: Callable[[Sequence[Proof]], Iterable[Finding]] = inspect_issue,
    also: Iterable[Finding] = (),
) -> Report:
    """Examine one issue: its posts, what they become, and what all issues share.

    `inspect` takes the place of `inspect_issue`, for who knows a part of what it finds;
    `also` are findings that are known already.
    """
    posts = [edition.post for edition in issue.editions.values()]
    ours = {post.path for post in posts}
    known = newsletter.findings([issue])
    found = [*also, *(f for f in known if f.path in ours), *inspect(proofs)]
    return _report(newsletter, found, posts)


def _report(
    newsletter: Newsletter,
    found: Iterable[Finding],
    posts: Sequence[Post],
    *,
    all_there: bool = False,
) -> Report:
    """Add what all issues share, and tell what is switched off.

    Only where all issues have been examined is it known what settings switch off.
    """
    waivers = [*newsletter.settings.check.waivers]
    common = [*inspect_newsletter(newsletter.theme, newsletter.publication)]
    for post in posts:
        read, doubts = post_waivers(post)
        waivers += read
        common += doubts
    common += doubtful(waivers, RULEBOOK)
    located = gather_findings(placed(_in_files([*found, *common]), lines_of))
    report = report_on(located, waivers, RULEBOOK)
    used = {off.waiver for off in report.off}
    known = [waiver for waiver in waivers if all_there or not waiver.covers_all]
    rest = placed(idle(known, used, RULEBOOK), lines_of)
    findings = gather_findings([*report.findings, *rest])
    return replace(report, findings=tuple(findings), posts=len(posts))


def _in_files(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Order findings by file, so that each file is read once."""
    yield from sorted(findings, key=lambda finding: str(finding.path))
