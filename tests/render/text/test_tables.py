"""Tables in plain text: columns where they fit, records where they do not."""

from tests.render.text.writing import text_of


def test_tables_stand_in_columns() -> None:
    """As wide as on a screen, aligned as the author wants."""
    markdown = "| 名 | n |\n|---|--:|\n| 慢河 | 1 |\n| b | 23 |\n"
    assert text_of(markdown) == "名     n\n----  --\n慢河   1\nb     23\n"


def test_wide_tables_become_records() -> None:
    """Each row lists its cells behind the names of their columns; long ones hang."""
    cell = "many words " * 4
    markdown = f"| a | b |\n|---|---|\n| 1 | {cell}|\n| 2 | x |\n"
    assert text_of(markdown) == (
        "a: 1\nb: many words many words many words\n  many words\n\na: 2\nb: x\n"
    )


def test_records_use_the_punctuation_of_their_script() -> None:
    """A Chinese name has a Chinese colon; an empty cell has no line."""
    markdown = f"| 名字 | n |\n|---|---|\n| {'慢河' * 12} | |\n"
    assert text_of(markdown) == f"名字：{'慢河' * 8}\n  {'慢河' * 4}\n"


def test_a_table_with_links_holds_no_control_characters() -> None:
    """What keeps a number at its word is gone when the line is written."""
    text = text_of("| a | b |\n|---|---|\n| [c](https://a.example) | d |\n")
    assert text == "a      b\n-----  -\nc [1]  d\n\n[1] https://a.example\n"
