"""Answers in the shape of pages, in a language their reader understands."""

from collections.abc import Callable, Iterable

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from distribute.language import Language
from distribute.render.public.trouble import Trouble
from distribute.web.public.house import House
from distribute.web.public.reading import RefusedError
from distribute.web.public.speaking import choose_language


class Desk:
    """What all endpoints share: the house, the reader's language, pages as answers."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._kept: dict[tuple[str, Language], str] = {}

    def language(self, request: Request, own: Iterable[Language] = ()) -> Language:
        """Choose the language of a page."""
        return choose_language(
            self.house.pages.languages,
            asked=request.query_params.get("lang", ""),
            own=own,
            accepted=request.headers.get("accept-language", ""),
        )

    def network(self, request: Request) -> str:
        """Shorten the address of whoever asks."""
        return self.house.proxies.network_of(request.scope)

    def page(self, html: str, language: Language, status: int = 200) -> Response:
        """Answer with a page."""
        headers = {"Content-Language": language.tag, "Vary": "Accept-Language"}
        return HTMLResponse(html, status, headers)

    def same(
        self, name: str, language: Language, make: Callable[[Language], str]
    ) -> Response:
        """Answer with a page that is the same for everybody, and made once."""
        kept = self._kept.get((name, language))
        if kept is None:
            kept = self._kept[name, language] = make(language)
        return self.page(kept, language)

    def trouble(self, request: Request, refusal: RefusedError) -> Response:
        """Say why not, and what to do instead."""
        language = self.language(request)
        is_damaged = refusal.trouble is Trouble.DAMAGED_LINK
        html = self.house.pages.trouble(
            language,
            refusal.trouble,
            subscribe=self.subscribe_link(language),
            change=f"{self.house.place('link')}?lang={language}" if is_damaged else "",
        )
        answer = self.page(html, language, refusal.status)
        answer.headers.update(refusal.headers)
        return answer

    def subscribe_link(self, language: Language) -> str:
        """Give the way to the form for joining, where it is of any use."""
        return f"{self.house.place('subscribe')}?lang={language}"


def gone() -> RefusedError:
    """Refuse a token that was good once (410)."""
    return RefusedError(410, Trouble.EXPIRED_LINK)


def damaged() -> RefusedError:
    """Refuse a token that we did not make, or that did not arrive whole (404)."""
    return RefusedError(404, Trouble.DAMAGED_LINK)
