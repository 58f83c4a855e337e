"""A bar shows how far a build has come, to those who watch."""

import io
import threading

import pytest

from distribute.cli.terminal.progress import progress


class _Terminal(io.StringIO):
    """Somebody watches."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("total", [2, 3, 250])
def test_the_bar_comes_to_its_end_without_a_thread(
    total: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thread beside it would keep the build from being shared by two processes."""
    terminal = _Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    threads = threading.active_count()
    with progress("rendering", total) as advance:
        for _ in range(total):
            advance()
        assert f"{total}/{total}" in terminal.getvalue()
        assert threading.active_count() == threads
    moves = terminal.getvalue().count("rendering")
    assert min(total, 100) <= moves < 2 * 100


def test_nobody_sees_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a pipe or a log there is no bar."""
    pipe = io.StringIO()
    monkeypatch.setattr("sys.stderr", pipe)
    with progress("rendering", 9) as advance:
        advance()
    assert pipe.getvalue() == ""
