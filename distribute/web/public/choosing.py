"""Choosing: languages and their order, a pause, a name; by the link in every mail."""

from datetime import date

from starlette.requests import Request
from starlette.responses import Response

from distribute.audience.reception.token import Purpose
from distribute.audience.subscriber import Status, Subscriber
from distribute.language import Language
from distribute.render.public.forms import Wishes
from distribute.render.public.trouble import Problem
from distribute.web.public.answers import Desk, damaged
from distribute.web.public.filled import Reader
from distribute.web.public.leaving import Leaving
from distribute.web.public.reading import read_form
from distribute.web.public.registry import Books


class Choosing:
    """Answers subscribers who want something else."""

    def __init__(self, desk: Desk, leaving: Leaving) -> None:
        self._desk = desk
        self._house = desk.house
        self._leaving = leaving
        self._reader = Reader(desk.house.publication.languages, desk.house.traps)

    async def form(self, request: Request) -> Response:
        """Show what somebody has chosen so far."""
        key = self._key(request)
        known = await self._house.registry.read(lambda books: books.store.get(key))
        if known is None or known.status is not Status.CONFIRMED:
            return self._not_here(request, known)
        return self._page(request, known, _wishes(known))

    async def choose(self, request: Request) -> Response:
        """Take over what they have chosen, and show it again."""
        key, now = self._key(request), self._house.clock()
        fields, network = await read_form(request), self._desk.network(request)
        today = now.astimezone(self._house.zone).date()

        def job(books: Books) -> tuple[Subscriber | None, Wishes, Problem]:
            known = books.store.get(key)
            paused = known.paused_until if known else None
            wishes, problem = self._reader.choosing(fields, today, paused)
            if known and not problem:
                chosen = books.reception.choose(
                    key, wishes, source="form", network=network, now=now
                )
                known = chosen or known
            return known, wishes, problem

        known, wishes, problem = await self._house.registry.write(job)
        if known is None or known.status is not Status.CONFIRMED:
            return self._not_here(request, known)
        return self._page(request, known, wishes, problem, saved=not problem)

    def _page(
        self,
        request: Request,
        known: Subscriber,
        wishes: Wishes,
        problem: Problem = Problem.NONE,
        *,
        saved: bool = False,
    ) -> Response:
        language = self._desk.language(request, known.languages)
        html = self._house.pages.preferences(
            language,
            action=self._house.place("p", request.path_params["token"])
            + f"?lang={language}",
            wishes=wishes,
            saved=saved,
            problem=problem,
            leave=self._house.token_place(known.mailbox.key, Purpose.UNSUBSCRIBE),
        )
        return self._desk.page(html, language, 422 if problem else 200)

    def _not_here(self, request: Request, known: Subscriber | None) -> Response:
        """Say that they get nothing, and how to come back: only by asking anew."""
        own: tuple[Language, ...] = known.languages if known else ()
        language = self._desk.language(request, own)
        return self._desk.same("left", language, self._leaving.left_page)

    def _key(self, request: Request) -> str:
        token = request.path_params["token"]
        key = self._house.signer.read(token, Purpose.PREFERENCES)
        if key is None:
            raise damaged()
        return key


def _wishes(known: Subscriber) -> Wishes:
    paused: date | None = known.paused_until
    return Wishes(
        name=known.mailbox.name,
        languages=known.languages,
        only_these=known.only_these,
        paused_until=paused,
    )
