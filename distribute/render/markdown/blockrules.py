"""The rules of blocks: mistune's, changed and added to where kramdown has others.

A rule gets the match of its beginning; it returns the position behind its block, or
`None` where it does not apply after all, and then the line is text.
"""

import re
from typing import Any

import mistune

from distribute.render.markdown.attributes import NAMED, Attributes, read_attributes
from distribute.render.markdown.definitions import open_definitions
from distribute.render.markdown.destinations import read_destination
from distribute.render.markdown.hanging import dedented, hanging_end
from distribute.render.markdown.indented import INDENTED, read_indented
from distribute.render.markdown.plainlists import read_plain_list
from distribute.render.markdown.quotes import early_end
from distribute.render.markdown.setext import is_title
from distribute.render.markdown.state import DEEPEST, State
from distribute.render.markdown.tables import Table, read_table
from distribute.render.markdown.textlines import SPACERS, text_lines
from distribute.render.note import Note

Match = re.Match[str]

_INTERRUPTING = frozenset({"-", "*", "+", "1.", "1)"})
"""Marks of the lists that may stand right below a text."""
_ENDING_QUOTES = ["blank_line", "thematic_break", "fenced_code", "list", "block_html"]
_RULES = (
    *("fenced_code", "indent_code", "atx_heading", "setex_heading", "thematic_break"),
    *("block_math", "contents_mark", "attributes", "end_mark", "abbreviation"),
    *("footnote", "block_quote", "list", "definition", "ref_link", "raw_html"),
    *("table", "spacer", "blank_line"),
)
_DELIMITER_ROW = r"[ \t]*[|:+-][-+|: \t]*(?:\n|$)"
_PATTERNS = {
    "indent_code": INDENTED,
    "block_math": r"^ {0,3}\$\$",
    "contents_mark": r"^ {0,3}@\[(?i:toc)\](?:\([^)\n]*\))?[ \t]*(?:\n|$)",
    "attributes": r"^ {0,3}\{:(?:\\\}|\\(?!\})|[^}\n\\])*\}[ \t]*(?:\n|$)",
    "end_mark": r"^\^[ \t]*(?:\n|$)",
    "abbreviation": r"^ {0,3}\*\[(?P<short>[^\]\n]+)\]:(?P<long>[^\n]*)(?:\n|$)",
    "footnote": r"^ {0,3}\[\^(?P<note>[^\]\s\\\[]{1,500})\]:[ \t]*",
    "definition": r"^ {0,3}:[ \t]+(?=\S)",
    "table": rf"^ {{0,3}}(?:\|[^\n]*\||[^\n|]*\|[^\n]*\n{_DELIMITER_ROW})",
    "spacer": r"^ {0,3}\\{1,3}[ \t\u00a0\u200b]*(?:\n|$)",
}


