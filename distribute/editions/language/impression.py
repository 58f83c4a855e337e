"""What a text looks like at first sight: which language it reads like, what it shows.

That takes longer than all other decisions about a post together, and depends on nothing
but its text: so a caller may remember it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from distribute.editions.language.detect import Guess, guess_language
from distribute.editions.language.labels import kin
from distribute.editions.prose import first_image, without_hidden, words_of
from distribute.language import Language
from distribute.posts.post import Post


@dataclass(frozen=True, slots=True)
class Impression:
    """What the text of a post looks like."""

    guess: Guess | None
    """Its language, as its script and its small words have it."""
    image: str
    """Address of its first image, as written; empty if there is none."""


Impress = Callable[[Post, frozenset[str]], Impression]
"""Give the impression of a post, with the primary languages that win against relatives."""


def impression_of(post: Post, among: frozenset[str]) -> Impression:
    """Look at a text; see `Impress`."""
    visible = without_hidden(post.body)
    return Impression(
        guess=guess_language(words_of(visible), among=among),
        image=first_image(visible),
    )


def relatives(configured: Iterable[Language]) -> frozenset[str]:
    """Give the primary languages that a text is likely to be in."""
    return frozenset(kin(language.primary) for language in configured)
