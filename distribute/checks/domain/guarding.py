"""Judge where a secret is kept; the secret itself is nobody's business."""

from collections.abc import Iterator
from functools import partial

from distribute.checks.domain.judgement import Judgement, Part, Verdict
from distribute.checks.domain.situation import Guarded


def judge_guarded(
    guarded: Guarded, *, part: Part, id_: str, about: str
) -> Iterator[Judgement]:
    """Say what is wrong with the place of a secret; nothing if nothing is."""
    judgement = partial(Judgement, id=id_, part=part, about=about)
    if guarded.problem:
        yield judgement(
            verdict=Verdict.PROBLEM,
            found=f"{guarded.place} {guarded.problem}",
            why=f"{guarded.setting} names it, and sending needs it.",
            remedy="Put it there, or name another place in distribute.toml.",
        )
    elif guarded.is_open_to_all or guarded.is_open_to_group:
        who = "everybody on this machine" if guarded.is_open_to_all else "its group"
        yield judgement(
            verdict=Verdict.PROBLEM if guarded.is_open_to_all else Verdict.ADVICE,
            found=f"{who} may read {guarded.place}",
            why="Whoever has it can send in your name.",
            remedy=f"Run `chmod 600 {guarded.place}`.",
        )
