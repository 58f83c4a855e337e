"""``distribute check`` as people and build servers use it."""

import json
import re
from pathlib import Path

import pytest

from distribute.checks.rulebook import RULEBOOK
from distribute.cli import examination
from tests.cli.conftest import Run

POST = "2026-10-09-the-village-that-switched-off.en.md"
BROKEN = "See [the council](www.obernacht.example.org/council) for more."


def add(folder: Path, text: str, *, head: str = "") -> Path:
    """Write something more into a post of the newsletter's one issue."""
    path = folder / "posts" / POST
    written = path.read_text("utf-8").replace("---\n", f"---\n{head}", 1)
    path.write_text(f"{written}\n{text}\n", encoding="utf-8")
    return path


def configure(folder: Path, table: str) -> None:
    """Write a table more into the settings."""
    path = folder / "distribute.toml"
    path.write_text(f"{path.read_text('utf-8')}\n{table}\n", encoding="utf-8")


@pytest.fixture
def pair(letter: Path) -> Path:
    """Give a newsletter of two issues: the fourth, and the first in one language."""
    for post in (letter / "posts").iterdir():
        if not post.name.startswith(("2026-06-12-first-light.md", "2026-10-09")):
            post.unlink()
    return letter


@pytest.fixture
def broken(small: Path) -> Path:
    """Give a newsletter of one issue with a link that has no scheme."""
    add(small, BROKEN)
    return small


def test_a_finding_shows_its_words_why_they_matter_and_the_remedy(
    run: Run, broken: Path
) -> None:
    """The words are underlined in their line, and the rule is named."""
    answer = run("-C", broken, "check")
    line = (broken / "posts" / POST).read_text("utf-8").split("\n").index(BROKEN) + 1
    assert answer.status == 1
    lines = answer.out.splitlines()
    at = next(n for n, each in enumerate(lines) if "[link-scheme]" in each)
    assert lines[at].startswith(f"{broken / 'posts' / POST}:{line}:19: error: ")
    assert BROKEN in lines[at + 1]
    words = lines[at + 1].index("www.")
    assert lines[at + 2].index("^") == words
    assert lines[at + 2].count("^") == len("www.obernacht.example.org/council")
    assert RULEBOOK["link-scheme"].why in lines[at + 3]
    assert "https://www.obernacht.example.org/council" in lines[at + 4]


def test_the_underline_is_below_the_words_also_of_wide_letters(
    run: Run, small: Path
) -> None:
    """A Chinese character takes two columns of a terminal."""
    add(small, "请看[市议会](www.obernacht.example.org/数)。")
    lines = run("-C", small, "check").out.splitlines()
    mark = next(each for each in lines if "^" in each)
    assert mark.index("^") == len("    │ ") + 2 * 5 + 3
    assert mark.count("^") == len("www.obernacht.example.org/") + 2


def test_why_a_rule_matters_is_told_once(run: Run, small: Path) -> None:
    """However often it is met."""
    add(small, "\n\n".join([BROKEN] * 3))
    out = run("-C", small, "check").out
    assert out.count("[link-scheme]") == 3
    assert out.count(RULEBOOK["link-scheme"].why) == 1


def test_many_warnings_of_one_rule_are_folded_and_errors_never(
    run: Run, small: Path
) -> None:
    """Five are shown; the others are named by their lines, and counted."""
    add(small, "\n\n".join(["[a] (https://example.org/x)", BROKEN] * 8))
    out = run("-C", small, "check").out
    assert out.count("[link-scheme]") == 8
    assert out.count("[link-space]") == 5
    assert re.search(r"and 3 more of link-space, in lines \d+, \d+, \d+\n", out)
    document = run("-C", small, "--json", "check").document
    assert document["counts"]["errors"] == 8
    assert sum(f["rule"] == "link-space" for f in document["findings"]) == 8


def test_quiet_is_one_line_a_finding(run: Run, broken: Path) -> None:
    """As compilers have it, and a summary."""
    *findings, summary = run("-C", broken, "check", "--quiet").out.splitlines()
    assert findings
    assert all(re.search(r": \w+: .* \[[a-z-]+\]$", line) for line in findings)
    assert "1 error" in summary


