"""The style sheets: what mail programs understand, what eyes can read."""

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import zip_longest

import pytest

from distribute.editions.edition import Issue
from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.render.document import Content
from distribute.render.email.email import render_email
from distribute.render.email.inline import inline_css
from distribute.render.theme.theme import Theme

CLASSES = """<h2>Part</h2><p><strong>Line</strong></p>
<p><img src="https://example.net/a.png" alt=""></p><p><em>Caption</em></p>
<p><em><strong>Line</strong></em></p><p>Text</p><span class="formula" dir="ltr">x²</span>
<p class="formula" dir="ltr">x²</p><pre class="math"><code>\\x</code></pre>
<ul><li class="task-list-item">a<ul><li>b</li></ul></li></ul>
<p class="lead">a</p><p class="note">b</p><div class="tip"><p>c</p><p>d</p></div>
<nav class="contents"><ul><li><a href="https://example.net/">e</a></li></ul></nav>"""
SELECTOR = re.compile(
    r"(?:[a-z][a-z0-9]*|\.[a-z-]+|\[[a-z]+=\"?[a-z0-9]+\"?\]|:first-child|:last-child"
    r"|[ >])+"
)
COLOUR = re.compile(r"#([0-9A-Fa-f]*)")
SIDES = ("top", "right", "bottom", "left")
SHORTHANDS = {"margin", "padding", "border", "background", "font", "list-style"}
SHORTHANDS |= {f"border-{side}" for side in SIDES}
FORBIDDEN = ("!important", "var(", "calc(", "rem", "url(", "@", "-inline", "-block:")
STYLE = re.compile(r"style=(?:\"([^\"]*)\"|'([^']*)')")


