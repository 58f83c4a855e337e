"""What CSS says where several rules meet in one element: which is stronger, which stays.

The arguments of `declarations_of` and `merged` are those of premailer's own functions,
which these take the place of.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain

Style = tuple[tuple[str, str], ...]
"""Declarations in their order: property and value, with what makes it important."""
_PART = re.compile(r"""(?:[^;"']|"[^"]*"|'[^']*'|["'])+""")
_DECLARATION = re.compile(
    r"\s*(?P<name>-?[a-zA-Z][a-zA-Z0-9-]*)\s*:\s*"
    r"(?P<value>[^\s{}][^{}\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]*)"
)
_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
_ATTRIBUTE = re.compile(r"\[[^\[\]]*\]")
_ELEMENT = re.compile(r"(?:^|[\s>+~])[a-zA-Z]")


@lru_cache(maxsize=1024)
def declarations_of(css: str, validate: object = None) -> Style:
    """Read the declarations of a style as browsers do: what is none is left out.

    >>> declarations_of("nonsense; Color: red; content: ';'")
    (('color', 'red'), ('content', "';'"))
    """
    del validate  # whether a property is known is the author's business
    found = (_DECLARATION.fullmatch(part) for part in _PART.findall(css))
    return tuple(
        (each["name"].lower(), each["value"].rstrip()) for each in found if each
    )


@lru_cache(maxsize=512)
def weight_of(selector: str) -> tuple[int, int, int]:
    """Count ids; classes, attributes and pseudo-classes; elements.

    That is the specificity of a selector (Selectors Level 4 section 17).

    >>> weight_of("#a .b td[align=right]:first-child")
    (1, 3, 1)
    """
    bare = _QUOTED.sub("", selector)
    outside, attributes = _ATTRIBUTE.subn("", bare)
    like_classes = outside.count(".") + outside.count(":") + attributes
    return outside.count("#"), like_classes, len(_ELEMENT.findall(outside))


def merged(
    own: str, rules: Sequence[Style], classes: object, remove_unset_properties: object
) -> str:
    """Merge the style of an element with those of its rules, the weakest rule first.

    The last declaration of a property counts, and stands last, so that shorthands and
    longhands undo each other as in a sheet; only what is important yields to nothing
    else. What is unset is said to be.

    >>> merged("top: 0", [(("padding-left", "1px"),), (("padding", "0"),)], [], True)
    'padding-left:1px; padding:0; top:0'
    """
    del classes, remove_unset_properties
    styles: dict[str, str] = {}
    for name, value in chain(*rules, declarations_of(own)):
        if _is_important(value) or not _is_important(styles.get(name, "")):
            styles.pop(name, None)
            styles[name] = value
    return "; ".join(f"{name}:{value}" for name, value in styles.items())


def _is_important(value: str) -> bool:
    return value.endswith("!important")
