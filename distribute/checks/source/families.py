"""All families of findings about what an author wrote."""

from itertools import chain

from distribute.checks.source import (
    alternatives,
    anchors,
    characters,
    copied,
    deceit,
    drift,
    gallery,
    links,
    pictures,
    shape,
    structure,
    titles,
    untranslated,
    wording,
)

EDITION = (
    *(links.find, copied.find, anchors.find, deceit.find, wording.find),
    *(alternatives.find, pictures.find),
    *(characters.find, structure.find, titles.find),
)
"""What looks at one edition at a time."""
ISSUE = (drift.compare, gallery.compare, shape.compare, untranslated.compare)
"""What compares the editions of an issue."""
RULES = (
    *chain(links.RULES, copied.RULES, anchors.RULES),
    *chain(deceit.RULES, wording.RULES),
    *chain(alternatives.RULES, pictures.RULES),
    *chain(characters.RULES, structure.RULES, titles.RULES),
    *chain(drift.RULES, gallery.RULES, shape.RULES, untranslated.RULES),
)
