"""The tokens of style sheets: what stands for them in mails."""

import re
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.errors import RenderError
from distribute.render.theme.contrast import contrast
from distribute.render.theme.files import read_presets
from distribute.render.theme.properties import tokens_of, variables
from distribute.render.theme.style import Style
from distribute.render.theme.theme import style_of, usual_style
from distribute.render.theme.tokens import resolve, unknown_tokens

PATH = PurePosixPath("templates/email/x.css")
STRING = r""""(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?"""


def resolved(css: str, style: Style | None = None) -> str:
    """Resolve a sheet in the usual style."""
    return resolve(css, style or usual_style(), path=PATH)


def outcome(css: str) -> tuple[str, RenderError | None]:
    """Resolve a sheet, or tell why that cannot be."""
    try:
        return resolved(css), None
    except RenderError as error:
        return "", error


@pytest.mark.parametrize(
    ("css", "result"),
    [
        ("a { color: var(--ink); }", "a { color: #24262b; }"),
        ("a { color: var( --ink ) ; }", "a { color: #24262b ; }"),
        ("a { color: VAR(--ink) }", "a { color: #24262b }"),
        ("a { color: var(--none, #fff) }", "a { color: #fff }"),
        ("a { color: var(--none, var(--ink)) }", "a { color: #24262b }"),
        ("a { color: var(--none, var(--no, red)) }", "a { color: red }"),
        ("a { font: var(--x, a, 'b)', c) }", "a { font: a, 'b)', c }"),
        ("a { color: var(--ink, nonsense) }", "a { color: #24262b }"),
        ("a::before { content: 'var(--ink)' }", "a::before { content: 'var(--ink)' }"),
        ("a { color: #123456; }", "a { color: #123456; }"),
        ("/* var(--nothing) { */ a { b: c }", "a { b: c }"),
        ("a { border: 1px solid var(--line) }", "a { border: 1px solid #e2ddd2 }"),
    ],
)
def test_values_take_the_place_of_tokens(css: str, result: str) -> None:
    """A token becomes its value, or what stands in for it; all else stays as it is."""
    assert resolved(css) == result


@pytest.mark.parametrize(
    "css",
    [
        "@media (prefers-color-scheme:dark) { a { color: var(--ink) } }",
        "@media screen and (prefers-color-scheme: dark) { b { c: d } a { e: var(--ink) } }",
        "[data-ogsc] .content, .x { color: var(--ink) }",
        "[data-ogsb] .card { background-color: var(--ink) }",
    ],
)
def test_the_dark_has_its_own_colours(css: str) -> None:
    """What is for readers in the dark has dark colours, and only that."""
    style = usual_style()
    both = resolved(f"a {{ b: var(--ink) }}\n{css}\nc {{ d: var(--ink) }}")
    first, last = both.splitlines()[0], both.splitlines()[-1]
    assert style.light["ink"] in first
    assert style.light["ink"] in last
    assert style.dark["ink"] in both
    assert both.count(style.light["ink"]) == 2


@pytest.mark.parametrize(
    ("css", "line", "reason"),
    [
        ("a {\n  color: var(--inc); }", 2, "no token --inc, did you mean 'ink'?"),
        ("/* one\n two */\n\na { color: var(--zzzzz) }", 4, "no token --zzzzz"),
        ("a { color: var(ink) }", 1, "var(ink) names no token"),
        ("a { color: var() }", 1, "names no token"),
        ("a { color: var(--ink; }\nb { c: d }", 1, "without its closing bracket"),
        (":root {\n --mine: #123456;\n}", 2, "--mine is declared here"),
        ("a { b: " + "var(--x, " * 50 + ")" * 50 + "}", 1, "names no token"),
    ],
)
def test_a_mistake_has_a_line(css: str, line: int, reason: str) -> None:
    """The error names the file, the line, what is wrong, and what to do."""
    with pytest.raises(RenderError) as raised:
        resolved(css)
    assert str(raised.value).startswith(f"{PATH}:{line}: ")
    assert reason in str(raised.value)
    assert raised.value.hint


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="abvr(-)*/{};:'\"\\\n, @#[]i\n", max_size=60))
def test_any_text_ends_well(css: str) -> None:
    """Whatever is in the file: it is resolved, or there is an error with its line."""
    result, error = outcome(css)
    if error is not None:
        assert error.path == PATH
        assert 1 <= error.line <= css.count("\n") + 1
    unquoted = re.sub(STRING, "", result, flags=re.DOTALL)
    assert not re.search(r"(?<![\w-])var\(", unquoted)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(sorted(tokens_of(usual_style()))), max_size=8))