def rules(css: str) -> list[tuple[str, str]]:
    """Read a flat sheet as pairs of selector and declarations."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return [(s.strip(), d.strip()) for s, d in re.findall(r"([^{}]+)\{([^{}]*)\}", css)]


def inlined_sheets(theme: Theme) -> str:
    """Join the sheets in the order in which they are inlined."""
    return theme.source("email/inlined.css") + theme.source("email/layout.css")


def declarations(text: str) -> dict[str, str]:
    """Read declarations, whatever their spacing and quotes."""
    pairs = (each.split(":", 1) for each in text.split(";") if ":" in each)
    return {
        name.strip(): re.sub(r"\s*,\s*", ",", value.strip().replace('"', "'"))
        for name, value in pairs
    }


def contrast(one: str, other: str) -> float:
    """Tell the contrast of two colours, ``#rrggbb`` (WCAG 2.1, 1.4.3)."""

    def luminance(colour: str) -> float:
        channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
        red, green, blue = (
            c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4
            for c in channels
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_inlined_sheet_keeps_the_contract(theme: Theme) -> None:
    """Only selectors and values that every inliner and mail program understands."""
    for selector, body in rules(inlined_sheets(theme)):
        assert SELECTOR.fullmatch(selector), selector
        assert not [word for word in FORBIDDEN if word in body], selector
        assert all(len(digits) == 6 for digits in COLOUR.findall(body)), selector


def test_no_shorthand_undoes_a_longhand(theme: Theme) -> None:
    """A shorthand is used once for an element, before every longhand of another rule.

    premailer writes a second one into the place of the first, before the longhands that
    it should undo.
    """
    seen = set()
    for selector, body in rules(inlined_sheets(theme)):
        for name in SHORTHANDS & declarations(body).keys():
            area, element = selector.split()[0], selector.split()[-1]
            place = (area if area in {".header", ".footer"} else "", element, name)
            assert selector.count(".") == 1, selector
            assert place not in seen, selector
            seen.add(place)
    assert seen


@pytest.mark.parametrize("name", ["email/kept.css", "email/outlook.css"])
def test_kept_rules_win_over_inlined_ones(theme: Theme, name: str) -> None:
    """In the kept sheets every declaration is important, and nothing is nested twice."""
    css = theme.source(name)
    for _, body in rules(css):
        assert body.count(":") == body.count("!important"), body
    assert "@media" not in css or re.findall(r"@\w+", css) == ["@media", "@media"]


def test_the_light_colours_can_be_read(theme: Theme) -> None:
    """Text in mail stands out from the card and its boxes, at least 4.5 to 1."""
    backgrounds = {
        ".content .note": "#f2efe8",
        ".content .tip": "#e9f1ea",
        ".content .warning": "#f9ebe4",
    }
    for selector, body in rules(inlined_sheets(theme)):
        found = declarations(body)
        colour = found.get("color", "#24262b")
        ground = found.get("background-color", "#fffefc")
        if selector == ".content hr":
            continue
        assert contrast(colour, ground) >= 4.5, selector
        if selector in {".page", ".content a"}:
            assert all(contrast(colour, box) >= 4.5 for box in backgrounds.values())


def test_the_dark_colours_can_be_read(theme: Theme) -> None:
    """So it does in the dark, on the dark card and on the dark boxes."""
    dark = theme.source("email/kept.css").partition("prefers-color-scheme")[2]
    for selector, body in rules(dark.partition("{")[2]):
        found = declarations(body.replace(" !important", ""))
        if "color" in found:
            ground = found.get("background-color", "#282c33")
            assert contrast(found["color"], ground) >= 4.5, selector
        elif "background-color" in found and "hr" not in selector:
            assert contrast("#dedbd4", found["background-color"]) >= 4.5, selector
            assert contrast("#8fbdf0", found["background-color"]) >= 4.0, selector


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_can_be_read(theme: Theme, scheme: str) -> None:
    """On pages every ink stands out from every paper, at least 4.5 to 1."""
    light, dark = re.findall(
        r":root \{(.*?)\}", theme.source("page/style.css"), re.DOTALL
    )[:2]
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", light))
    if scheme == "dark":
        colours |= dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", dark))
    for ink in ("ink", "strong", "quiet", "link"):
        for paper in ("paper", "tint", "tip", "warning"):
            assert contrast(colours[ink], colours[paper]) >= 4.5, (ink, paper)
    assert contrast(colours["on-link"], colours["link"]) >= 4.5
    assert contrast(colours["ink"], colours["mark"]) >= 4.5


@pytest.mark.parametrize("tag", ["en", "ar", "zh"])
def test_another_inliner_agrees(
    theme: Theme,
    publication: Publication,
    make_issue: Callable[..., Issue],
    make_content: Callable[..., Content],
    monkeypatch: pytest.MonkeyPatch,
    tag: str,
) -> None:
    """An inliner that knows the whole of CSS computes the same styles."""
    css_inline = pytest.importorskip("css_inline")
    sources: list[str] = []

    def remember(html: str) -> str:
        sources.append(html)
        return inline_css(html)

    monkeypatch.setattr("distribute.render.email.email.inline_css", remember)
    issue = make_issue()
    edition = issue.editions[Language(tag)]
    edition = replace(edition, title=f"{edition.title} " * 3)
    content = make_content(make_content().html + CLASSES)
    ours = render_email(
        edition, content, issue, text="", publication=publication, theme=theme
    )
    oracle = css_inline.CSSInliner(load_remote_stylesheets=False)
    source = sources[0].replace('data-premailer="ignore"', 'data-css-inline="keep"')
    theirs = oracle.inline(source)
    pairs = list(
        zip_longest(_styles(ours.html), _styles(theirs), fillvalue={"missing": "x"})
    )
    assert len(pairs) > 60
    for mine, other in pairs:
        assert mine == other


def _styles(html: str) -> list[dict[str, str]]:
    """List the styles of all elements of the body, in their order."""
    body = html.partition("<body")[2].replace("&quot;", "'")
    return [declarations(double or single) for double, single in STYLE.findall(body)]
