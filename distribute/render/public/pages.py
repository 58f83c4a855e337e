"""The pages where people join, choose and leave, whole and in every language there is.

None needs JavaScript, and none has a style or a script in it, nor anything from elsewhere
but the newsletter's own logo: the one style sheet is a file of its own, so that the
strictest Content-Security-Policy will do.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from distribute.editions.publication import Publication
from distribute.language import Language, best_match
from distribute.render.document import Page
from distribute.render.public.around import (
    Place,
    Switch,
    around,
    public_style_sheet,
)
from distribute.render.public.forms import (
    GO_ON,
    LONGEST_ADDRESS,
    LONGEST_NAME,
    PAUSES,
    PLACES,
    JoinForm,
    Wishes,
)
from distribute.render.public.trouble import Problem, Trouble
from distribute.render.theme.theme import Theme

_EMPTY = JoinForm()


@dataclass(frozen=True, slots=True)
class Choice:
    """A field for one language."""

    place: str
    """``first``, ``second`` or ``third``."""
    chosen: Language | None


class PublicPages:
    """Makes the pages of the public side; each is a whole HTML document.

    `public_url` is where it answers, if not where the site is. Links to other languages
    are ``?lang=xx``. Every method raises `RenderError` if a template is broken, or no
    catalogue speaks the language.
    """

    def __init__(
        self, publication: Publication, theme: Theme, *, public_url: str = ""
    ) -> None:
        self._publication = publication
        self._theme = theme
        self._place = _place(public_url or publication.url, publication.url)

    @cached_property
    def languages(self) -> tuple[Language, ...]:
        """The languages the pages are in: the newsletter's first, then all others."""
        spoken = self._theme.catalogues.keys()
        own = (e for e in self._publication.languages if best_match([e], spoken))
        return tuple(dict.fromkeys((*own, *sorted(spoken))))

    @cached_property
    def style_sheet(self) -> Page:
        """The style sheet of all pages, to be found at the root of the public side."""
        return public_style_sheet(self._theme)

    def subscribe(
        self,
        language: Language,
        *,
        action: str,
        form: JoinForm = _EMPTY,
        problem: Problem = Problem.NONE,
        change: str = "",
    ) -> str:
        """Make the form for joining; with a problem it is shown again, as it was.

        Nothing filled in, it proposes the language of the page. `change` leads those who
        have joined already to the form of `ask_link`.
        """
        chosen = form.languages
        if not (form.email or form.name or chosen):
            chosen = self._nearest(language)
        values = _asking(action, form, problem) | {"change": change}
        values |= self._choosing(chosen, only_these=form.only_these)
        return self._page("subscribe", language, values)

    def ask_link(
        self,
        language: Language,
        *,
        action: str,
        form: JoinForm = _EMPTY,
        problem: Problem = Problem.NONE,
    ) -> str:
        """Make the form by which subscribers have their own link sent to them."""
        return self._page("ask_link", language, _asking(action, form, problem))

    def asked(self, language: Language) -> str:
        """Say that a letter comes: the same to whoever asks to join."""
        return self._answer("asked", language)

    def link_sent(self, language: Language) -> str:
        """Say that a letter comes to those on the list."""
        return self._answer("link_sent", language)

    def confirm(self, language: Language, *, action: str) -> str:
        """Make the page behind the link of a confirmation, with the button that counts."""
        return self._page("confirm", language, {"action": action})

    def welcome(self, language: Language, *, preferences: str) -> str:
        """Greet a new subscriber, and lead them to their choices."""
        return self._answer("welcome", language, preferences=preferences)

    def leave(self, language: Language, *, action: str, preferences: str) -> str:
        """Make the page with the button to leave, and softer choices beneath."""
        choice = len(self._publication.languages) > 1
        values = {"action": action, "preferences": preferences, "has_choice": choice}
        return self._page("leave", language, values)

    def left(self, language: Language, *, subscribe: str) -> str:
        """Say that somebody is off the list."""
        return self._answer("left", language, subscribe=subscribe)

    def preferences(
        self,
        language: Language,
        *,
        action: str,
        wishes: Wishes,
        saved: bool = False,
        problem: Problem = Problem.NONE,
        leave: str = "",
    ) -> str:
        """Make the form of a subscriber's choices; `leave` leads to the way out."""
        values: dict[str, object] = {
            "action": action,
            "wishes": wishes,
            "saved": saved,
            "problem": problem,
            "leave": leave,
            "pauses": PAUSES,
            "go_on": GO_ON,
            "longest_name": LONGEST_NAME,
        }
        values |= self._choosing(wishes.languages, only_these=wishes.only_these)
        return self._page("preferences", language, values)

    def trouble(
        self,
        language: Language,
        trouble: Trouble,
        *,
        subscribe: str = "",
        change: str = "",
    ) -> str:
        """Say what went wrong and what to do.

        `subscribe` leads to the form for joining, `change` to that of `ask_link`.
        """
        ways = {"subscribe": subscribe, "change": change}
        return self._answer("trouble", language, trouble=trouble, **ways)

    def _choosing(
        self, chosen: Iterable[Language], *, only_these: bool
    ) -> dict[str, object]:
        """Offer the newsletter's languages, if there is more than one to choose from.

        A wish stands for the nearest that there is; one that is near none is offered as
        well, or it would be lost when the form comes back.
        """
        kept = dict.fromkeys(
            each for wish in chosen for each in self._nearest(wish) or [wish]
        )
        offered = tuple(dict.fromkeys((*self._publication.languages, *kept)))
        places = PLACES[: len(offered)] if len(offered) > 1 else ()
        filled = (*kept, *[None] * len(PLACES))
        return {
            "offered": offered,
            "choices": [Choice(*each) for each in zip(places, filled, strict=False)],
            "only_these": only_these,
        }

    def _nearest(self, language: Language) -> tuple[Language, ...]:
        match = best_match([language], self._publication.languages)
        return (match[1],) if match else ()

    def _answer(self, name: str, language: Language, **values: object) -> str:
        """Make a page that nothing is sent from; in another language it would be another."""
        return self._render(name, language, values, ())

    def _page(self, name: str, language: Language, values: Mapping[str, object]) -> str:
        others = (each for each in self.languages if each != language)
        switches = [Switch(each, f"?lang={each}") for each in others]
        return self._render(name, language, values, switches)

    def _render(
        self,
        name: str,
        language: Language,
        values: Mapping[str, object],
        switches: Iterable[Switch],
    ) -> str:
        shared = around(
            language,
            self._place,
            publication=self._publication,
            theme=self._theme,
            switches=switches,
        )
        return self._theme.render(f"public/{name}.html", language, {**shared, **values})


def _asking(action: str, form: JoinForm, problem: Problem) -> dict[str, object]:
    """Give what the forms have in common that ask for an address."""
    return {
        "action": action,
        "form": form,
        "problem": problem,
        "longest_name": LONGEST_NAME,
        "longest_address": LONGEST_ADDRESS,
    }


def _place(public_url: str, site_url: str) -> Place:
    """Find the archive from the public side: by a path alone if the host is the same."""
    here, there = urlsplit(public_url), urlsplit(site_url)
    same = (here.scheme, here.netloc) == (there.scheme, there.netloc)
    return Place(root=f"{here.path}/", site=f"{there.path if same else site_url}/")
