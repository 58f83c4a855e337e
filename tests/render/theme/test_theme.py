"""Templates: what they may do, where their mistakes are."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import pytest

from distribute.errors import RenderError
from distribute.language import Language
from distribute.render.theme.files import ThemeFile, templates_folder
from distribute.render.theme.theme import Theme, read_theme, theme_of

EN = Language("en")


def made(files: Mapping[str, str]) -> Theme:
    """Make a theme of texts, with a small English catalogue."""
    files = {"catalogues/en.toml": 'hello = "Hello {name} & co"', **files}
    return theme_of({n: ThemeFile(PurePosixPath(n), text) for n, text in files.items()})


def test_html_is_escaped() -> None:
    """Values and texts are escaped in HTML, finished HTML is not escaped twice."""
    theme = made({"a.html": '{{ x }}{{ y | safe }}{{ t("hello", name=x) }}'})
    shown = theme.render("a.html", EN, {"x": "<b>", "y": "<i>"})
    assert shown == "&lt;b&gt;<i>Hello &lt;b&gt; &amp; co"


def test_text_is_not_escaped() -> None:
    """Plain text stays plain."""
    theme = made({"a.txt": '{{ t("hello", name=x) }}\n'})
    assert theme.render("a.txt", EN, {"x": "<b>"}) == "Hello <b> & co\n"


def test_a_value_is_never_a_template() -> None:
    """What a post says in the language of templates is shown, not run."""
    theme = made({"a.html": "{{ x | safe }}"})
    assert theme.render("a.html", EN, {"x": "{{ 7 * 7 }}{% raw %}"}) == (
        "{{ 7 * 7 }}{% raw %}"
    )


def test_dates_are_written_in_the_language(theme: Theme) -> None:
    """A template writes dates the way its readers do."""
    files = {**theme.files, "d.txt": ThemeFile(PurePosixPath("d"), "{{ date(day) }}")}
    from datetime import date

    changed = Theme(files=files, catalogues=theme.catalogues)
    day = {"day": date(2026, 11, 20)}
    assert changed.render("d.txt", Language("fr"), day) == "20 novembre 2026"
    assert changed.render("d.txt", Language("zh-Hans"), day) == "2026年11月20日"


@pytest.mark.parametrize(
    ("template", "line", "reason"),
    [
        ("one\n{{ nothing }}\n", 2, "there is no 'nothing'"),
        ("{{ x.y }}", 1, "x has no 'y'"),
        ("one\ntwo\n{% if %}", 3, "Expected an expression"),
        ("\n{{ t('bye') }}", 2, "there is no text 'bye'"),
        ("\n{{ 1 / 0 }}", 2, "division by zero"),
        ("{% include 'no.html' %}", 1, "no.html"),
        ("{{ source('no.css') }}", 1, "no file 'no.css'"),
    ],
)
def test_a_mistake_is_told_with_file_and_line(
    template: str, line: int, reason: str
) -> None:
    """A broken template is an error that names its file and line."""
    theme = made({"page/a.html": template})
    with pytest.raises(RenderError) as raised:
        theme.render("page/a.html", EN, {"x": 1})
    assert str(raised.value).startswith(f"page/a.html:{line}: ")
    assert reason in str(raised.value)


def test_a_mistake_in_an_included_file_is_told_there() -> None:
    """The file that is named is the one to be repaired."""
    theme = made({"a.html": "\n{% include 'b.html' %}", "b.html": "\n\n{{ gone }}"})
    with pytest.raises(RenderError, match=r"^b\.html:3: there is no 'gone'"):
        theme.render("a.html", EN, {})


def test_a_missing_template_is_an_error() -> None:
    """A theme that lacks a file says so."""
    with pytest.raises(RenderError, match=r"no file 'page/x\.html'"):
        made({}).render("page/x.html", EN, {})


@pytest.mark.parametrize(
    ("wanted", "spoken"),
    [("pt-PT", "pt-BR"), ("zh-Hans", "zh"), ("de-CH", "de"), ("ar-EG", "ar")],
)
def test_a_near_language_is_spoken(theme: Theme, wanted: str, spoken: str) -> None:
    """A newsletter speaks with the catalogue that its readers understand best."""
    assert theme.catalogue(Language(wanted)).language == Language(spoken)


@pytest.mark.parametrize("tag", ["fi", "zh-Hant"])
def test_a_language_without_a_catalogue_is_an_error(theme: Theme, tag: str) -> None:
    """No reader is spoken to in a language the page does not claim to be in."""
    with pytest.raises(RenderError, match=f"Add catalogues/{tag}.toml"):
        theme.catalogue(Language(tag))


def test_a_later_folder_replaces_file_by_file(tmp_path: Path) -> None:
    """A newsletter's own file stands in for the shipped one; the others stay."""
    (tmp_path / "email").mkdir()
    (tmp_path / "email" / "kept.css").write_text("/* mine */")
    (tmp_path / "notes.doc").write_bytes(b"\xff")
    theme = read_theme(tmp_path)
    assert theme.files["email/kept.css"].text == "/* mine */"
    assert theme.source("page/style.css") == read_theme().source("page/style.css")
    assert "notes.doc" not in theme.files


def test_a_folder_can_add_a_language(tmp_path: Path) -> None:
    """One more catalogue is one more language."""
    english = (templates_folder() / "catalogues" / "en.toml").read_text("utf-8")
    (tmp_path / "catalogues").mkdir()
    (tmp_path / "catalogues" / "it.toml").write_text(english, "utf-8")
    assert read_theme(tmp_path).catalogue(Language("it")).language == Language("it")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("catalogues/klingonish!.toml", b"", "is not a language tag"),
        ("page/a.html", b"\xff\xfe\xff", "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_is_an_error(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    """The error names the file."""
    path = tmp_path / name
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(RenderError, match=reason) as raised:
        read_theme(tmp_path)
    assert str(path) in str(raised.value)


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    """A folder of templates that is not there was probably mistyped."""
    with pytest.raises(RenderError, match="no such folder"):
        read_theme(tmp_path / "tmplates")


def test_the_sample_newsletter_is_no_template(theme: Theme) -> None:
    """What lies beside the templates does not become one."""
    assert not any(name.startswith("newsletter/") for name in theme.files)


def test_importing_costs_nothing() -> None:
    """The heavy libraries load when something is rendered, not before."""
    code = (
        "import sys, distribute.render.email.email, distribute.render.pages.page\n"
        "print([m for m in ('jinja2', 'premailer', 'babel') if m in sys.modules])"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
