"""The pitfalls of inlining that only a style sheet of one's own can lead to are findings.

Whoever brings other templates hears of them before a mail is written.
"""

import pytest

from distribute.checks.styles.contract import inlined_faults
from distribute.finding import Severity
from tests.render.email.pitfalls import EXCLUDED, KEPT, Pitfall

RULED_OUT = (*(each.pitfall for each in EXCLUDED), *KEPT)


@pytest.mark.parametrize("pitfall", RULED_OUT, ids=lambda each: each.name)
def test_the_contract_knows_the_pitfall(pitfall: Pitfall) -> None:
    """It is an error, with the line on which it stands."""
    faults = list(inlined_faults(pitfall.css))
    errors = [fault for fault in faults if fault.rule.severity is Severity.ERROR]
    assert errors
    assert all(fault.line >= 1 and fault.message for fault in errors)


def test_a_good_sheet_has_no_fault() -> None:
    """As the head of our own sheet describes it."""
    css = ".content td { padding: 8px 12px; } .rtl .content td { text-align: right; }"
    assert list(inlined_faults(css)) == []
