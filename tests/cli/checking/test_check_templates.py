"""Broken templates of a newsletter's own, as `check` tells of them."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run


def break_templates(folder: Path) -> None:
    """Give a newsletter own templates and a style sheet, each with one mistake."""
    (folder / "templates" / "email").mkdir(parents=True)
    for name, text in (
        ("email.html", "<p>\n{% if %}</p>"),
        ("kept.css", "\n\na { color: var(--inkk) }"),
    ):
        (folder / "templates" / "email" / name).write_text(text)


@pytest.mark.parametrize("some", [(), ("latest",)], ids=["all", "one"])
def test_broken_templates_are_findings_beside_all_others(
    run: Run, broken: Path, some: tuple[str, ...]
) -> None:
    """Each once, with file and line; what posts say is looked at none the less."""
    break_templates(broken)
    answer = run("-C", broken, "--json", "check", *some)
    assert answer.status == 1
    found = [
        (f["rule"], Path(f["path"]).name, f["line"])
        for f in answer.document["findings"]
    ]
    assert found.count(("template-broken", "email.html", 2)) == 1
    assert found.count(("template-broken", "kept.css", 3)) == 1
    assert [rule for rule, _, _ in found].count("template-broken") == 2
    assert "link-scheme" in {rule for rule, _, _ in found}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("t('mail.wibble')", "there is no text 'mail.wibble'"),
        (
            "source('email/kpt.css')",
            "the theme has no file 'email/kpt.css', did you mean",
        ),
        ("edition.titel", "edition has no 'titel', did you mean 'title'?"),
    ],
)
def test_a_slip_of_a_template_is_told_once(
    run: Run, small: Path, asked: str, said: str
) -> None:
    """Though it shows in the template, and again in each language's mail."""
    folder = small / "templates" / "email"
    folder.mkdir(parents=True)
    (folder / "email.html").write_text(f"<p>\n{{{{ {asked} }}}}</p>")
    findings = run("-C", small, "--json", "check").document["findings"]
    (found,) = [each for each in findings if each["rule"] == "template-broken"]
    assert found["message"].startswith(said)
    assert (Path(found["path"]).name, found["line"]) == ("email.html", 2)


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "junit"])
def test_a_broken_template_is_told_in_every_format(
    run: Run, small: Path, form: str
) -> None:
    """As any other finding, also to machines."""
    break_templates(small)
    answer = run("-C", small, "check", "--format", form)
    assert (answer.status, answer.err) == (1, "")
    assert "email.html" in answer.out
    assert "template-broken" in answer.out
