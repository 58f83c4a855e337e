"""Style sheets taken apart, good and bad ones."""

from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.checks.styles.sheet import declarations_of, parse_sheet


def test_blocks_know_selectors_declarations_and_lines() -> None:
    """Comments and strings do not confuse them."""
    sheet = parse_sheet(
        '/* a { */\n.a, td[x="b,}"] {\n  color : #112233 ;\n  content: "};{" !important\n}'
    )
    (block,) = sheet.blocks
    assert (block.selectors, block.line) == ((".a", 'td[x="b,}"]'), 2)
    first, second = block.declarations
    assert (str(first), first.important, first.line) == ("color: #112233", False, 3)
    assert (second.value, second.important, second.line) == ('"};{"', True, 4)


def test_at_rules_know_how_deep_they_stand() -> None:
    """And blocks what is around them."""
    sheet = parse_sheet("@import 'x';\n@media a { @media b { p { color: red } } }")
    assert [(at.words, at.depth) for at in sheet.at_rules] == [
        ("@import 'x'", 0),
        ("@media a", 0),
        ("@media b", 1),
    ]
    assert sheet.blocks[0].within == ("@media a", "@media b")


def test_what_never_ends_ends_with_the_sheet() -> None:
    """An open brace or string loses nothing."""
    assert len(parse_sheet("p { color: red; margin: 0").blocks[0].declarations) == 2
    first, *_ = declarations_of("color: red; font: 'x; y")
    assert str(first) == "color: red"


def test_a_string_that_is_not_closed_ends_with_its_line() -> None:
    """As browsers have it; a quotation mark behind a backslash closes none."""
    block = parse_sheet('p { content: "a\\";b\n; color: #112233 }').blocks[0]
    assert [each.name for each in block.declarations] == ["content", "color"]


def test_what_stands_deep_is_taken_apart_too() -> None:
    """Only the outermost rules around it are told."""
    sheet = parse_sheet("@media a {" * 2000 + "p { top: 0 }")
    (block,) = sheet.blocks
    assert (block.selectors, len(block.within)) == (("p",), 8)
    assert sheet.at_rules[-1].depth == 1999


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="p{}:;@\"'()/*[]\\ \n!,a.#", max_size=80))
def test_no_text_is_too_odd(css: str) -> None:
    """Whatever is written is taken apart, each piece on a line that there is."""
    sheet = parse_sheet(css)
    lines = css.count("\n") + 1
    assert all(1 <= block.line <= lines for block in sheet.blocks)
    assert all(1 <= at.line <= lines for at in sheet.at_rules)
    declarations_of(css)
