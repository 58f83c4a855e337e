"""All pages of the public side in one language, as readers may come to see them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.mailbox import Mailbox
from distribute.render.public.by_mail import render_by_mail
from distribute.render.public.forms import JoinForm, Wishes
from distribute.render.public.pages import PublicPages
from distribute.render.public.trouble import Problem, Trouble
from distribute.render.theme.theme import Theme

PORTUGUESE, ENGLISH, ARABIC = Language("pt-BR"), Language("en"), Language("ar")
FILLED = JoinForm(
    email="ada@",
    name="Ada",
    languages=(PORTUGUESE, ENGLISH),
    only_these=True,
    begun="signed.1795",
)
WISHES = Wishes(name="Ada", languages=(ARABIC, ENGLISH), paused_until=date(2027, 2, 1))
FORMS = frozenset(
    {"subscribe", "mistaken", "misnamed", "again", "ask_link"}
    | {"confirm", "leave", "preferences"}
)
"""What `forms_in` calls its pages."""


def forms_in(language: Language, pages: PublicPages) -> Mapping[str, str]:
    """Give the pages from which something is sent."""
    return {
        "subscribe": pages.subscribe(language, action="/subscribe", change="/link"),
        "mistaken": pages.subscribe(
            language, action="/subscribe", form=FILLED, problem=Problem.EMAIL
        ),
        "misnamed": pages.subscribe(
            language, action="/subscribe", form=FILLED, problem=Problem.NAME
        ),
        "again": pages.subscribe(
            language, action="/subscribe", form=FILLED, problem=Problem.AGAIN
        ),
        "ask_link": pages.ask_link(language, action="/link", problem=Problem.MISSING),
        "confirm": pages.confirm(language, action="/confirm/t"),
        "leave": pages.leave(language, action="/u/t", preferences="/p/t"),
        "preferences": pages.preferences(
            language, action="/p/t", wishes=WISHES, saved=True, leave="/u/t"
        ),
    }


def answers_in(language: Language, pages: PublicPages) -> Mapping[str, str]:
    """Give the pages that say what came of it."""
    return {
        "asked": pages.asked(language),
        "link_sent": pages.link_sent(language),
        "welcome": pages.welcome(language, preferences="/p/t"),
        "left": pages.left(language, subscribe="/subscribe"),
        **{
            trouble.value: pages.trouble(
                language, trouble, subscribe="/subscribe", change="/link"
            )
            for trouble in Trouble
        },
    }


def pages_in(
    language: Language, publication: Publication, theme: Theme
) -> Mapping[str, str]:
    """Give all of them, with that for joining by mail."""
    pages = PublicPages(publication, theme)
    by_mail = replace(publication, joins_by=Mailbox("news@example.org"))
    return {
        **forms_in(language, pages),
        **answers_in(language, pages),
        "by_mail": render_by_mail(language, by_mail, theme).html,
    }
