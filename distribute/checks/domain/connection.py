"""Judge how the settings reach the mail server."""

from collections.abc import Iterator
from functools import partial

from distribute.checks.domain.guarding import judge_guarded
from distribute.checks.domain.judgement import Judgement, Part, Verdict
from distribute.checks.domain.situation import Server

_Judgement = partial(Judgement, part=Part.SERVER)
_USUAL = {("tls", 587): ("starttls", 465), ("starttls", 465): ("tls", 587)}
"""Ports that speak otherwise, with what they speak and the port that is meant (RFC 8314)."""


def judge_connection(server: Server) -> Iterator[Judgement]:
    """Judge encryption and login, as the settings want them."""
    where = f"{server.host}:{server.port}"
    yield _judge_security(server, where)
    if server.secret:
        secret = server.secret
        findings = list(
            judge_guarded(secret, part=Part.SERVER, id_="smtp-secret", about="password")
        )
        yield from findings
        if not findings:
            yield _Judgement(
                id="smtp-secret",
                verdict=Verdict.OK,
                about="password",
                found=f"is in {secret.place}",
            )
    elif server.has_token_command:
        yield _Judgement(
            id="smtp-secret",
            verdict=Verdict.OK,
            about="token",
            found="comes from token_command, which is run when sending",
        )


def _judge_security(server: Server, where: str) -> Judgement:
    judgement = partial(_Judgement, id="smtp-security", about="encryption")
    if server.security != "none":
        meant = _USUAL.get((server.security, server.port))
        if meant is None:
            return judgement(
                verdict=Verdict.OK, found=f"{server.security} with {where}, or nothing"
            )
        usual, port = meant
        return judgement(
            verdict=Verdict.ADVICE,
            found=f'security = "{server.security}" with port {server.port}',
            why=f"That port usually speaks {usual} (RFC 8314), and then no mail gets out.",
            remedy=f'Write security = "{usual}", or port = {port}, in [smtp].',
        )
    if server.is_local:
        return judgement(verdict=Verdict.OK, found=f"none, and {where} is this machine")
    return judgement(
        verdict=Verdict.PROBLEM,
        found=f"none, and {where} is another machine",
        why="Whoever is on the way can read and change every mail, and knows every reader.",
        remedy='Write security = "starttls" (port 587) or "tls" (port 465) in [smtp].',
    )
