"""Read what a request brings: not too much of it, not too slowly, and as a form."""

import asyncio
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from distribute.render.public.trouble import Trouble

FORM_SIZE = 8 * 1024
"""Octets of a form."""
HOOK_SIZE = 256 * 1024
"""Octets of a provider's notification."""
PATIENCE = 10.0
"""Seconds for a whole body to arrive."""
_MOST_FIELDS = 30
_FORM = "application/x-www-form-urlencoded"


class RefusedError(Exception):
    """A request that is not taken; `trouble` says why, `status` in the words of HTTP."""

    def __init__(
        self, status: int, trouble: Trouble, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(f"{status} {trouble}")
        self.status = status
        self.trouble = trouble
        self.headers = headers or {}


async def read_body(request: Request, most: int = FORM_SIZE) -> bytes:
    """Read the body; raises `RefusedError` for one that is too large (413) or slow (408)."""
    told = request.headers.get("content-length", "")
    if told.isdecimal() and int(told[:12]) > most:
        raise RefusedError(413, Trouble.TOO_LARGE, {"Connection": "close"})
    body = bytearray()
    try:
        async with asyncio.timeout(PATIENCE):
            async for chunk in request.stream():
                body += chunk
                if len(body) > most:
                    raise RefusedError(413, Trouble.TOO_LARGE, {"Connection": "close"})
    except TimeoutError:
        raise RefusedError(408, Trouble.BAD_FORM, {"Connection": "close"}) from None
    except ClientDisconnect:
        raise RefusedError(400, Trouble.BAD_FORM) from None
    return bytes(body)


async def read_form(request: Request) -> dict[str, str]:
    """Read the fields of a form; of one that stands there twice the first counts.

    Raises `RefusedError` for what is no form (415, 400), and as `read_body` does.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _FORM:
        raise RefusedError(415, Trouble.BAD_FORM)
    body = await read_body(request)
    try:
        pairs = parse_qsl(
            body.decode("utf-8"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:
        raise RefusedError(400, Trouble.BAD_FORM) from None
    return dict(reversed(pairs))
