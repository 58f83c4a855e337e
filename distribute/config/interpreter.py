"""Give written values their meaning, and note every one that has none."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from distribute.config.reading import Problems
from distribute.errors import DistributeError

Written = TypeVar("Written", str, int)
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Interpreter:
    """Reads the values of one file; goes on after a mistake, to find them all."""

    folder: Path
    """The newsletter's folder: the names of files start here."""
    problems: Problems

    def take(
        self, key: str, parse: Callable[[Written], Value], written: Written | None
    ) -> Value | None:
        """Parse one value; a mistake is noted and gives `None`, as no value does."""
        if written is None:
            return None
        try:
            return parse(written)
        except DistributeError as error:
            self.problems.add(key, error.reason)
        except ValueError as error:
            self.problems.add(key, str(error))
        return None

    def beside(self, name: str) -> Path | None:
        """Find a file by the name that the settings give it."""
        return self.folder / name if name else None
