"""Addresses in raw HTML are found and changed, however they are written."""

from distribute.render.html.tags import change_urls


def test_only_addresses_in_tags_are_changed() -> None:
    """Quoted in any way, in any case; text that looks like an attribute stays."""
    html = "<A HREF='a'>href=\"b\"</A><img src=c><p title='href=d'>"
    changed = change_urls(html, lambda name, value: f"{name}:{value}")
    assert (
        changed == '<A href="href:a">href="b"</A><img src="src:c"><p title=\'href=d\'>'
    )


def test_an_address_may_go() -> None:
    """A link stays without it; an image leaves its description, escaped."""
    html = '<a href="x">a</a><img alt="b &lt; c" src="y" data-src="z"><img alt="d">'
    assert change_urls(html, lambda *_: None) == "<a >a</a>b &lt; cd"
