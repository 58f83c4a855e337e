"""The headers that every answer has, whoever gives it: what a browser must not do."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from distribute.web.public.house import House

_ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"),
)
_FORMS = (
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cache-Control", "no-store"),
)
POLICY = "Content-Security-Policy"


def page_policy(pictures: Iterable[str] = ()) -> str:
    """Write the policy of the pages with forms: no script, no style but the one file.

    `pictures` are the origins of a logo from elsewhere.
    """
    sources = " ".join(dict.fromkeys(("'self'", "data:", *filter(None, pictures))))
    return (
        f"default-src 'none'; style-src 'self'; img-src {sources}; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


SITE_POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' https: data:; "
    "media-src 'self' https:; font-src 'self' https: data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""Of the archive: authors show pictures and may write styles; scripts never run there."""


def origin_of(url: str) -> str:
    """Give scheme and host of an address; empty for one without."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


class SecureHeaders:
    """Adds to each answer what it does not say by itself."""

    def __init__(self, app: ASGIApp, house: House, pictures: Iterable[str]) -> None:
        self._app = app
        self._always = [*_ALWAYS]
        if house.public_url.startswith("https:"):
            year = "max-age=31536000"
            self._always.append(("Strict-Transport-Security", year))
        self._forms = [*_FORMS, (POLICY, page_policy(pictures))]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on, and complete the answer's headers."""

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._always:
                    headers.setdefault(name, value)
                if POLICY not in headers:
                    for name, value in self._forms:
                        headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, complete)
