"""Text and attributes as browsers themselves would write them: the HTML Standard, 13.3.

So what `distribute.render.html.write` writes is what `sanitise` makes of it, to the byte.
"""


def as_text(text: str) -> str:
    """Spell a text between tags.

    >>> as_text("a < b & 'c'")
    "a &lt; b &amp; 'c'"
    """
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace("\u00a0", "&nbsp;")


def as_value(text: str) -> str:
    """Spell the value of an attribute, to stand in double quotes."""
    return as_text(text).replace('"', "&quot;")
