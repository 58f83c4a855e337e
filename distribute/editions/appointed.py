"""When an issue shall be sent, as the front matter of its posts says: never a guess."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from distribute.editions.edition import Edition
from distribute.editions.remarks import warn
from distribute.editions.resolve import EditionRules
from distribute.editions.wall_time import WallTime, parse_wall_time
from distribute.finding import Finding, Severity

_KEY = "send"
_HINT = "Write it as 2026-12-01 09:00, or 2026-12-01 09:00 Europe/Berlin."


def decide_sending(
    issue: str, editions: Iterable[Edition], rules: EditionRules
) -> tuple[WallTime | None, tuple[Finding, ...]]:
    """Decide by ``send:`` in the posts of an issue, one of them or several.

    Where one cannot be read, or two disagree, there is an error and no time at all.
    """
    findings: list[Finding] = []
    found: list[tuple[Edition, WallTime]] = []
    for edition in editions:
        if written := edition.post.front_matter.send:
            time, odd = _read(edition, written, rules)
            findings += odd
            if time is not None:
                found.append((edition, time))
    instants = {time.at for _, time in found}
    if len(instants) > 1:
        findings.append(_disagreement(issue, found))
    clear = not any(finding.severity is Severity.ERROR for finding in findings)
    return (found[0][1] if found and clear else None), tuple(findings)


def _read(
    edition: Edition, written: str, rules: EditionRules
) -> tuple[WallTime | None, Sequence[Finding]]:
    try:
        time = parse_wall_time(written, zone=rules.zone, hour=rules.hour)
    except ValueError as error:
        return None, [_error(edition, "send-invalid", f"{error}", _HINT)]
    if not time.remark:
        return time, ()
    finding = warn(
        edition.post,
        _KEY,
        rule="send-shifted",
        message=time.remark,
        hint="Write another time, or the offset from UTC behind it.",
        words=written,
    )
    return time, [finding]


def _disagreement(issue: str, found: Sequence[tuple[Edition, WallTime]]) -> Finding:
    """Point at the first edition that says another time than the one before it."""
    first = found[0][1]
    edition, other = next(each for each in found if each[1].at != first.at)
    message = (
        f"issue {issue} is to be sent at {first.said} by "
        f"{found[0][0].post.path.name}, and at {other.said} by this post"
    )
    hint = "Write it in one of them alone, or the same in all."
    return _error(edition, "send-disagrees", message, hint)


def _error(edition: Edition, rule: str, message: str, hint: str) -> Finding:
    written = edition.post.front_matter.send
    finding = warn(
        edition.post, _KEY, rule=rule, message=message, hint=hint, words=written
    )
    return replace(finding, severity=Severity.ERROR)
