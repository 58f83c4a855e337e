"""What the doctor makes of a visit to a server."""

from datetime import UTC, datetime, timedelta

from distribute.checks.domain.encounter import (
    Encounter,
    judge_mail_server,
    judge_web,
)
from distribute.checks.domain.judgement import Verdict

_NOW = datetime(2026, 11, 6, tzinfo=UTC)
_LATER = _NOW + timedelta(days=60)


def _web(
    *, problem: str = "", expires: datetime = _LATER, status: int = 200
) -> Encounter:
    return Encounter(
        where="garden.net:443",
        problem=problem,
        protocol="" if problem else "TLSv1.3",
        expires=expires,
        status=status,
    )


def test_a_good_answer_tells_how_long_the_certificate_holds() -> None:
    """Even a page that is not there is an answer."""
    (judgement,) = judge_web(_web(status=404), _NOW)
    assert judgement.verdict is Verdict.OK
    assert judgement.found == "answers over TLSv1.3; certificate valid for 60 days"


def test_a_certificate_that_ends_soon_is_worth_a_word() -> None:
    """Two weeks before; and the rest may be well."""
    soon, rest = judge_web(_web(expires=_NOW + timedelta(days=9)), _NOW)
    assert (soon.verdict, rest.verdict) == (Verdict.ADVICE, Verdict.OK)
    assert "2026-11-15" in soon.found


def test_an_error_of_the_web_server_is_worth_a_word() -> None:
    """It may pass; but who wants to leave may meet it."""
    (judgement,) = judge_web(_web(status=503), _NOW)
    assert judgement.verdict is Verdict.ADVICE
    assert "503" in judgement.found


def test_a_server_that_cannot_be_reached_is_a_problem() -> None:
    """For readers who want to leave, and for us who want to send."""
    (web,) = judge_web(_web(problem="no answer in time"), _NOW)
    (mail,) = judge_mail_server(
        Encounter(where="smtp.garden.net:587", problem="no TLS", hint="Try tls."),
        _NOW,
        is_local=False,
    )
    assert (web.verdict, mail.verdict) == (Verdict.PROBLEM, Verdict.PROBLEM)
    assert web.remedy
    assert mail.remedy == "Try tls."


def test_a_plain_line_on_this_machine_is_well() -> None:
    """And it says that no login was tried."""
    (judgement,) = judge_mail_server(
        Encounter(where="localhost:25"), _NOW, is_local=True
    )
    assert judgement.verdict is Verdict.OK
    assert judgement.found == (
        "answers unencrypted, on this machine; the login was not tried"
    )
