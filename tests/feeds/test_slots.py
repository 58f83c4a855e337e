"""Content takes the place of slots, as the libraries would have written it there."""

import json
from collections.abc import Callable
from dataclasses import replace
from xml.etree.ElementTree import Element, tostring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.editions.edition import Author
from distribute.feeds.feed import Feed
from distribute.feeds.json import to_json_feed
from distribute.feeds.slots import SLOT, filled, in_json, in_xml, is_sayable
from distribute.feeds.xml import to_atom, to_rss
from distribute.language import Language
from distribute.render.characters import clean

CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
ATOM_CONTENT = "{http://www.w3.org/2005/Atom}content"
LIKE_SLOTS = [
    SLOT,
    f"{SLOT}</content>",
    f"{SLOT}</content:encoded>",
    f'"content_html": "{SLOT}"',
]
texts = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from('<>&"\\\n\t')
)


@settings(max_examples=200, deadline=None)
@given(texts.map(clean))
def test_content_in_xml_is_what_the_library_writes(content: str) -> None:
    """In its element stand the same octets, for every text that XML can say."""
    assert is_sayable(content)
    element = Element("a")
    element.text = content
    written = tostring(element, "utf-8", xml_declaration=False)
    assert b"<a>%b</a>" % in_xml(content) == written.replace(b"<a />", b"<a></a>")


@settings(max_examples=200, deadline=None)
@given(texts)
def test_content_in_json_is_what_the_library_writes(content: str) -> None:
    """Between its quotes stand the same octets, for any text at all."""
    assert b'"%b"' % in_json(content) == json.dumps(content, ensure_ascii=False).encode(
        "utf-8"
    )


@pytest.mark.parametrize("text", ["a\x00", "a\r\n", "\ufeff", "\U0001ffff", "\ud800"])
def test_what_xml_forbids_is_told(text: str) -> None:
    """Such content has to be cleaned before."""
    assert not is_sayable(text)


@pytest.mark.parametrize("text", LIKE_SLOTS)
def test_no_text_is_taken_for_a_slot(
    translated_feed: Callable[[Language], Feed],
    parsed: Callable[[bytes], Element],
    text: str,
) -> None:
    """Wherever a slot's own text stands, it stays; each content is in its own place."""
    feed = translated_feed(Language("en"))
    entries = tuple(
        replace(
            each,
            title=text,
            summary=text,
            authors=(Author(text),),
            categories=(text,),
            content=f"{number}{text}",
        )
        for number, each in enumerate(feed.entries)
    )
    told = replace(feed, title=text, subtitle=text, rights=text, entries=entries)
    wanted = [entry.content for entry in entries]
    rss, atom = (parsed(write(told)) for write in (to_rss, to_atom))
    assert [each.text for each in rss.iter(CONTENT)] == wanted
    assert [each.text for each in rss.iter("title")] == [text] * 4
    assert [each.text for each in atom.iter(ATOM_CONTENT)] == wanted
    items = json.loads(to_json_feed(told))["items"]
    assert [item["content_html"] for item in items] == wanted
    assert [item["summary"] for item in items] == [text] * 3
    assert [item["authors"] for item in items] == [[{"name": text}]] * 3


def test_a_slot_too_many_is_no_silent_matter() -> None:
    """Contents and slots must be of one number."""
    with pytest.raises(ValueError, match="argument"):
        filled(b"<b>...</b><b>...</b>", b"...</b>", [b"one"])
