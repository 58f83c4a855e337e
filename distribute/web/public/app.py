"""The public side as one ASGI application: what answers where, and what every answer has.

Nothing here is for operators: there is no login, no list of people, no settings.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from typing import TypeAlias

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from distribute.errors import BusyError, MovedError
from distribute.render.public.trouble import Trouble
from distribute.web.public.answers import Desk
from distribute.web.public.archive import Archive
from distribute.web.public.choosing import Choosing
from distribute.web.public.headers import SecureHeaders, origin_of
from distribute.web.public.hooks import Hooks
from distribute.web.public.house import House
from distribute.web.public.joining import Joining
from distribute.web.public.leaving import Leaving
from distribute.web.public.log import AccessLog, shown_defect
from distribute.web.public.openapi import description
from distribute.web.public.reading import RefusedError

Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]
_LATER = {"Retry-After": "30"}


def application(
    house: House,
    *,
    pictures: tuple[str, ...] = (),
    during: AbstractContextManager[object] | None = None,
) -> ASGIApp:
    """Make the application; `pictures` are addresses of a logo from elsewhere.

    `during` is entered when the server starts, and left when it ends.
    """

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        with during or nullcontext():
            yield

    desk = Desk(house)
    inner = Starlette(routes=_routes(desk), lifespan=lifespan)
    inner.router.redirect_slashes = False
    inner.add_exception_handler(HTTPException, _unrouted(desk))
    origins = [origin_of(each) for each in (house.publication.url, *pictures)]
    secure = SecureHeaders(_Rooted(inner, house.root), house, origins)
    return AccessLog(secure, house.proxies, house.log)


def _routes(desk: Desk) -> list[Route]:
    joining, leaving = Joining(desk), Leaving(desk)
    choosing, archive = Choosing(desk, leaving), Archive(desk)
    both, get = ("GET", "POST"), ("GET",)
    pairs: list[tuple[str, tuple[str, ...], dict[str, Endpoint]]] = [
        ("/subscribe", both, {"GET": joining.form, "POST": joining.ask}),
        (
            "/confirm/{token}",
            both,
            {"GET": joining.confirmation, "POST": joining.confirm},
        ),
        ("/u/{token}", both, {"GET": leaving.page, "POST": leaving.leave}),
        ("/p/{token}", both, {"GET": choosing.form, "POST": choosing.choose}),
        ("/link", both, {"GET": joining.link_form, "POST": joining.ask_link}),
        ("/hooks/{provider}", both, {"POST": Hooks(desk).hear}),
        ("/healthz", get, {"GET": _health(desk)}),
        ("/public.css", get, {"GET": archive.sheet}),
    ]
    if desk.house.is_described:
        pairs.append(("/openapi.json", get, {"GET": _describe(desk)}))
    pairs.append(("/{path:path}", get, {"GET": archive.file}))
    return [
        Route(path, _guarded(desk, endpoints), methods=list(methods))
        for path, methods, endpoints in pairs
    ]


def _guarded(desk: Desk, endpoints: dict[str, Endpoint]) -> Endpoint:
    """Choose by the method, and turn whatever goes wrong into an answer."""

    async def endpoint(request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        try:
            return await endpoints.get(method, _only_post)(request)
        except RefusedError as refusal:
            return desk.trouble(request, refusal)
        except (BusyError, MovedError) as error:
            desk.house.log(f"busy: {shown_defect(error)}")
            return desk.trouble(request, RefusedError(503, Trouble.DEFECT, _LATER))
        except Exception as error:  # noqa: BLE001 - what it says must not be shown
            desk.house.log(f"defect: {shown_defect(error)}")
            return desk.trouble(request, RefusedError(500, Trouble.DEFECT))

    return endpoint


async def _only_post(_request: Request) -> Response:
    raise RefusedError(405, Trouble.NOT_ALLOWED, {"Allow": "POST"})


def _unrouted(
    desk: Desk,
) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Answer a method that nothing is there for (405)."""

    async def handle(request: Request, error: Exception) -> Response:
        is_method = isinstance(error, HTTPException) and error.status_code == 405
        trouble = Trouble.NOT_ALLOWED if is_method else Trouble.NOT_FOUND
        status = error.status_code if isinstance(error, HTTPException) else 404
        headers = getattr(error, "headers", None) or {}
        return desk.trouble(request, RefusedError(status, trouble, dict(headers)))

    return handle


def _health(desk: Desk) -> Endpoint:
    async def health(_request: Request) -> Response:
        """Say that the database can be read."""
        await desk.house.registry.read(lambda books: books.letters.next_due())
        return PlainTextResponse("ok\n")

    return health


def _describe(desk: Desk) -> Endpoint:
    async def describe(_request: Request) -> Response:
        return JSONResponse(description(desk.house))

    return describe


class _Rooted:
    """Takes the root away that the public side may have on its server.

    A proxy may have taken it away before.
    """

    def __init__(self, app: ASGIApp, root: str) -> None:
        self._app = app
        self._root = root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on."""
        path = scope.get("path", "")
        if self._root and path.startswith(f"{self._root}/"):
            scope = {**scope, "path": path.removeprefix(self._root)}
        await self._app(scope, receive, send)
