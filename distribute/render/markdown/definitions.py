"""Lists of terms and definitions: where one begins, or goes on."""

from typing import Any

from distribute.render.markdown.textlines import SPACERS


def open_definitions(state: Any) -> bool:
    """Make the paragraph above the terms of a list of definitions, if there is one."""
    above = [token for token in state.tokens[-3:] if token["type"] != "blank_line"]
    if not above or above[-1]["type"] not in ("definitions", "paragraph"):
        return False
    last = above.pop()
    while state.tokens.pop() is not last:
        pass
    if last["type"] == "definitions":
        state.append_token(last)
        return True
    terms = [
        {"text": text, "line": last["line"] + number}
        for number, text in enumerate(last["text"].splitlines())
        if not SPACERS.fullmatch(text)
    ]
    while state.tokens and state.tokens[-1]["type"] == "blank_line":
        state.tokens.pop()
    if state.tokens and state.tokens[-1]["type"] == "definitions":
        state.tokens[-1]["children"] += terms
    else:
        state.append_token(
            {"type": "definitions", "children": terms, "line": last["line"]}
        )
    return True
