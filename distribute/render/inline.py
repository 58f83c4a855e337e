"""Write the rules of a style sheet into the elements they apply to, as mail needs it.

The one door to premailer, and to the cssutils and lxml behind it. premailer is old; what
is repaired here, beside the options that keep it from harm:

- Its parsed selectors and its parsed declarations share one cache keyed by text alone, so
  ``<p style="p">`` crashes it once a selector ``p`` has been seen; and cssutils crashes
  on other styles. So declarations are read here, and what is none is left out, as
  browsers do.
- It is not safe in threads: cssutils keeps state.
- Its own parsing drops whatever lies deeper than 255 elements, and a doctype that is not
  written as the parser writes it; so it is handed a tree.
- cssutils shortens ``#112233`` to ``#123``, which old mail programs misread.
"""

import re
import sys
from collections.abc import Callable
from functools import cache, lru_cache
from threading import Lock
from types import ModuleType
from typing import Any

from distribute.errors import RenderError

DOCTYPE = "<!DOCTYPE html>"
_FETCHER = "requests"
_LOG_NOTHING = 51
_WRITTEN_BY_HAND = ["width", "height", "align", "valign", "bgcolor"]
_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style", re.IGNORECASE | re.DOTALL)
_LINK = re.compile(r"<link\b", re.IGNORECASE)
_PART = re.compile(r"""(?:[^;"']|"[^"]*"|'[^']*'|["'])+""")
_DECLARATION = re.compile(
    r"\s*(?P<name>-?[a-zA-Z][a-zA-Z0-9-]*)\s*:\s*"
    r"(?P<value>[^\s{}][^{}\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]*)"
)
_lock = Lock()


def inline_css(html: str) -> str:
    """Move every ``<style>`` of a whole document into ``style`` attributes.

    A ``<style data-premailer="ignore">`` stays as it is, without the attribute. Nothing
    is ever fetched: a sheet that would have to be is a `RenderError`, and so is a
    document nested too deeply to be read whole. The sheets keep to the contract at the
    head of ``templates/email/inlined.css``.
    """
    _refuse_remote_styles(html)
    if not html.startswith(DOCTYPE):
        raise RenderError(
            f"an e-mail that does not start with {DOCTYPE}",
            hint="Without it, mail programs lay it out as in the nineties.",
        )
    with _lock:
        return _transformer()(html)


def _refuse_remote_styles(html: str) -> None:
    if _LINK.search(html) or any("@import" in css for css in _STYLE.findall(html)):
        raise RenderError(
            "an e-mail cannot fetch a style sheet",
            hint="Put the rules into a <style> of the template.",
        )


@cache
def _transformer() -> Callable[[str], str]:
    """Import premailer, part its caches, and bind the options that are safe."""
    premailer = _import_premailer()
    import cssutils
    from premailer.premailer import etree  # lxml's, by the way premailer came to it

    _part_caches(premailer)
    cssutils.log.setLevel(_LOG_NOTHING)
    cssutils.ser.prefs.minimizeColorHash = False

    def transform(html: str) -> str:
        parser = etree.HTMLParser(huge_tree=True)
        tree = etree.fromstring(html, parser)
        if any(entry.level == etree.ErrorLevels.FATAL for entry in parser.error_log):
            raise RenderError(
                "the HTML of an e-mail is nested too deeply",
                hint="Mail programs show a few dozen levels at most.",
            )
        premailer.transform(
            tree,
            strip_important=False,
            disable_validation=True,
            allow_network=False,
            disable_link_rewrites=True,
            align_floating_images=False,
            include_star_selectors=True,
            disable_basic_attributes=_WRITTEN_BY_HAND,
        )
        inlined: bytes = etree.tostring(
            tree.getroottree(), method="html", encoding="utf-8"
        )
        return inlined.decode("utf-8") + "\n"

    return transform


def _import_premailer() -> Any:
    """Import premailer without requests, unless that is there already.

    It only fetches, which is never done here, and is a third of all the memory and half
    of all the time that rendering takes to begin.
    """
    absent = sys.modules.setdefault(_FETCHER, ModuleType(_FETCHER))
    try:
        from premailer import premailer
    finally:
        if absent.__spec__ is None:
            del sys.modules[_FETCHER]
    return premailer


def _part_caches(premailer: Any) -> None:
    """Give premailer's modules our declarations, and selectors a cache of their own."""
    from premailer import merge_style

    merge_style.csstext_to_pairs = _declarations
    premailer.csstext_to_pairs = _declarations
    premailer._create_cssselector = lru_cache(maxsize=512)(premailer.CSSSelector)


@lru_cache(maxsize=1024)
def _declarations(css: str, validate: object = None) -> tuple[tuple[str, str], ...]:
    """Read the declarations of a style; the arguments are premailer's."""
    del validate  # whether a property is known is the author's business
    found = (_DECLARATION.fullmatch(part) for part in _PART.findall(css))
    return tuple(
        (each["name"].lower(), each["value"].rstrip()) for each in found if each
    )
