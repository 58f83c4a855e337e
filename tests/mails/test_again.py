"""The same mail is the same bytes: on another day, in other processes and threads."""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from subprocess import check_output

import pytest

from distribute.checks.proof import Proof
from tests.mails.proofs import Proofs, sample_proofs

HOME = Path(__file__).parents[2]
_PROGRAM = """
from hashlib import sha256
from tests.mails.proofs import sample_proofs

for name, proof in sample_proofs().items():
    print(name, sha256(proof.message).hexdigest())
"""


def digests_of(proofs: Proofs) -> dict[str, str]:
    """Give a digest of each message."""
    return {name: sha256(each.message).hexdigest() for name, each in proofs.items()}


def test_another_process_writes_the_same(
    sample: Proofs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever order its sets are in, and wherever on earth it thinks it is."""
    monkeypatch.setenv("PYTHONHASHSEED", "2026")
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    monkeypatch.setenv("LC_ALL", "tr_TR.UTF-8")
    program = [sys.executable, "-c", _PROGRAM]
    printed = check_output(program, cwd=HOME, text=True, timeout=120)  # noqa: S603 - our own
    assert dict(line.split() for line in printed.splitlines()) == digests_of(sample)


def test_eight_threads_write_what_one_does(sample: Proofs) -> None:
    """Each renders, inlines and composes on its own, all at once."""
    anew = sample_proofs()
    gate = threading.Barrier(8)

    def write(share: list[Proof]) -> list[str]:
        gate.wait()
        return [sha256(each.message).hexdigest() for each in share]

    shares = [list(anew.values())[start::8] for start in range(8)]
    with ThreadPoolExecutor(8) as pool:
        written = {digest for found in pool.map(write, shares) for digest in found}
    assert written == {*digests_of(sample).values()}
