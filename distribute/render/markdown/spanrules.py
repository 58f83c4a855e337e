"""The rules of what stands inside a line: mistune's, and kramdown's where it differs.

A rule gets the match of its beginning; it returns the position behind its span, or
`None` where it does not apply after all, and then the first character is text.
"""

import re
from collections.abc import MutableMapping
from html import unescape
from typing import Any

import mistune

from distribute.render.markdown.destinations import quote_spaces, read_destination
from distribute.render.markdown.elements import TAG, is_markup, raw_end
from distribute.render.markdown.emphasis import resolve_emphasis
from distribute.render.markdown.state import DEEPEST, Token
from distribute.render.note import Note

Match = re.Match[str]

_BRACKET = re.compile(r"!?\[")
_PATTERNS = {
    # A spacer's line, two backslashes at the end of a line, or at its beginning with a
    # blank, a star or a bracket behind them, a line separator.
    "spacer": r"(?:^|(?<=\s))\\+[ \t\u00a0\u200b]*(?:\n\s*|$)"
    r"|\\{2,}[ \t\u00a0\u200b]*(?:\n\s*|$)"
    r"|(?:^|(?<=\n))\\\\(?:[ \t]+|(?=[*\[!]))|[ \t]*\u2028\s*",
    "math": r"(?:^\\)?\$\$",
    "attributes": r"\{:",
    "footnote": r"\[\^(?P<note>[^\]\s\\\[]{1,500})\]",
}
_ADDRESS = r"<(?i:https?|ftps?|mailto):[^<>\x00-\x20]*>"
"""Only what is an address of the web: ``<model:base>`` is text."""
_STARTS = {"spacer": "\\\u2028", "math": "\\$", "attributes": "{", "footnote": "["}
_VERBATIM = frozenset({"code", "kbd", "samp", "tt", "var"})
"""Elements in which an asterisk is an asterisk, though Markdown may follow in others."""
_LOCATED = frozenset({"link", "image", "inline_html"})


class _State(mistune.InlineState):
    """The text of one block, the line where it begins, and where a rule applies."""

    line = 0
    at = 0

    def __init__(self, env: Any) -> None:
        super().__init__(env)
        self._last_ends: dict[tuple[str, int], int] = {}
        self._counted = (0, 0)

    def has_end(self, name: str, position: int) -> bool:
        """Tell whether an element is closed behind a position; each is sought once."""
        key = (name, len(self.src))  # `parse_link_close` may make the source longer
        if key not in self._last_ends:
            ends = re.finditer(rf"</{name}\b", self.src, re.IGNORECASE)
            self._last_ends[key] = max((end.start() for end in ends), default=-1)
        return self._last_ends[key] >= position

    def append_token(self, token: Token) -> None:
        """Add a span, and note in which line it is, if that is of use."""
        if token["type"] in _LOCATED:
            token["line"] = self.line_here()
        super().append_token(token)

    def line_here(self) -> int:
        """Tell in which line the rule applies; count on from where it applied last."""
        start, lines = self._counted if self._counted[0] <= self.at else (0, 0)
        lines += self.src.count("\n", start, self.at)
        self._counted = (self.at, lines)
        return self.line + lines

    def note_footnote(self, mark: str) -> None:
        """Keep that a footnote is missing."""
        note = Note(
            rule="footnote-missing",
            line=self.line_here(),
            message=f"there is no footnote {mark}; the mark is shown as text",
            hint=f"Write {mark}: and the note, on a line of its own.",
            words=mark,
        )
        self.env["notes"].append(note)


