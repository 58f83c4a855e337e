"""Lines of plain text: filled by what they take up on a screen, broken where one may.

Chinese and Japanese break between any two characters but for the rules called kinsoku:
no line starts with closing punctuation, none ends with opening punctuation.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate, chain

from distribute.render.cjk import JOINING
from distribute.render.text.width import ONE_COLUMN, TWO_COLUMNS

GLUE = "\x1f"
"""A space at which no line breaks."""
TIE = "\x1e"
"""Nothing, and no line breaks there."""
BREAK = "\x0b"
"""A line that ends here."""
_NO_START = (
    "、。，．・：；？！）」』】〕〉》〗〙〛｝］”’…‥—ー～〜々ゝゞヽヾ％‰℃"
    "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ)]}>,.!?:;%\ufe0f\u200d"
)
_NO_END = "（「『【〔〈《〖〘〚｛［“‘([{<¥￥$£€#"
_MAY_BREAK = re.compile(
    f"(?<![{re.escape(_NO_END)}{GLUE}{TIE}])(?![{re.escape(_NO_START)}{GLUE}{TIE}])"
    f"(?:(?<={JOINING})(?=.)|(?<=.)(?={JOINING}))",
    re.DOTALL,
)
"""Where a word may break: beside a character that needs no space there."""
_EVEN = re.compile(f"[{GLUE}{ONE_COLUMN}]*")
"""Text of which every character takes one column, to any measure."""
_APART = re.compile(f"[{GLUE}{TIE}{ONE_COLUMN}{TWO_COLUMNS}]*")
"""Text of which each character takes its columns, whatever stands beside it."""


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
    text = text.strip(" ")
    if "  " not in text and _EVEN.fullmatch(text):
        return list(_even_lines(text, width))
    if "  " not in text and _APART.fullmatch(text):
        return list(_lines_of_characters(text, width, measure))
    is_shown = as_shown(text) == text
    lines: list[str] = []
    line: list[str] = []
    used = 0
    for space, atom in _atoms(text):
        size = measure(atom if is_shown else as_shown(atom))
        if line and used + len(space) + size > width:
            lines.append("".join(line))
            line, used = [], 0
        before = space if line else ""
        line += (before, atom)
        used += len(before) + size
    return [*lines, "".join(line)]


def _even_lines(text: str, width: int) -> Iterator[str]:
    """Fill lines where columns can be counted in characters."""
    start = 0
    while len(text) - start > width:
        end = text.rfind(" ", start, start + width + 1)
        if end < 0:
            end = text.find(" ", start)
        if end < 0:
            break
        yield text[start:end]
        start = end + 1
    yield text[start:]


def _lines_of_characters(
    text: str, width: int, measure: Callable[[str], int]
) -> Iterator[str]:
    """Fill lines where columns can be counted character by character."""
    if 2 * len(text) <= width:
        yield text
        return
    sizes = map(measure, text) if TIE not in text else _sizes(text, measure)
    columns = [0, *accumulate(sizes)]
    start = 0
    while columns[-1] - columns[start] > width:
        fits = bisect_right(columns, columns[start] + width) - 1
        ends = chain(range(fits, start, -1), range(fits + 1, len(text)))
        end = next((end for end in ends if _may_end(text, end)), 0)
        if not end:
            break
        yield text[start:end]
        start = end + text.startswith(" ", end)
    yield text[start:]


def _sizes(text: str, measure: Callable[[str], int]) -> Iterator[int]:
    return (0 if char == TIE else measure(char) for char in text)


def _may_end(text: str, end: int) -> bool:
    """Tell whether a line may end before this character, or a word does."""
    if text[end] == " ":
        return True
    return text[end - 1] != " " and _MAY_BREAK.match(text, end) is not None


def _atoms(text: str) -> Iterator[tuple[str, str]]:
    """Cut a text where lines may break; each piece with the space before it, if any."""
    for word in text.split(" "):
        space = " "
        for atom in _pieces(word):
            if atom:
                yield space, atom
                space = ""


def _pieces(word: str) -> Iterable[str]:
    return (word,) if word.isascii() else _MAY_BREAK.split(word)
