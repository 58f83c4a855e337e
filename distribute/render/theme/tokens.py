"""Resolve the custom properties of a style sheet, for mail programs that know none.

Plain work on text: ``var(--paper)`` becomes ``#fffefc``. What stands for readers in the
dark has the dark colours: all within ``@media (prefers-color-scheme: dark)``, and all
rules for ``[data-ogsc]`` and ``[data-ogsb]``, by which Outlook's dark mode is known.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath

from distribute.errors import RenderError
from distribute.render.theme.meant import did_you_mean
from distribute.render.theme.properties import tokens_of
from distribute.render.theme.style import Style

_QUOTED = r""""(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?"""
"""A string; one without its end is over with the line (CSS Syntax Module Level 3, 4.3.5)."""
_COMMENT = re.compile(rf"(?P<quoted>{_QUOTED})|/\*.*?(?:\*/|\Z)", re.DOTALL)
_EDGE = re.compile(rf"{_QUOTED}|(?P<edge>[{{}};])", re.DOTALL)
_DARK = re.compile(
    r"prefers-color-scheme\s*:\s*dark|\[\s*data-ogs[cb]\b", re.IGNORECASE
)
_VAR = re.compile(rf"{_QUOTED}|(?P<var>(?<![\w-])var\()", re.IGNORECASE)
_BRACKET = re.compile(rf"{_QUOTED}|(?P<bracket>[()])")
_TOKEN = re.compile(r"\s*--([\w-]+)\s*")
_OWN = re.compile(r"\s*(--[\w-]*)\s*:")
_DECLARED = re.compile(r"(?<![\w-])--([\w-]+)\s*:")
_ALONE = re.compile(r"(?<![\w-])var\(\s*--([\w-]+)\s*\)", re.IGNORECASE)
_END = re.compile(r"</style", re.IGNORECASE)
"""Wherever it stands: HTML knows nothing of the strings of CSS."""
_BLANK_LINES = re.compile(r"\n\s*\n")
_DEEPEST = 20


def resolve(css: str, style: Style, *, path: PurePath) -> str:
    """Give a style sheet without custom properties, and without comments.

    ``var(--x, fallback)`` is its fallback where there is no such token. Raises
    `RenderError` with file and line for a token that nobody knows, for one that the
    sheet declares itself, for a ``var()`` that never ends, and for a ``</style>``.
    """
    css = _COMMENT.sub(_without_comment, css)
    sheet = _Sheet(css, path)
    sheet.must_not_end()
    palettes = {dark: tokens_of(style, dark=dark) for dark in (False, True)}
    filled = [
        sheet.filled(segment, at, palettes[dark])
        for at, segment, dark in _segments(css)
    ]
    return _BLANK_LINES.sub("\n", "".join(filled)).strip()


def unknown_tokens(css: str, style: Style, *, path: PurePath) -> Iterator[RenderError]:
    """Yield the tokens of a browser's style sheet that nothing gives a value.

    There a sheet may declare some of its own, and say what stands in for one.
    """
    css = _COMMENT.sub(_without_comment, css)
    known = {*tokens_of(style), *_DECLARED.findall(css)}
    for use in _ALONE.finditer(css):
        if use[1] not in known:
            guess = did_you_mean(use[1], known)
            line = css.count("\n", 0, use.start()) + 1
            reason = f"there is no token --{use[1]}{guess}"
            hint = f"Or say what stands in for it: var(--{use[1]}, #333333)."
            yield RenderError(reason, path=path, line=line, hint=hint)


def _without_comment(match: re.Match[str]) -> str:
    """Leave the lines of a comment, by which all others are counted."""
    return match["quoted"] or "\n" * match[0].count("\n")


def _segments(css: str) -> Iterator[tuple[int, str, bool]]:
    """Cut at braces and semicolons; yields the place, the text, and whether it is dark."""
    blocks: list[bool] = []
    start = 0
    edges = (match for match in _EDGE.finditer(css) if match["edge"])
    for edge in edges:
        segment = css[start : edge.end()]
        is_dark = bool(blocks) and blocks[-1]
        yield start, segment, is_dark
        if edge["edge"] == "{":
            blocks.append(is_dark or bool(_DARK.search(segment)))
        elif edge["edge"] == "}" and blocks:
            blocks.pop()
        start = edge.end()
    yield start, css[start:], False


class _Sheet:
    """One style sheet, of which parts are filled in and mistakes are told."""

    def __init__(self, css: str, path: PurePath) -> None:
        self._css = css
        self._path = path

    def must_not_end(self) -> None:
        """Refuse what would end the block of a mail in which the sheet will stand."""
        if end := _END.search(self._css):
            raise self._error(
                end.start(),
                "</style> stands here, and would end the style sheet in every mail",
                "Take it out; within a string, write <\\/style>.",
            )

    def filled(self, segment: str, at: int, tokens: Mapping[str, str]) -> str:
        """Put values in the place of the tokens in a segment, which begins at a place."""
        if own := _OWN.match(segment):
            raise self._error(
                at + own.start(1),
                f"{own[1]} is declared here, where mail programs do not understand it",
                "Choose colours and fonts under [theme] in distribute.toml, or write "
                "the value itself.",
            )
        return self._filled(segment, at, tokens, 0)

    def _filled(self, text: str, at: int, tokens: Mapping[str, str], depth: int) -> str:
        done = 0
        parts: list[str] = []
        while var := _next(_VAR, "var", text, done):
            end = self._end(text, var.end(), at)
            value = self._value(text[var.end() : end], at + var.start(), tokens, depth)
            parts += (text[done : var.start()], value)
            done = end + 1
        return "".join((*parts, text[done:]))

    def _value(
        self, inside: str, at: int, tokens: Mapping[str, str], depth: int
    ) -> str:
        """Give the value of what stands within the brackets of a ``var()``."""
        name, comma, fallback = inside.partition(",")
        token = _TOKEN.fullmatch(name)
        if token is None or depth > _DEEPEST:
            hint = "Write var(--paper), or var(--paper, #ffffff)."
            raise self._error(at, f"var({inside.strip()[:40]}) names no token", hint)
        if token[1] in tokens:
            return tokens[token[1]]
        if not comma:
            guess = did_you_mean(token[1], tokens)
            raise self._error(
                at,
                f"there is no token --{token[1]}{guess}",
                f"Or say what stands in for it: var(--{token[1]}, #333333).",
            )
        return self._filled(fallback.strip(), at, tokens, depth + 1)

    def _end(self, text: str, start: int, at: int) -> int:
        """Find the bracket that closes the one before `start`."""
        open_brackets, place = 1, start
        while bracket := _next(_BRACKET, "bracket", text, place):
            open_brackets += 1 if bracket["bracket"] == "(" else -1
            if not open_brackets:
                return bracket.start()
            place = bracket.end()
        hint = "Close it where the value ends."
        raise self._error(at + start, "a var( without its closing bracket", hint)

    def _error(self, at: int, reason: str, hint: str) -> RenderError:
        line = self._css.count("\n", 0, at) + 1
        return RenderError(reason, path=self._path, line=line, hint=hint)


def _next(
    pattern: re.Pattern[str], group: str, text: str, start: int
) -> re.Match[str] | None:
    """Find the next of what a pattern is for, which is not what stands in quotes."""
    found = (each for each in pattern.finditer(text, start) if each[group])
    return next(found, None)
