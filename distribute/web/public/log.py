"""One line for each request, from which nobody can be known.

A token would let its reader act for somebody and an address is personal, so neither is
written: of a path only its beginning, of the network only what many share, of a query
nothing. Nothing in a line comes from outside unless it is a plain character.
"""

import re
from collections.abc import Callable
from time import monotonic
from traceback import extract_tb

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from distribute.web.public.network import Proxies

_OWN = re.compile(r"/(?:u|p|confirm)/(?=.)", re.IGNORECASE | re.DOTALL)
"""Whatever stands behind may be a token."""
_TOKEN = re.compile(r"[A-Za-z0-9_=-]{40,}")
_UNUSUAL = re.compile(r"[^!-~]|[\"\\]")
_LONGEST = 120


def shown_path(raw: bytes) -> str:
    """Write a path so that it may stand in a log.

    >>> shown_path(b"/news/u/AdDO4goggeQZ"), shown_path(b"/en/rss.xml")
    ('/news/u/…', '/en/rss.xml')
    """
    path = raw.partition(b"?")[0].decode("latin-1")
    own = _OWN.search(path)
    steps = (path[: own.end()] if own else path).split("/")
    cut = "/".join("…" if _is_address(each) else _cut(each) for each in steps)
    tidy = f"{cut}…" if own else cut
    return tidy if len(tidy) <= _LONGEST else f"{tidy[:_LONGEST]}…"


def _is_address(step: str) -> bool:
    return "@" in step or "%40" in step


def _cut(step: str) -> str:
    return "…".join(_UNUSUAL.sub("?", plain) for plain in _TOKEN.split(step))


def shown_defect(error: BaseException) -> str:
    """Say where something broke; not what it says, for that may hold an address."""
    frames = extract_tb(error.__traceback__)[-6:]
    way = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} in {way}"


class AccessLog:
    """Notes who asked for what, as far as that is anybody's business."""

    def __init__(
        self, app: ASGIApp, proxies: Proxies, log: Callable[[str], object]
    ) -> None:
        self._app = app
        self._proxies = proxies
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on, and note how it ended."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        network = self._proxies.network_of(scope) or "-"
        began, status, size = monotonic(), 0, 0

        async def noting(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            method = _UNUSUAL.sub("?", scope["method"])[:10]
            path = shown_path(scope.get("raw_path") or scope["path"].encode())
            taken = round(1000 * (monotonic() - began))
            self._log(f"{network} {method} {path} {status} {size} {taken}ms")
