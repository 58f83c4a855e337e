"""Lines of plain text: filled by what they take up on a screen, broken where one may.

Chinese and Japanese break between any two characters but for the rules called kinsoku:
no line starts with closing punctuation, none ends with opening punctuation.
"""

from collections.abc import Callable, Iterator

from distribute.render.cjk import joins_lines

GLUE = "\x1f"
"""A space at which no line breaks."""
TIE = "\x1e"
"""Nothing, and no line breaks there."""
BREAK = "\x0b"
"""A line that ends here."""
_NO_START = frozenset(
    "、。，．・：；？！）」』】〕〉》〗〙〛｝］”’…‥—ー～〜々ゝゞヽヾ％‰℃"
    "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ)]}>,.!?:;%\ufe0f\u200d"
)
_HELD = frozenset({GLUE, TIE})
_NO_END = frozenset("（「『【〔〈《〖〘〚｛［“‘([{<¥￥$£€#")


def wrap(text: str, width: int, measure: Callable[[str], int]) -> list[str]:
    """Fill lines of at most `width` columns, as `measure` counts them.

    What cannot be broken, such as an address, gets a line of its own and stays whole.

    >>> wrap("one two three", 8, len)
    ['one two', 'three']
    """
    lines = []
    for part in text.split(BREAK):
        lines.extend(_filled(part, width, measure))
    while lines and not lines[-1]:
        lines.pop()
    return [as_shown(line).strip() for line in lines]


def as_shown(text: str) -> str:
    """Write a line as it is read, what holds it together gone."""
    return text.replace(GLUE, " ").replace(TIE, "")


def _filled(text: str, width: int, measure: Callable[[str], int]) -> list[str]:
    lines: list[str] = []
    line: list[str] = []
    used = 0
    for space, atom in _atoms(text):
        size = measure(as_shown(atom))
        if line and used + len(space) + size > width:
            lines.append("".join(line))
            line, used = [], 0
        before = space if line else ""
        line += (before, atom)
        used += len(before) + size
    return [*lines, "".join(line)]


def _atoms(text: str) -> Iterator[tuple[str, str]]:
    """Cut a text where lines may break; each piece with the space before it, if any."""
    for word in text.split(" "):
        space = " "
        for atom in (word,) if word.isascii() else _pieces(word):
            if atom:
                yield space, atom
                space = ""


def _pieces(word: str) -> Iterator[str]:
    start = 0
    for position in range(1, len(word)):
        before, after = word[position - 1], word[position]
        if after in _NO_START or before in _NO_END:
            continue
        if {before, after} & _HELD:
            continue
        if joins_lines(before) or joins_lines(after):
            yield word[start:position]
            start = position
    yield word[start:]
