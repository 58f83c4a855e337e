"""The families of findings about what is finished: the mail, its style sheets, its feeds."""

from collections.abc import Iterator
from pathlib import PurePath

from distribute.checks import syndication
from distribute.checks.mail import (
    frame,
    header,
    leaving,
    preheader,
    sender,
    size,
    subject,
    twin,
)
from distribute.checks.mail.spot import TEMPLATE, Spot, in_template
from distribute.checks.proof import Proof
from distribute.checks.rule import Place, Rule
from distribute.checks.styles import blocks, contract, legible, support
from distribute.errors import RenderError
from distribute.finding import Finding, Severity

BROKEN = Rule(
    id="template-broken",
    severity=Severity.ERROR,
    place=Place.NEWSLETTER,
    title="a template that no mail can be made of",
    why="Nothing can be sent with it, and nothing else can be looked at.",
    fix="Mend the template; without a copy of yours, the one we ship is used.",
    firm=True,
)
_INBOX = (subject, preheader, sender)
_MAIL = (size, frame, leaving, twin, header, blocks, support, legible)
_FAMILIES = (*_INBOX, *_MAIL, syndication)


def find(proof: Proof) -> Iterator[Finding]:
    """Ask all families about an edition; or say why there is no mail to look at."""
    try:
        _ = proof.email
    except RenderError as error:
        yield from _broken(proof, error)
    else:
        for family in _FAMILIES:
            yield from family.find(proof)


def _broken(proof: Proof, error: RenderError) -> Iterator[Finding]:
    cause = _first_cause(error)
    path: PurePath = cause.path or in_template(proof.theme, TEMPLATE).path
    yield Spot(path, cause.line).report(BROKEN, cause.reason, hint=cause.hint)
    try:
        yield from frame.find_in(proof, proof.laid_out.html)
    except RenderError:
        return  # that is what was just said


def _first_cause(error: RenderError) -> RenderError:
    """Go back from the template to the style sheet or catalogue that it asked for."""
    cause = error.__cause__
    return cause if isinstance(cause, RenderError) and cause.path else error


EDITION = (find,)
"""What looks at one edition at a time."""
NEWSLETTER = (
    sender.find_unready,
    contract.find,
    legible.find_flaws,
    syndication.find_undescribed,
)
"""What looks at what all issues have in common."""
RULES = (
    BROKEN,
    *(rule for family in (*_FAMILIES, contract) for rule in family.RULES),
)
