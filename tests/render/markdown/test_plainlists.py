"""Lists of single lines are read at once."""

import pytest

from distribute.render.markdown.plainlists import read_plain_list


@pytest.mark.parametrize(
    "below", ["", "\nWords\n", "\n \n# Words\n", "\n---\n", "\n\\\\\nWords\n"]
)
@pytest.mark.parametrize(
    ("items", "lines"),
    [
        ("- a\n- [b](/c)\n", [7, 8]),
        ("* **a**\n\n*   b\n", [7, 9]),
        ("3. a\n12345. b\n", [7, 8]),
        ("1) a | b\n \n\n1) c\n", [7, 10]),
    ],
)
def test_a_plain_list_is_read_whole(items: str, lines: list[int], below: str) -> None:
    """Two items of one line each are read, up to the blocks below."""
    read = read_plain_list(items + below, 0, 7)
    assert read
    token, end = read
    found = [item["children"][0] for item in token["children"]]
    assert [part["line"] for part in found] == lines
    assert token["tight"] == (lines[1] == 8)
    assert {part["type"] for part in found} == {
        "block_text" if token["tight"] else "paragraph"
    }
    assert (items + below)[end:] == below.lstrip("\n ")


@pytest.mark.parametrize(
    "source",
    [
        *("- a\n  b\n", "- a\nb\n", "- a\n\n  b\n", "- a\n  - b\n", "- a\n* b\n"),
        *("- - a\n", "-\n", "-     a\n", "- > a\n", "- ```\n", "1. a\n2) b\n"),
        *("- a\n\n> b\n", "- a\n\n```\n", "- a\n\n<p>\n"),
    ],
)
def test_other_lists_are_left_to_mistune(source: str) -> None:
    """What is more than lines of text, or may go on below, takes the complete rule."""
    assert read_plain_list(source, 0, 1) is None
