"""Leaving: the page with the button, and the one click of mail programs (RFC 8058).

A POST to the link is all it takes: no cookie, no login, no redirect, no question, and
whatever is in the body. A GET shows a page, for links are followed by scanners as well.
"""

from starlette.requests import Request
from starlette.responses import Response

from distribute.audience.reception.token import Purpose
from distribute.language import Language
from distribute.web.public.answers import Desk, damaged
from distribute.web.public.reading import read_body
from distribute.web.public.registry import Books

_ONE_CLICK = b"List-Unsubscribe"
"""In the body of what a mail program sends, in either encoding of forms."""


class Leaving:
    """Answers whoever wants no more mails."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._house = desk.house

    async def page(self, request: Request) -> Response:
        """Show the button to leave, whether or not they are still on the list."""
        key = self._key(request)
        own = await self._house.registry.read(lambda books: _languages(books, key))
        language = self._desk.language(request, own)
        html = self._house.pages.leave(
            language,
            action=self._house.place("u", request.path_params["token"])
            + f"?lang={language}",
            preferences=f"{self._house.place('link')}?lang={language}",
        )
        return self._desk.page(html, language)

    async def leave(self, request: Request) -> Response:
        """Take them off the list, and say so; the same if they were not on it."""
        key, now = self._key(request), self._house.clock()
        is_click = _ONE_CLICK in await read_body(request)
        source, network = (
            "one-click" if is_click else "form",
            self._desk.network(request),
        )

        def job(books: Books) -> tuple[Language, ...]:
            books.reception.leave(key, source=source, network=network, now=now)
            return _languages(books, key)

        own = await self._house.registry.write(job)
        language = self._desk.language(request, own)
        return self._desk.same("left", language, self.left_page)

    def left_page(self, language: Language) -> str:
        """Make the page of who is not on the list."""
        again = self._desk.subscribe_link(language)
        return self._house.pages.left(language, subscribe=again)

    def _key(self, request: Request) -> str:
        token = request.path_params["token"]
        key = self._house.signer.read(token, Purpose.UNSUBSCRIBE)
        if key is None:
            raise damaged()
        return key


def _languages(books: Books, key: str) -> tuple[Language, ...]:
    known = books.store.get(key)
    return known.languages if known else ()
