"""What is shown at the moment, and who waits for something newer."""

from threading import Condition


class Showing:
    """The state that the one who makes previews shares with those who serve them."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._version = 0
        self._failure = ""
        self._is_over = False

    @property
    def version(self) -> int:
        """The number of the preview that is shown; 0 before the first."""
        return self._version

    @property
    def failure(self) -> str:
        """A page that says why there is no preview; empty if there is one."""
        return self._failure

    @property
    def is_over(self) -> bool:
        """Whether nothing newer will ever come."""
        return self._is_over

    def show(self, failure: str = "") -> None:
        """Show what has just been made, or the page that says why it was not."""
        with self._changed:
            self._version += 1
            self._failure = failure
            self._changed.notify_all()

    def end(self) -> None:
        """Send everybody home who waits."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()

    def wait(self, version: int, seconds: float) -> bool:
        """Wait until another version is shown than this one; false if none came."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._version != version or self._is_over, seconds
            )
            return self._version != version
