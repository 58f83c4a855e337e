"""What is kept of a rendering says the same when it is read again."""

from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.finding import Finding, Severity
from distribute.render.content.surroundings import Asked, Question
from distribute.render.document import Content, Heading
from distribute.web.cache.format import (
    read_content,
    read_trace,
    write_content,
    write_trace,
)

POST = PurePosixPath("posts/boats.md")
_WORDS = st.text(st.characters(codec=None), max_size=30)  # halves of surrogates as well
_NUMBERS = st.integers(0, 10**6)
_FINDINGS = st.builds(
    Finding,
    rule=_WORDS,
    severity=st.sampled_from(Severity),
    message=_WORDS,
    path=st.just(POST),
    line=_NUMBERS,
    column=_NUMBERS,
    hint=_WORDS,
)
_CONTENTS = st.builds(
    Content,
    html=_WORDS,
    excerpt=_WORDS,
    preheader=_WORDS,
    headings=st.lists(st.builds(Heading, _NUMBERS, _WORDS, _WORDS)).map(tuple),
    links=st.lists(_WORDS).map(tuple),
    images=st.lists(_WORDS).map(tuple),
    findings=st.lists(_FINDINGS).map(tuple),
)
_QUESTIONS = st.builds(Question, st.sampled_from(Asked), _WORDS)


@settings(max_examples=100, deadline=None)
@given(_CONTENTS)
def test_a_content_is_read_as_it_was_written(content: Content) -> None:
    """With every finding, its line and its column, and whatever characters there are."""
    assert read_content(write_content(content), POST) == content


def test_the_html_is_kept_as_it_is() -> None:
    """Below one line of all else, however many lines there are in either."""
    html = '<p>"Quays\n&amp; boats", 河</p>\n\n<hr>\n'
    content = Content(html=html, excerpt="Quays\nand boats", preheader="\n")
    facts, _, rest = write_content(content).partition(b"\n")
    assert rest == html.encode()
    assert b"and boats" in facts
    assert read_content(facts + b"\n" + rest, POST) == content


@settings(max_examples=100, deadline=None)
@given(first=_CONTENTS, second=_CONTENTS)
def test_different_contents_are_written_differently(
    first: Content, second: Content
) -> None:
    """The digest of what is written can stand for what it says."""
    assert (write_content(first) == write_content(second)) == (first == second)


def test_findings_are_those_of_the_post_as_it_is_called_now() -> None:
    """A newsletter that lies elsewhere, or is named another way, keeps what it has."""
    finding = Finding(rule="a", severity=Severity.NOTE, message="b", path=POST, line=3)
    content = Content(html="", excerpt="", preheader="", findings=(finding,))
    there = PurePosixPath("/home/letter/posts/boats.md")
    (found,) = read_content(write_content(content), there).findings
    assert (found.path, found.line) == (there, 3)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(_QUESTIONS, _WORDS, max_size=8))
def test_a_trace_is_read_as_it_was_written(trace: dict[Question, str]) -> None:
    """Questions keep their order and their kind."""
    assert list(read_trace(write_trace(trace)).items()) == list(trace.items())


@pytest.mark.parametrize("data", [b"", b"{}", b"[[]]", b'[["post"]]', b"\xff", b"3"])
def test_what_was_not_written_here_cannot_be_read(data: bytes) -> None:
    """Nothing in it is taken for anything else, and nothing is carried out."""
    with pytest.raises((AttributeError, KeyError, TypeError, ValueError)):
        read_content(data, POST)
