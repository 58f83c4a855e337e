"""What a translation lacks as a whole."""

from distribute.checks.source.shape import compare
from tests.checks.source.drafts import compared

SECTIONS = [f"# Boat {number}\n\nIt sails.\n" for number in range(8)]


def test_lost_sections_are_found() -> None:
    """By the headings, of which some may be missing without harm."""
    (finding,) = compared(compare, en="\n".join(SECTIONS), tr="\n".join(SECTIONS[4:]))
    assert finding.rule == "section-drift"
    assert finding.message == "the original (en) has 8 headings, this edition 4"
    assert not compared(compare, en="\n".join(SECTIONS), tr="\n".join(SECTIONS[2:]))


def test_lost_paragraphs_are_found() -> None:
    """Where headings are as many as they were."""
    paragraphs = [f"The boat {number} sails.\n" for number in range(12)]
    (finding,) = compared(
        compare, en="\n".join(paragraphs), ar="\n".join(paragraphs[6:])
    )
    assert finding.message == "the original (en) has 12 paragraphs, this edition 6"
