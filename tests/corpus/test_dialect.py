"""What the authors of real posts meant by their Markdown is what is shown."""

from tests.corpus.pages import Contents, Texts, hrefs, name_of, named


def test_parentheses_in_addresses_are_kept(contents: Contents) -> None:
    """A balanced pair belongs to the address."""
    links = hrefs(named(contents, "Year_in_Review"))
    assert any(url.endswith("S1364-6613(19)30061-0") for url in links)


def test_references_that_run_together_are_two(contents: Contents) -> None:
    """The first address ends before the bracket of the next reference."""
    links = hrefs(named(contents, "2020-01-19-NLP简报"))
    assert any(url.endswith("for-scientific-discovery") for url in links)
    assert not any("[" in url or not url.isascii() for url in links)


def test_what_looks_like_a_tag_is_text(contents: Contents) -> None:
    """Angle brackets around words hide nothing."""
    assert "&lt;Systematic" in named(contents, "2020-01-19-NLP简报").html
    assert "&lt;multilingual model&gt;" in named(contents, "making-monolingual").html


def test_chinese_emphasis_and_lists_are_what_they_seem(
    contents: Contents, texts: Texts
) -> None:
    """Bold next to brackets works, bars make no tables, and no marker is shown."""
    assert "<strong>「NLP 简报」</strong>" in named(contents, "2020-02-20-NLP简报").html
    assert "<table" not in named(contents, "2020-02-15-NLP简报").html
    assert "@[TOC]" not in texts[name_of(contents, "2020-03-02-NLP简报")]


def test_an_embedded_video_is_a_link_to_it(contents: Contents) -> None:
    """With the id as the video site has it."""
    links = hrefs(named(contents, "2018-08-11"))
    assert "https://www.youtube.com/watch?v=xteaK6kSYnA" in links


def test_headings_form_an_outline(contents: Contents) -> None:
    """From h2 down without a gap, each with an id that is on the page once."""
    for name, content in contents.items():
        level = 1
        for heading in content.headings:
            assert 2 <= heading.level <= level + 1, name
            assert content.html.count(f'id="{heading.id}"') == 1, (name, heading)
            level = heading.level
