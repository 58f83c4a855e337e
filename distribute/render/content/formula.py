r"""Simple formulas as people write them by hand: ``59\,\text{km/s}`` is ``59 km/s``.

Neither mail, feeds nor plain text can typeset TeX, and most formulas in a letter are an exponent, a
unit or a fraction, for which Unicode has signs. What goes further (matrices, unknown
commands) stays TeX, whole: half a translation misleads.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache

from distribute.render.glance import inventory
from distribute.render.rewrite import rewrite
from distribute.render.tree import Kind, Node, Tree

_FORMULAS = frozenset({Kind.MATH, Kind.MATH_BLOCK})
_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|[{}^_]|\s+|.", re.DOTALL)
_DEEPEST = 12
_LONGEST = 400
_SHORT = 24

_LETTER_NAMES = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho "
    "sigma tau upsilon phi chi psi omega varepsilon vartheta varphi Gamma Delta Theta "
    "Lambda Xi Pi Sigma Phi Psi Omega ell hbar infty partial nabla emptyset degree circ "
    "prime ldots dots cdots sum prod int langle rangle lvert rvert forall exists neg"
)
_LETTERS = "αβγδεζηθικλμνξπρστυφχψωεϑφΓΔΘΛΞΠΣΦΨΩℓℏ∞∂∇∅°∘′……⋯∑∏∫⟨⟩||∀∃¬"
_OPERATOR_NAMES = (
    "times cdot div pm mp approx sim simeq equiv neq ne leq le geq ge ll gg to "
    "rightarrow leftarrow Rightarrow iff mapsto in notin subset subseteq cup cap propto "
    "oplus otimes odot land lor mid"
)
_OPERATORS = "×·÷±∓≈∼≃≡≠≠≤≤≥≥≪≫→→←⇒⇔↦∈∉⊂⊆∪∩∝⊕⊗⊙∧∨|"
_FUNCTIONS = ("log", "ln", "exp", "sin", "cos", "tan", "min", "max", "lim", "det")
_WORDS = frozenset({"text", "textrm", "mathrm", "mathit", "mathsf", "operatorname"})


def _signs() -> Iterator[tuple[str, str]]:
    """Pair what stands for itself with its sign; operators have air around them."""
    for name, sign in zip(_LETTER_NAMES.split(), _LETTERS, strict=True):
        yield f"\\{name}", sign
    for name, sign in zip(_OPERATOR_NAMES.split(), _OPERATORS, strict=True):
        yield f"\\{name}", f" {sign} "
    yield from ((f"\\{name}", f" {name} ") for name in _FUNCTIONS)
    yield from ((f"\\{sign}", sign) for sign in "%$#&_{}")
    yield from ((sign, f" {sign} ") for sign in "=<>")
    yield from ((space, _NO_BREAK_SPACE) for space in ("\\,", "\\:", "\\;", "\\ ", "~"))
    yield from ((space, _WIDE_SPACE) for space in ("\\quad", "\\qquad"))
    yield from ((nothing, "") for nothing in ("\\!", "\\left", "\\right", "\\big"))
    yield from (("-", "−"), ("'", "′"))


_NO_BREAK_SPACE = "\u00a0"
_WIDE_SPACE = "\u2003"
_SIGNS = dict(_signs())
_RAISED = str.maketrans(
    "0123456789+−=()abcdefghijklmnoprstuvwxyzTβ′°∘",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀᵝ′°°",
)
_LOWERED = str.maketrans(
    "0123456789+−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ"
)
_FRACTIONS = dict(
    zip(("1/2", "1/3", "2/3", "1/4", "3/4", "1/8"), "½⅓⅔¼¾⅛", strict=True)
)
_SPACES = re.compile(f"[ \t\n{_NO_BREAK_SPACE}{_WIDE_SPACE}]+")
_APPLIED = re.compile(rf"\b({'|'.join(_FUNCTIONS)}) (?=[(_^¹²³⁰-ₜ])")
_ONE_THING = re.compile(r"(?:[0-9][0-9.,]*|[^\W\d_])[⁰¹²³⁴-⁹₀-ₜ′]*|[½⅓⅔¼¾]")


class _TooMuch(Exception):  # noqa: N818 - an answer within this module, no error
    """The formula has something that no sign stands for."""


def settle_formulas(tree: Tree) -> Tree:
    """Give each formula the signs it can be written with; others stay TeX alone."""
    if _FORMULAS.isdisjoint(inventory(tree)):
        return tree

    def settle(node: Node) -> tuple[Node]:
        return (replace(node, signs=readable(node.text)),)

    return rewrite(tree, settle, only=_FORMULAS)


@lru_cache(maxsize=512)
def readable(tex: str) -> str:
    r"""Write a formula with the signs of Unicode, or give nothing if it cannot be.

    A short one holds together at the end of a line, as a number and its unit do.

    >>> readable(r"E = \frac{1}{2} m v^2 \approx 1.7\,\text{MJ}").replace("\xa0", " ")
    'E = ½ m v² ≈ 1.7 MJ'
    >>> readable(r"\begin{matrix} a \end{matrix}")
    ''
    """
    if len(tex) > _LONGEST:
        return ""
    try:
        formula = _Reader(tex).read()
    except _TooMuch:
        return ""
    formula = _APPLIED.sub(r"\1", _SPACES.sub(_one_space, formula)).strip()
    return formula if len(formula) > _SHORT else formula.replace(" ", _NO_BREAK_SPACE)


def _one_space(run: re.Match[str]) -> str:
    """Of several spaces keep the one that means most."""
    meant = (space for space in (_WIDE_SPACE, _NO_BREAK_SPACE) if space in run[0])
    return next(meant, " ")


class _Reader:
    """Reads tokens one by one; braces and arguments recurse, but not deeply."""

    def __init__(self, tex: str) -> None:
        self._tokens: Iterator[str] = iter(_TOKEN.findall(tex.strip()))
        self._depth = 0

    def read(self, end: str = "") -> str:
        """Write everything up to a closing brace, or up to the end."""
        out: list[str] = []
        for token in self._tokens:
            if token == end:
                return "".join(out)
            out.append(self._written(token))
        if end:
            raise _TooMuch
        return "".join(out)

    def _written(self, token: str) -> str:
        if command := _COMMANDS.get(token):
            return self._deeper(command)
        if token in _SIGNS:
            return _SIGNS[token]
        if token.removeprefix("\\") in _WORDS:
            return self._words()
        if token[0] in "\\}&%#$":
            raise _TooMuch
        return token

    def _deeper(self, command: Callable[["_Reader"], str]) -> str:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _TooMuch
        written = command(self)
        self._depth -= 1
        return written

    def argument(self) -> str:
        """Write what a command applies to: a group, or the next token."""
        for token in self._tokens:
            if not token.isspace():
                return self._written(token).strip(" ")
        raise _TooMuch

    def group(self) -> str:
        """Write what stands in braces."""
        return self.read("}")

    def raised(self) -> str:
        """Write an exponent."""
        return _moved(self.argument(), _RAISED, "^")

    def lowered(self) -> str:
        """Write an index."""
        return _moved(self.argument(), _LOWERED, "_")

    def fraction(self) -> str:
        """Write a fraction as one sign, or with a stroke."""
        over, under = self.argument(), self.argument()
        return _FRACTIONS.get(f"{over}/{under}") or f"{_held(over)}/{_held(under)}"

    def root(self) -> str:
        """Write a square root."""
        return f"√{_held(self.argument())}"

    def _words(self) -> str:
        """Take words as they are, spaces and all."""
        if next(self._tokens, "") != "{":
            raise _TooMuch
        words: list[str] = []
        for token in iter(lambda: next(self._tokens, "{"), "}"):
            if token in _COMMANDS or (token[0] == "\\" and token not in _SIGNS):
                raise _TooMuch
            words.append(_SIGNS[token] if token[0] == "\\" else token)
        return "".join(words).replace(" ", _NO_BREAK_SPACE)


_COMMANDS: dict[str, Callable[[_Reader], str]] = {
    "{": _Reader.group,
    "^": _Reader.raised,
    "_": _Reader.lowered,
    "\\frac": _Reader.fraction,
    "\\dfrac": _Reader.fraction,
    "\\tfrac": _Reader.fraction,
    "\\sqrt": _Reader.root,
}


def _moved(text: str, signs: dict[int, int], mark: str) -> str:
    """Raise or lower a text; what has no such signs stands behind a mark."""
    text = text.replace(" ", "")
    if not text:
        raise _TooMuch
    if all(ord(char) in signs for char in text):
        return text.translate(signs)
    return f"{mark}{text}" if text.isalnum() else f"{mark}({text})"


def _held(text: str) -> str:
    """Put parentheses around what is more than one thing."""
    return text if _ONE_THING.fullmatch(text) else f"({text})"
