"""What a text asks of its surroundings, and whether that still holds."""

from dataclasses import replace
from functools import partial
from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.posts.post import digest_of
from distribute.render.content.content import render
from distribute.render.content.manuscript import Manuscript
from distribute.render.content.surroundings import (
    Asked,
    Inquiry,
    Question,
    Surroundings,
)

SITE = "https://news.example.org"
PATH = PurePosixPath("posts/boats.md")
PUBLICATION = Publication(
    title="River Letters",
    url=SITE,
    tag="example.org,2026",
    languages=(Language("en"),),
    files=frozenset({"images/boat.png"}),
)
HERE = Surroundings(
    publication=PUBLICATION,
    addresses={"boats": f"{SITE}/en/boats/", "quay": f"{SITE}/en/quay/"},
)
POST, PAGE, FILE = Asked


def _manuscript(body: str) -> Manuscript:
    return Manuscript(
        path=PATH,
        name="posts/boats.md",
        read=partial(str, body),
        digest=digest_of(body),
        body_line=4,
        excerpt="",
        preheader="",
        title="Boats",
        url=f"{SITE}/en/boats/",
        site_title="River Letters",
        site_url=SITE,
    )


@pytest.mark.parametrize(
    ("body", "question", "answer"),
    [
        ("[a](quay.md)", Question(POST, "quay"), f"{SITE}/en/quay/"),
        ("[a](lock.md#b)", Question(POST, "lock"), ""),
        ("{% post_url quay %}", Question(POST, "quay"), f"{SITE}/en/quay/"),
        ("[a](/en/-quay-/)", Question(PAGE, f"{SITE}/en/-quay-/"), f"{SITE}/en/quay/"),
        ("[a](/en/quay/)", Question(PAGE, f"{SITE}/en/quay/"), ""),
        (
            "![a](../images/boat.png)",
            Question(FILE, "../images/boat.png"),
            f"{SITE}/images/boat.png",
        ),
        ('<img src="/no.png">', Question(FILE, "/no.png"), ""),
    ],
)
def test_every_question_is_noted_with_its_answer(
    body: str, question: Question, answer: str
) -> None:
    """Also when the answer is that there is nothing, for that may change too."""
    assert render(_manuscript(body), HERE).trace[question] == answer


def test_other_peoples_sites_raise_no_question() -> None:
    """Nothing that happens here can change where their addresses lead."""
    body = "Words, [a](https://example.net/b.png), <https://example.net/boats.md>."
    asked = render(_manuscript(body), HERE).trace
    assert [question for question in asked if question.asked is not POST] == []


def test_what_a_post_does_not_speak_of_is_no_question() -> None:
    """So a new post is nothing to those that do not link to it."""
    assert render(_manuscript("Nothing but words."), HERE).trace == {}


def test_a_trace_holds_until_an_answer_changes() -> None:
    """A page that moves, a file that comes or goes: and only for posts that asked."""
    trace = render(_manuscript("[a](quay.md) ![b](/images/new.png)"), HERE).trace
    more = replace(HERE, addresses={**HERE.addresses, "lock": f"{SITE}/en/lock/"})
    moved = replace(HERE, addresses={**HERE.addresses, "quay": f"{SITE}/en/pier/"})
    files = PUBLICATION.files | {"images/new.png"}
    come = replace(HERE, publication=replace(PUBLICATION, files=files))
    assert HERE.still_say(trace, PATH)
    assert more.still_say(trace, PATH)
    assert not moved.still_say(trace, PATH)
    assert not come.still_say(trace, PATH)


def test_an_address_near_a_new_page_is_asked_about_again() -> None:
    """A page that is published later may be the one that was meant."""
    trace = render(_manuscript("[a](/en/harbor/)"), HERE).trace
    new = {**HERE.addresses, "harbour": f"{SITE}/en/harbour/"}
    assert HERE.still_say(trace, PATH)
    assert not replace(HERE, addresses=new).still_say(trace, PATH)


def test_a_question_is_asked_once() -> None:
    """Its answer is the same for the whole text, and is not looked up again."""
    inquiry = Inquiry(HERE, PATH)
    assert [inquiry.page_of("quay") for _ in range(3)] == [f"{SITE}/en/quay/"] * 3
    assert inquiry.trace == {Question(POST, "quay"): f"{SITE}/en/quay/"}


@settings(max_examples=200, deadline=None)
@given(
    st.builds(
        "".join,
        st.tuples(
            st.sampled_from(
                ("https://", "http://", "HTTPS://", "//", "/", "", " https://")
            ),
            st.sampled_from(
                ("news.example.org", "NEWS.example.org", "example.net", "")
            ),
            st.sampled_from((".a.example", ":80", "")),
            st.sampled_from(("/images/boat.png", "/../a", "?b", "#c", "\n", "")),
        ),
    )
)
def test_what_leads_elsewhere_at_a_glance_is_no_file_of_ours(written: str) -> None:
    """However it is read, beside the post or from its page; and nobody is asked."""
    inquiry = Inquiry(HERE, PATH)
    if inquiry.leads_elsewhere(written):
        assert not inquiry.file_beside(written)
        assert not inquiry.file_from(f"{SITE}/en/boats/", written)
        assert not inquiry.trace


def test_most_links_lead_elsewhere_at_a_glance() -> None:
    """Those to other sites do, and none to ours."""
    leads_elsewhere = Inquiry(HERE, PATH).leads_elsewhere
    assert leads_elsewhere("https://example.net/images/boat.png")
    assert not leads_elsewhere(f"{SITE}/images/boat.png")
    assert not leads_elsewhere("../images/boat.png")
