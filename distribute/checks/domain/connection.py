"""Judge how the settings reach the mail servers."""

from collections.abc import Iterator, Sequence
from functools import partial

from distribute.checks.domain.guarding import judge_guarded
from distribute.checks.domain.judgement import Judgement, Part, Verdict
from distribute.checks.domain.situation import Server

_Judgement = partial(Judgement, part=Part.SERVER)
_USUAL = {("tls", 587): ("starttls", 465), ("starttls", 465): ("tls", 587)}
"""Ports that speak otherwise, with what they speak and the port that is meant (RFC 8314)."""


def judge_connections(servers: Sequence[Server]) -> Iterator[Judgement]:
    """Judge encryption and login of each, as the settings want them."""
    for server in servers:
        of = f" of {server.name}" if len(servers) > 1 else ""
        yield _judge_security(server, of)
        yield from _judge_login(server, of)


def _judge_login(server: Server, of: str) -> Iterator[Judgement]:
    if server.secret:
        secret = server.secret
        about = f"password{of}"
        findings = list(
            judge_guarded(secret, part=Part.SERVER, id_="smtp-secret", about=about)
        )
        yield from findings
        if not findings:
            yield _Judgement(
                id="smtp-secret",
                verdict=Verdict.OK,
                about=about,
                found=f"is in {secret.place}",
            )
    elif server.has_token_command:
        yield _Judgement(
            id="smtp-secret",
            verdict=Verdict.OK,
            about=f"token{of}",
            found="comes from token_command, which is run when sending",
        )


def _judge_security(server: Server, of: str) -> Judgement:
    where = f"{server.host}:{server.port}"
    judgement = partial(_Judgement, id="smtp-security", about=f"encryption{of}")
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
            remedy=f'Write security = "{usual}", or port = {port}, in {server.table}.',
        )
    if server.is_local:
        return judgement(verdict=Verdict.OK, found=f"none, and {where} is this machine")
    return judgement(
        verdict=Verdict.PROBLEM,
        found=f"none, and {where} is another machine",
        why="Whoever is on the way can read and change every mail, and knows every reader.",
        remedy='Write security = "starttls" (port 587) or "tls" (port 465) in '
        f"{server.table}.",
    )