def test_every_token_has_a_value(names: list[str]) -> None:
    """Nothing is left of any token that there is."""
    css = "".join(f".a {{ b: var(--{name}) }}" for name in names)
    result = resolved(css)
    assert "var(" not in result
    assert "--" not in result


def test_what_browsers_would_not_know_is_found() -> None:
    """Their sheets may declare tokens and say what stands in for one; no others."""
    css = """:root { --mine: 1px }
    /* var(--no) */ a { b: var(--mine) var(--ink) var(--none, 2px);
    c: var( --inc ) }"""
    flaws = list(unknown_tokens(css, usual_style(), path=PATH))
    assert [(flaw.line, flaw.reason) for flaw in flaws] == [
        (3, "there is no token --inc, did you mean 'ink'?")
    ]


def test_a_button_in_the_masthead_stands_out() -> None:
    """It has the colour of links, unless that is too near to what it stands on."""
    presets = read_presets(Path("nowhere"))
    for preset, call, on_call in (
        ("letter", "link", "on-link"),
        ("console", "link", "on-link"),
        ("poster", "masthead-ink", "masthead"),
    ):
        style = style_of(presets, preset)
        tokens = tokens_of(style)
        assert tokens["call"] == style.light[call]
        assert tokens["on-call"] == style.light[on_call]
        assert contrast(tokens["call"], style.light["masthead"]) >= 3
        assert contrast(tokens["call"], tokens["on-call"]) >= 4.5


@pytest.mark.parametrize("ground", ["#111111", "#fafafa", "#7a4a00", "#777777"])
def test_words_around_the_card_stand_out(ground: str) -> None:
    """Whatever colour is around the card, that of the words on it can be read."""
    style = usual_style()
    style = replace(style, light={**style.light, "ground": ground})
    tokens = tokens_of(style)
    for token in ("around", "around-link"):
        assert contrast(tokens[token], ground) >= 4.4
    usual = tokens_of(usual_style())
    assert (usual["around"], usual["around-link"]) == (usual["quiet"], usual["link"])


def test_browsers_are_told_all_tokens() -> None:
    """On pages the same tokens are custom properties, in both modes, for every script."""
    css = variables(usual_style())
    light, _, dark = css.partition("@media (prefers-color-scheme: dark)")
    for token in ("ink", "paper", "masthead-ink", "mono", "radius", "leading"):
        assert f"--{token}: " in light
    assert "--paper: #1c1f24;" in dark
    assert ":lang(zh) {" in css
    assert css.index(":lang(zh) {") < css.index(":lang(zh-Hant)")
    assert css.count("{") == css.count("}")


@pytest.mark.parametrize(
    "piece", ['"', '"\\', "'\\", "/*", "{", "}", "var(", 'var("', "()", "\n \n"]
)
def test_no_text_takes_long(piece: str) -> None:
    """At the square of its length it would be minutes."""
    text, error = outcome(piece * 100_000)
    assert error or len(text) <= len(piece) * 100_000


def test_a_string_without_its_end_hides_one_line() -> None:
    """What stands below is read as it is by browsers."""
    css = '.a { content: "x; }\n.b { color: var(--paper); }'
    assert resolved(css).endswith(f".b {{ color: {usual_style().light['paper']}; }}")


@pytest.mark.parametrize("end", ["</style>", "a::before { content: '</STYLE' }"])
def test_the_end_of_a_style_block_is_refused_with_its_line(end: str) -> None:
    """The rest of the sheet would be text in the mail; in a comment it is harmless."""
    _, error = outcome(f"a {{ color: red }}\n{end}\n")
    assert error is not None
    assert (error.path, error.line) == (PATH, 2)
    assert "would end the style sheet" in error.reason
    assert resolved("/* </style> */ a { b: c }") == "a { b: c }"
