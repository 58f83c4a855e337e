"""Judge what lies in the newsletter's folder: the database, and what runs write."""

from collections.abc import Iterator
from functools import partial

from distribute.checks.domain.judgement import Judgement, Part, Verdict
from distribute.checks.domain.situation import Database, Output

_Judgement = partial(Judgement, part=Part.KEEPING)
_LITTLE = 200 * 1024 * 1024
"""Octets free on the disk below which a sending to files may fill it."""


def judge_keeping(database: Database, output: Output) -> Iterator[Judgement]:
    """Judge whether a run will be able to write what it has to."""
    yield _judge_database(database)
    yield _judge_output(output)


def _judge_database(database: Database) -> Judgement:
    judgement = partial(_Judgement, id="database", about="database")
    if database.problem:
        return judgement(
            verdict=Verdict.PROBLEM,
            found=f"{database.path} {database.problem}",
            why="It holds who reads you and what they got; nothing is sent without it.",
            remedy="Give yourself the right to read and write it, and its folder, "
            "or name another file as `url` in [store]."
            if database.is_file
            else "See that its server runs and takes you, and what [store] says of it.",
        )
    if not database.exists:
        return judgement(
            verdict=Verdict.ADVICE,
            found=f"there is no {database.path} yet",
            why="Nobody is subscribed.",
            remedy="`distribute audience import people.csv` makes it.",
        )
    if database.is_open_to_all:
        return judgement(
            verdict=Verdict.PROBLEM,
            found=f"everybody on this machine may read {database.path}",
            why="It holds the addresses of your readers, and the key that signs links.",
            remedy=f"Run `chmod 600 {database.path}`.",
        )
    is_copy = database.server is not None and database.server.is_standby
    use = "can be read" if is_copy else "can be written"
    return judgement(verdict=Verdict.OK, found=f"{database.path} {use}")


def _judge_output(output: Output) -> Judgement:
    judgement = partial(_Judgement, id="output", about="what runs make")
    if output.problem:
        return judgement(
            verdict=Verdict.PROBLEM,
            found=f"{output.path} {output.problem}",
            why="The site, files of mails and previews are written there.",
            remedy="Give yourself the right to write there.",
        )
    if output.free is not None and output.free < _LITTLE:
        return judgement(
            verdict=Verdict.ADVICE,
            found=f"only {output.free // 2**20} MB are left for {output.path}",
            why="The database grows while sending, and stops where the disk is full.",
            remedy="Make room before you send.",
        )
    state = "the site is built" if output.built else "the site is not built yet"
    return judgement(verdict=Verdict.OK, found=f"{output.path} can be written; {state}")
