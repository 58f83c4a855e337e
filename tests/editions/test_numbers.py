"""Which issue a post says it is."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.editions.numbers import Evidence, claim_of, file_number, title_number
from distribute.posts.post import Post

MakePost = Callable[..., Post]


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("Example News #5 [FR]: été", 5),
        ("简报（Issue#5）[ZH]：新闻", 5),
        ("简报 Issue#9 [ZH]: news", 9),
        ("简报（Issue＃１２）", 12),
        ("Newsletter 13 [EN]: words", 13),
        ("Newsletter 13: words", 13),
        ("Newsletter 13", 13),
        ("Boletín 7 — palabras", 7),
        ("Haber Bülteni 8 [TR]", 8),
        ("Example News 21 | more", 21),
        ("Issue No. 4", 4),
        ("Issue 4: words", 4),
        ("Ausgabe 4", 4),
        ("Numéro 4", 4),
        ("News nº 4", 4),
        ("News № 4", 4),
        ("周报第5期", 5),
        ("周报 第二十一期", 21),
        ("周报 第十期", 10),
        ("周报 第五期", 5),
        ("周报 第一百期", 100),
        ("周报 第一百零五期", 105),
        ("周报 第二百一十期", 210),
        ("周报 第一百二十三期", 123),
        ("周报 第一百二期", None),
        ("周报 第2十期", None),
        ("周报 第百期", None),
        ("العدد ٥ من النشرة", 5),
        ("TensorFlow 2.1 and the rest", None),
        ("The Annotated GPT-2", None),
        ("T5, WT5, Med7, CORD-19, PyTorch3D", None),
        ("C# 9 and F# 5", None),
        ("Newsletter 2026: a year", None),
        ("Newsletter 2.1 is out", None),
        ("Newsletter 3D printing", None),
        ("Newsletter T5", None),
        ("Issue 2026", None),
        ("Ten papers &#39;read&#39;", None),
        ("#3D and #1.5", None),
        ("A tissue 5", None),
        ("https://example.org/#5", None),
        ("", None),
    ],
)
def test_numbers_in_titles(title: str, number: int | None) -> None:
    """Only what says that it is the number of an issue counts."""
    assert title_number(title, ["Example News"]) == number


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("News_#1_", 1),
        ("ISSUE_4", 4),
        ("Issue-4-more", 4),
        ("Newsletter_8", 8),
        ("NLP_Newsletter_13", 13),
        ("简报（Issue#5）：words", 5),
        ("12", 12),
        ("012", 12),
        ("TensorFlow_2_1", None),
        ("Newsletter_2_1", None),
        ("Newsletter_GPT-2", None),
        ("Newsletter_2026", None),
        ("2026", None),
        ("BERT_T5", None),
        ("words", None),
    ],
)
def test_numbers_in_file_names(name: str, number: int | None) -> None:
    """Only safe forms count, since file names are full of versions."""
    assert file_number(name) == number


@pytest.mark.parametrize(
    ("written", "id_", "number"),
    [
        ("5", "5", 5),
        ("05", "5", 5),
        ('"#5"', "5", 5),
        ('"Issue 5"', "5", 5),
        ("5.0", "5", 5),
        ("Spring special", "spring-special", None),
        ('"2026-03"', "2026-03", None),
        ('"!"', "issue", None),
    ],
)
def test_front_matter_wins(
    make_post: MakePost, written: str, id_: str, number: int | None
) -> None:
    """An issue is a number, or a name where it has none."""
    post = make_post("a_#7.md", f'title: "News #6"\nissue: {written}')
    claim = claim_of(post, stem="a_#7")
    assert claim is not None
    assert (claim.id, claim.number, claim.evidence) == (
        id_,
        number,
        Evidence.FRONT_MATTER,
    )


def test_then_the_title_then_the_file_name(make_post: MakePost) -> None:
    """Each says where it was found."""
    post = make_post("a_#7.md", 'title: "News #6"')
    claim = claim_of(post, stem="a_#7")
    assert claim is not None
    assert (claim.number, claim.reason) == (6, "title says 6")
    claim = claim_of(make_post("a_#7.md", "title: News"), stem="a_#7")
    assert claim is not None
    assert (claim.number, claim.reason) == (7, "file name says 7")
    assert claim_of(make_post("a.md", "title: News"), stem="a") is None


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_title_has_a_number_or_none(title: str) -> None:
    """Looking for a number never fails."""
    for found in (title_number(title, ["Example"]), file_number(title)):
        assert found is None or found >= 0
