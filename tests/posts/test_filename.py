"""What the name of a file says."""

import re
import string
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.posts.filename import (
    jekyll_slug,
    parse_file_name,
    plain_slug,
    suffix_of,
    without_tags,
)


@pytest.mark.parametrize(
    ("name", "day", "slug"),
    [
        ("2026-01-19-Some_name.md", date(2026, 1, 19), "Some_name"),
        ("2026-4-6-TL;DR_Short.md", date(2026, 4, 6), "TL;DR_Short"),
        ("2026-03-09-News_#1_[FR].Md", date(2026, 3, 9), "News_-1_-FR"),
        ("2026-03-16-News_7[ZH].md.md", date(2026, 3, 16), "News_7-ZH-.md"),
        ("2026-03-16-News_8[ZH].md .md", date(2026, 3, 16), "News_8-ZH-.md"),
        ("2026-04-25-A_Year — 2025.md", date(2026, 4, 25), "A_Year-2025"),
        ("2026-04-22-Ada’s_machine.md", date(2026, 4, 22), "Ada-s_machine"),
        ("2026-02-29-impossible.md", None, "2026-02-29-impossible"),
        ("2026-01-19.md", date(2026, 1, 19), "2026-01-19"),
        ("no date.markdown", None, "no-date"),
        ("plain", None, "plain"),
    ],
)
def test_date_and_slug(name: str, day: date | None, slug: str) -> None:
    """The date may lack zeros; the slug is Jekyll's, upper case and all."""
    found = parse_file_name(name)
    assert (found.name, found.date, found.slug) == (name, day, slug)


@pytest.mark.parametrize(
    ("name", "tags"),
    [
        ("2026-01-12-News[PT-BR]_Words,_more.md", ("PT-BR",)),
        ("2026-01-12-News_10_FR.md", ("FR",)),
        ("2026-01-12-News_8_tr.md", ("tr",)),
        ("2026-01-12-News-14-en.md", ("en",)),
        ("2026-01-12-News.AR.md", ("AR",)),
        ("2026-01-12-News.AR.more.md", ("AR",)),
        ("spring.fr.md", ("fr",)),
        ("spring.pt-BR.md", ("pt-BR",)),
        ("spring-zh-Hans.md", ("zh-Hans",)),
        ("spring_pt_br.md", ("pt_br", "br")),
        ("en.md", ("en",)),
        ("2026-01-12-News_7[ZH].md .md", ("ZH",)),
        ("2026-01-12-TensorFlow_2_1.md", ()),
        ("2026-01-12-Plain_words.md", ()),
    ],
)
def test_language_tags(name: str, tags: tuple[str, ...]) -> None:
    """Whatever looks like a language tag is found, the most explicit first."""
    found = parse_file_name(name).tags
    assert found[: len(tags)] == tags
    assert bool(found) == bool(tags)


def test_names_in_nfd_have_the_slug_of_nfc() -> None:
    """A name that a Mac stored decomposed leads to the same address."""
    assert parse_file_name("Bolet\u0069\u0301n.md").slug == "Bolet\u00edn"


@pytest.mark.parametrize(
    ("name", "suffix"),
    [("a.Md", ".md"), ("a.md .md", ".md"), ("a", ""), (".md", ""), ("a.md ", ".md")],
)
def test_suffix(name: str, suffix: str) -> None:
    """The last suffix counts, in lower case; a hidden file has none."""
    assert suffix_of(name) == suffix


def test_without_tags_takes_out_only_the_tag() -> None:
    """The rest of the title stays as it was."""
    assert without_tags("News[PT-BR]_8", ["PT-BR"]) == "News_8"
    assert without_tags("News.AR.more", ["AR"]) == "News.more"
    assert without_tags("frame_FR", ["FR"]) == "frame"
    assert without_tags("fr", ["fr"]) == ""


names = st.text(
    st.sampled_from(string.ascii_letters + string.digits + " -_.#[](),;’—简ضé🐣/%?"),
    max_size=40,
)


@settings(max_examples=200, deadline=None)
@given(st.one_of(names, st.text(max_size=60)))
def test_any_name_can_be_read(name: str) -> None:
    """Reading a name never fails, and its slug can stand in an address."""
    found = parse_file_name(name)
    assert not set(found.slug) & set(' /\\?#%[]"<>\n')
    assert jekyll_slug(found.slug) == found.slug


@settings(max_examples=200, deadline=None)
@given(st.dates(min_value=date(1000, 1, 1)), names)
def test_a_date_in_front_is_always_found(day: date, title: str) -> None:
    """With zeros or without them, the date comes back."""
    for written in (day.isoformat(), f"{day.year}-{day.month}-{day.day}"):
        assert parse_file_name(f"{written}-{title}.md").date == day


@settings(max_examples=200, deadline=None)
@given(names)
def test_plain_slugs_are_lower_case_and_stable(title: str) -> None:
    """A plain slug has letters, digits and single hyphens, and is its own slug."""
    slug = plain_slug(title)
    assert slug == slug.lower() == plain_slug(slug)
    assert re.fullmatch(r"(?:[^\W_]+(?:-[^\W_]+)*)?", slug)


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from(string.printable), max_size=20))
def test_a_title_in_ascii_is_like_any_other(title: str) -> None:
    """One letter beyond ASCII changes nothing for the rest of the slug."""
    assert jekyll_slug(f"{title}xé") == f"{jekyll_slug(f'{title}x')}é"
    assert plain_slug(f"{title}xé") == f"{plain_slug(f'{title}x')}é"