class BlockRules(mistune.BlockParser):
    """The block parser."""

    state_cls: type[mistune.BlockState] = State
    SPECIFICATION = mistune.BlockParser.SPECIFICATION | _PATTERNS

    def __init__(self) -> None:
        super().__init__(list(_RULES), list(_RULES), max_nested_level=DEEPEST)
        self.rules = list(_RULES)

    def parse(self, state: Any, rules: list[str] | None = None) -> None:
        """Read line by line what begins a block; all else is text.

        Mistune searches each text for the next block, character by character. This does
        the same, but asks its rules only where a line begins, and at most once.
        """
        text_at = text_lines(state.src).match
        rule_at = self.compile_sc(rules).match
        while state.cursor < state.cursor_max:
            if text := text_at(state.src, state.cursor):
                state.add_paragraph(text["lines"])
                if text["blank"]:
                    state.append_token({"type": "blank_line"})
                state.cursor = text.end()
                continue
            rule = rule_at(state.src, state.cursor)
            end = self.parse_method(rule, state) if rule else None
            if not end:
                end = state.find_line_end()
                state.add_paragraph(state.get_text(end))
            state.cursor = end

    def parse_method(self, m: Match, state: Any) -> int | None:
        """Apply a rule, and note in which line its blocks begin."""
        if m.lastgroup == "list" and not m["list_3"]:
            return None  # a mark without even a space behind it is text
        if m.lastgroup not in ("indent_code", "spacer"):
            _forget_spacer(state)
        outer_line = state.child_line
        line = state.child_line = state.line_at(m.start())
        before = len(state.tokens)
        end = super().parse_method(m, state)
        state.child_line = outer_line  # a quote or list may end where a rule begins
        for token in state.tokens[before:]:
            token.setdefault("line", line)
        return end

    def parse_spacer(self, m: Match, state: Any) -> int:
        r"""Read lines of ``\\``: a break in a paragraph, or the start of one."""
        run = SPACERS.match(state.src, m.start()) or m
        state.add_paragraph("\\\\\n")
        return run.end()

    def parse_indent_code(self, m: Match, state: Any) -> int:
        """Read indented code, or one more line of a paragraph."""
        if state.in_paragraph():
            return int(state.append_paragraph())
        code, end = read_indented(state.src, m.start())
        state.append_token({"type": "block_code", "raw": code})
        return end

    def parse_fenced_code(self, m: Match, state: Any) -> int | None:
        """Read a fence; one that is never closed is text, as in kramdown."""
        if state.fences.after(m["fenced_2"], m.end() + 1):
            return super().parse_fenced_code(m, state)
        fence = m["fenced_2"]
        state.note(
            Note(
                rule="code-unclosed",
                line=state.line_at(m.start()),
                message=f"code begins here with {fence} and never ends; it is shown as "
                "text",
                hint=f"Write {fence} below the code.",
                words=fence,
            )
        )
        return None

    def parse_atx_heading(self, m: Match, state: Any) -> int:
        """Read a heading; one without words, or with a comment only, is none."""
        if not m["atx_2"].strip():
            state.append_token({"type": "blank_line"})
            return m.end() + 1
        return super().parse_atx_heading(m, state)

    def parse_block_quote(self, m: Match, state: Any) -> int:
        """Read a quote, and put it before whatever ends it.

        Mistune reads the list or fence that ends a quote first, and then puts the quote
        before the last block of it; there may be several. What `early_end` finds is not
        for mistune to see.
        """
        before, last = len(state.tokens), state.cursor_max
        ending = self.compile_sc(["attributes", "list"]).match
        others = self.compile_sc(_ENDING_QUOTES).match
        limit = early_end(state.src, state.cursor, ending, others)
        state.cursor_max = last if limit is None else limit
        end = super().parse_block_quote(m, state)
        state.cursor_max = last
        if len(state.tokens) - before > 1:
            state.tokens.insert(before, state.tokens.pop(-2))
        return end

    def parse_list(self, m: Match, state: Any) -> int:
        """Read a list, and a plain one at once."""
        begins = not state.in_paragraph() or m["list_2"] in _INTERRUPTING
        plain = begins and read_plain_list(state.src, m.start(), state.child_line)
        if not plain:
            return super().parse_list(m, state)
        token, end = plain
        state.append_token(token)
        return end

    def parse_setex_heading(self, m: Match, state: Any) -> int | None:
        """Read an underline: a title's, or else a rule too close to the text above."""
        if state.in_paragraph() and not is_title(state.tokens[-1]["text"], m[0]):
            if len(m[0].strip()) < 3 or m["setext_1"] == "=":
                return None
            state.append_token({"type": "thematic_break"})
            return m.end() + 1
        return super().parse_setex_heading(m, state)

    def parse_block_math(self, m: Match, state: Any) -> int | None:
        """Read a formula that is a block of its own."""
        end = state.src.find("$$", m.end())
        line_end = state.src.find("\n", end)
        if end < 0 or state.in_paragraph() or state.src[end + 2 : line_end].strip():
            return None
        state.append_token(
            {"type": "block_math", "raw": state.src[m.end() : end].strip()}
        )
        return int(line_end) + 1

    def parse_contents_mark(self, m: Match, _: Any) -> int:
        """Skip the mark by which CSDN asks for a table of contents."""
        return m.end()

    def parse_end_mark(self, m: Match, state: Any) -> int:
        """Read kramdown's mark that ends a block."""
        state.append_token({"type": "blank_line"})
        return m.end()

    def parse_attributes(self, m: Match, state: Any) -> int:
        """Read a list of attributes, or the definition of one."""
        raw = m[0].strip()
        if named := NAMED.fullmatch(raw):
            known = state.env["attributes"]
            before = known.get(named[1], Attributes())
            known[named[1]] = before.with_more(read_attributes(named[2]))
        elif not raw.startswith(("{::", "{:/")):
            state.append_token({"type": "block_attributes", "raw": raw})
        return m.end()

    def parse_abbreviation(self, m: Match, state: Any) -> int:
        """Read what an abbreviation means."""
        state.env["abbreviations"].setdefault(m["short"], m["long"].strip())
        return m.end()

    def parse_footnote(self, m: Match, state: Any) -> int:
        """Read a footnote's text; the first of a name counts."""
        end = hanging_end(state.src, state.find_line_end_at(m.start()))
        text = dedented(state.src[m.end() : end])
        note = (text, state.line_at(m.start()))
        state.env["footnotes"].setdefault(m["note"].casefold(), note)
        return end

    def parse_ref_link(self, m: Match, state: Any) -> int | None:
        """Read where a reference leads, and keep it as it is written."""
        links = state.env["ref_links"]
        known = len(links)
        end = super().parse_ref_link(m, state)
        if end and len(links) > known:
            links[next(reversed(links))]["url"] = read_destination(
                state.src[m.end() : end]
            )
        return end

    def parse_definition(self, m: Match, state: Any) -> int | None:
        """Read one definition of the terms above."""
        loose = bool(state.tokens) and state.tokens[-1]["type"] == "blank_line"
        if state.is_deep() or not open_definitions(state):
            return None
        end = hanging_end(state.src, state.find_line_end())
        line = state.line_at(m.start())
        child = state.child_at(dedented(state.src[m.end() : end]), line)
        self.parse(child)
        if not loose and len(child.tokens) == 1 and child.in_paragraph():
            child.tokens[0]["type"] = "block_text"
        state.tokens[-1]["children"].append({"children": child.tokens, "line": line})
        return end

    def parse_table(self, m: Match, state: Any) -> int | None:
        """Read a table; inside a paragraph it needs a head to be one."""
        start = m.start()
        if state.in_paragraph() and not _read_table(state, start, lines=2):
            return None
        table = _read_table(state, start)
        if table is None:
            return None
        state.append_token({"type": "table", "table": table})
        for _ in range(table.lines):
            start = state.find_line_end_at(start)
        return start

    def parse_raw_html(self, m: Match, state: Any) -> int | None:
        """Read an element that makes a block; what is none is text."""
        start = state.src.index("<", m.start())
        element = state.html.element_at(start)
        if element is None:
            return None
        if not element.holds_markdown or state.is_deep():
            end = state.html.end_of_run(element)
            raw = state.src[start:end].rstrip("\n")
            state.append_token({"type": "block_html", "raw": raw})
            return int(end)
        inside = state.src[element.opening.end() : element.close]
        child = state.child_at(inside, state.line_at(element.opening.end()))
        self.parse(child)
        state.append_token({"type": "block_html", "raw": element.opening_tag})
        state.tokens.extend(child.tokens)
        closing = state.src[element.close : element.end]
        state.append_token({"type": "block_html", "raw": closing})
        return int(element.end)


def _forget_spacer(state: Any) -> None:
    """Drop a spacer before anything but text: it is no paragraph."""
    if state.in_paragraph() and SPACERS.fullmatch(state.tokens[-1]["text"]):
        state.tokens.pop()


def _read_table(state: Any, start: int, lines: int = 0) -> Table | None:
    taken: list[str] = []
    while not (lines and len(taken) == lines):
        line = state.get_line(start)
        if not line.strip():
            break
        taken.append(line.rstrip("\n"))
        start += len(line)
    return read_table(taken, may_lack_head=not lines and not state.in_paragraph())
