"""What commands run in this process share, so that each need not make it anew."""

import gc
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from hashlib import sha256
from typing import Any

import pytest

from distribute.cli.mailing import correcting, mailing
from distribute.cli.newsletter.newsletter import Newsletter
from distribute.cli.process.apart import apart
from distribute.errors import RenderError
from distribute.render.theme.files import ThemeFile
from distribute.render.theme.style import Style
from distribute.render.theme.theme import Theme, theme_of
from distribute.web.site import look

_KEPT = 24
"""Issues whose mails are kept at once."""


@contextmanager
def sharing() -> Iterator[None]:
    """Have what is called in here share the themes and mails that are made of the same.

    And have nobody count what the tests hold in memory, which takes longer than a sending.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(look, "theme_of", _theme)
        patch.setattr(Theme, "flaws", _flaws)
        patch.setattr(mailing, "apart", _mails)
        patch.setattr(correcting, "apart", _mails)
        patch.setattr(gc, "get_freeze_count", lambda: 1)
        yield


_themes: deque[tuple[Mapping[str, ThemeFile], Style | None, Theme]] = deque(maxlen=6)
_look_through = Theme.flaws


def _theme(files: Mapping[str, ThemeFile], style: Style | None = None) -> Theme:
    """Compile the templates once, which takes a sixth of what a sending does."""
    for known, its_style, theme in _themes:
        if (known, its_style) == (files, style):
            return theme
    theme = theme_of(files, style)
    _themes.append((files, style, theme))
    return theme


@lru_cache(maxsize=6)
def _flaws(theme: Theme) -> Sequence[RenderError]:
    """Look through them for mistakes once."""
    return tuple(_look_through(theme))


_rendered: OrderedDict[str, Any] = OrderedDict()


def _mails(render: Callable[..., Any], newsletter: Newsletter, *rest: object) -> Any:
    """Render and check an issue once, which takes half of what a sending does.

    Findings name files, each newsletter its own: whatever has some is made anew.
    """
    key = _all_that_matters(newsletter, render.__qualname__, *rest)
    if key not in _rendered:
        made = apart(render, newsletter, *rest)
        if isinstance(made, tuple) and made[1]:
            return made
        _rendered[key] = made
        if len(_rendered) > _KEPT:
            _rendered.popitem(last=False)
    _rendered.move_to_end(key)
    return _rendered[key]


def _all_that_matters(newsletter: Newsletter, *more: object) -> str:
    """Write down what mails are made of, wherever the newsletter lies.

    That is all but which servers there are and how they are spoken to.
    """
    settings, files = newsletter.settings, sorted(newsletter.publication.files)
    matter = (
        *(newsletter.publication, newsletter.look.fingerprint),
        *(
            newsletter.issues,
            newsletter.reading.findings,
            newsletter.resolution.findings,
        ),
        *(settings.check, settings.sender, settings.public_url, settings.answers),
        *(settings.feeds, settings.rules, settings.dkim is None),
        [sha256((newsletter.folder / name).read_bytes()).digest() for name in files],
        *more,
    )
    return repr(matter).replace(str(newsletter.folder), "")
