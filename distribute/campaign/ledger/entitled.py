"""Say in SQL who is entitled to a late edition, or to a correction, by the ledger.

Before such a campaign begins the ledger decides; afterwards those are meant who were
invited when it began. All of it is on ``subscriber AS s``, as an `Among` has it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from distribute.campaign.ledger.printing import text_of
from distribute.campaign.plan.among import Among
from distribute.campaign.plan.extra import Begun
from distribute.language import Language

NEVER = 2**62
"""Later than anything."""

_INVITED = """(
    SELECT i.language FROM invited AS i WHERE i.campaign = :campaign AND i.key = s.key
)"""
_HAD_ANOTHER = """EXISTS (
    SELECT 1 FROM delivery AS d JOIN choice AS c ON c.number = d.choice
    WHERE d.campaign = :issue_campaign AND d.key = s.key AND d.state = 'accepted'
      AND c.language <> :late_language AND d.opened < :late_since
)"""
_NOT_CORRECTED = f"""NOT EXISTS (
    SELECT 1 FROM delivery AS e JOIN choice AS k ON k.number = e.choice
    WHERE e.campaign IN ({{correcting}}) AND e.key = s.key AND k.language = c.language
      AND (CAST(:campaign AS BIGINT) IS NULL OR e.campaign <> :campaign)
      AND e.state IN ('accepted', 'started', 'uncertain')
      AND {text_of("e", "k")} = {{present}}
)"""  # noqa: S608 - all of it is ours
"""A correction whose fate is uncertain counts: somebody decides about that one."""
_HAD_FAULTY = f"""(
    SELECT c.language FROM delivery AS d JOIN choice AS c ON c.number = d.choice
    WHERE d.campaign IN ({{told}}) AND d.key = s.key AND d.state = 'accepted'
      AND {text_of("d", "c")} <> {{present}}
      AND NOT EXISTS (
          SELECT 1 FROM delivery AS l JOIN choice AS m ON m.number = l.choice
          WHERE l.campaign IN ({{told}}) AND l.key = s.key AND l.state = 'accepted'
            AND m.language = c.language AND l.opened > d.opened
      )
      AND {_NOT_CORRECTED}
    ORDER BY d.opened DESC, d.number DESC LIMIT 1
)"""  # noqa: S608 - all of it is ours
"""The edition that somebody had last, of those that were faulty when they had them."""
_STILL_FAULTY = f"""(
    SELECT c.language FROM invited AS c
    WHERE c.campaign = :campaign AND c.key = s.key AND {_NOT_CORRECTED}
)"""  # noqa: S608 - all of it is ours


def had_another(issue_campaign: int, late: Language, since: int) -> Among:
    """Narrow to those who got another edition before this one was there.

    Once the campaign has begun: to those invited then. `since` is when the edition was
    first there to be sent in the issue's own campaign, or `NEVER`.
    """
    return Among(
        condition=_unless_begun(_HAD_ANOTHER, f"{_INVITED} IS NOT NULL"),
        values={
            "issue_campaign": issue_campaign,
            "late_language": late.tag,
            "late_since": since,
        },
        reason=f"not among those who got another edition before {late} came",
    )


def had_faulty(campaigns: Iterable[Begun], texts: Mapping[str, str]) -> Among:
    """Narrow to those who had a text that is not the present one, and give them that.

    `campaigns` are all of the issue at the sink; `texts` the present ones by language
    tag, of the editions that are corrected. Once the campaign has begun: to those invited
    then, without whoever has got the present text as a correction by another one.
    """
    told = list(campaigns)
    edition = _listed(_unless_begun(_HAD_FAULTY, _STILL_FAULTY), told, texts)
    return Among(
        condition=f"{edition} IS NOT NULL",
        edition=edition,
        values=_values(told, texts),
        reason="not among those who got the text that is corrected",
    )


def overlooked(campaigns: Iterable[Begun], texts: Mapping[str, str]) -> Among:
    """Narrow to those of `had_faulty` who were not invited when the campaign began."""
    told = list(campaigns)
    edition = _listed(_HAD_FAULTY, told, texts)
    return replace(
        had_faulty(told, texts),
        condition=f"{edition} IS NOT NULL AND {_INVITED} IS NULL",
        edition=edition,
    )


def _listed(query: str, told: Sequence[Begun], texts: Mapping[str, str]) -> str:
    """Write out what is compared with the campaigns and the present texts."""
    numbers = {f":told_{i}": each for i, each in enumerate(told)}
    correcting = [name for name, each in numbers.items() if each.corrects]
    cases = " ".join(f"WHEN :tag_{i} THEN :text_{i}" for i in range(len(texts)))
    present = f"CASE c.language {cases} END" if cases else "NULL"
    parts = {
        "{told}": ", ".join(numbers) or "NULL",
        "{correcting}": ", ".join(correcting) or "NULL",
        "{present}": present,
    }
    for name, part in parts.items():
        query = query.replace(name, part)
    return query


def _values(told: Sequence[Begun], texts: Mapping[str, str]) -> Mapping[str, str | int]:
    return {
        **{f"told_{i}": each.number for i, each in enumerate(told)},
        **{f"tag_{i}": tag for i, tag in enumerate(texts)},
        **{f"text_{i}": text for i, text in enumerate(texts.values())},
    }


def _unless_begun(before: str, afterwards: str) -> str:
    return f"CASE WHEN CAST(:campaign AS BIGINT) IS NULL THEN {before} ELSE {afterwards} END"
