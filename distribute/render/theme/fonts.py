"""Lists of font families, for each script one that its readers are used to.

A mail brings no fonts along; it names what is there: first what is best, then what every
system has, and last one of the generic families of CSS.
"""

import re
from collections.abc import Mapping

from distribute.errors import RenderError

SYSTEM: Mapping[str, str] = {
    "text": '-apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Helvetica Neue", '
    "Arial, sans-serif",
    "text-arabic": '"SF Arabic", "Geeza Pro", "Segoe UI", "Noto Sans Arabic", Tahoma, '
    "Arial, sans-serif",
    "text-hebrew": '"SF Hebrew", "Arial Hebrew", "Segoe UI", "Noto Sans Hebrew", Arial, '
    "sans-serif",
    "text-hans": '-apple-system, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", '
    '"Noto Sans SC", Arial, sans-serif',
    "text-hant": '-apple-system, "PingFang TC", "Microsoft JhengHei", '
    '"Noto Sans CJK TC", "Noto Sans TC", Arial, sans-serif',
    "text-japanese": '-apple-system, "Hiragino Sans", "Yu Gothic", Meiryo, '
    '"Noto Sans CJK JP", "Noto Sans JP", Arial, sans-serif',
    "text-korean": '-apple-system, "Apple SD Gothic Neo", "Malgun Gothic", '
    '"Noto Sans CJK KR", "Noto Sans KR", Arial, sans-serif',
    "mono": 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", '
    "monospace",
}
"""What systems read with, by token."""

SCRIPTS = ("arabic", "hebrew", "hans", "hant", "japanese", "korean")
"""Those with fonts of their own; all others are read in those of Latin."""

FONT_TOKENS = (
    *(f"{use}{script}" for use in ("text", "display")
      for script in ("", *(f"-{each}" for each in SCRIPTS))),
    "mono",
)  # fmt: skip
"""The names of all lists: ``text`` and ``display``, also per script, and ``mono``."""

_GENERIC = {"mono": "monospace"}
_GENERICS = frozenset(
    {"serif", "sans-serif", "monospace", "cursive", "fantasy", "system-ui"}
    | {"ui-serif", "ui-sans-serif", "ui-monospace", "ui-rounded"}
)
_ALWAYS_THERE = frozenset({"serif", "sans-serif", "monospace", "cursive", "fantasy"})
_KEYWORDS = frozenset(
    {"inherit", "initial", "unset", "revert", "revert-layer", "default"}
)
_FAMILY = re.compile(r"-?[^\W\d_][\w.&+ -]{0,60}")
_BARE = re.compile(r"-?[A-Za-z][A-Za-z0-9-]*")
_MOST = 12
_OF_WINDOWS = frozenset(
    {"arial", "cambria", "calibri", "candara", "consolas", "constantia", "corbel"}
    | {"courier new", "georgia", "lucida console", "malgun gothic", "meiryo"}
    | {"microsoft jhenghei", "microsoft yahei", "palatino linotype", "segoe ui"}
    | {"simsun", "tahoma", "times new roman", "traditional arabic", "trebuchet ms"}
    | {"verdana", "yu gothic", "yu mincho", "batang", "pmingliu", "david"}
)


def parse_families(written: str, token: str = "text") -> str:  # noqa: S107 - of a style sheet
    """Read a list of font families; gives it as CSS, with a generic one at its end.

    Raises `RenderError` for what is no family: nothing gets into a style sheet that
    could end a declaration.

    >>> parse_families("Charter, Bitstream Charter, serif")
    'Charter, "Bitstream Charter", serif'
    """
    names = [" ".join(each.strip(" '\"").split()) for each in written.split(",")]
    if len(names) > _MOST:
        raise RenderError(f"{len(names)} font families; {_MOST} are more than enough")
    for name in names:
        if not _FAMILY.fullmatch(name) or name.lower() in _KEYWORDS:
            raise RenderError(
                f"{name!r} is no font family; write their names between commas"
            )
    if names[-1].lower() not in _ALWAYS_THERE:
        names.append(_GENERIC.get(token, "sans-serif"))
    return ", ".join(map(_spelled, names))


def for_word(families: str) -> str:
    """Leave of a list what Windows has: Outlook shows Times where it does not know one.

    >>> for_word('"Iowan Old Style", Palatino, Georgia, serif')
    'Georgia, serif'
    """
    names = families.split(", ")
    return ", ".join(
        name
        for name in names
        if name.strip('"').lower() in _OF_WINDOWS or name in _ALWAYS_THERE
    )


def with_defaults(fonts: Mapping[str, str]) -> Mapping[str, str]:
    """Complete the lists: what is not named is read in the system's fonts.

    Headings are set like text unless they have fonts of their own.
    """
    texts = {**SYSTEM, **fonts}
    return {
        token: texts.get(token) or texts[token.replace("display", "text")]
        for token in FONT_TOKENS
    }


def _spelled(name: str) -> str:
    if name.lower() in _GENERICS:
        return name.lower()
    return name if _BARE.fullmatch(name) else f'"{name}"'
