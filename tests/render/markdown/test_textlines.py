"""Text that begins no block is known at a look."""

import pytest

from distribute.render.markdown.textlines import text_lines


@pytest.mark.parametrize(
    "line",
    ["Words", "   Words", "**Words**", "*a* b", "[a](/b)", "字", "(a)", "'a'", "é"],
)
@pytest.mark.parametrize("below", ["", "|a|\n"])
def test_common_text_needs_no_rule(line: str, below: str) -> None:
    """Lines of text, with spacers between, are one paragraph up to the blank lines."""
    source = f"{line}\n\\\\\n{line}\n\n \n# Words\n"
    found = text_lines(source + below).match(source + below)
    assert found
    assert found["lines"] == f"{line}\n\\\\\n{line}\n"
    assert found["blank"] == "\n \n"


@pytest.mark.parametrize(
    "line",
    [
        *("# a", "- a", "* a", "*", "***", "* * *", "*[a]: b", "1. a", "> a", "<b>"),
        *("    a", "[a]: /b", "[^a]: b", "\\\\", "```", "~~~", "$$", "{: .a}", "---"),
        *("===", ": a", "^", "@[toc]", "___", "+ a", "", "\ta", "\u0661. a", "\u3000a"),
    ],
)
def test_what_may_be_a_block_is_left_to_the_rules(line: str) -> None:
    """No line that a rule could want is taken for text."""
    assert not text_lines(line).match(f"{line}\n")


@pytest.mark.parametrize("line", ["|a|", "a|b", "[a](/b) | c", "**a** |"])
def test_a_line_with_a_pipe_may_be_a_row(line: str) -> None:
    """Whether it is one depends on the line below, and the rule for tables looks."""
    assert not text_lines(line).match(f"{line}\n")
