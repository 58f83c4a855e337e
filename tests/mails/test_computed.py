"""What a browser computes of a mail's CSS before and after it is written into elements.

Before is the mail as the template lays it out, with its style sheets whole. After is what
is sent. An inliner that is made in another way has to come to the same as well.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from distribute.checks.proof import Proof
from distribute.render.theme.files import templates_folder
from tests.acceptance.letters import copy_sample
from tests.mails.proofs import FULL, Proofs, proofs_in
from tests.mails.screens import Scheme, computed, differences, screen, show
from tests.render.email.naive import Case, naively

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MODES: tuple[tuple[int, Scheme], ...] = (
    (680, "light"),
    (375, "light"),
    (680, "dark"),
    (375, "dark"),
)
TAGS = ("en", "ar", "zh")
PRESETS = sorted(path.stem for path in (templates_folder() / "presets").glob("*.toml"))


def sources_of(proof: Proof) -> dict[str, str]:
    """Give a mail before, after, and as css-inline makes it."""
    css_inline = pytest.importorskip("css_inline")
    oracle = css_inline.CSSInliner(
        load_remote_stylesheets=False, keep_at_rules=True, minify_css=True
    )
    before = proof.laid_out.html
    marked = before.replace('data-premailer="ignore"', 'data-css-inline="keep"')
    return {"before": before, "after": proof.email.html, "other": oracle.inline(marked)}


def check(
    browser: "Browser",
    proofs: Mapping[str, Proof],
    modes: Sequence[tuple[int, Scheme]] = MODES,
) -> int:
    """Compare mails in some modes; gives how many elements there were."""
    sources = {name: sources_of(proof) for name, proof in proofs.items()}
    seen = 0
    for width, scheme in modes:
        with screen(browser, width, scheme) as tab:
            for name, documents in sources.items():
                styles = {}
                for kind, html in documents.items():
                    show(tab, html)
                    styles[kind] = computed(tab)
                where = (name, width, scheme)
                assert differences(styles["before"], styles["after"]) == [], where
                assert differences(styles["before"], styles["other"]) == [], where
                seen += len(styles["before"])
                if (width, scheme) == MODES[0]:
                    show(tab, documents["after"], stripped=True)
                    assert differences(styles["before"], computed(tab)) == [], where
    return seen


def test_styles_stay_the_same(browser: "Browser", sample: Proofs) -> None:
    """On every screen, in light and dark, from the left, from the right and in CJK."""
    assert check(browser, {tag: sample[f"{FULL}/{tag}"] for tag in TAGS}) > 1500


def test_the_naive_way_is_noticed(browser: "Browser", sample: Proofs) -> None:
    """Inlined by premailer's defaults, nearly every element is wrong in the dark."""
    before = sample[f"{FULL}/en"].laid_out.html
    one_kind = before.replace(' data-premailer="ignore"', "")
    (naive,) = naively([Case(one_kind, {})])
    with screen(browser, 375, "dark") as tab:
        show(tab, before)
        right = computed(tab)
        show(tab, naive.html)
        assert len(differences(right, computed(tab))) > len(right) * 0.8


@pytest.mark.slow
def test_styles_of_the_whole_sample_stay_the_same(
    browser: "Browser", sample: Proofs
) -> None:
    """In every language and every issue."""
    assert check(browser, sample) > 10_000


@pytest.mark.slow
def test_styles_of_real_mails_stay_the_same(browser: "Browser", real: Proofs) -> None:
    """Whatever real posts have in them, on a desk in the light and on a phone in the dark."""
    assert check(browser, real, [MODES[0], MODES[-1]]) > 15_000


@pytest.mark.slow
@pytest.mark.parametrize("preset", PRESETS)
def test_styles_of_every_look_stay_the_same(
    browser: "Browser", tmp_path: Path, preset: str
) -> None:
    """There are some to choose from, each with sheets of its own."""
    letter = copy_sample(tmp_path / "letter")
    with (letter.folder / "distribute.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'\n[theme]\npreset = "{preset}"\n')
    proofs = proofs_in(letter.newsletter)
    assert check(browser, {tag: proofs[f"{FULL}/{tag}"] for tag in TAGS}) > 1500
