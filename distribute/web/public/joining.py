"""Joining: the form, the letter it brings about, and the page that its link leads to.

The answer to the form is the same for every address, and given before anybody is looked
up; who is known and what they get is decided when the letter leaves.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from distribute.audience.reception.application import Application
from distribute.audience.reception.token import Grant, Purpose
from distribute.audience.reception.visits import ASKING, ASKING_AT_ALL
from distribute.audience.subscriber import Subscriber
from distribute.language import Language
from distribute.mailbox import Mailbox
from distribute.render.public.forms import JoinForm
from distribute.render.public.trouble import Problem, Trouble
from distribute.web.public.answers import Desk, damaged, gone
from distribute.web.public.filled import Reader
from distribute.web.public.reading import RefusedError, read_form
from distribute.web.public.registry import Books

_SOURCE = "form"


class Joining:
    """Answers whoever wants to join, or wants their own link."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._house = desk.house
        self._reader = Reader(desk.house.publication.languages, desk.house.traps)

    async def form(self, request: Request) -> Response:
        """Show the form."""
        language = self._desk.language(request)
        offered = self._house.publication.languages
        own = (
            (language,) if language in offered else ()
        )  # what they read is a good guess
        form = JoinForm(languages=own)
        return self._desk.page(self._form_page(language, form), language)

    async def ask(self, request: Request) -> Response:
        """Note an application; the letter comes later."""
        language, now = self._desk.language(request), self._house.clock()
        fields = await read_form(request)
        filled = self._reader.joining(fields, now)
        if filled.problem:
            html = self._form_page(language, filled.form, filled.problem)
            return self._desk.page(html, language, 422)
        if filled.mailbox is not None:
            application = self._application(
                filled.mailbox, filled.form, language, request
            )
            await self._note(
                request,
                now,
                lambda books: books.reception.ask(
                    application, language=language, now=now
                ),
            )
        return self._desk.same("asked", language, self._house.pages.asked)

    async def link_form(self, request: Request) -> Response:
        """Show the form for a link of one's own."""
        language = self._desk.language(request)
        return self._desk.page(self._link_page(language, JoinForm()), language)

    async def ask_link(self, request: Request) -> Response:
        """Note that somebody wants their link."""
        language, now = self._desk.language(request), self._house.clock()
        filled = self._reader.joining(await read_form(request), now)
        if filled.problem:
            html = self._link_page(language, filled.form, filled.problem)
            return self._desk.page(html, language, 422)
        mailbox = filled.mailbox
        if mailbox is not None:
            await self._note(
                request,
                now,
                lambda books: books.reception.send_link(
                    mailbox, language=language, now=now
                ),
            )
        return self._desk.same("link_sent", language, self._house.pages.link_sent)

    async def confirmation(self, request: Request) -> Response:
        """Show the button that counts; the link alone does nothing."""
        self._grant(request)
        language = self._desk.language(request)
        action = (
            self._house.place("confirm", request.path_params["token"])
            + f"?lang={language}"
        )
        html = self._house.pages.confirm(language, action=action)
        return self._desk.page(html, language)

    async def confirm(self, request: Request) -> Response:
        """Make a subscriber of whoever has the letter."""
        key, now = self._grant(request).key, self._house.clock()
        network = self._desk.network(request)

        def job(books: Books) -> Subscriber | None:
            return books.reception.confirm(
                key, source=_SOURCE, network=network, now=now
            )

        subscriber = await self._house.registry.write(job)
        if subscriber is None:
            raise gone()
        language = self._desk.language(request, subscriber.languages)
        place = self._house.token_place(key, Purpose.PREFERENCES)
        html = self._house.pages.welcome(language, preferences=place)
        return self._desk.page(html, language)

    def _grant(self, request: Request) -> Grant:
        token = request.path_params["token"]
        grant = self._house.signer.grant(token, Purpose.CONFIRM)
        if grant is None:
            raise damaged()
        if grant.has_expired(self._house.clock()):
            raise gone()
        return grant

    async def _note(
        self, request: Request, now: datetime, job: Callable[[Books], None]
    ) -> None:
        """Carry out what the form asks for, unless its network asks too often."""
        network = self._desk.network(request)

        def limited(books: Books) -> int:
            wait = books.visits.count(network, ASKING, now)
            if wait is None:  # so that no network alone uses up what is for all
                wait = books.visits.count("", ASKING_AT_ALL, now)
            if wait:
                return int(wait.total_seconds())
            job(books)
            return 0

        if wait := await self._house.registry.write(limited):
            raise RefusedError(429, Trouble.TOO_OFTEN, {"Retry-After": str(wait)})
        self._house.wake()

    def _form_page(
        self, language: Language, form: JoinForm, problem: Problem = Problem.NONE
    ) -> str:
        return self._house.pages.subscribe(
            language,
            action=self._place("subscribe", language),
            form=self._timed(form),
            problem=problem,
            change=self._place("link", language),
        )

    def _link_page(
        self, language: Language, form: JoinForm, problem: Problem = Problem.NONE
    ) -> str:
        return self._house.pages.ask_link(
            language,
            action=self._place("link", language),
            form=self._timed(form),
            problem=problem,
        )

    def _place(self, step: str, language: Language) -> str:
        return f"{self._house.place(step)}?lang={language}"

    def _timed(self, form: JoinForm) -> JoinForm:
        """Say when the page was made, which whoever corrects a slip did not just open."""
        begun = form.begun or self._house.traps.begun(self._house.clock())
        return replace(form, begun=begun)

    def _application(
        self,
        mailbox: Mailbox,
        form: JoinForm,
        language: Language,
        request: Request,
    ) -> Application:
        return Application(
            mailbox=mailbox,
            languages=form.languages,
            only_these=form.only_these,
            at=self._house.clock(),
            source=_SOURCE,
            wording=self._house.wordings.get(language, ""),
            network=self._desk.network(request),
        )
