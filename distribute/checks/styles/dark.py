"""The mail as readers in the dark get it, from programs that heed its style sheets."""

import re
from collections.abc import Iterator

from distribute.checks.mail.markup import take_apart
from distribute.checks.styles.sheet import Block, parse_sheet
from distribute.render.email.inline import inline_css

_DARK = re.compile(r"prefers-color-scheme\s*:\s*dark", re.IGNORECASE)
_STYLE = re.compile(r"<style\b.*?</style\s*>", re.IGNORECASE | re.DOTALL)


def in_the_dark(html: str) -> str:
    """Write the rules for dark mode into the elements of a finished mail.

    Empty for a mail without such rules: programs choose its colours by themselves.
    """
    rules = "\n".join(map(_rule, _dark_blocks(html)))
    if not rules:
        return ""
    bare = _STYLE.sub("", html)
    return inline_css(bare.replace("</head>", f"<style>{rules}</style></head>", 1))


def _dark_blocks(html: str) -> Iterator[Block]:
    blocks = (
        each for css in take_apart(html).sheets for each in parse_sheet(css).blocks
    )
    return (
        block
        for block in blocks
        if block.selectors and any(map(_DARK.search, block.within))
    )


def _rule(block: Block) -> str:
    declarations = (
        f"{each}{' !important' if each.important else ''}"
        for each in block.declarations
    )
    return f"{', '.join(block.selectors)} {{ {'; '.join(declarations)} }}"