class SpanRules(mistune.InlineParser):
    """The span parser."""

    state_cls: type[mistune.InlineState] = _State

    def __init__(self) -> None:
        super().__init__(max_nested_level=DEEPEST)
        self.rules.remove("emphasis")
        self.specification["auto_link"] = _ADDRESS
        for name, pattern in _PATTERNS.items():
            rule = getattr(SpanRules, f"parse_{name}")
            before = "link" if name == "footnote" else "escape"
            starts = list(_STARTS[name])
            self.register(name, pattern, rule, before=before, start_chars=starts)

    def spans(self, text: str, line: int, env: MutableMapping[str, Any]) -> list[Token]:
        """Parse the text of a block, which has no blanks around it, and its line."""
        state = _State(env)
        state.line = line
        state.src = text
        return self.render(state)

    def parse_method(self, m: Match, state: Any) -> int | None:
        """Apply a rule, and note where it applies."""
        state.at = m.start()
        return super().parse_method(m, state)

    def finalize_tokens(self, tokens: list[Token], depth: int) -> list[Token]:
        """Resolve emphasis among the spans of one level."""
        return resolve_emphasis(tokens, max_depth=self.max_nested_level - depth)

    def process_text(
        self,
        text: str,
        state: mistune.InlineState,
        parse_emphasis: bool = True,  # noqa: FBT001, FBT002 - mistune's signature
    ) -> None:
        """Add text; what was escaped is taken as it is."""
        token: Token = {"type": "text", "raw": text}
        state.append_token(token if parse_emphasis else token | {"literal": True})

    def parse_spacer(self, m: Match, state: Any) -> int:
        """Read a forced break."""
        state.append_token({"type": "linebreak"})
        return m.end()

    def parse_math(self, m: Match, state: Any) -> int | None:
        """Read a formula between two pairs of dollars; one dollar is money."""
        end = state.delimiters.find("$$", m.end())
        if end is None or end == m.end():
            return None
        state.append_token(
            {"type": "inline_math", "raw": state.src[m.end() : end].strip()}
        )
        return int(end) + 2

    def parse_attributes(self, m: Match, state: Any) -> int | None:
        """Read the attributes of the span before; extensions say nothing here."""
        end = state.delimiters.find("}", m.end())
        if end is None:
            return None
        raw = state.src[m.start() : end + 1]
        if not raw.startswith(("{::", "{:/")):
            named = state.env["attributes"]
            state.append_token({"type": "attributes", "raw": raw, "named": named})
        return int(end) + 1

    def parse_footnote(self, m: Match, state: Any) -> int | None:
        """Read the mark of a footnote that exists; others may be links, or text."""
        key = m["note"].casefold()
        if key not in state.env["footnotes"]:
            return self._unknown_footnote(m, state)
        order = state.env["footnote_order"]
        numbers = state.env["footnote_numbers"]
        if key not in numbers:
            order.append(key)
            numbers[key] = len(order)
        state.append_token({"type": "footnote_mark", "raw": key, "index": numbers[key]})
        return m.end()

    def _unknown_footnote(self, m: Match, state: Any) -> int | None:
        if not state.src.startswith(("(", "["), m.end()):
            state.note_footnote(m[0])
        bracket = _BRACKET.match(state.src, m.start())
        return self.parse_link(bracket, state) if bracket else None

    def parse_link_close(self, m: Match, state: Any) -> int:
        """Read the end of a link or picture; keep its URL as it is written."""
        if state.src.startswith("(", m.end()):
            state.src = quote_spaces(state.src, m.end())
        end = super().parse_link_close(m, state)
        token = state.tokens[-1]
        is_link = end > m.end() and token["type"] in ("link", "image")
        if is_link and state.src.startswith("(", m.end()):
            raw = state.src[m.end() + 1 : end - 1]
            token["attrs"]["url"] = read_destination(raw)
        return end

    def parse_auto_link(self, m: Match, state: Any) -> int:
        """Read an address between angle brackets."""
        end = super().parse_auto_link(m, state)
        token = state.tokens[-1]
        if token["type"] == "link":
            token["attrs"]["url"] = read_destination(m[0])
        return end

    def parse_auto_email(self, m: Match, state: Any) -> int:
        """Read a mail address between angle brackets."""
        end = super().parse_auto_email(m, state)
        token = state.tokens[-1]
        if token["type"] == "link":
            token["attrs"]["url"] = f"mailto:{m[0][1:-1]}"
        return end

    def parse_inline_html(self, m: Match, state: Any) -> int | None:
        """Read a tag that browsers know; a comment that got so far is dropped."""
        if state.src.startswith("<!--", m.start()):
            end = state.delimiters.find("-->", m.start() + 4)
            return len(state.src) if end is None else end + 3
        tag = TAG.match(state.src, m.start())
        if tag is None or not is_markup(tag):
            return None
        name = tag["name"].lower()
        closed = state.has_end(name, tag.end())
        end = raw_end(state.src, tag) if closed else tag.end()
        state.append_token({"type": "inline_html", "raw": state.src[m.start() : end]})
        if name == "a":
            state.in_link = not tag["end"]
        return self._verbatim(tag, state) if closed and not tag["end"] else int(end)

    def _verbatim(self, tag: Match, state: Any) -> int:
        """Take what stands in an element of code as it is, down to its next tag."""
        end: int = raw_end(state.src, tag)
        if tag["name"].lower() not in _VERBATIM:
            return end
        following = int(state.src.find("<", end))
        content = unescape(state.src[end:following])
        if content:
            state.append_token({"type": "text", "raw": content, "literal": True})
        return following
