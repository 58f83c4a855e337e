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
from distribute.checks.styles import blocks, chosen, contract, legible, support
from distribute.errors import RenderError
from distribute.finding import Finding, Severity
from distribute.render.theme.theme import Theme

BROKEN = Rule(
    id="template-broken",
    severity=Severity.ERROR,
    place=Place.NEWSLETTER,
    title="a template or style sheet that nothing can be made of",
    why="Without it there is no page or no mail, nor can a finished mail be looked at.",
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
        yield from _unmade(proof, error)
    else:
        for family in _FAMILIES:
            yield from family.find(proof)


def find_flaws(theme: Theme) -> Iterator[Finding]:
    """Find what is wrong with any template or style sheet, used or not."""
    for flaw in theme.flaws():
        yield _broken(flaw, flaw.path or PurePath(TEMPLATE))


def _unmade(proof: Proof, error: RenderError) -> Iterator[Finding]:
    yield _broken(_to_mend(error), in_template(proof.theme, TEMPLATE).path)
    try:
        yield from frame.find_in(proof, proof.laid_out.html)
    except RenderError:
        return  # that is what was just said


def _broken(error: RenderError, usual: PurePath) -> Finding:
    spot = Spot(error.path or usual, error.line)
    return spot.report(BROKEN, error.reason, hint=error.hint)


def _to_mend(error: RenderError) -> RenderError:
    """Go back from a template to the style sheet that it asked for, if that is broken.

    A text that a catalogue does not have is the template's own mistake, in one language
    as in all.
    """
    cause = error.__cause__
    if not isinstance(cause, RenderError) or cause.path is None:
        return error
    if cause.path.suffix == ".css":
        return cause
    path = error.path or cause.path
    return RenderError(cause.reason, path=path, line=error.line, hint=error.hint)


EDITION = (find,)
"""What looks at one edition at a time."""
NEWSLETTER = (
    sender.find_unready,
    contract.find,
    chosen.find,
    legible.find_flaws,
    syndication.find_undescribed,
)
"""What looks at what all issues have in common."""
RULES = (
    BROKEN,
    *(rule for family in (*_FAMILIES, contract, chosen) for rule in family.RULES),
)
