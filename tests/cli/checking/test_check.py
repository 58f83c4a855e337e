"""``distribute check`` as people and build servers use it."""

import re
from pathlib import Path

import pytest

from distribute.checks.rulebook import RULEBOOK
from distribute.cli.checking import examination
from tests.cli.conftest import Run
from tests.cli.slips import BROKEN, POST, add, configure


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
