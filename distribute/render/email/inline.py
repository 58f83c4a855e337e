"""Write the rules of a style sheet into the elements they apply to, as mail needs it.

The one door to premailer, and to the cssutils and lxml behind it. premailer is old; what
is repaired here, beside the options that keep it from harm:

- Its parsed selectors and its parsed declarations share one cache keyed by text alone, so
  ``<p style="p">`` crashes it once a selector ``p`` has been seen; and cssutils crashes
  on other styles. So declarations are read here, and what is none is left out, as
  browsers do.
- Its cascade is not that of CSS: a declaration takes the place of an earlier one, before
  the longhands that a shorthand should undo; attributes in a selector weigh nothing;
  ``!important`` in a sheet loses to the author's style; ``unset`` is taken out. So rules
  are weighed and merged here.
- It is not safe in threads: cssutils keeps state.
- cssutils fetches what a sheet imports, whatever premailer is told.
- Its own parsing drops whatever lies deeper than 255 elements, and a doctype that is not
  written as the parser writes it; so it is handed a tree.
- cssutils shortens ``#112233`` to ``#123``, which old mail programs misread.
"""

import re
import sys
from collections.abc import Callable
from functools import cache, lru_cache, partial
from threading import Lock
from types import ModuleType
from typing import Any

from distribute.errors import RenderError
from distribute.render.email.cascade import declarations_of, merged, weight_of

DOCTYPE = "<!DOCTYPE html>"
_FETCHER = "requests"
_LOG_NOTHING = 51
_SHEETS = 32
"""Whose rules are remembered."""
_WRITTEN_BY_HAND = ["width", "height", "align", "valign", "bgcolor"]
_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style", re.IGNORECASE | re.DOTALL)
_LINK = re.compile(r"<link\b", re.IGNORECASE)
_IMPORT = re.compile(r"@(?:import|\\)", re.IGNORECASE)
"""Its name may be written with escapes."""
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
    if _LINK.search(html) or any(map(_IMPORT.search, _STYLE.findall(html))):
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
    _mend_cascade(premailer)
    read_once = _kept_rules()
    cssutils.util._defaultFetcher = _fetch_nothing
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
        inliner = premailer.Premailer(
            strip_important=False,
            disable_validation=True,
            allow_network=False,
            disable_link_rewrites=True,
            align_floating_images=False,
            include_star_selectors=True,
            disable_basic_attributes=_WRITTEN_BY_HAND,
        )
        inliner._parse_style_rules = partial(read_once, inliner._parse_style_rules)
        inliner.transform(tree)
        inlined: bytes = etree.tostring(
            tree.getroottree(), method="html", encoding="utf-8"
        )
        return inlined.decode("utf-8") + "\n"

    return transform


def _fetch_nothing(_url: str) -> None:
    """Stand in for what cssutils would fetch an ``@import`` with."""


def _kept_rules() -> Callable[..., Any]:
    """Give a function that reads the rules of a sheet, or remembers them.

    Editions share their style sheet, and to read it takes longer than to apply it.
    """
    known: dict[tuple[str, int], Any] = {}

    def read_once(read: Callable[[str, int], Any], css: str, index: int) -> Any:
        if (css, index) not in known:
            if len(known) >= _SHEETS:
                known.clear()
            known[css, index] = read(css, index)
        return known[css, index]

    return read_once


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

    merge_style.csstext_to_pairs = declarations_of
    premailer.csstext_to_pairs = declarations_of
    premailer._create_cssselector = lru_cache(maxsize=512)(premailer.CSSSelector)


def _mend_cascade(premailer: Any) -> None:
    """Have premailer weigh and merge rules as CSS does."""
    read = premailer.Premailer._parse_style_rules

    def weighed(self: object, css: str, index: int) -> tuple[list[Any], list[Any]]:
        rules, leftover = read(self, css, index)
        return [
            ((important, *weight_of(selector), *place), selector, style)
            for (important, _, _, _, *place), selector, style in rules
        ], leftover

    premailer.Premailer._parse_style_rules = weighed
    premailer.merge_styles = merged
