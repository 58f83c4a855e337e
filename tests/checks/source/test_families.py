"""All families together: whatever an author writes, they find what they can and go on."""

import time
from itertools import chain

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from distribute.checks.source import families
from tests.checks.source.drafts import placed, proofs

PIECES = (
    *("[a](", "![](", "](", ")", "[", "]", "<", ">", "&", "#", "*", "|", "%", "\\", '"'),
    *("http://a.example.org/", "https://[::1]/", "https://a@b@c/", "//x", "?q=%zz", "%%a%%"),
    *("{: .b}", "{{ c }}", "<img src=x>", "<div>", "</div>", "<!--", "-->", "```"),
    *("\n", "\n\n", "- ", "> ", "# ", "| a |\n|---|\n", "[^1]", "\u202e", "\u200b", "船", "ق"),
    *("here", "a.example.org", "javascript:b", "data:c", "mailto:", "_", " ", "é", "e\u0301"),
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS, TEXTS, TEXTS)
def test_no_text_is_too_odd(english: str, french: str, chinese: str) -> None:
    """What is found stands where it is said to stand, and says what to do."""
    made = proofs({"en": english, "fr": french, "zh": chinese})
    findings = [
        *(
            finding
            for proof in made
            for find in families.EDITION
            for finding in find(proof)
        ),
        *(finding for compare in families.ISSUE for finding in compare(made)),
    ]
    known = {rule.id for rule in families.RULES}
    for finding in placed(findings, *made):
        assert finding.rule in known
        assert finding.message
        assert finding.hint


def test_a_text_that_was_made_to_be_slow_is_not() -> None:
    """Thousands of links that are all alike, very long words, very long addresses."""
    english = " ".join(f"[here](https://a.example.org/{n:05}/x)" for n in range(1500))
    french = " ".join(f"[ici](https://b.example.org/{n:05}/y)" for n in range(1500))
    long = f"\n\n[{'a.' * 20_000}](https://c.example.org/)\n\n![{'b-' * 20_000}](d.png)"
    long += "\n\n" + "\U000e0041" * 40_000 + "\n\n" + "x\u200b" * 20_000
    far = "https://d.example.org/" + "a/" * 20_000
    english += f" [b]({far}) " + " ".join(f"![c]({'xy' * 99}{n})" for n in range(20))
    french += f" [b]({far}b) " + " ".join(f"![c]({'yx' * 99}{n}b)" for n in range(20))
    made = proofs({"en": english + long, "fr": french + long})
    for proof in made:
        assert proof.survey.links
    began = time.process_time()
    for found in chain(
        (find(proof) for proof in made for find in families.EDITION),
        (compare(made) for compare in families.ISSUE),
    ):
        list(found)
    assert time.process_time() - began < 6


def test_each_rule_has_a_name_of_its_own() -> None:
    """And says in whole sentences why it matters and what to do."""
    names = [rule.id for rule in families.RULES]
    assert len(set(names)) == len(names)
    for rule in families.RULES:
        assert rule.why.endswith(".")
        assert rule.fix.endswith(".")
        assert not rule.title.endswith(".")