def test_one_issue_is_checked_by_itself(run: Run, pair: Path) -> None:
    """What is wrong with others is not its concern."""
    add(pair, BROKEN)
    assert run("-C", pair, "check", "1").status == 0
    assert run("-C", pair, "check", "4").status == 1
    assert run("-C", pair, "check").status == 1


def test_one_rule_is_looked_at_by_itself(run: Run, broken: Path) -> None:
    """Or some; one that does not exist is not found to be clean."""
    add(broken, "[a] (https://example.org/x)")
    some = run("-C", broken, "--json", "check", "--rule", "link-space").document
    assert {f["rule"] for f in some["findings"]} == {"link-space"}
    both = ("--rule", "link-space", "--rule", "link-scheme")
    rules = run("-C", broken, "--json", "check", *both).document["findings"]
    assert {f["rule"] for f in rules} == {"link-space", "link-scheme"}
    wrong = run("-C", broken, "check", "--rule", "link-spaec")
    assert wrong.status == 2
    assert "link-space" in wrong.err


def test_warnings_fail_if_they_shall(run: Run, small: Path) -> None:
    """By ``--strict``, or for good by the settings."""
    add(small, "[a] (https://example.org/x)")
    assert run("-C", small, "check").status == 0
    assert run("-C", small, "check", "--strict").status == 1
    configure(small, "[check]\nstrict = true")
    assert run("-C", small, "check").status == 1


def test_the_settings_switch_a_rule_off_and_the_summary_counts_it(
    run: Run, broken: Path
) -> None:
    """With its reason in JSON and SARIF; then the issue is fit to be sent."""
    configure(broken, '[check.off]\nlink-scheme = "the council has no https"')
    answer = run("-C", broken, "check")
    assert answer.status == 0
    assert "1 switched off" in answer.out
    (off,) = run("-C", broken, "--json", "check").document["off"]
    assert (off["rule"], off["reason"]) == ("link-scheme", "the council has no https")
    sarif = json.loads(run("-C", broken, "check", "--format", "sarif").out)
    (result,) = [r for r in sarif["runs"][0]["results"] if "suppressions" in r]
    assert result["suppressions"][0]["justification"] == "the council has no https"
    assert "switched off" in run("-C", broken, "check", "--format", "junit").out


def test_a_post_switches_a_rule_off_for_itself(run: Run, small: Path) -> None:
    """The same slip in its translation counts."""
    add(small, BROKEN, head='check: {off: {link-scheme: "as it was said"}}\n')
    assert run("-C", small, "check").status == 0
    (german,) = (small / "posts").glob("*_de.md")
    german.write_text(f"{german.read_text('utf-8')}\n{BROKEN}\n", encoding="utf-8")
    assert run("-C", small, "check").status == 1


def test_a_rule_that_is_off_for_nothing_is_noted_where_all_is_known(
    run: Run, pair: Path
) -> None:
    """One issue alone does not tell whether the settings still need it."""
    configure(pair, '[check.off]\nlink-scheme = "once"')
    some = run("-C", pair, "--json", "check", "4").document["findings"]
    every = run("-C", pair, "--json", "check").document["findings"]
    assert [f["rule"] for f in some] == []
    assert [f["rule"] for f in every] == ["waiver-unused"]


def test_a_misspelt_rule_in_the_settings_is_an_error_with_its_line(
    run: Run, small: Path
) -> None:
    """And so is one that cannot be switched off; both are shown where they stand."""
    configure(small, '[check.off]\nlink-scheem = "x"\npost-empty = "y"')
    findings = run("-C", small, "--json", "check").document["findings"]
    lines = (small / "distribute.toml").read_text("utf-8").split("\n")
    for rule, words in (
        ("waiver-unknown", "link-scheem"),
        ("waiver-refused", "post-empty"),
    ):
        (found,) = [f for f in findings if f["rule"] == rule]
        assert lines[found["line"] - 1].startswith(words)
        assert found["column"] == 1


