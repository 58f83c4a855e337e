"""The sandbox that templates run in, and the mistakes that show before they run."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pytest

from distribute.errors import RenderError
from distribute.language import Language
from distribute.render.theme.files import ThemeFile
from distribute.render.theme.template.environment import environment_of
from distribute.render.theme.theme import Theme, read_theme, theme_of

EN = Language("en")


@dataclass(frozen=True)
class Shown:
    """Something that templates are given."""

    folder: Path
    name: str = "shown"

    def named(self, prefix: str) -> str:
        """Tell its name."""
        return f"{prefix} {self.name}"


def made(files: Mapping[str, str]) -> Theme:
    """Make a theme of texts."""
    files = {"catalogues/en.toml": 'hello = "Hello {name}"\nbye = "Bye"', **files}
    return theme_of({n: ThemeFile(PurePosixPath(n), text) for n, text in files.items()})


@pytest.mark.parametrize(
    ("template", "result"),
    [
        ("{% for n in range(3) %}{{ n }}{% endfor %}", "012"),
        ("{% set s = namespace(a=1) %}{% set s.a = s.a + 1 %}{{ s.a }}", "2"),
        ("{{ '-' * 3 }}{{ 'a'.upper() }}{{ shown.named('is') }}", "---Ais shown"),
        ("{{ shown.folder.name }}", "there"),
        ("{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m(1) }}{{ m(2) }}", "<1><2>"),
        ("{{ {'a': [1, 2]}.a | join(',') }}{{ 'b c' | title }}", "1,2B C"),
        ("{{ style.preset }}", "letter"),
        ("{{ 1600 * 900 }} {{ 100000 + 1 }}", "1440000 100001"),
        ("{{ '%05.1f|%s' % (2.5, 2026) }}", "002.5|2026"),
        ("{{ '{:>3}|{}'.format(1, 20261120) }}", "  1|20261120"),
        ("{{ '%s of 2026' | format('May') }}", "May of 2026"),
        ("{% set a %}b{{ 1 }}{% endset %}{{ a ~ '<' }}", "b1<"),
        ("{% for x in [1, [2]] recursive %}{{ loop(x) if x is iterable else x }}"
         "{{ ',' if not loop.last }}{% endfor %}", "1,2"),
    ],
)  # fmt: skip
def test_templates_can_do_what_they_need(template: str, result: str) -> None:
    """Loops, macros, filters, and asking what they are shown."""
    values = {"shown": Shown(Path("somewhere/there"))}
    assert made({"a.txt": template}).render("a.txt", EN, values) == result


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("\n{{ ''.__class__.__mro__ }}", "unsafe"),
        ("\n{{ date.__globals__ }}", "unsafe"),
        ("\n{{ shown.named.__func__ }}", "unsafe"),
        ("\n{{ shown.folder.write_text('x') }}", "not safely callable"),
        ("\n{{ shown.folder.joinpath('a').unlink() }}", "not safely callable"),
        ("\n{{ shown.folder.cwd() }}", "not safely callable"),
        ("\n{{ '{0.__class__}'.format(shown) }}", "unsafe"),
        ("\n{{ [].append(1) }}", "unsafe"),
        ("\n{{ 'x' * 99999999 }}", "too much"),
        ("\n{{ 9 ** 9999999 }}", "too much"),
        ("\n{{ 'x'.center(99999999) }}", "too much"),
        ("\n{{ 'x' | center(99999999) }}", "too much"),
        ("\n{{ 'x' | indent(99999999, true) }}", "too much"),
        ("\n{{ '%99999999d' % 1 }}", "too much"),
        ("\n{{ '%*d' | format(99999999, 1) }}", "too much"),
        ("\n{{ '{:{}}'.format(1, 99999999) }}", "too much"),
        ("\n{{ [1] | slice(99999999) | list }}", "too much"),
        ("\n{% set b = 'x' * 9999 %}{{ b | replace('x', b) }}", "too much"),
        ("\n{% set b = 'x' * 9999 %}{{ ('{0}' * 9999).format(b) }}", "too much"),
        ("\n{% set b = ['x' * 9999] * 999 %}{{ ('x' * 999).join(b) }}", "too much"),
        ("\n{% set s = namespace(a='xx') %}{% for i in range(99) %}"
         "{% set s.a = s.a ~ s.a %}{% endfor %}", "makes more than"),
        ("\n{% set s = namespace(a=[1]) %}{% for i in range(99) %}"
         "{% set s.a = s.a + s.a %}{% endfor %}", "makes more than"),
        ("\n{% set b = 'x' * 99999 %}{% set a %}{% for i in range(999) %}{{ b }}"
         "{% endfor %}{% endset %}", "makes more than"),
        ("\n{% for i in range(99999999) %}{% endfor %}", "loops and calls"),
        ("\n{% set a = range(999) %}{% for i in a %}{% for j in a %}{% endfor %}"
         "{% endfor %}", "loops and calls"),
        ("\n{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}"
         "{% endmacro %}{{ m(99) }}", "loops and calls"),
        ("\n{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "without an end"),
        ("\n{% include 'a.txt' %}", "without an end"),
        ("\n{{ t('hello', name=1, name=2) }}", "keyword argument repeated"),
        ("\n{{ '\\ud800' }}", "surrogates"),
        ("\n{{ 1 | random }}", "random"),
        ("\n{{ lipsum() }}", "there is no 'lipsum'"),
    ],
)  # fmt: skip
def test_templates_can_do_no_harm(template: str, reason: str, tmp_path: Path) -> None:
    """They reach neither Python nor the disk, and do not run on; the error says where."""
    theme = made({"a.txt": template})
    with pytest.raises(RenderError) as raised:
        theme.render("a.txt", EN, {"shown": Shown(tmp_path)})
    assert str(raised.value).startswith("a.txt:")
    assert raised.value.line == (0 if "surrogates" in reason else 2)
    assert reason in str(raised.value)
    assert raised.value.hint
    assert not list(tmp_path.iterdir())


def test_our_own_templates_run_free(tmp_path: Path) -> None:
    """They are not counted; one template of a newsletter's own, and all are."""
    assert not environment_of(read_theme().files).sandboxed
    (tmp_path / "style.css").write_text("")
    assert not environment_of(read_theme(tmp_path).files).sandboxed
    (tmp_path / "own.txt").write_text("")
    assert environment_of(read_theme(tmp_path).files).sandboxed


