"""What providers tell us about mails that came back, if they have signed it."""

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from distribute.errors import AudienceError
from distribute.render.characters import clean
from distribute.render.public.trouble import Trouble
from distribute.web.public.answers import Desk
from distribute.web.public.reading import HOOK_SIZE, RefusedError, read_body


class Hooks:
    """Answers providers, of which the settings name the ones to believe."""

    def __init__(self, desk: Desk) -> None:
        self._house = desk.house

    async def hear(self, request: Request) -> Response:
        """Take a notification; the answer says nothing about what comes of it."""
        name = request.path_params["provider"]
        hook = self._house.hooks.get(name)
        if hook is None:
            raise RefusedError(404, Trouble.NOT_FOUND)
        body, now = await read_body(request, HOOK_SIZE), self._house.clock()
        told = {name.lower(): value for name, value in request.headers.items()}
        try:
            returned = await run_sync(hook.read, told, body, now)
        except AudienceError as error:  # whoever set it up wrongly has to learn of it
            reason = " ".join(clean(error.reason).split())
            self._house.log(f"{name} is not heard: {reason}")
            return PlainTextResponse("not taken\n", 403)
        if returned:
            await self._house.registry.write(
                lambda books: hook.take(books, returned, now)
            )
        return PlainTextResponse("taken\n")
