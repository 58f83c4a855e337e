"""A progress bar for whoever watches a terminal; nothing where nobody does.

It moves when a step is done, and not by a thread of its own: a process that has threads
cannot be copied, and the work that is shown is shared with a copy.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_MOVES = 100
"""How often a bar moves; to draw it takes about a millisecond."""


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[], None]]:
    """Show how far a loop of `total` steps has come; call the function after each."""
    if not sys.stderr.isatty() or total < 2:
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, auto_refresh=False, transient=True) as bar:
        task = bar.add_task(what, total=total)
        seen = max(1, total // _MOVES)

        def advance() -> None:
            bar.advance(task)
            if bar.tasks[task].completed % seen == 0:
                bar.refresh()

        yield advance