def test_rendering_often_is_no_running_on() -> None:
    """What is counted is one rendering, also in macros that are imported."""
    loop = "{% macro m() %}{% for i in range(60000) %}{% endfor %}{% endmacro %}"
    theme = made(
        {
            "m.txt": loop,
            "a.txt": "{% import 'm.txt' as p %}{{ p.m() }}ok{{ range(9)[0] }}",
        }
    )
    for _ in range(5):
        assert theme.render("a.txt", EN, {}) == "ok0"


def test_a_misspelt_name_is_guessed() -> None:
    """An undefined name is compared with those that were given."""
    theme = made({"a.txt": "{{ edtion }}"})
    with pytest.raises(
        RenderError, match="there is no 'edtion', did you mean 'edition'"
    ):
        theme.render("a.txt", EN, {"edition": 1})


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ("shown.nam", "shown has no 'nam', did you mean 'name'?"),
        ("shown['nam']", "shown has no 'nam', did you mean 'name'?"),
        ("shown.folder.nam", "shown.folder has no 'nam', did you mean 'name'?"),
        ("shown.nam()", "shown has no 'nam', did you mean 'name'?"),
        ("shown.nam.short", "shown has no 'nam', did you mean 'name'?"),
        ("([shown] | first).nam", "shown has no 'nam', did you mean 'name'?"),
        ("(none).nam", "an empty value has no 'nam'"),
        ("('a' ~ 'b').uper()", "a text has no 'uper', did you mean 'upper'?"),
        ("{'colour': 1}.color", "a table has no 'color', did you mean 'colour'?"),
    ],
)
def test_what_is_missing_is_told_in_words_of_templates(asked: str, reason: str) -> None:
    """What was asked is called as it is written there, if it can be; Python is not named."""
    theme = made({"a.txt": f"one\n{{{{ {asked} }}}}"})
    with pytest.raises(RenderError) as raised:
        theme.render("a.txt", EN, {"shown": Shown(Path("there"))})
    assert (raised.value.reason, raised.value.line) == (reason, 2)


def test_a_macro_knows_its_arguments_alone() -> None:
    """Who forgets that is told so."""
    files = {
        "m.txt": "{% macro m() %}{{ edition }}{% endmacro %}",
        "a.txt": "{% import 'm.txt' as p %}{{ p.m() }}",
    }
    with pytest.raises(RenderError, match=r"m\.txt:1: there is no 'edition'") as raised:
        made(files).render("a.txt", EN, {"edition": 1})
    assert "macro" in raised.value.hint


def test_mistakes_show_before_anything_runs() -> None:
    """All of them at once, by file and line, each with the nearest that is right."""
    theme = made(
        {
            "a.html": "\n{% include 'bb.html' %}\n{{ t('helo', name=1) }}\n{{ t('hello') }}",
            "b.html": "{% if %}",
            "c.txt": "{{ source('email/inlned.css') }}{{ t(key) }}{{ t('bye') }}",
            "d.html": "{% extends 'e.html' %}{% include 'f.html' ignore missing %}",
            "email/inlined.css": "a { color: var(--inkk) }",
        }
    )
    with pytest.raises(RenderError) as raised:
        theme.compile()
    said = [line for line in str(raised.value).splitlines() if not line.startswith(" ")]
    assert said == [
        "a.html:2: there is no template 'bb.html', did you mean 'b.html'?",
        "a.html:3: there is no text 'helo', did you mean 'hello'?",
        "a.html:4: the text 'hello' needs name=…",
        "b.html:1: Expected an expression, got 'end of statement block'",
        "c.txt:1: the theme has no file 'email/inlned.css', did you mean "
        "'email/inlined.css'?",
        "d.html:1: there is no template 'e.html', did you mean 'd.html'?",
        "email/inlined.css:1: there is no token --inkk, did you mean 'ink'?",
    ]


def test_our_own_templates_are_well() -> None:
    """What we ship passes its own review."""
    read_theme().compile()


def test_old_sheets_go_on_working(tmp_path: Path) -> None:
    """A copy of a style sheet with plain colours is used as it is."""
    (tmp_path / "email").mkdir()
    (tmp_path / "email" / "inlined.css").write_text(".card { color: #123456; }\n")
    theme = read_theme(tmp_path)
    assert theme.source("email/inlined.css") == ".card { color: #123456; }"
