"""Put the public side together: the pages, the database, and who sends the letters."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from distribute.audience.database.database import from_milliseconds
from distribute.audience.store import Store
from distribute.cli.newsletter.credentials import link_signer
from distribute.cli.newsletter.front import Front
from distribute.cli.newsletter.heeding import heed_suppressions
from distribute.cli.newsletter.ownership import refuse_strangers, take_possession
from distribute.cli.newsletter.sender import sender_of
from distribute.cli.process.clock import running_clock
from distribute.cli.public.postroom import PostRoom
from distribute.cli.returned.hooking import hooks_of
from distribute.config.settings import FILE_NAME
from distribute.errors import ConfigError
from distribute.language import Language
from distribute.render.public.forms import wording_of
from distribute.render.public.pages import PublicPages
from distribute.web.public.house import House
from distribute.web.public.network import Proxies
from distribute.web.public.registry import Registry
from distribute.web.public.traps import Traps


@contextmanager
def open_house(
    front: Front, *, sink: str, now: datetime, log: Callable[[str], object]
) -> Iterator[House]:
    """Open the public side, and close it when what is in flight has ended.

    Raises `ConfigError` and `AudienceError` for whatever is missing.
    """
    settings = front.settings
    _refuse_mail(front)
    sender_of(settings)
    milliseconds = running_clock(now)

    def clock() -> datetime:
        return from_milliseconds(milliseconds())

    pages = PublicPages(front.publication, front.theme, public_url=settings.public_url)
    with Store.open(settings.database) as store:
        refuse_strangers(store, settings)
        heed_suppressions(settings, store, now)
        signer = link_signer(settings, store)
        if sink == "smtp":
            take_possession(store, settings)
        wordings = _keep_wordings(front, pages.languages, store)
    hooks = hooks_of(settings, os.environ, signer)
    post = PostRoom(front, signer, sink=sink, clock=clock, log=log)
    registry = Registry(settings.database, signer)
    house = House(
        pages=pages,
        publication=front.publication,
        signer=signer,
        traps=Traps(signer.subkey("form")),
        registry=registry,
        site=settings.folder / "out" / "site",
        public_url=settings.public_url,
        clock=clock,
        log=log,
        zone=settings.rules.zone,
        proxies=Proxies(settings.serving.proxies),
        wordings=wordings,
        hooks=hooks,
        wake=post.wake,
    )
    post.open()
    try:
        yield house
    finally:
        registry.close()
        post.close()


def _keep_wordings(
    front: Front, languages: Sequence[Language], store: Store
) -> Mapping[Language, str]:
    """Keep the words that people agree to, in each language, and name their versions."""
    publication, theme = front.publication, front.theme
    return {
        language: store.keep_wording(
            language.tag, wording_of(language, publication=publication, theme=theme)
        )
        for language in languages
    }


def _refuse_mail(front: Front) -> None:
    if front.settings.answers == "mail":
        place = front.settings.folder / FILE_NAME
        raise ConfigError(
            (f'{place}: public.answers is "mail", so nothing may answer on the web',),
            hint='Say answers = "serve", or read mails with `distribute bounces read`.',
        )
