"""Which language a page is in: asked for, the reader's own, or their browser's."""

from collections.abc import Iterable, Iterator, Sequence

from distribute.errors import LanguageError
from distribute.language import Language, best_match

_MOST = 20
"""Languages of an Accept-Language header; nobody reads more."""
_LONGEST = 500


def choose_language(
    offered: Sequence[Language],
    *,
    asked: str = "",
    own: Iterable[Language] = (),
    accepted: str = "",
) -> Language:
    """Choose one of those offered, of which the first is the default.

    `asked` is the ``lang`` of the address, `own` what the reader wishes for in mails, and
    `accepted` the header Accept-Language (RFC 9110 section 12.5.4).
    """
    wishes = [*_parsed(asked), *own, *accepted_languages(accepted)]
    match = best_match(wishes, offered)
    return match[1] if match else offered[0]


def accepted_languages(header: str) -> list[Language]:
    """Read Accept-Language: the most wanted first; what cannot be read is left out.

    >>> accepted_languages("fr;q=0.5, pt-BR, *;q=0.1")
    [Language(tag='pt-BR'), Language(tag='fr')]
    """
    weighed = []
    for part in header[:_LONGEST].split(",")[:_MOST]:
        tag, *parameters = part.split(";")
        weight = _weight(parameters)
        weighed += [(weight, language) for language in _parsed(tag) if weight > 0]
    return [language for _, language in sorted(weighed, key=lambda pair: -pair[0])]


def _parsed(tag: str) -> Iterator[Language]:
    try:
        if tag.strip():
            yield Language.parse(tag)
    except LanguageError:
        return


def _weight(parameters: Iterable[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.strip().partition("=")
        if name.strip().lower() == "q":
            try:
                weight = float(value)
            except ValueError:
                return 0.0
            return weight if 0.0 <= weight <= 1.0 else 0.0
    return 1.0
