"""premailer as one calls it without knowing it, in a process that our door never touched.

``python -m tests.render.email.naive`` reads cases from standard input and writes outcomes.
"""

import io
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Outcome:
    """What came of a call."""

    html: str
    error: str = ""
    """The name of the exception."""
    said: str = ""
    """What was written to standard error."""


@dataclass(frozen=True)
class Case:
    """One call of ``premailer.transform``."""

    html: str
    options: Mapping[str, Any]
    pretty: bool = False
    """Call ``Premailer(html).transform()`` instead, as its README does as well."""
    threads: int = 1
    """Call it over and over in so many threads, until some outcome is another."""


def naively(cases: Sequence[Case]) -> list[Outcome]:
    """Give what premailer makes of each case."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.render.email.naive"],
        input=json.dumps([asdict(case) for case in cases]),
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        timeout=120,
    )
    return [Outcome(**each) for each in json.loads(done.stdout)]


def _outcome(case: Case, heard: io.StringIO) -> Outcome:
    heard.seek(0)
    heard.truncate()
    try:
        html = _in_threads(case) if case.threads > 1 else _called(case)
    except Exception as error:  # noqa: BLE001 - which one is the outcome
        return Outcome("", type(error).__name__, heard.getvalue())
    return Outcome(html, "", heard.getvalue())


def _called(case: Case) -> str:
    import premailer

    if case.pretty:
        return str(premailer.Premailer(case.html, **case.options).transform())
    return str(premailer.transform(case.html, **case.options))


def _in_threads(case: Case) -> str:
    """Give an outcome that differs from the usual one, or the usual one at the end."""
    usual = _called(case)
    sys.setswitchinterval(1e-6)
    with ThreadPoolExecutor(case.threads) as pool:
        for turn in range(50):
            anew = f"<!-- {turn} -->"
            cases = [Case(case.html + anew, case.options)] * case.threads * 3
            for html in pool.map(_called, cases):
                if html.replace(anew, "") != usual:
                    return html
    return usual


def main() -> None:
    """Answer what standard input asks."""
    cases = [Case(**each) for each in json.load(sys.stdin)]
    heard = sys.stderr = io.StringIO()
    json.dump([asdict(_outcome(case, heard)) for case in cases], sys.stdout)


if __name__ == "__main__":
    main()
