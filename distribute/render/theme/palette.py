"""The colours of a style, each under the name of what it is for."""

from collections.abc import Mapping

ESSENTIAL = (
    *("paper", "ink", "strong", "quiet", "link", "line"),
    *("tint", "mark", "tip", "warning", "on-link"),
)
"""Every palette has these: the card and what is written on it; hair lines; the grounds of
code and notes, of marked words, tips and warnings; and what is written on buttons."""

DERIVED: Mapping[str, str] = {
    "ground": "paper",  # around the card
    "soft": "ink",  # quotations and leads
    "rule": "line",  # stronger lines: beside quotations, below the heads of tables
    "accent": "link",  # the line on top
    "masthead": "paper",
    "masthead-ink": "strong",
    "masthead-quiet": "quiet",
}
"""What is like another colour unless it is chosen."""

COLOUR_TOKENS = (*ESSENTIAL, *DERIVED)


def completed(palette: Mapping[str, str]) -> Mapping[str, str]:
    """Add what is derived to a palette that has all that is essential."""
    return {
        token: palette.get(token) or palette[DERIVED[token]] for token in COLOUR_TOKENS
    }
