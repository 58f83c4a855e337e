"""`send` refuses what cannot be meant together."""

import pytest

from tests.commands import call


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("4 --workers --only a@example.org", "--workers does not go with --only"),
        ("4 --workers --limit 3", "--workers does not go with --limit"),
        ("4 --workers --due", "--workers does not go with --due"),
        ("4 --workers --dry-run", "--workers does not go with --dry-run"),
        ("new --plan x", "`send new` does not go with --plan"),
        ("new --at 2030-01-01", "`send new` does not go with --at"),
        ("new --segment x", "`send new` does not go with --segment"),
        ("4 --lang en", "--lang goes with --only"),
        ("4 --no-wait", "--no-wait goes with --at"),
        ("4 --at 2030-01-01 --limit 3", "--at does not go with --limit"),
        ("4 --at 2030-01-01 --dry-run", "--at does not go with --dry-run"),
        ("4 --late missed --correction en=x", "--late does not go with --correction"),
    ],
)
def test_a_contradiction_is_refused(words: str, said: str) -> None:
    """Before anything is read, with what does not go with what."""
    answer = call("send", *words.split())
    assert (answer.status, said in answer.err) == (2, True)
