"""Liquid: tags become Markdown, unknown ones are told, code is left alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.render.html.write import to_html
from distribute.render.liquid.resolve import LiquidContext, resolve_liquid
from distribute.render.markdown.parse import parse
from distribute.render.tree import Kind, plain_text, walk

PAGES = {"2020-05-01-first": "https://news.example/base/first/"}
CONTEXT = LiquidContext(
    site_url="https://news.example/base",
    page_of=lambda stem: PAGES.get(stem, ""),
    variables={"site.title": "News", "page.title": "First"},
)


def resolved(markdown: str) -> str:
    """Resolve, and expect nothing to tell."""
    text, notes = resolve_liquid(markdown, CONTEXT)
    assert notes == ()
    return text


@pytest.mark.parametrize(
    ("tag", "url", "text"),
    [
        (
            'video id="Ab_-1" provider="youtube"',
            "https://www.youtube.com/watch?v=Ab_-1",
            "YouTube",
        ),
        (
            "video id='Ab&' provider='youtube'",
            "https://www.youtube.com/watch?v=Ab",
            "YouTube",
        ),
        (
            'video id="Ab&t=3s" provider="youtube"',
            "https://www.youtube.com/watch?v=Ab&t=3s",
            "",
        ),
        ('video id="12" provider="vimeo"', "https://vimeo.com/12", "Vimeo"),
        ('video.html id="Ab"', "https://www.youtube.com/watch?v=Ab", "▶\ufe0e YouTube"),
        (
            'youtube.html id="Ab" title="A *talk*"',
            "https://www.youtube.com/watch?v=Ab",
            "▶\ufe0e A *talk*",
        ),
        ('youtubePlayer.html id="Ab"', "https://www.youtube.com/watch?v=Ab", "YouTube"),
        (
            'video id="https://x.example/v" provider="other"',
            "https://x.example/v",
            "▶\ufe0e x.example",
        ),
        ('video id="https://[v" provider="other"', "https://[v", "▶\ufe0e [v"),
        ('vimeo.html video_id="7"', "https://vimeo.com/7", "Vimeo"),
    ],
)
def test_a_video_becomes_a_link(tag: str, url: str, text: str) -> None:
    """Whatever the theme calls it, readers get a link that says what it is."""
    tree = parse(resolved(f"{{% include {tag} %}}"))
    links = [node for node in walk(tree) if node.kind is Kind.LINK]
    assert [node.url for node in links] == [url]
    assert text in plain_text(tree)
    assert plain_text(tree)


@pytest.mark.parametrize(
    "tag",
    [
        '_image-with-caption.html url="../a b.png" description="Figure 1. The *x*." zoom=60',
        'image.html file="../a b.png"\ncaption="Figure 1. The *x*."',
        "figure image_path='../a b.png' alt='' caption='Figure 1. The *x*.'",
        'any.html src="../a b.png"\n\n description="Figure 1. The *x*."',
    ],
)
def test_an_image_include_becomes_a_picture_with_its_caption(tag: str) -> None:
    """The caption stands below the picture, its text taken as it is."""
    markdown = f"{{% include {tag} %}}\n\nafter"
    text = resolved(markdown)
    assert text.count("\n") == markdown.count("\n")
    assert to_html(parse(text)).startswith(
        '<p><img src="../a b.png" alt=""><br>\n<em>Figure 1. The *x*.</em></p>'
    )


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("{{ site.url }}{{site.baseurl}}/a", "https://news.example/base/a"),
        ("{{- site.title -}}", "News"),
        ("{{ '/a' | relative_url }}", "https://news.example/base/a"),
        ('{{ "https://a.example" | absolute_url }}', "https://a.example"),
        ('{{ "a.png" | absolute_url }}', "https://news.example/base/a.png"),
        (
            '{{ "/a" | prepend: site.baseurl | prepend: site.url }}',
            "https://news.example/base/a",
        ),
        ("{{ page.title | upcase }}", "First"),
        (
            "[a]({% post_url 2020-05-01-first %})",
            "[a](https://news.example/base/first/)",
        ),
        ("{% link _posts/2020-05-01-first.md %}", "https://news.example/base/first/"),
        ("{% link files/a.pdf %}", "https://news.example/base/files/a.pdf"),
        ("{% raw %}{{ a }} {% b %}{% endraw %}", "{{ a }} {% b %}"),
        ("a{% comment %}\nb {{ c }}\n{% endcomment %}d", "a\n\nd"),
        ("{%- comment -%}{% include x %}{%- endcomment -%}", ""),
        ("{% highlight py %}\na = 1\n{% endhighlight %}", "```py\na = 1\n```"),
        ("{% highlight md %}\n```\n{% endhighlight %}", "````md\n```\n````"),
        ("{% highlight py %}a{% endhighlight %}", "` a `"),
        (
            "{% youtube Ab %}",
            "[▶\ufe0e YouTube](<https://www.youtube.com/watch?v=Ab>)",
        ),
        ("{% gist me/1 %}", "<https://gist.github.com/me/1>"),
        (
            '{% include image url="{{ site.url }}/a.png" %}',
            "![](<https://news.example/base/a.png>)",
        ),
    ],
)
def test_what_is_known_is_resolved(markdown: str, text: str) -> None:
    """Addresses, code and comments become what Jekyll makes of them."""
    assert resolved(markdown) == text


@pytest.mark.parametrize(
    "markdown",
    [
        "`{{ a }}`",
        "```\ntitle = {{A Title}},\n{% include b %}\n```",
        "    {% if a %}",
        "$$x_{{i}}$$",
        "<!-- {% include a %} -->",
        "one { brace % here } and { { more",
    ],
)
def test_code_comments_and_braces_are_left_alone(markdown: str) -> None:
    """Nothing is resolved where it is no Liquid."""
    assert resolved(markdown) == markdown


def test_raw_goes_from_code_where_it_only_kept_liquid_off() -> None:
    """Code shows what Jekyll would show of it."""
    assert resolved("```\n{% raw %}{{ a }}{% endraw %}\n```") == "```\n{{ a }}\n```"


@pytest.mark.parametrize(
    ("markdown", "text", "rule"),
    [
        ("a {{ some words }} b", "a some words b", "liquid-unknown"),
        ("{% if a %}b", "b", "liquid-unknown"),
        (
            "{% include box.html text='Mind the *gap*' %}",
            "Mind the *gap*",
            "liquid-unknown",
        ),
        (
            "{% include button url='https://a.example' text='Go' %}",
            "Go",
            "liquid-unknown",
        ),
        ("{% include video id=page.video %}", "", "liquid-unknown"),
        ("{% include toc %}", "", "liquid-unknown"),
        ("[a]({% post_url 2020-01-01-none %})", "a", "liquid-post-unknown"),
        ("a {% b", "a  b", "liquid-unclosed"),
        ("a {{ b", "a  b", "liquid-unclosed"),
        ("{% raw %}a", "a", "liquid-unclosed"),
        ("{% comment %}a", "a", "liquid-unclosed"),
        ("{% b {% raw %}c{% endraw %}", "b c", "liquid-unclosed"),
    ],
)
def test_what_is_unknown_is_told_and_its_words_stay(
    markdown: str, text: str, rule: str
) -> None:
    """No markup of Liquid reaches a reader, and no word is lost in silence."""
    result, notes = resolve_liquid("\n\n" + markdown, CONTEXT, first_line=8)
    assert plain_text(parse(result)) == text.strip()
    assert [(note.rule, note.line) for note in notes] == [(rule, 10)]


def test_an_unknown_button_stays_a_link() -> None:
    """An include with an address and words keeps both."""
    markdown = "{% include button url='https://a.example' text='Go' %}"
    text, _ = resolve_liquid(markdown, CONTEXT)
    assert text == "[Go](<https://a.example>)"


PIECES = ["{%", "%}", "{{", "}}", "{% raw %}", "{% endraw %}", "{% comment %}", "`"]
PIECES += ["{% endcomment %}", "{% highlight a %}", "{% endhighlight %}", "\n", " x "]
PIECES += ['{% include video id="', '" %}', "```\n", "<!--", "-->", "| append: 'a'"]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_liquid_keeps_the_lines(markdown: str) -> None:
    """Whatever is written, nothing fails, the lines can be told, and it repeats."""
    text, notes = resolve_liquid(markdown, CONTEXT)
    assert text.count("\n") == markdown.count("\n")
    assert resolve_liquid(markdown, CONTEXT) == (text, notes)
