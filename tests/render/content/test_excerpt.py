"""What a post is about, in a sentence or two."""

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.render.content.excerpt import excerpt_of, preheader_of, shorten
from distribute.render.markdown.parse import parse

PROSE = "The river was slow this week, and the boats were faster than ever before."


def test_what_the_author_gave_is_taken() -> None:
    """With no-break spaces and line ends folded."""
    assert excerpt_of(parse(PROSE), " Slow\xa0rivers,\n fast boats ") == (
        "Slow rivers, fast boats"
    )


@pytest.mark.parametrize(
    "before",
    [
        "![A boat on the river, seen from the old bridge.](a.png)",
        "*Picture: somebody with a camera, who kindly let us print it here.*",
        "# A heading that is a whole sentence, with an end.",
        "***A line that is bold and slanted as a whole, to look like a heading.***",
        "<!-- A comment in which the original text is kept for translators. -->",
        "\\\\",
        "- A list of what is in this issue, with whole sentences.",
        "<script>var a = 'A sentence that is a script, and no prose at all.';</script>",
        "Thanks to [Ada](https://a.example), who wrote this letter in our own language.",
        "Traduction : Ada Byron, qui a traduit toute la lettre.",
        "**感谢小河把这封信写成中文，我们都很高兴。**",
        "Original post: [https://a.example/post/](https://a.example/post/)",
        "A short caption",
        "> Somebody said this long sentence, which is not the author's own.",
    ],
)
def test_the_first_prose_is_found(before: str) -> None:
    """Pictures, captions, headings, lists, comments, scripts and thanks are passed over."""
    assert excerpt_of(parse(f"{before}\n\n{PROSE}")) == PROSE


def test_markup_is_left_out() -> None:
    """Words of links and emphasis stay, marks of footnotes and pictures go."""
    tree = parse(
        "A *slow* [river](https://a.example) and `boats` ![b](c.png) **for** all."
    )
    assert excerpt_of(tree) == "A slow river and boats for all."


def test_a_run_in_heading_is_no_part_of_it() -> None:
    """A bold line on top of a paragraph is its heading."""
    assert excerpt_of(parse(f"***News of the river***\n{PROSE}")) == PROSE


def test_without_prose_anything_with_words_will_do() -> None:
    """A summary is never empty while the post has words."""
    assert excerpt_of(parse("![](a.png)\n\n*Only this.*")) == "Only this."
    assert excerpt_of(parse("- only a list")) == "only a list"
    assert excerpt_of(()) == ""


def test_sentences_are_kept_whole() -> None:
    """The excerpt ends where a sentence ends, if one fits."""
    long = f"{PROSE} {PROSE} {PROSE} {PROSE}"
    assert excerpt_of(parse(long)) == f"{PROSE} {PROSE} {PROSE}"


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        (
            "A man, Z. Smith of the quay, came. He left again.",
            36,
            "A man, Z. Smith of the quay, came.",
        ),
        (
            "Ships (e.g. boats, see p. 3. of it) sink. Then",
            44,
            "Ships (e.g. boats, see p. 3. of it) sink.",
        ),
        (
            "Version 2.1 of the boat is out. Now more",
            35,
            "Version 2.1 of the boat is out.",
        ),
        ("One of many words without any end", 20, "One of many words…"),
        ("慢河快船。快船慢河，都很好看。", 10, "慢河快船。"),
        ("慢河快船慢河快船慢河快船", 6, "慢河快船慢…"),
        ("x" * 50, 10, "x" * 9 + "…"),
        ("short", 10, "short"),
    ],
)
def test_texts_are_cut_after_a_sentence_or_a_word(
    text: str, limit: int, short: str
) -> None:
    """Abbreviations and numbers end no sentence; East Asian text is cut anywhere."""
    assert shorten(text, limit) == short


def test_the_preheader_is_what_was_given_then_the_excerpt_then_the_prose() -> None:
    """In this order, and never longer than an inbox shows."""
    tree = parse(PROSE)
    assert preheader_of(tree, "Given", "Excerpt") == "Given"
    assert preheader_of(tree, "", "Excerpt") == "Excerpt"
    assert preheader_of(tree) == PROSE
    assert len(preheader_of(tree, "word " * 100)) <= 110
    assert len(preheader_of(tree, "慢河" * 100)) <= 55


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400), st.integers(10, 300))
def test_no_text_gets_longer_than_its_limit(text: str, limit: int) -> None:
    """Any text can be shortened, and one that fits stays as it is."""
    short = shorten(text, limit)
    assert len(short) <= limit
    if len(text) <= limit:
        assert short == text


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="ab. \n*_[]()!<>`語。\\#-", max_size=200))
def test_any_post_has_an_excerpt_of_one_line(markdown: str) -> None:
    """It never fails, and never breaks a line."""
    excerpt = excerpt_of(parse(markdown))
    assert "\n" not in excerpt
    assert excerpt == excerpt.strip()
    assert len(excerpt) <= 280


@pytest.mark.parametrize("mark", ["!", ".)", "。", '."'])
def test_marks_without_an_end_of_a_sentence_are_read_once(mark: str) -> None:
    """A text that was made to be slow, with 100,000 of them in a row, is not."""
    tree = parse(f"**{mark * 50_000}a**\n\n{PROSE}")
    began = process_time()
    assert excerpt_of(tree) == PROSE
    assert process_time() - began < 2