@pytest.mark.parametrize("rule", ["link-scheme", "post-empty", "mojibake"])
def test_a_rule_is_explained(run: Run, tmp_path: Path, rule: str) -> None:
    """Also where there is no newsletter: why, how to mend it, how to switch it off."""
    out = " ".join(run("-C", tmp_path, "check", "--explain", rule).out.split())
    described = RULEBOOK[rule]
    assert described.why in out
    assert described.fix in out
    assert ("cannot be switched off" in out) == described.firm
    document = run("-C", tmp_path, "--json", "check", "--explain", rule).document
    assert document["why"] == described.why


def test_all_rules_are_listed(run: Run, tmp_path: Path) -> None:
    """In a line each."""
    lines = run("-C", tmp_path, "check", "--explain", "all").out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == list(RULEBOOK)
    document = run("-C", tmp_path, "--json", "check", "--explain", "all").document
    assert [rule["rule"] for rule in document["rules"]] == list(RULEBOOK)


def test_an_unknown_rule_is_not_explained_but_guessed(run: Run, tmp_path: Path) -> None:
    """Exit status 2."""
    answer = run("-C", tmp_path, "check", "--explain", "link-sceme")
    assert answer.status == 2
    assert "link-scheme" in answer.err


def test_github_is_told_where_each_finding_is(run: Run, broken: Path) -> None:
    """A command a line, and nothing else on stdout."""
    lines = run("-C", broken, "check", "--format", "github").out.splitlines()
    assert lines
    assert all(
        line.startswith(("::error ", "::warning ", "::notice ")) for line in lines
    )


def test_two_processes_find_what_one_finds(
    run: Run, letter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the same order: which of them looks at which issue is left to chance."""
    for post in (letter / "posts").glob("*.md"):
        _, head, _ = post.read_text("utf-8").split("---\n", 2)
        post.write_text(f"---\n{head}---\n{BROKEN}\n", encoding="utf-8")
    by_two = run("-C", letter, "check")
    monkeypatch.setattr(examination, "with_twin", lambda do, jobs: [*map(do, jobs)])
    assert run("-C", letter, "check") == by_two
    assert by_two.out.count("[link-scheme]") > 20


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


CASES = {
    "link-empty": ("", "An empty [link]() here", "]()"),
    "comment-unclosed": ("", "Text <!-- no end", "<!-- no end"),
    "code-unclosed": ("", "```python\nno end", "```"),
    "footnote-missing": ("", "Text[^nowhere] more", "[^nowhere]"),
    "footnote-unused": ("", "[^alone]: A note.", "[^alone]"),
    "html-dropped": ("", "<iframe src='https://example.org/v'></iframe>", "<iframe"),
    "liquid-unknown": ("", "Text {% mystery 1 %} more", "{% mystery 1 %}"),
    "liquid-unclosed": ("", "Text {{ never", "{{ never"),
    "liquid-post-unknown": (
        "",
        "[a]({% post_url nowhere %})",
        "{% post_url nowhere %}",
    ),
    "date-invalid": ("modified: soon\n", "", "soon"),
    "language-unknown": ("lang: '12'\n", "", "12"),
    "permalink-invalid": ("permalink: ../../x\n", "", "../../x"),
    "redirect-invalid": ("redirect_from:\n  - /a\n  - /b?c\n", "", "/b?c"),
    "enclosure-missing": ("enclosure: talk.mp3\n", "", "talk.mp3"),
    "guid-type": ("guid: [a, b]\n", "", "guid"),
    "front-matter-comment": ("preheader: Stars #5 and more\n", "", "preheader"),
}


def test_a_finding_about_words_has_their_column(run: Run, small: Path) -> None:
    """In the text and in the front matter, by whatever stage it was found."""
    head = "".join(head for head, _, _ in CASES.values())
    path = add(small, "\n\n".join(text for _, text, _ in CASES.values()), head=head)
    findings = run("-C", small, "--json", "check").document["findings"]
    assert {finding["rule"] for finding in findings} <= RULEBOOK.keys()
    lines = path.read_text("utf-8").split("\n")
    for rule, (_, _, words) in CASES.items():
        found = next((f for f in findings if f["rule"] == rule), None)
        assert found, rule
        there = lines[found["line"] - 1][found["column"] - 1 :]
        assert found["column"], rule
        assert there.startswith(words), rule
