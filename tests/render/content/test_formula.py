"""Formulas that letters can carry."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.render.content.formula import readable, settle_formulas
from distribute.render.tree import Kind, Node


@pytest.mark.parametrize(
    ("tex", "signs"),
    [
        ("x", "x"),
        ("v = 3.2\\,\\text{m/s}", "v = 3.2 m/s"),
        ("a=b", "a = b"),
        ("3 < 4", "3 < 4"),
        ("12 \\times 7", "12 × 7"),
        ("a\\times b-c", "a × b−c"),
        ("90\\,\\%", "90 %"),
        ("\\alpha\\beta \\le \\Omega", "αβ ≤ Ω"),
        ("x^2", "x²"),
        ("10^{-3}", "10⁻³"),
        ("21^\\circ", "21°"),
        ("f'", "f′"),
        ("x_i + x_{12}", "xᵢ + x₁₂"),
        ("\\sum_{i=1}^n x_i", "∑ᵢ₌₁ⁿ xᵢ"),
        ("\\frac{1}{2} m", "½ m"),
        ("\\frac12", "½"),
        ("\\frac{a}{b^2}", "a/b²"),
        ("\\frac{a+1}{2c}", "(a+1)/(2c)"),
        ("\\sqrt{2}", "√2"),
        ("\\sqrt{x^2+1}", "√(x²+1)"),
        ("\\log_2 n", "log₂ n"),
        ("\\max(a, b) \\quad c", "max(a, b) c"),
        ("\\left( a \\right)", "( a )"),
        ("\\operatorname{lift off}(q)", "lift off(q)"),
    ],
)
def test_simple_formulas_are_written_by_hand(tex: str, signs: str) -> None:
    """Units, exponents, indices, fractions and operators have signs of their own."""
    assert " ".join(readable(tex).split()) == signs


@pytest.mark.parametrize(
    ("tex", "signs"),
    [
        ("d_{model}", "d_model"),
        ("x_{i,j}", "x_(i,j)"),
        ("e^{-x^2}", "e^(−x²)"),
        ("\\lim_{x \\to 0} f", "lim_(x→0) f"),
    ],
)
def test_what_cannot_be_raised_stands_behind_a_mark(tex: str, signs: str) -> None:
    """As people type it."""
    assert " ".join(readable(tex).split()) == signs


@pytest.mark.parametrize(
    "tex",
    [
        "\\begin{matrix} a & b \\\\ c & d \\end{matrix}",
        "\\unheard{x}",
        "a & b",
        "{a",
        "a}",
        "x^",
        "x^{}",
        "\\frac{a}",
        "\\text",
        "\\text{a",
        "\\text{a_b}",
        "\\",
        "$",
        "x" * 401,
        "{" * 400,
        "^" * 400,
        "\\frac" * 80,
    ],
)
def test_anything_else_stays_tex(tex: str) -> None:
    """Half a translation misleads, so there is none."""
    assert readable(tex) == ""


def test_numbers_keep_their_units() -> None:
    """No line breaks between them, nor anywhere in a short formula."""
    assert readable("59\\,000 \\, \\text{m/s}") == "59\u00a0000\u00a0m/s"
    assert " " not in readable("v = 3 \\quad w")
    assert " = " in readable("a + b + c + d + e + f + g = h")


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["x", "2", " ", "{", "}", "^", "_", "\\frac", "\\sqrt", "\\text", "\\,"]
        ),
        max_size=30,
    ).map("".join)
)
def test_nothing_of_tex_is_left(tex: str) -> None:
    """Whatever is written by hand has no command and no brace in it."""
    assert not set(readable(tex)) & set("\\{}")


def test_formulas_get_signs_wherever_they_stand() -> None:
    """Beside their TeX, which stays; code that looks like a formula is none."""
    inline = Node(kind=Kind.MATH, text="x^2")
    code = Node(kind=Kind.CODE, text="x^2")
    tree = settle_formulas(
        (
            Node(kind=Kind.PARAGRAPH, children=(inline, code)),
            Node(kind=Kind.MATH_BLOCK, text="\\mystery"),
        )
    )
    squared, same = tree[0].children
    assert (squared.text, squared.signs) == ("x^2", "x²")
    assert same == code
    assert (tree[1].text, tree[1].signs) == ("\\mystery", "")
