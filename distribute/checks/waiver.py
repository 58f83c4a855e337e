"""Rules switched off with a reason: for the whole newsletter, or for one post.

A reason is asked for because whoever comes later has to know whether it still holds.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from distribute.checks.rule import Rule
from distribute.finding import Finding, Severity
from distribute.posts.post import Post

_HOW = 'Write check: {off: {rule-id: "the reason"}}.'


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """One rule switched off, by whom and why."""

    rule: str
    """Its id, as written."""
    reason: str
    path: PurePath
    """The file that says so."""
    line: int
    covers_all: bool
    """Whether it holds for the whole newsletter, and not just for the file."""

    def covers(self, finding: Finding) -> bool:
        """Tell whether a finding is switched off by it."""
        is_here = self.covers_all or finding.path == self.path
        return is_here and finding.rule == self.rule


def post_waivers(post: Post) -> tuple[tuple[Waiver, ...], tuple[Finding, ...]]:
    """Read the key ``check`` of the front matter; what cannot be used is an error."""
    written = post.front_matter.extra.get("check")
    if written is None:
        return (), ()
    if not isinstance(written, dict) or set(written) != {"off"}:
        return (), (_invalid(post, "check is written in another way than off: …"),)
    return _read_off(post, written["off"])


def _read_off(
    post: Post, off: object
) -> tuple[tuple[Waiver, ...], tuple[Finding, ...]]:
    if not isinstance(off, dict):
        return (), (_invalid(post, "rules are switched off without any reason"),)
    line = post.front_matter.lines.get("check", 0)
    waivers, findings = [], []
    for rule, reason in off.items():
        if isinstance(reason, str) and reason.strip():
            waivers.append(
                Waiver(
                    rule=str(rule),
                    reason=" ".join(reason.split()),
                    path=post.path,
                    line=line,
                    covers_all=False,
                )
            )
        else:
            message = f"the rule {rule} is switched off without a reason"
            findings.append(_invalid(post, message, words=str(rule)))
    return tuple(waivers), tuple(findings)


def _invalid(post: Post, message: str, *, words: str = "check") -> Finding:
    return Finding(
        rule="waiver-invalid",
        severity=Severity.ERROR,
        path=post.path,
        line=post.front_matter.lines.get("check", 0),
        message=message,
        hint=_HOW,
        words=words,
    )


def doubtful(
    waivers: Iterable[Waiver], rulebook: Mapping[str, Rule]
) -> Iterator[Finding]:
    """Find the waivers of rules that do not exist, or that cannot be switched off."""
    from difflib import get_close_matches  # for mistakes alone

    for waiver in waivers:
        rule = rulebook.get(waiver.rule)
        if rule is None:
            close = get_close_matches(waiver.rule, rulebook, n=1)
            guess = f"Did you mean {close[0]}? " if close else ""
            message = f"there is no rule {waiver.rule}"
            hint = f"{guess}`distribute check --explain all` lists them."
            yield _about(waiver, "waiver-unknown", message, hint)
        elif rule.firm:
            message = f"the rule {rule.id} cannot be switched off"
            yield _about(waiver, "waiver-refused", message, rule.fix)


def idle(
    waivers: Iterable[Waiver], used: Collection[Waiver], rulebook: Mapping[str, Rule]
) -> Iterator[Finding]:
    """Find the waivers that switch nothing off, though they could."""
    for waiver in waivers:
        rule = rulebook.get(waiver.rule)
        if rule is not None and not rule.firm and waiver not in used:
            yield Finding(
                rule="waiver-unused",
                severity=Severity.NOTE,
                path=waiver.path,
                line=waiver.line,
                message=f"the rule {rule.id} is off, and would find nothing",
                hint="Remove the line.",
                words=waiver.rule,
            )


def _about(waiver: Waiver, rule: str, message: str, hint: str) -> Finding:
    return Finding(
        rule=rule,
        severity=Severity.ERROR,
        path=waiver.path,
        line=waiver.line,
        message=message,
        hint=hint,
        words=waiver.rule,
    )


def covering(
    finding: Finding, waivers: Collection[Waiver], rulebook: Mapping[str, Rule]
) -> Waiver | None:
    """Give what switches a finding off; `None` if nothing does, or may."""
    rule = rulebook.get(finding.rule)
    if rule is not None and rule.firm:
        return None
    return next((waiver for waiver in waivers if waiver.covers(finding)), None)
