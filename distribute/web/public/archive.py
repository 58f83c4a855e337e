"""Answers with the site's files: their type, their ETag, compressed if that is wanted."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from distribute.render.public.trouble import Trouble
from distribute.web.public.answers import Desk
from distribute.web.public.files import Site, SiteFile, make_file
from distribute.web.public.headers import POLICY, SITE_POLICY
from distribute.web.public.reading import RefusedError

_NOT_FOUND = "/404.html"


class Archive:
    """Answers with what ``distribute build`` has made."""

    def __init__(self, desk: Desk) -> None:
        self._house = desk.house
        self._site = Site(desk.house.site)
        sheet = desk.house.pages.style_sheet
        self._sheet = make_file(Path(sheet.path), sheet.html.encode())

    async def sheet(self, request: Request) -> Response:
        """Give the style sheet of the pages with forms."""
        return answer(self._sheet, request.headers)

    async def file(self, request: Request) -> Response:
        """Give a file, or say that there is none."""
        path = f"/{request.path_params['path']}"
        file = await run_sync(self._site.find, path)
        if file is not None:
            return answer(file, request.headers)
        if await run_sync(self._site.is_folder, path):
            place = quote(f"{self._house.root}{path}/", safe="/")
            return RedirectResponse(place, 301)
        missing = await run_sync(self._site.find, _NOT_FOUND)
        if missing is None or missing.body is None:
            raise RefusedError(404, Trouble.NOT_FOUND)
        headers = {"Content-Type": missing.type, POLICY: SITE_POLICY}
        return Response(missing.body, 404, headers | {"Cache-Control": "no-cache"})


def answer(file: SiteFile, asked: Mapping[str, str]) -> Response:
    """Send a file, unless whoever asks has it already (RFC 9110 section 13.1.2)."""
    small = file.small_body if _takes_gzip(asked.get("accept-encoding", "")) else None
    etag = f'"{file.etag}-gz"' if small else f'"{file.etag}"'
    headers = {
        "ETag": etag,
        "Cache-Control": file.cache,
        "Cross-Origin-Resource-Policy": "cross-origin",
        POLICY: SITE_POLICY,
    }
    if file.small_body:
        headers["Vary"] = "Accept-Encoding"
    if _is_known(etag, asked.get("if-none-match", "")):
        return Response(None, 304, headers)
    headers["Content-Type"] = file.type
    if file.is_feed:
        headers["Access-Control-Allow-Origin"] = "*"  # readers that run in browsers
    if file.body is None:
        return FileResponse(file.path, headers=headers)
    if small:
        headers["Content-Encoding"] = "gzip"
    return Response(small or file.body, 200, headers)


def _is_known(etag: str, header: str) -> bool:
    known = [each.strip().removeprefix("W/") for each in header[:2000].split(",")]
    return etag in known or known == ["*"]


def _takes_gzip(header: str) -> bool:
    for each in header.lower()[:500].split(","):
        name, _, weight = each.partition(";")
        if name.strip() in {"gzip", "*"}:
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
