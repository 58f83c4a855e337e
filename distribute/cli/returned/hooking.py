"""Hear providers that notify us of mails that came back, with the secrets to know them.

What is not signed is not read. Only Amazon SNS makes us ask back, once for the certificate
that it signs with and once to agree to being notified; both addresses are its own.
"""

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache, partial

from distribute.audience.reception.token import Signer
from distribute.campaign.returned.notices import read_notice
from distribute.campaign.returned.provider import Provider
from distribute.campaign.returned.report import Returned
from distribute.campaign.returned.signatures import (
    certificate_url,
    is_signed,
    subscribe_url,
)
from distribute.campaign.returned.verp import Ours
from distribute.cli.invocation import say_aside
from distribute.cli.returned.judged import WAVE_HINT
from distribute.cli.returned.returning import ours_of, returns_over
from distribute.config.settings import Settings
from distribute.errors import AudienceError, ConfigError
from distribute.web.public.house import Hook
from distribute.web.public.registry import Books

Fetch = Callable[[str], bytes]
_PATIENCE = 10.0
_MOST = 64 * 1024
_UNSIGNED = {
    Provider.SES: "the signature of Amazon SNS does not fit",
    Provider.POSTMARK: "it does not show the user and password of this hook",
    Provider.MAILGUN: "it is old, or our signing key is not the one it is signed with",
}
"""What may be wrong; nothing of the secret, and nothing of what was sent."""


def hooks_of(
    settings: Settings, environment: Mapping[str, str], signer: Signer
) -> Mapping[str, Hook]:
    """Make the hooks that the settings name; raises `ConfigError` without their secret."""
    return {
        name: Hook(
            read=Ear(
                Provider(name),
                _secret(name, variable, environment),
                ours_of(settings),
                fetched,
            ),
            take=partial(_take, name, settings, signer),
        )
        for name, variable in settings.serving.hooks.items()
    }


@dataclass(frozen=True, slots=True)
class Ear:
    """Hears one provider."""

    provider: Provider
    secret: str = field(repr=False)
    ours: Ours
    fetch: Fetch

    def __call__(
        self, headers: Mapping[str, str], body: bytes, now: datetime
    ) -> tuple[Returned, ...]:
        """Read a notification; raises `AudienceError` for what was not signed."""
        is_sns = self.provider is Provider.SES
        proved = is_signed(
            self.provider,
            body,
            secret=self.secret,
            now=now,
            authorization=headers.get("authorization", ""),
            certificate=self.fetch(certificate_url(body, topic=self.secret))
            if is_sns
            else b"",
        )
        if not proved:
            raise AudienceError(
                f"not signed by {self.provider}: {_UNSIGNED[self.provider]}",
                hint="Compare the secret of this hook with theirs; see [public] hooks.",
            )
        if is_sns and (url := subscribe_url(body)):
            self.fetch(url)
        return read_notice(self.provider, body, ours=self.ours)


@lru_cache(maxsize=8)
def fetched(url: str) -> bytes:
    """Fetch what stands at an address of Amazon SNS, once; nothing leads elsewhere."""
    from urllib.error import URLError
    from urllib.request import HTTPRedirectHandler, HTTPSHandler, build_opener

    class Nowhere(HTTPRedirectHandler):
        def redirect_request(self, *_args: object, **_kwargs: object) -> None:
            return None

    context = ssl.create_default_context()
    opener = build_opener(Nowhere, HTTPSHandler(context=context))
    try:
        with opener.open(url, timeout=_PATIENCE) as answer:
            return bytes(answer.read(_MOST))
    except (URLError, OSError, ValueError) as error:
        raise AudienceError(
            "Amazon SNS cannot be reached", hint="It will notify us again."
        ) from error


def _take(
    name: str,
    settings: Settings,
    signer: Signer,
    books: Books,
    returned: tuple[Returned, ...],
    now: datetime,
) -> None:
    returns = returns_over(books.place, books.connection, signer, settings)
    returns.take(returned, source=name, now=now)
    for wave in returns.waves:
        if wave.is_new:
            say_aside(f"ALARM: {wave.words}, says {name}. {WAVE_HINT}")


def _secret(name: str, variable: str, environment: Mapping[str, str]) -> str:
    secret = environment.get(variable, "")
    if not secret:
        raise ConfigError(
            (f"the environment variable {variable} is empty",),
            hint=f"It holds what {name} proves itself with; see [public] hooks.",
        )
    return secret
