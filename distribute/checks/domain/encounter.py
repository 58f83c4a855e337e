"""Judge what happened when somebody knocked at a server: TLS, certificate, answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from distribute.checks.domain.judgement import Judgement, Part, Verdict

_SOON = 14
"""Days that a certificate should have left; those of Let's Encrypt are renewed at 30."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Encounter:
    """How a visit went."""

    where: str
    """``letters.example.org:443``."""
    problem: str = ""
    """Why it failed, without a full stop; empty if all went well."""
    hint: str = ""
    protocol: str = ""
    """``TLSv1.3``; empty where the line was plain."""
    expires: datetime | None = None
    """When the certificate does."""
    status: int = 0
    """What a web server answered; 0 where there was no answer, or it was no web server."""


def judge_web(encounter: Encounter, now: datetime) -> Iterator[Judgement]:
    """Judge the server where readers unsubscribe."""
    judgement = partial(
        Judgement, id="unsubscribe-server", part=Part.WEB, about=encounter.where
    )
    if encounter.problem:
        yield judgement(
            verdict=Verdict.PROBLEM,
            found=encounter.problem,
            why="Nobody who gets the mail can leave, and so they report it as spam.",
            remedy=encounter.hint or "See that the server runs and has a certificate.",
        )
        return
    yield from _judge_expiry(encounter, now, judgement)
    if encounter.status >= 500:
        yield judgement(
            verdict=Verdict.ADVICE,
            found=f"answers with an error, {encounter.status}",
            why="Who wants to leave may get the same.",
            remedy="See to the web server.",
        )
    else:
        yield judgement(
            verdict=Verdict.OK,
            found=f"answers over {encounter.protocol}{_days(encounter, now)}",
        )


def judge_mail_server(
    encounter: Encounter, now: datetime, *, is_local: bool
) -> Iterator[Judgement]:
    """Judge the server that takes our mail."""
    judgement = partial(
        Judgement, id="smtp-server", part=Part.SERVER, about=encounter.where
    )
    if encounter.problem:
        yield judgement(
            verdict=Verdict.PROBLEM,
            found=encounter.problem,
            why="No mail gets out.",
            remedy=encounter.hint or "Check host, port and security in [smtp].",
        )
        return
    yield from _judge_expiry(encounter, now, judgement)
    if encounter.protocol:
        how = f"over {encounter.protocol}{_days(encounter, now)}"
    else:
        how = "unencrypted" + (", on this machine" if is_local else "")
    yield judgement(verdict=Verdict.OK, found=f"answers {how}; the login was not tried")


def _judge_expiry(
    encounter: Encounter, now: datetime, judgement: "partial[Judgement]"
) -> Iterator[Judgement]:
    if encounter.expires and (encounter.expires - now).days < _SOON:
        yield judgement(
            verdict=Verdict.ADVICE,
            found=f"its certificate ends on {encounter.expires:%Y-%m-%d}",
            why="From then on nobody gets through.",
            remedy="Renew it, and see that this happens by itself.",
        )


def _days(encounter: Encounter, now: datetime) -> str:
    if encounter.expires is None:
        return ""
    return f"; certificate valid for {(encounter.expires - now).days} days"
